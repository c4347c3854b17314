"""Who may do what, seen from two chairs: invited by link, editing, demoted, removed; and what each role is offered."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.browser.test_offline_tabs import second_tab
from tests.helpers.people import Person

CLIPBOARD = ["clipboard-read", "clipboard-write"]
READ = "navigator.clipboard.readText()"
GONE = "You are not on this board any more"

OF_THE_PROJECT = """project => [...Object.entries(localStorage), ...Object.entries(sessionStorage)]
    .filter(([name]) => name.includes(project)).map(([name]) => name)"""


async def set_role(hers: Screen, name: str, role: str) -> None:
    await hers.page.get_by_role("button", name="People", exact=True).click()
    await hers.page.get_by_label(f"Role of {name}").select_option(role)
    await hers.page.get_by_role("button", name="Close", exact=True).click()


async def test_somebody_is_invited_by_link_edits_is_demoted_and_removed_while_their_board_is_open(
    screen: Open, ann: Person, milo: Person
) -> None:
    project = await ann.project("Garden")
    await add_task(ann, project, "Dig", description="Two spades deep")
    hers = await screen(ann, f"/p/{project}", permissions=CLIPBOARD)
    await hers.page.get_by_role("button", name="People", exact=True).click()
    await hers.page.get_by_label("Role they get").select_option("editor")
    await hers.page.get_by_role("button", name="Make a link").click()
    await hers.page.get_by_role("button", name="Copy the link").click()
    await expect(hers.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    link = await hers.page.evaluate(READ)
    await expect(hers.page.get_by_role("group", name="Link of the invitation")).to_contain_text(link)
    await expect(hers.page.get_by_role("list", name="Open invitations")).to_contain_text("0 of 1 used")
    await hers.page.get_by_role("button", name="Close", exact=True).click()

    his = await screen(milo, f"/invitation#{link.rpartition('#')[2]}", permissions=CLIPBOARD)
    await his.page.get_by_role("button", name="Accept the invitation").click()
    await expect(his.column("To do")).to_be_visible()
    other = await second_tab(his, f"/p/{project}?q=sow")
    await his.add_card("To do", "Sow")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])
    await his.open_card("Dig")

    # Demoted: what edits goes, live, and nothing that was written is lost
    await his.page.get_by_role("button", name="Edit the description").click()
    await expect(his.editor).to_be_focused()
    await his.page.keyboard.insert_text("Three, rather. ")
    await his.column("Done").get_by_role("button", name="Add a card", exact=True).click()
    await his.column("Done").get_by_label("Title of the card").fill("Water the beds")
    await set_role(hers, "Milo", "viewer")
    note = his.page.get_by_role("status", name="Your role has changed")
    await expect(note).to_contain_text("You can look, not edit.")
    await expect(note).to_contain_text("Water the beds")
    await note.get_by_role("button", name="Copy text").click()
    assert await his.page.evaluate(READ) == "Water the beds"
    await expect(his.page.get_by_role("button", name="Add a card", exact=True)).to_have_count(0)
    await expect(his.sheet.get_by_label("Title of the card")).not_to_be_editable()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])

    # Removed: said calmly, in each tab, and nothing of the board stays in the browser
    await his.kept("board", 1)
    await hers.page.get_by_role("button", name="People", exact=True).click()
    for _ in range(2):
        await hers.page.get_by_role("button", name="Remove Milo", exact=True).click()
    for tab in (his, other):
        await expect(tab.page.get_by_role("heading", name=GONE)).to_be_visible()
        await expect(tab.page.get_by_text("Ann took you out.")).to_be_visible()
        await expect(tab.page.locator("[data-card]")).to_have_count(0)
    for store in ("board", "texts", "pending"):
        await his.kept(store, 0)
    for tab in (his, other):
        assert await tab.page.evaluate(OF_THE_PROJECT, project) == []
    await his.page.get_by_role("link", name="To your boards").click()
    await expect(his.page.get_by_role("heading", name="Boards", exact=True)).to_be_visible()
    await expect(his.page.get_by_role("link", name="Garden")).to_have_count(0)


@pytest.mark.parametrize("role", ["viewer", "commenter"])
async def test_who_may_not_edit_is_offered_nothing_that_edits(
    screen: Open, ann: Person, milo: Person, role: str
) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project, role)
    task = await add_task(ann, project, "Dig", description="- [ ] deep", due_at="2031-05-12", assignee_ids=[ann.id])
    await submit(ann, project, {"type": "add_checklist_item", "id": task, "task_id": task, "text": "Rake"})
    his = await screen(milo, f"/p/{project}")
    page = his.page
    await expect(his.cards("To do")).to_have_text(["Dig"])

    # On the board: no buttons, no drag, no keys, no choosing
    for name in ("Add a card", "Add column", "Actions for column To do", "Complete Dig", "Garden"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
    assert await page.locator("[draggable=true]").count() == 0
    await page.get_by_role("link", name="Dig").click(modifiers=["Shift"])
    await page.get_by_role("link", name="Dig").focus()
    for key in ("x", "e", "l", "a", "d", "p", "m", "c", "n", "Space", "Control+z"):
        await page.keyboard.press(key)
    await expect(page.locator(":is([role=toolbar], dialog[open], :popover-open, [data-gap], textarea)")).to_have_count(
        0
    )
    await his.card_menu("Dig")
    await expect(page.get_by_role("menuitem")).to_have_text(["Open", "Copy link"])
    await page.keyboard.press("Escape")

    # Nor in the palette and the sheet of shortcuts
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("option", name="Calendar")).to_have_count(1)
    for name in ("Add a card", "Rename", "Archive", "Delete", "Labels", "Move"):
        await expect(page.get_by_role("option", name=re.compile(f"^{name}"))).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet).to_be_visible()
    await expect(sheet.get_by_text("New card")).to_have_count(0)
    await expect(sheet.get_by_text("Undo")).to_have_count(1 if role == "commenter" else 0)
    await page.keyboard.press("Escape")

    # Nor in the other views, and lanes
    for query, seen in (
        ("view=list", "Dig"),
        ("view=calendar", "Every open card has a date."),
        ("lanes=people", "Dig"),
    ):
        await page.goto(f"/p/{project}?{query}")
        await expect(page.get_by_role("main")).to_contain_text(seen)
        await expect(page.get_by_role("button", name=re.compile("^Add a card"))).to_have_count(0)
        assert await page.locator("[draggable=true]").count() == 0
        await expect(page.locator("td .value:enabled")).to_have_count(0)

    # In an open card: only comments, of those who may
    await page.goto(f"/p/{project}/t/{task}")
    await expect(his.sheet.get_by_role("heading", name="Comments and activity")).to_be_visible()
    await expect(his.sheet.locator("dl button:enabled, input[type=checkbox]:enabled")).to_have_count(0)
    await expect(his.sheet.locator("[draggable=true]")).to_have_count(0)
    await expect(his.sheet.get_by_label("Add an item")).to_have_count(0)
    await expect(his.description.get_by_role("button")).to_have_count(0)
    await expect(his.sheet.get_by_label("Write a comment")).to_have_count(1 if role == "commenter" else 0)
    if role == "commenter":
        await his.sheet.get_by_label("Write a comment").fill("Which spade?")
        await page.keyboard.press("Control+Enter")
        await expect(his.sheet.get_by_role("listitem").filter(has_text="Which spade?")).to_have_count(1)
        await his.saved()
        await submit(ann, project, {"type": "set_member_role", "id": milo.id, "role": "viewer"})
        await expect(his.sheet.get_by_label("Write a comment")).to_have_count(0)
        await expect(his.sheet.get_by_role("button", name="Edit")).to_have_count(0)


async def test_the_last_admin_hands_the_board_over_before_leaving(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    hers, his = await screen(ann, f"/p/{project}"), await screen(milo, f"/p/{project}")
    await hers.page.get_by_role("button", name="People", exact=True).click()
    for _ in range(2):
        await hers.page.get_by_role("button", name="Leave this board").click()
    await expect(hers.page.get_by_text("A board keeps at least one admin.")).to_be_visible()
    await hers.page.get_by_label("Role of Ann").select_option("viewer")
    await expect(hers.page.get_by_label("Role of Ann")).to_have_value("admin")
    for _ in range(2):
        await hers.page.get_by_role("button", name="Hand the board over to Milo").click()
    await expect(hers.page.get_by_label("Role of Milo")).to_have_count(0)
    await his.page.get_by_role("button", name="People", exact=True).click()
    await expect(his.page.get_by_label("Role of Milo")).to_have_value("admin")
    await expect(his.page.get_by_label("Role of Ann")).to_have_value("editor")
    for _ in range(2):
        await hers.page.get_by_role("button", name="Leave this board").click()
    await expect(hers.page.get_by_text("You have left “Garden”")).to_be_visible()
    await expect(hers.page.get_by_role("link", name="Garden")).to_have_count(0)


async def test_an_unknown_address_is_invited_and_the_invitation_revoked(screen: Open, ann: Person) -> None:
    hers = await screen(ann, f"/p/{await ann.project()}")
    page = hers.page
    await page.get_by_role("button", name="People", exact=True).click()
    await page.get_by_label("Add somebody by e-mail").fill("nobody@example.org")
    await page.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_role("button", name="Invite them instead").click()
    await page.get_by_label("Role they get").select_option("commenter")
    await page.get_by_role("button", name="Invite", exact=True).click()
    await expect(page.get_by_role("group", name="Link of the invitation")).to_be_visible()
    await expect(page.get_by_text("No mail is sent from here")).to_be_visible()
    row = page.get_by_role("list", name="Open invitations").get_by_role("listitem")
    await expect(row).to_contain_text("nobody@example.org")
    await expect(row).to_contain_text("Commenter")
    await row.get_by_role("button", name="Revoke the invitation for nobody@example.org").click()
    await expect(row).to_have_count(0)
    await page.get_by_label("E-mail address to invite").fill("no address")
    await page.get_by_role("button", name="Invite", exact=True).click()
    await expect(page.get_by_text("This is not an e-mail address.")).to_be_visible()
    await expect(page.get_by_label("E-mail address to invite")).to_be_focused()
    await expect(page.get_by_label("E-mail address to invite")).to_have_value("no address")


async def test_a_bot_of_the_workspace_is_added_and_marked_wherever_it_is_shown(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    made = await ann.rest("POST", f"/v1/workspaces/{ann.id}/bots", json={"name": "Robbie"})
    bot = made.json()["id"]
    hers = await screen(ann, f"/p/{project}")
    page = hers.page
    await page.get_by_role("button", name="People", exact=True).click()
    await page.get_by_role("button", name="Add from the workspace").click()
    await page.get_by_role("menuitem", name="Robbie").click()
    await expect(page.get_by_text("Robbie was added")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="Robbie")).to_contain_text("Bot")
    await expect(page.get_by_role("button", name="Add from the workspace")).to_have_count(0)
    await page.get_by_role("button", name="Close", exact=True).click()
    token = await ann.rest(
        "POST", f"/v1/workspaces/{ann.id}/bots/{bot}/tokens", json={"name": "Night", "scopes": ["write"]}
    )
    robbie = Person(ann.server, bot, "Robbie", "", token.json()["token"])
    await add_task(robbie, project, "Water", assignee_ids=[bot])
    await expect(hers.card("Water").get_by_role("img", name="Robbie (bot)")).to_be_visible()
    async with robbie.socket(project):
        here = page.get_by_role("list", name="1 person here")
        await expect(here.get_by_role("img", name="Robbie (bot)")).to_be_visible()
    await hers.open_card("Water")
    await expect(hers.sheet.get_by_role("listitem").filter(has_text="added this card")).to_contain_text("Robbie (bot)")
    await hers.property("Assigned").click()
    await expect(page.get_by_role("checkbox", name="Robbie (bot)")).to_be_visible()
