"""Shortcuts: from card to card, what one key does to a card, and that none fires while somebody writes."""

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def hers(screen: Open, ann: Person) -> Screen:
    project = await ann.project("Garden")
    for title, column in (("Dig", "To do"), ("Sow", "To do"), ("Water", "Done")):
        await add_task(ann, project, title, column)
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])
    return hers


def title(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("link", name=name, exact=True)


async def test_arrows_lead_from_card_to_card_over_empty_columns(hers: Screen) -> None:
    for key, name in (
        ("ArrowDown", "Dig"),
        ("j", "Sow"),
        ("ArrowDown", "Sow"),
        ("ArrowRight", "Water"),
        ("ArrowLeft", "Dig"),
        ("ArrowDown", "Sow"),
        ("k", "Dig"),
    ):
        await hers.page.keyboard.press(key)
        await expect(title(hers, name)).to_be_focused()
    await hers.page.keyboard.press("Enter")
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Dig")


async def test_the_focus_stays_on_a_card_that_somebody_moves(hers: Screen, ann: Person) -> None:
    await title(hers, "Dig").focus()
    project = hers.page.url.rsplit("/", 1)[1]
    await add_task(ann, project, "Rake")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Rake"])
    await expect(title(hers, "Dig")).to_be_focused()


async def test_the_focus_goes_with_a_card_into_another_column(hers: Screen, ann: Person) -> None:
    await title(hers, "Dig").focus()
    project = hers.page.url.rsplit("/", 1)[1]
    dig = next(task["id"] for task in (await ann.snapshot(project))["tasks"] if task["title"] == "Dig")
    done = (await columns(ann, project))["Done"]
    await submit(ann, project, {"type": "move_task", "id": dig, "column_id": done, "place": "top"})
    await expect(hers.cards("Done")).to_have_text(["Dig", "Water"])
    await expect(title(hers, "Dig")).to_be_focused()


async def test_n_e_and_c_make_rename_and_archive(hers: Screen) -> None:
    await title(hers, "Water").focus()
    await hers.page.keyboard.press("n")
    await expect(hers.column("Done").get_by_label("Title of the card")).to_be_focused()
    await hers.page.keyboard.type("new plan")
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    await expect(hers.cards("Done")).to_have_text(["Water", "new plan"])

    await title(hers, "Dig").focus()
    await hers.page.keyboard.press("e")
    await hers.page.get_by_label("Title of the card").fill("Dig deep")
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Dig deep", "Sow"])

    await title(hers, "Dig deep").focus()
    await hers.page.keyboard.press("c")
    await expect(hers.cards("To do")).to_have_text(["Sow"])
    await expect(title(hers, "Sow")).to_be_focused()
    await hers.page.get_by_role("button", name="Undo").click()
    await expect(hers.cards("To do")).to_have_text(["Dig deep", "Sow"])


async def test_the_slash_finds_and_escape_leads_back(hers: Screen) -> None:
    await hers.page.keyboard.press("/")
    await hers.page.keyboard.type("wat")
    await expect(hers.cards("Done")).to_have_text(["Water"])
    await expect(hers.cards("To do")).to_have_count(0)
    await hers.page.keyboard.press("Escape")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])
    await hers.page.keyboard.press("Escape")
    await hers.page.keyboard.press("ArrowDown")
    await expect(title(hers, "Dig")).to_be_focused()


async def test_the_card_under_the_pointer_is_meant_where_none_has_the_focus(hers: Screen) -> None:
    await hers.card("Sow").hover()
    await hers.page.keyboard.press("p")
    await hers.page.keyboard.type("high")
    await hers.page.keyboard.press("Enter")
    await expect(hers.card("Sow")).to_contain_text("Priority: High")


async def test_no_shortcut_fires_in_a_field_but_the_palette(hers: Screen) -> None:
    await hers.open_card("Dig")
    field = hers.sheet.get_by_label("Title of the card")
    await field.focus()
    await hers.page.keyboard.press("End")
    await hers.page.keyboard.type("nelamdpc/?")
    await expect(field).to_have_value("Dignelamdpc/?")
    await expect(hers.page.locator("dialog[open]")).to_have_count(0)
    await hers.page.keyboard.press("Control+k")
    await expect(hers.page.get_by_role("combobox", name="Find anything")).to_be_focused()


async def test_the_question_mark_shows_all_shortcuts(hers: Screen) -> None:
    await hers.page.keyboard.press("?")
    sheet = hers.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet.get_by_text("Move to a column")).to_be_visible()
    await hers.page.keyboard.press("n")
    await expect(hers.page.get_by_label("Title of the card")).to_have_count(0)
    await hers.page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)


async def test_the_palette_and_the_shortcuts_are_reached_without_a_key(hers: Screen) -> None:
    await hers.page.get_by_role("button", name="Account of Ann").click()
    await hers.page.get_by_role("menuitem", name="Keyboard shortcuts").click()
    await hers.page.get_by_role("dialog", name="Keyboard shortcuts").get_by_role("button", name="Close").click()
    await hers.page.get_by_role("button", name="Account of Ann").click()
    await hers.page.get_by_role("menuitem", name="Find anything").click()
    await expect(hers.page.get_by_role("combobox", name="Find anything")).to_be_focused()
