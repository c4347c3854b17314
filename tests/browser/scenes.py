"""Every screen of the client as a scene: how one gets there on the stage. Pictures are taken of all of them, and all are searched for barriers.

A new screen is a new scene here.
"""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from playwright.async_api import Route, expect
from pyotp import TOTP

from server.demo.board import PROJECT
from tests.browser.boards import submit
from tests.browser.screen import Screen
from tests.browser.stage import CARD, Look

Scene = Callable[[Look], Awaitable[Screen]]


# Coming in


async def login(look: Look) -> Screen:
    screen = await look.nobody("/login")
    await expect(screen.page.get_by_role("button", name="Sign in")).to_be_visible()
    return screen


async def register(look: Look) -> Screen:
    """With everything wrong."""
    screen = await look.nobody("/register")
    await screen.page.get_by_label("Your name").fill("Ann")
    await screen.page.get_by_label("E-mail").fill("ann")
    await screen.page.get_by_label("Password").fill("x")
    await screen.page.get_by_role("button", name="Create account").click()
    await expect(screen.page.locator("[aria-invalid=true]").first).to_be_visible()
    return screen


async def second_step(look: Look) -> Screen:
    careful = await look.stage.ann.server.sign_up("Cara")
    seed = (await careful.rest("POST", "/v1/me/second-factor", json={"password": careful.password})).json()["secret"]
    await careful.rest("POST", "/v1/me/second-factor/confirm", json={"code": TOTP(seed).now()})
    screen = await look.nobody("/login")
    await screen.page.get_by_label("E-mail").fill(careful.email)
    await screen.page.get_by_label("Password").fill(careful.password)
    await screen.page.get_by_role("button", name="Sign in").click()
    await expect(screen.page.get_by_label("Code", exact=True)).to_be_focused()
    return screen


async def forgotten(look: Look) -> Screen:
    """The link is sent."""
    screen = await look.nobody("/forgot")
    await screen.page.get_by_label("E-mail").fill("nobody@example.org")
    await screen.page.get_by_role("button", name="Send the link").click()
    await expect(screen.page.get_by_text("a link is on its way")).to_be_visible()
    return screen


async def new_password(look: Look) -> Screen:
    """With one that is guessed first."""
    screen = await look.nobody("/reset#guess")
    await screen.page.get_by_label("New password").fill("short")
    await screen.page.get_by_role("button", name="Save the password").click()
    await expect(screen.page.get_by_label("New password")).to_be_focused()
    return screen


async def confirmed_no_more(look: Look) -> Screen:
    screen = await look.at("/verify#guess")
    await expect(screen.page.get_by_role("heading", name="This link works no more")).to_be_visible()
    return screen


async def invitation(look: Look) -> Screen:
    place = f"/v1/projects/{look.stage.fresh}/invitations"
    made = (await look.stage.ann.rest("POST", place, json={"role": "commenter"})).json()
    screen = await look.nobody(f"/invitation#{made['secret']}")
    await expect(screen.page.get_by_role("link", name="Create account and accept")).to_be_visible()
    return screen


async def unreachable(look: Look) -> Screen:
    screen = await look.nobody("/login")
    await screen.page.route("**/v1/**", abort)
    await screen.page.reload()
    await expect(screen.page.get_by_role("alert")).to_be_visible()
    return screen


async def nowhere(look: Look) -> Screen:
    screen = await look.at("/no/where")
    await expect(screen.page.get_by_text("This address leads nowhere.")).to_be_visible()
    return screen


# Boards


async def boards(look: Look) -> Screen:
    screen = await look.at("/")
    await expect(screen.page.get_by_role("link", name="A garden for everybody")).to_be_visible()
    return screen


async def no_boards(look: Look) -> Screen:
    newcomer = await look.stage.ann.server.sign_up("Newcomer")
    screen = await look.at("/", newcomer)
    await expect(screen.page.get_by_role("heading", level=1)).to_be_visible()
    return screen


async def new_board(look: Look) -> Screen:
    screen = await boards(look)
    await screen.page.get_by_role("button", name="New board").click()
    await expect(screen.page.get_by_label("Name of the board")).to_be_focused()
    return screen


async def deleted_boards(look: Look) -> Screen:
    screen = await boards(look)
    await screen.page.get_by_text("Deleted boards").click()
    await expect(screen.page.get_by_text("Winter plans").first).to_be_visible()
    return screen


async def account_menu(look: Look) -> Screen:
    screen = await boards(look)
    await screen.page.get_by_role("button", name="Account of Ann").click()
    await expect(screen.page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    return screen


# My tasks


async def my_tasks(look: Look) -> Screen:
    screen = await look.at("/my")
    await expect(screen.page.locator("main [data-card]").first).to_be_visible()
    return screen


async def no_tasks(look: Look) -> Screen:
    screen = await look.at("/my", await look.stage.ann.server.sign_up("Newcomer"))
    await expect(screen.page.get_by_role("heading", name="Nothing is waiting for you")).to_be_visible()
    return screen


async def tasks_loading(look: Look) -> Screen:
    screen = await look.at("/")
    await screen.page.route("**/v1/tasks?*", lambda _route: None)
    await screen.page.goto("/my")
    await expect(screen.page.get_by_role("status").filter(has_text="Loading your tasks")).to_be_attached()
    return screen


async def tasks_offline(look: Look) -> Screen:
    screen = await my_tasks(look)
    await screen.page.context.set_offline(True)
    await expect(screen.page.get_by_text("This is how it was")).to_be_visible()
    return screen


# One's own settings


async def profile(look: Look) -> Screen:
    screen = await look.at("/settings")
    await expect(screen.page.get_by_role("heading", name="Profile", level=1)).to_be_visible()
    return screen


async def security(look: Look) -> Screen:
    screen = await look.at("/settings/security")
    await expect(screen.page.get_by_text("This browser")).to_be_visible()
    return screen


async def new_token(look: Look) -> Screen:
    screen = await look.at("/settings/tokens")
    await screen.page.get_by_role("button", name="New token").click()
    await screen.page.get_by_role("radio", name="Only these").check()
    await expect(screen.page.get_by_role("checkbox").first).to_be_visible()
    return screen


async def farewell(look: Look) -> Screen:
    """With everything wrong."""
    screen = await look.at("/settings/data")
    await screen.page.get_by_role("button", name="Delete my account").click()
    await screen.page.get_by_role("button", name="Delete for good").click()
    await expect(screen.page.locator("[aria-invalid=true]")).to_be_focused()
    return screen


# The board


async def board(look: Look) -> Screen:
    """With somebody else on a card."""
    his = await look.at(f"/p/{PROJECT}/t/{look.stage.card}", look.stage.ben)
    screen = await look.board()
    await expect(his.sheet).to_be_visible()
    await expect(screen.card(CARD)).to_contain_text("is on this card")
    return screen


async def fresh_board(look: Look) -> Screen:
    screen = await look.at(f"/p/{look.stage.fresh}")
    await expect(screen.column("To do")).to_be_visible()
    return screen


async def bare_board(look: Look) -> Screen:
    screen = await look.at(f"/p/{look.stage.bare}")
    await expect(screen.page.get_by_text("This board has no columns")).to_be_visible()
    return screen


async def loading(look: Look) -> Screen:
    screen = await look.at("/")
    await screen.page.route("**/snapshot*", lambda _route: None)
    await screen.page.goto(f"/p/{look.stage.fresh}")
    await expect(screen.page.get_by_role("status").filter(has_text="Loading the board")).to_be_attached()
    return screen


async def failed(look: Look) -> Screen:
    screen = await look.at("/")
    await screen.page.route("**/snapshot*", lambda route: route.fulfill(status=500, json={"code": "internal"}))
    await screen.page.goto(f"/p/{look.stage.fresh}")
    await expect(screen.page.get_by_text("The board could not be loaded")).to_be_visible()
    return screen


async def no_board(look: Look) -> Screen:
    screen = await look.at(f"/p/{uuid4()}")
    await expect(screen.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    return screen


async def offline(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.context.set_offline(True)
    await expect(screen.page.get_by_text("Offline")).to_be_attached()
    return screen


async def new_card(look: Look) -> Screen:
    """With what was understood of a line."""
    screen = await look.board()
    column = screen.column("Backlog")
    await column.get_by_role("button", name="Add a card at the top of Backlog").click()
    await column.get_by_label("Title of the card").fill("Ask the conductors @ben !high ^tomorrow")
    await expect(column.get_by_text("Tomorrow")).to_be_visible()
    return screen


async def renaming(look: Look) -> Screen:
    screen = await look.board()
    await screen.card_menu("Night trains in search results", "Rename")
    await expect(screen.page.get_by_label("Title of the card")).to_be_focused()
    return screen


async def card_menu(look: Look) -> Screen:
    screen = await look.board()
    await screen.card_menu("Night trains in search results")
    await expect(screen.page.get_by_role("menu")).to_be_visible()
    return screen


async def column_menu(look: Look) -> Screen:
    screen = await look.board()
    await screen.column_menu("Backlog")
    await expect(screen.page.get_by_role("button", name="Delete column")).to_be_visible()
    return screen


async def delete_column(look: Look) -> Screen:
    screen = await look.board()
    await screen.column_menu("Backlog", "Delete column")
    await expect(screen.page.get_by_role("dialog", name="Delete “Backlog”?")).to_be_visible()
    return screen


async def new_column(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.get_by_role("button", name="Add column").click()
    await expect(screen.page.get_by_label("Name of the column")).to_be_focused()
    return screen


async def folded(look: Look) -> Screen:
    screen = await look.board()
    await screen.column_menu("Backlog", "Collapse")
    await expect(screen.page.get_by_role("button", name="Expand Backlog")).to_be_visible()
    return screen


async def chosen(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.get_by_role("link", name="Offline maps for the last mile").focus()
    await screen.page.keyboard.press("x")
    await expect(screen.page.get_by_role("toolbar")).to_be_visible()
    return screen


async def carried(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.get_by_role("link", name="Offline maps for the last mile").focus()
    await screen.page.keyboard.press("Space")
    await screen.page.keyboard.press("ArrowDown")
    await expect(screen.page.locator("[data-gap]")).to_be_focused()
    return screen


async def refused(look: Look) -> Screen:
    """An edit made offline by somebody who may not edit any more."""
    server = look.stage.ann.server
    owner = await server.sign_up("Olga")
    project = await owner.project("Hers")
    guest = await server.sign_up("Gus")
    await owner.let_in(guest, project)
    screen = await look.at(f"/p/{project}", guest)
    await screen.column("To do").get_by_role("button", name="Add a card", exact=True).click()
    await screen.page.get_by_label("Title of the card").fill("Dig the beds")
    await screen.page.context.set_offline(True)
    await screen.page.keyboard.press("Enter")
    await submit(owner, project, {"type": "set_member_role", "id": guest.id, "role": "viewer"})
    await screen.page.context.set_offline(False)
    await expect(screen.page.get_by_role("alert")).to_contain_text("Dig the beds")
    return screen


# Finding, and the other views


async def filter_menu(look: Look) -> Screen:
    screen = await look.board("?priority=high,urgent")
    await screen.page.get_by_role("button", name="Filter", exact=True).click()
    await expect(screen.page.get_by_role("dialog", name="Filter")).to_be_visible()
    return screen


async def nothing_found(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.get_by_role("searchbox").fill("zeppelin")
    await expect(screen.page.get_by_text("cards hidden")).to_be_visible()
    return screen


async def table(look: Look) -> Screen:
    return await look.board("?view=list&sort=due")


async def table_columns(look: Look) -> Screen:
    screen = await table(look)
    await screen.page.get_by_role("button", name="Choose columns").click()
    return screen


async def table_empty(look: Look) -> Screen:
    screen = await look.at(f"/p/{look.stage.fresh}?view=list")
    await expect(screen.page.get_by_text("No cards yet")).to_be_visible()
    return screen


async def month(look: Look) -> Screen:
    return await look.board("?view=calendar")


async def week(look: Look) -> Screen:
    return await look.board("?view=calendar&span=week")


async def no_view(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.route("**/assets/*View-*.js", abort)
    await screen.page.get_by_role("button", name="List").click()
    await expect(screen.page.get_by_role("alert")).to_be_visible()
    return screen


# A card


async def task(look: Look) -> Screen:
    return await look.task()


def picker(name: str) -> Scene:
    """The card with one of its properties being chosen."""

    async def opened(look: Look) -> Screen:
        screen = await look.task()
        await screen.property(name).click()
        await expect(screen.page.locator(":popover-open")).to_be_visible()
        return screen

    return opened


async def label_editor(look: Look) -> Screen:
    screen = await picker("Labels")(look)
    await screen.page.get_by_role("button", name="Edit label").first.click()
    await expect(screen.page.get_by_role("button", name="Back to labels")).to_be_visible()
    return screen


async def writing(look: Look) -> Screen:
    screen = await look.task()
    await screen.edit()
    return screen


async def offers(look: Look) -> Screen:
    screen = await look.task()
    await screen.sheet.get_by_label("Write a comment").fill("Ask @")
    await expect(screen.page.get_by_role("listbox")).to_be_visible()
    return screen


async def no_task(look: Look) -> Screen:
    screen = await look.at(f"/p/{PROJECT}/t/{uuid4()}")
    await expect(screen.page.get_by_role("heading", name="This card was deleted")).to_be_visible()
    return screen


async def task_unloaded(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.route("**/assets/TaskSheet-*.js", abort)
    await screen.page.get_by_role("link", name="Night trains in search results").click()
    await expect(screen.page.get_by_text("This card could not be opened.")).to_be_visible()
    return screen


# What floats above everything


async def palette(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.keyboard.press("Control+k")
    await screen.page.get_by_role("combobox", name="Find anything").fill("re")
    await expect(screen.page.get_by_role("option").first).to_be_visible()
    return screen


async def question(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.get_by_role("link", name="Offline maps for the last mile").focus()
    await screen.page.keyboard.press("l")
    await expect(screen.page.get_by_role("option").first).to_be_visible()
    return screen


async def shortcuts(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.keyboard.press("?")
    await expect(screen.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    return screen


async def people(look: Look) -> Screen:
    screen = await look.board()
    await screen.page.get_by_role("button", name="People", exact=True).click()
    await expect(screen.page.get_by_role("dialog", name="People on this board")).to_be_visible()
    return screen


async def invited(look: Look) -> Screen:
    """With a link that is shown this once."""
    screen = await people(look)
    await screen.page.get_by_role("button", name="Make a link").click()
    await expect(screen.page.get_by_role("group", name="Link of the invitation")).to_be_visible()
    return screen


async def role_changed(look: Look) -> Screen:
    """With a title that was being written."""
    milo = await look.stage.ann.server.sign_up("Milo")
    await look.stage.ann.let_in(milo, look.stage.fresh)
    screen = await look.at(f"/p/{look.stage.fresh}", milo)
    await screen.column("To do").get_by_role("button", name="Add a card", exact=True).click()
    await screen.page.get_by_label("Title of the card").fill("Sow the peas")
    await submit(look.stage.ann, look.stage.fresh, {"type": "set_member_role", "id": milo.id, "role": "viewer"})
    await expect(screen.page.get_by_role("status", name="Your role has changed")).to_be_visible()
    return screen


def of_workspace(part: str, shown: str) -> Scene:
    async def opened(look: Look) -> Screen:
        screen = await look.at(f"/w/{look.stage.workspace}{part}")
        await expect(screen.page.get_by_role("list", name=shown).get_by_role("listitem").first).to_be_visible()
        return screen

    return opened


async def workspace_bot(look: Look) -> Screen:
    """With its tokens."""
    screen = await of_workspace("/bots", "Bots")(look)
    await screen.page.get_by_text("Tokens of Robbie").click()
    await expect(screen.page.get_by_role("list", name="Tokens of Robbie")).to_be_visible()
    return screen


async def workspace_settings(look: Look) -> Screen:
    screen = await look.at(f"/w/{look.stage.workspace}/settings")
    await expect(screen.page.get_by_role("button", name="Delete this workspace")).to_be_visible()
    return screen


def of_board_menu(row: str) -> Scene:
    async def opened(look: Look) -> Screen:
        screen = await look.board()
        await screen.page.get_by_role("button", name="Board menu").click()
        await screen.page.get_by_role("menuitem", name=row).click()
        await expect(screen.page.get_by_role("dialog", name=row)).to_be_visible()
        return screen

    return opened


async def leaving(look: Look) -> Screen:
    """Signing out with an edit that has not been sent."""
    screen = await look.board()
    await screen.page.context.set_offline(True)
    await screen.add_card("Backlog", "Ask the conductors")
    await expect(screen.page.get_by_text("Offline, 1 change waiting")).to_be_attached()
    await screen.page.get_by_role("button", name="Account of Ann").click()
    await screen.page.get_by_role("menuitem", name="Sign out").click()
    await expect(screen.page.get_by_text("1 change has not reached the server yet")).to_be_visible()
    return screen


async def abort(route: Route) -> None:
    await route.abort()


SCENES: dict[str, Scene] = {
    "login": login,
    "register": register,
    "login-second-step": second_step,
    "forgotten": forgotten,
    "password-new": new_password,
    "address-unconfirmed": confirmed_no_more,
    "invitation": invitation,
    "unreachable": unreachable,
    "nowhere": nowhere,
    "boards": boards,
    "boards-none": no_boards,
    "boards-new": new_board,
    "boards-deleted": deleted_boards,
    "account": account_menu,
    "mine": my_tasks,
    "mine-none": no_tasks,
    "mine-loading": tasks_loading,
    "mine-offline": tasks_offline,
    "profile": profile,
    "security": security,
    "token-new": new_token,
    "farewell": farewell,
    "board": board,
    "board-fresh": fresh_board,
    "board-bare": bare_board,
    "board-loading": loading,
    "board-failed": failed,
    "board-none": no_board,
    "board-offline": offline,
    "card-new": new_card,
    "card-renaming": renaming,
    "card-menu": card_menu,
    "card-carried": carried,
    "card-refused": refused,
    "cards-chosen": chosen,
    "column-menu": column_menu,
    "column-delete": delete_column,
    "column-new": new_column,
    "column-folded": folded,
    "filter": filter_menu,
    "filter-nothing": nothing_found,
    "list": table,
    "list-columns": table_columns,
    "list-empty": table_empty,
    "calendar": month,
    "calendar-week": week,
    "view-unloaded": no_view,
    "task": task,
    "task-column": picker("Column"),
    "task-people": picker("Assigned"),
    "task-labels": picker("Labels"),
    "task-label": label_editor,
    "task-priority": picker("Priority"),
    "task-due": picker("Due"),
    "task-waits": picker("Waits for"),
    "task-writing": writing,
    "task-offers": offers,
    "task-none": no_task,
    "task-unloaded": task_unloaded,
    "palette": palette,
    "question": question,
    "shortcuts": shortcuts,
    "people": people,
    "people-invited": invited,
    "role-changed": role_changed,
    "workspace": of_workspace("", "People"),
    "workspace-bots": workspace_bot,
    "workspace-log": of_workspace("/log", "Log"),
    "workspace-settings": workspace_settings,
    "settings": of_board_menu("Board settings"),
    "archived": of_board_menu("Archived cards"),
    "deleted": of_board_menu("Deleted cards"),
    "leaving": leaving,
}
