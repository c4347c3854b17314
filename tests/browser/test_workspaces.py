"""Workspaces in the client: boards by workspace, joining, people, bots, the log, the end."""

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.helpers.people import Person


async def workspace_of(ann: Person, name: str = "Allotment") -> str:
    made = await ann.rest("POST", "/v1/workspaces", json={"name": name})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def let_into(ann: Person, workspace: str, other: Person, role: str = "member") -> None:
    made = await ann.rest("POST", f"/v1/workspaces/{workspace}/invitations", json={"role": role})
    taken = await other.rest("POST", "/v1/invitations/accept", json={"secret": made.json()["secret"]})
    assert taken.status_code == 200, taken.text


async def part(hers: Screen, name: str) -> None:
    await hers.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


async def test_boards_stand_by_workspace_and_a_colleague_joins_an_open_one(
    screen: Open, ann: Person, milo: Person
) -> None:
    hers = await screen(ann, "/")
    page = hers.page
    await page.get_by_role("button", name="New workspace").click()
    await page.get_by_label("Name of the workspace").fill("Allotment")
    await page.get_by_label("Name of the workspace").press("Enter")
    await expect(page.get_by_role("heading", name="Allotment")).to_be_visible()
    workspace = page.url.rpartition("/w/")[2]
    await page.get_by_role("link", name="Boards").click()
    own = page.get_by_role("region").filter(has=page.get_by_role("link", name="Workspace Ann"))
    await expect(own).to_contain_text("No boards here yet.")
    await expect(page.get_by_role("region").locator("h2 a")).to_have_text(["Ann", "Allotment"])
    for name, visibility in (("Beds", "workspace"), ("Accounts", "private")):
        await page.goto("/")
        await expect(page.get_by_role("region")).to_have_count(2)
        await page.get_by_role("button", name="New board").click()
        await page.get_by_label("Name of the board").fill(name)
        await page.get_by_label("Workspace", exact=True).select_option("Allotment")
        await page.get_by_label("Who can find it").select_option(visibility)
        await page.get_by_role("button", name="New board").click()
        await expect(hers.column("To do")).to_be_visible()

    await let_into(ann, workspace, milo)
    his = await screen(milo, "/")
    allotment = his.page.get_by_role("region").filter(has=his.page.get_by_role("link", name="Workspace Allotment"))
    await expect(allotment.get_by_role("listitem")).to_have_count(1)
    await allotment.get_by_role("button", name="Join Beds").click()
    await expect(his.column("To do").get_by_role("button", name="Add a card", exact=True)).to_be_visible()
    await his.page.goto("/")
    await expect(allotment.get_by_role("link", name="Beds")).to_contain_text("Editor")


async def test_people_of_a_workspace_come_change_roles_and_go(screen: Open, ann: Person, milo: Person) -> None:
    workspace = await workspace_of(ann)
    await let_into(ann, workspace, milo)
    board = (await milo.rest("POST", "/v1/projects", json={"name": "Beds", "workspace_id": workspace})).json()["id"]
    hers, his = await screen(ann, f"/w/{workspace}"), await screen(milo, f"/w/{workspace}")
    page = hers.page

    # The last owner stays; others are made what they are to be
    for _ in range(2):
        await page.get_by_role("button", name="Leave this workspace").click()
    await expect(page.get_by_text("A workspace keeps at least one owner.")).to_be_visible()
    await page.get_by_label("Role of Ann").select_option("member")
    await expect(page.get_by_text("A workspace keeps at least one owner.")).to_be_visible()
    await expect(page.get_by_label("Role of Ann")).to_have_value("owner")
    await expect(his.page.get_by_role("navigation")).to_have_count(0)
    await page.get_by_label("Role of Milo").select_option("admin")
    await expect(page.get_by_label("Role of Milo")).to_have_value("admin")
    await his.page.reload()
    await expect(his.page.get_by_role("navigation").get_by_role("link")).to_have_text(
        ["People", "Bots", "Log", "Settings"]
    )
    await expect(his.page.get_by_label("Role of Ann")).to_have_count(0)

    # Whoever leads a board alone may not just go
    for _ in range(2):
        await his.page.get_by_role("button", name="Leave this workspace").click()
    await expect(his.page.get_by_text("You are the only admin of “Beds”.")).to_be_visible()
    for _ in range(2):
        await page.get_by_role("button", name="Make Milo the owner in your place").click()
    await expect(page.get_by_text("The workspace is Milo’s now")).to_be_visible()
    await expect(page.get_by_label("Role of Ann")).to_have_value("admin")
    await his.page.reload()
    for _ in range(2):
        await his.page.get_by_role("button", name="Remove Ann").click()
    await expect(his.page.get_by_text("Ann was removed")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("This workspace is gone, or you are not in it any more.")).to_be_visible()

    # It ends when it is empty, and its name was typed
    await part(his, "Settings")
    await his.page.get_by_label("Name of the workspace").fill("Orchard")
    await his.page.get_by_role("button", name="Rename").click()
    await expect(his.page.get_by_role("heading", name="Orchard")).to_be_visible()
    end = his.page.get_by_role("button", name="Delete this workspace")
    await his.page.get_by_label("Type “Orchard” to delete it").fill("orchard")
    await expect(end).to_be_disabled()
    await his.page.get_by_label("Type “Orchard” to delete it").fill("Orchard")
    await end.click()
    await expect(his.page.get_by_text("There are still boards or bots in it")).to_be_visible()
    await milo.rest("DELETE", f"/v1/projects/{board}")
    await end.click()
    await expect(his.page.get_by_role("heading", name="Boards", exact=True)).to_be_visible()
    await expect(his.page.get_by_role("link", name="Workspace Orchard")).to_have_count(0)


async def test_a_bot_gets_a_token_that_is_shown_once_and_the_log_tells_of_all(screen: Open, ann: Person) -> None:
    workspace = await workspace_of(ann)
    hers = await screen(ann, f"/w/{workspace}", permissions=["clipboard-read", "clipboard-write"])
    page = hers.page
    await page.get_by_role("button", name="Make a link").click()
    await expect(page.get_by_role("group", name="Link of the invitation")).to_be_visible()
    await part(hers, "Bots")
    await page.get_by_label("Name of the bot").fill("Robbie")
    await page.get_by_role("button", name="New bot").click()
    await page.get_by_text("Tokens of Robbie").click()
    await expect(page.get_by_text("No tokens yet.")).to_be_visible()
    await page.get_by_label("Name of the token").fill("Night run")
    await page.get_by_label("What it may do").select_option("read")
    await page.get_by_role("button", name="New token").click()
    await page.get_by_role("button", name="Copy the token").click()
    await expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    secret = await page.evaluate("navigator.clipboard.readText()")
    robbie = Person(ann.server, "", "Robbie", "", secret)
    assert (await robbie.rest("GET", "/v1/me")).json()["name"] == "Robbie"
    await page.reload()
    await page.get_by_text("Tokens of Robbie").click()
    row = page.get_by_role("list", name="Tokens of Robbie").get_by_role("listitem")
    await expect(row).to_contain_text("Read")
    await expect(page.get_by_role("group", name="Token of Robbie")).to_have_count(0)
    for _ in range(2):
        await row.get_by_role("button", name="Revoke Night run").click()
    await expect(page.get_by_text("No tokens yet.")).to_be_visible()
    for _ in range(2):
        await page.get_by_role("button", name="Remove Robbie").click()
    await expect(page.get_by_text("No bots yet.")).to_be_visible()

    # More than a page of the log; older entries come as one scrolls
    for at in range(100):
        await ann.rest("PATCH", f"/v1/workspaces/{workspace}", json={"name": f"Bed {at}"})
    await part(hers, "Log")
    log = page.get_by_role("list", name="Log").get_by_role("listitem")
    await expect(log.first).to_contain_text("Ann renamed the workspace to “Bed 99”")
    await log.last.scroll_into_view_if_needed()
    await page.mouse.wheel(0, 20_000)
    await expect(log.last).to_contain_text("made the workspace")
    told = page.get_by_role("list", name="Log")
    for words in (
        "removed Robbie",
        "revoked the token “Night run”",
        "made the bot Robbie",
        "invited by link as Member",
    ):
        await expect(told).to_contain_text(words)


async def test_a_guest_sees_nobody_and_may_go(screen: Open, ann: Person, milo: Person) -> None:
    workspace = await workspace_of(ann)
    await let_into(ann, workspace, milo, "guest")
    his = await screen(milo, f"/w/{workspace}/settings")
    await expect(his.page.get_by_text("Guests do not see who else is in a workspace.")).to_be_visible()
    await expect(his.page.get_by_role("list", name="People").get_by_role("listitem")).to_have_count(1)
    for name in ("Make a link", "Rename", "Delete this workspace"):
        await expect(his.page.get_by_role("button", name=name)).to_have_count(0)
    for _ in range(2):
        await his.page.get_by_role("button", name="Leave this workspace").click()
    await expect(his.page.get_by_text("You have left “Allotment”")).to_be_visible()
    await expect(his.page.get_by_role("link", name="Workspace Allotment")).to_have_count(0)
