"""Finding and filtering cards: what is shown, what the address says, what is kept for the next time."""

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def garden(ann: Person) -> str:
    """Ann's board: one card is urgent, one is hers, one is neither."""
    project = await ann.project("Garden")
    await add_task(ann, project, "Dig the beds", priority=1)
    await add_task(ann, project, "Sow carrots", assignee_ids=[ann.id])
    await add_task(ann, project, "Water the beds", "In progress")
    return project


@fixture
async def hers(screen: Open, ann: Person, garden: str) -> Screen:
    hers = await screen(ann, f"/p/{garden}")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Sow carrots"])
    return hers


def find(screen: Screen) -> Locator:
    return screen.page.get_by_role("searchbox", name="Find cards")


async def ask(screen: Screen, facet: str, *values: str) -> None:
    await screen.page.get_by_role("button", name="Filter", exact=True).click()
    for value in values:
        await screen.page.get_by_role("group", name=facet).get_by_role("button", name=value).click()
    await screen.page.keyboard.press("Escape")


async def test_a_text_leaves_the_cards_that_have_it_and_tells_how_many_are_hidden(hers: Screen) -> None:
    await find(hers).fill("BEDS")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds"])
    await expect(hers.cards("In progress")).to_have_text(["Water the beds"])
    await expect(hers.page.get_by_text("1 card hidden")).to_be_visible()
    await find(hers).press("Escape")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Sow carrots"])
    await expect(hers.page.get_by_text("1 card hidden")).to_have_count(0)


async def test_what_is_described_says_so_on_its_face_and_is_found(hers: Screen, ann: Person, garden: str) -> None:
    task = await add_task(ann, garden, "Prune", description="Above an eye.")
    await ask(hers, "Has", "Description")
    await expect(hers.cards("To do")).to_have_text(["Prune"])
    await expect(hers.card("Prune").get_by_text("Has a description")).to_be_attached()
    await submit(ann, garden, {"type": "describe_task", "id": task, "text": "", "base_seq": 10_000})
    await expect(hers.column("To do").get_by_text("No card here passes the filter")).to_be_visible()
    await hers.page.get_by_role("button", name="Clear", exact=True).click()
    await expect(hers.card("Prune").get_by_text("Has a description")).to_have_count(0)
    await hers.open_card("Prune")
    await hers.write("Above an eye, slanted.")
    await expect(hers.card("Prune").get_by_text("Has a description")).to_be_attached()


async def test_facets_are_asked_for_shown_and_taken_back(hers: Screen) -> None:
    await ask(hers, "Priority", "Urgent")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds"])
    await ask(hers, "Priority", "Urgent", "Low")
    await expect(hers.column("To do").get_by_text("No card here passes the filter")).to_be_visible()
    await hers.page.get_by_role("button", name="Remove the filter Priority").click()
    await ask(hers, "Person", "Ann (you)")
    await expect(hers.page.get_by_text("Person: Ann (you)")).to_be_visible()
    await expect(hers.cards("To do")).to_have_text(["Sow carrots"])
    await hers.page.get_by_role("button", name="Clear", exact=True).click()
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Sow carrots"])


async def test_the_address_holds_the_filter_for_somebody_else(
    hers: Screen, screen: Open, ann: Person, milo: Person, garden: str
) -> None:
    await ann.let_in(milo, garden)
    await find(hers).fill("sow")
    await ask(hers, "Person", "Ann (you)")
    his = await screen(milo, hers.page.url.removeprefix(hers.url))
    await expect(his.cards("To do")).to_have_text(["Sow carrots"])
    await expect(his.page.get_by_text("2 cards hidden")).to_be_visible()
    await expect(find(his)).to_have_value("sow")


async def test_opening_and_closing_a_card_keeps_the_filter(hers: Screen) -> None:
    await find(hers).fill("sow")
    await expect(hers.cards("To do")).to_have_text(["Sow carrots"])
    await hers.open_card("Sow carrots")
    assert hers.page.url.endswith("?q=sow")
    await hers.page.keyboard.press("Escape")
    await expect(hers.sheet).to_have_count(0)
    await expect(hers.cards("To do")).to_have_text(["Sow carrots"])


async def test_a_board_is_found_as_it_was_left_until_signing_out(hers: Screen, garden: str) -> None:
    await find(hers).fill("sow")
    await hers.page.get_by_role("link", name="To your boards").click()
    await hers.page.get_by_role("link", name="Garden").click()
    await expect(hers.cards("To do")).to_have_text(["Sow carrots"])
    await hers.page.goto(f"/p/{garden}")
    await expect(find(hers)).to_have_value("sow")
    await hers.page.get_by_role("button", name="Account of Ann").click()
    await hers.page.get_by_role("menuitem", name="Sign out").click()
    await expect(hers.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await hers.page.evaluate("Object.keys(localStorage).filter(key => key.includes('looks'))") == []


async def test_others_changes_respect_the_filter(hers: Screen, ann: Person, garden: str) -> None:
    await find(hers).fill("beds")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds"])
    await add_task(ann, garden, "Rake the beds")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Rake the beds"])
    await add_task(ann, garden, "Prune")
    await expect(hers.page.get_by_text("2 cards hidden")).to_be_visible()
    tasks = {task["title"]: task for task in (await ann.snapshot(garden))["tasks"]}
    renamed = {"type": "update_task", "id": tasks["Dig the beds"]["id"], "title": "Dig"}
    await submit(ann, garden, renamed)
    await expect(hers.cards("To do")).to_have_text(["Rake the beds"])


async def test_a_new_card_that_is_hidden_says_so_and_can_be_shown(hers: Screen) -> None:
    await find(hers).fill("beds")
    await hers.add_card("Done", "Harvest")
    await expect(hers.page.get_by_text("Added, but hidden by the filter")).to_be_visible()
    await hers.page.get_by_role("button", name="Clear the filter").click()
    await expect(hers.cards("Done")).to_have_text(["Harvest"])
    await find(hers).fill("beds")
    await hers.add_card("Done", "Mulch the beds")
    await expect(hers.cards("Done")).to_have_text(["Mulch the beds"])


async def test_a_card_dragged_among_filtered_ones_lands_beside_the_one_above(
    hers: Screen, ann: Person, garden: str
) -> None:
    await find(hers).fill("beds")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds"])
    await hers.drag("Water the beds", hers.card("Dig the beds"), y=1.2)
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Water the beds"])
    await find(hers).press("Escape")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Water the beds", "Sow carrots"])
    await hers.saved()
    to_do = (await columns(ann, garden))["To do"]
    tasks = [task for task in (await ann.snapshot(garden))["tasks"] if task["column_id"] == to_do]
    ranked = [task["title"] for task in sorted(tasks, key=lambda task: task["rank"])]
    assert ranked == ["Dig the beds", "Water the beds", "Sow carrots"]
