"""Cards made in place: one after the other, several by a paste, with what the line says of them."""

from typing import Any

from playwright.async_api import expect

from tests.browser.boards import submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

PASTE = """(area, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
}"""
LABEL = "0a1b6ad4-7c31-4d4c-9a40-6b2a53a7b3c1"


@fixture
async def project(ann: Person) -> str:
    project = await ann.project("Garden")
    await submit(ann, project, {"type": "create_label", "id": LABEL, "name": "Seeds", "color": "green"})
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    """Ann is about to write a card at the top of her board's first column."""
    hers = await screen(ann, f"/p/{project}")
    await hers.column("To do").get_by_role("button", name="Add a card at the top of To do").click()
    return hers


async def tasks(ann: Person, project: str) -> list[dict[str, Any]]:
    return sorted((await ann.snapshot(project))["tasks"], key=lambda task: task["rank"])


async def test_a_line_says_label_person_priority_and_day_and_shows_that_it_was_understood(
    hers: Screen, ann: Person, project: str
) -> None:
    await hers.page.keyboard.type("Sow #seeds carrots @ann !high ^2030-05-12")
    understood = hers.page.get_by_role("list", name="Understood")
    for words in ("Seeds", "Ann", "High", "12 May 2030"):
        await expect(understood).to_contain_text(words)
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Sow carrots"])
    await expect(understood).to_have_count(0)
    await hers.saved()
    [task] = await tasks(ann, project)
    assert (task["label_ids"], task["assignee_ids"]) == ([LABEL], [ann.id])
    assert (task["priority"], task["due_at"]) == (3, "2030-05-12")


async def test_several_pasted_lines_are_several_cards_in_their_order_and_one_undo(
    hers: Screen, ann: Person, project: str
) -> None:
    area = hers.page.get_by_label("Title of the card")
    await area.evaluate(PASTE, "- Dig\n- [ ] Sow #seeds\n\n* Water")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    await expect(area).to_be_focused()
    await hers.page.keyboard.type("Mow")
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water", "Mow"])
    await hers.saved()
    assert [len(task["label_ids"]) for task in await tasks(ann, project)] == [0, 1, 0, 0]
    await hers.page.keyboard.press("Escape")
    for left in (["Dig", "Sow", "Water"], []):
        await hers.page.keyboard.press("Control+z")
        await expect(hers.cards("To do")).to_have_text(left)


async def test_hundreds_of_pasted_lines_keep_their_order(hers: Screen, ann: Person, project: str) -> None:
    titles = [f"Card {n}" for n in range(250)]
    await hers.page.get_by_label("Title of the card").evaluate(PASTE, "\n".join(titles))
    await expect(hers.column("To do")).to_contain_text("250 cards")
    await hers.saved()
    assert [task["title"] for task in await tasks(ann, project)] == titles


async def test_pasted_megabytes_make_no_cards_and_say_why(hers: Screen, ann: Person, project: str) -> None:
    await hers.page.get_by_label("Title of the card").evaluate(PASTE, "a line\n" * 200_000)
    await expect(hers.page.get_by_text("That is 200000 lines. At most 500 become cards at once.")).to_be_visible()
    assert await tasks(ann, project) == []


async def test_escape_keeps_nothing(hers: Screen) -> None:
    await hers.page.keyboard.type("Dig #seeds")
    await hers.page.keyboard.press("Escape")
    await expect(hers.page.get_by_label("Title of the card")).to_have_count(0)
    await expect(hers.cards("To do")).to_have_count(0)
    await hers.column("To do").get_by_role("button", name="Add a card at the top of To do").click()
    await expect(hers.page.get_by_label("Title of the card")).to_have_value("")
