"""What one is at work on goes: the card, the board, the browser's room for data. What was written stays to be copied."""

from playwright.async_api import expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open
from tests.helpers.people import Person

CLIPBOARD = ["clipboard-read", "clipboard-write"]
READ = "navigator.clipboard.readText()"

FULL = """for (const name of ['put', 'add'])
    IDBObjectStore.prototype[name] = () => { throw new DOMException('no room', 'QuotaExceededError') }"""


async def test_a_card_that_is_deleted_while_it_is_open_leaves_what_was_being_written(
    screen: Open, ann: Person, milo: Person
) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    task = await add_task(ann, project, "Dig the beds")
    his = await screen(milo, f"/p/{project}/t/{task}", permissions=CLIPBOARD)
    await his.sheet.get_by_label("Write a comment").fill("Which spade?")
    await his.edit()
    await his.page.keyboard.insert_text("Two spades deep")
    await submit(ann, project, {"type": "delete_task", "id": task})

    await expect(his.sheet.get_by_role("heading", name="This card was deleted")).to_be_visible()
    kept = his.sheet.get_by_role("region", name="You were writing")
    await expect(kept).to_contain_text("Which spade?")
    await kept.get_by_role("button", name="Copy text").click()
    assert await his.page.evaluate(READ) == "Which spade?"
    told = his.page.get_by_role("alert")
    await expect(told).to_contain_text("Two spades deep")
    await told.get_by_role("button", name="Copy text").click()
    assert await his.page.evaluate(READ) == "Two spades deep"

    await his.sheet.get_by_role("button", name="Restore").click()
    await expect(his.sheet.get_by_label("Write a comment")).to_have_value("Which spade?")


async def test_who_is_removed_while_writing_is_shown_what_they_wrote(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    task = await add_task(ann, project, "Dig the beds")
    his = await screen(milo, f"/p/{project}/t/{task}", permissions=CLIPBOARD)
    await his.sheet.get_by_label("Write a comment").fill("Which spade?")
    await his.edit()
    await his.page.keyboard.insert_text("Two spades deep")
    await submit(ann, project, {"type": "remove_member", "id": milo.id})

    await expect(his.page.get_by_role("heading", name="You are not on this board any more")).to_be_visible()
    await expect(his.page.get_by_text("Ann took you out.")).to_be_visible()
    await expect(his.page.get_by_role("region", name="You were writing")).to_contain_text("Which spade?")
    await expect(his.page.get_by_role("alert")).to_contain_text("Two spades deep")
    await his.page.get_by_role("button", name="Copy text").last.click()
    await expect(his.page.get_by_role("button", name="Copied")).to_have_count(1)


async def test_a_title_begun_when_the_board_is_deleted_can_be_copied(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project()
    await ann.let_in(milo, project)
    his = await screen(milo, f"/p/{project}")
    await his.column("To do").get_by_role("button", name="Add a card", exact=True).click()
    await his.page.get_by_label("Title of the card").fill("Sow the peas")
    await ann.rest("DELETE", f"/v1/projects/{project}")
    await expect(his.page.get_by_role("heading", name="This board was deleted")).to_be_visible()
    await expect(his.page.get_by_role("region", name="You were writing")).to_contain_text("Sow the peas")


async def test_a_browser_without_room_says_so_once_and_edits_go_out(screen: Open, ann: Person) -> None:
    project = await ann.project()
    hers = await screen(None)
    await hers.page.add_init_script(FULL)
    await hers.sign_in(ann)
    await hers.page.goto(f"/p/{project}")
    told = hers.page.get_by_text("This browser keeps nothing for later.")
    await expect(told).to_be_visible()
    for title in ("Dig", "Sow", "Water"):
        await hers.add_card("To do", title)
    await hers.saved()
    assert await told.count() <= 1
    assert sorted(task["title"] for task in (await ann.snapshot(project))["tasks"]) == ["Dig", "Sow", "Water"]
    await hers.page.reload()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])


async def test_what_is_written_on_a_board_survives_the_card_and_the_column_it_stands_in(
    screen: Open, ann: Person, milo: Person
) -> None:
    """A title that is edited in place, and a new card that was begun."""
    project = await ann.project()
    await ann.let_in(milo, project)
    task = await add_task(ann, project, "Dig the beds")
    doing = next(column["id"] for column in (await ann.snapshot(project))["columns"] if column["name"] == "In progress")
    his = await screen(milo, f"/p/{project}", permissions=CLIPBOARD)
    told = his.page.get_by_role("alert")

    await his.card("Dig the beds").hover()
    await his.page.keyboard.press("e")
    await his.page.get_by_label("Title of the card").fill("Dig the long beds")
    await submit(ann, project, {"type": "delete_task", "id": task})
    await expect(told).to_contain_text("Dig the long beds")
    await told.get_by_role("button", name="Dismiss").click()

    await his.column("In progress").get_by_role("button", name="Add a card", exact=True).click()
    await his.column("In progress").get_by_label("Title of the card").fill("Sow the beans")
    await submit(ann, project, {"type": "delete_column", "id": doing})
    await expect(told).to_contain_text("Sow the beans")
    await told.get_by_role("button", name="Copy text").click()
    assert await his.page.evaluate(READ) == "Sow the beans"
