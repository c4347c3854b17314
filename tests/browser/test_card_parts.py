"""The parts of an open card: dates in words, a checklist that is pasted and reordered, cards that wait for each other."""

from datetime import datetime, timedelta

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def board(ann: Person) -> str:
    return await ann.project("Garden")


@fixture
async def hers(screen: Open, ann: Person, board: str) -> Screen:
    """Ann's card, open."""
    task = await add_task(ann, board, "Dig")
    hers = await screen(ann, f"/p/{board}/t/{task}", permissions=["clipboard-read", "clipboard-write"])
    await expect(hers.sheet.get_by_role("heading", name="Comments")).to_be_visible()
    return hers


def items(screen: Screen) -> Locator:
    return screen.sheet.get_by_label("Text of the item")


async def values(screen: Screen, *texts: str) -> None:
    for at, text in enumerate(texts):
        await expect(items(screen).nth(at)).to_have_value(text)
    await expect(items(screen)).to_have_count(len(texts))


async def test_a_date_is_typed_in_words_and_what_is_not_understood_is_said(hers: Screen, ann: Person) -> None:
    await hers.property("Due").click()
    words = hers.page.get_by_role("dialog", name="Due").get_by_label("In words")
    await expect(words).to_be_focused()
    await words.fill("in 3 moons")
    await hers.page.keyboard.press("Enter")
    await expect(hers.page.get_by_role("dialog", name="Due").get_by_role("alert")).to_contain_text("no date I know")
    await words.fill("in 3 days")
    await hers.page.keyboard.press("Enter")
    await expect(words).to_have_count(0)
    when = hers.property("Due").locator("time")
    await expect(when).to_have_attribute(
        "datetime", (datetime.now().astimezone() + timedelta(days=3)).date().isoformat()
    )
    await hers.property("Start").click()
    await hers.page.get_by_role("dialog", name="Start").get_by_label("In words").fill("tomorrow 9:30")
    await hers.page.keyboard.press("Enter")
    await expect(hers.property("Start")).to_have_text("Start: Tomorrow 09:30")


async def test_several_pasted_lines_become_several_items(hers: Screen) -> None:
    await hers.page.evaluate("() => navigator.clipboard.writeText('- [ ] Spade\\n\\n2. Gloves\\r\\nSeeds')")
    await hers.sheet.get_by_label("Add an item").focus()
    await hers.page.keyboard.press("Control+V")
    await values(hers, "Spade", "Gloves", "Seeds")
    await hers.page.evaluate("() => navigator.clipboard.writeText('ope')")
    await hers.page.keyboard.type("R")
    await hers.page.keyboard.press("Control+V")
    await hers.page.keyboard.press("Enter")
    await values(hers, "Spade", "Gloves", "Seeds", "Rope")


async def test_an_item_is_moved_by_keys_and_keeps_the_focus(hers: Screen) -> None:
    for item in ("Spade", "Gloves", "Seeds"):
        await hers.sheet.get_by_label("Add an item").fill(item)
        await hers.page.keyboard.press("Enter")
    await hers.sheet.get_by_role("checkbox", name="Seeds").focus()
    await hers.page.keyboard.press("Alt+ArrowUp")
    await values(hers, "Spade", "Seeds", "Gloves")
    await expect(hers.sheet.get_by_role("checkbox", name="Seeds")).to_be_focused()
    await expect(hers.sheet.get_by_text("Moved to 2 of 3")).to_be_attached()
    await hers.page.keyboard.press("Alt+ArrowUp")
    await hers.page.keyboard.press("Alt+ArrowUp")
    await values(hers, "Seeds", "Spade", "Gloves")


async def test_an_item_is_dragged_to_its_place(hers: Screen) -> None:
    for item in ("Spade", "Gloves", "Seeds"):
        await hers.sheet.get_by_label("Add an item").fill(item)
        await hers.page.keyboard.press("Enter")
    rows = hers.sheet.get_by_role("region", name="Checklist").get_by_role("listitem")
    await rows.nth(2).hover()
    await rows.nth(2).locator(".grip").drag_to(rows.nth(0), target_position={"x": 60, "y": 4})
    await values(hers, "Seeds", "Spade", "Gloves")


async def test_cards_that_wait_for_each_other_are_found_linked_both_ways_and_taken_off(
    hers: Screen, ann: Person, board: str
) -> None:
    await add_task(ann, board, "Buy a spade")
    await add_task(ann, board, "Sow")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Buy a spade", "Sow"])
    await hers.property("Waits for").click()
    await hers.page.get_by_label("Find a card").fill("spade")
    await hers.page.get_by_role("dialog").get_by_role("button", name="Buy a spade").click()
    await hers.property("Blocks").click()
    await hers.page.get_by_label("Find a card").fill("#3")
    await hers.page.get_by_role("dialog").get_by_role("button", name="Sow").click()
    blocks = hers.sheet.get_by_role("list", name="Blocks")
    await expect(blocks).to_contain_text("Sow")
    await hers.sheet.get_by_role("list", name="Waits for").get_by_role("link", name="Buy a spade").click()
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Buy a spade")
    await expect(blocks).to_contain_text("Dig")
    await blocks.get_by_role("button", name="Remove “Dig”").click()
    await expect(blocks).to_have_count(0)


async def test_a_circle_of_cards_is_refused_and_said(hers: Screen, ann: Person, board: str) -> None:
    sow = await add_task(ann, board, "Sow")
    task = hers.page.url.rsplit("/", 1)[1]
    await submit(ann, board, {"type": "add_dependency", "id": sow, "task_id": sow, "depends_on_id": task})
    await expect(hers.sheet.get_by_role("list", name="Blocks")).to_contain_text("Sow")
    await hers.property("Waits for").click()
    await hers.page.get_by_role("dialog").get_by_role("button", name="Sow").click()
    await expect(hers.page.get_by_role("alert")).to_contain_text("The cards would wait for each other.")
    await expect(hers.sheet.get_by_role("list", name="Waits for")).to_have_count(0)
