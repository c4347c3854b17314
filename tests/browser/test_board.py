"""Columns and cards: by mouse, by single presses and by keyboard."""

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def hers(screen: Open, ann: Person) -> Screen:
    """Ann's board with three cards to do."""
    project = await ann.project("Garden")
    for title in ("Dig", "Sow", "Water"):
        await add_task(ann, project, title)
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    return hers


async def test_enter_adds_the_next_card_and_escape_closes(hers: Screen) -> None:
    await hers.column("Done").get_by_role("button", name="Add a card at the top of Done").click()
    for title in ("One", "Two"):
        await hers.page.keyboard.type(title)
        await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    await expect(hers.cards("Done")).to_have_text(["One", "Two"])
    await expect(hers.page.get_by_label("Title of the card")).to_have_count(0)


async def test_a_card_is_dragged_to_its_place_and_stays_after_a_reload(hers: Screen) -> None:
    await hers.drag("Water", hers.card("Sow"), y=0.2)
    await expect(hers.cards("To do")).to_have_text(["Dig", "Water", "Sow"])
    await hers.drag("Dig", hers.column("Done"))
    await expect(hers.cards("Done")).to_have_text(["Dig"])
    await hers.saved()
    await hers.page.reload()
    await expect(hers.cards("To do")).to_have_text(["Water", "Sow"])
    await expect(hers.cards("Done")).to_have_text(["Dig"])


async def test_escape_while_dragging_changes_nothing(hers: Screen) -> None:
    await hers.lift("Dig", hers.column("Done"))
    await expect(hers.column("Done").locator("[data-gap]")).to_be_visible()
    await hers.page.keyboard.press("Escape")
    await expect(hers.page.locator("[data-gap]")).to_have_count(0)
    await hers.page.mouse.up()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])


async def test_the_move_menu_works_by_keyboard_and_keeps_the_focus(hers: Screen) -> None:
    await hers.page.get_by_role("link", name="Dig", exact=True).focus()
    await hers.page.keyboard.press("Tab")
    await hers.page.keyboard.press("Enter")
    await expect(hers.page.get_by_role("menuitem", name="Open")).to_be_focused()
    await hers.page.keyboard.press("d")
    await expect(hers.page.get_by_role("menuitem", name="Down")).to_be_focused()
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Sow", "Dig", "Water"])
    await expect(hers.page.get_by_role("link", name="Dig", exact=True)).to_be_focused()
    await expect(hers.page.get_by_text("Dig moved to To do, 2 of 3")).to_be_attached()

    await hers.page.keyboard.press("Tab")
    await hers.page.keyboard.press("Enter")
    await hers.page.get_by_role("menuitem", name="In progress").press("Enter")
    await expect(hers.cards("In progress")).to_have_text(["Dig"])
    await expect(hers.page.get_by_role("link", name="Dig", exact=True)).to_be_focused()


async def test_a_card_is_renamed_in_place(hers: Screen) -> None:
    await hers.card_menu("Sow", "Rename")
    title = hers.page.get_by_label("Title of the card")
    await expect(title).to_be_focused()
    await title.fill("Sow carrots")
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow carrots", "Water"])


async def test_a_deleted_card_comes_back_by_undo(hers: Screen) -> None:
    await hers.card_menu("Sow", "Delete")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Water"])
    await hers.page.get_by_role("button", name="Undo").click()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])


async def test_columns_are_made_named_limited_moved_and_deleted(hers: Screen) -> None:
    headings = hers.page.get_by_role("heading", level=2)
    await hers.page.get_by_role("button", name="Add column").click()
    await hers.page.keyboard.type("Later")
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    await expect(headings).to_have_text(["To do", "In progress", "Done", "Later"])

    await hers.column_menu("Later", "Move left")
    await expect(headings).to_have_text(["To do", "In progress", "Later", "Done"])

    await hers.column_menu("Later", "Rename")
    await hers.page.get_by_label("Name of the column").fill("Someday")
    await hers.page.keyboard.press("Enter")
    await expect(headings).to_have_text(["To do", "In progress", "Someday", "Done"])

    await hers.column_menu("To do")
    await hers.page.get_by_label("Limit of cards").fill("2")
    await hers.page.keyboard.press("Enter")
    await expect(hers.column("To do")).to_contain_text("3 of at most 2 cards, over the limit")
    await hers.page.keyboard.press("Escape")

    await hers.column_menu("Someday", "Delete column")
    await expect(headings).to_have_text(["To do", "In progress", "Done"])
    await hers.page.get_by_role("button", name="Undo").click()
    await expect(headings).to_have_text(["To do", "In progress", "Someday", "Done"])


async def test_a_column_with_cards_is_deleted_only_with_a_place_for_them(hers: Screen) -> None:
    await hers.column_menu("To do", "Delete column")
    dialog = hers.page.get_by_role("dialog", name="Delete “To do”?")
    await dialog.get_by_label("Move its 3 cards to").select_option(label="Done")
    await dialog.get_by_role("button", name="Delete column").click()
    await expect(hers.cards("Done")).to_have_text(["Dig", "Sow", "Water"])
    await expect(hers.column("To do")).to_have_count(0)


async def test_a_column_is_dragged_by_its_head(hers: Screen) -> None:
    await hers.page.get_by_role("heading", name="Done").hover()
    await hers.page.mouse.down()
    box = await hers.column("To do").bounding_box()
    assert box
    await hers.page.mouse.move(box["x"] + 60, box["y"] + 30, steps=6)
    await hers.page.mouse.move(box["x"] + 40, box["y"] + 30, steps=3)
    await hers.page.wait_for_timeout(50)  # the drag's own frames
    await hers.page.mouse.up()
    await expect(hers.page.get_by_role("heading", level=2)).to_have_text(["Done", "To do", "In progress"])


async def test_the_first_tab_leads_past_the_bar(hers: Screen) -> None:
    await hers.page.keyboard.press("Tab")
    await expect(hers.page.get_by_role("link", name="Skip to the board")).to_be_focused()
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Tab")
    await expect(hers.column("To do").get_by_role("button", name="To do", exact=True)).to_be_focused()
