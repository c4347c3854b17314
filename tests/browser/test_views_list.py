"""The board as a list: sorted, edited where it stands, live, long."""

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def garden(ann: Person) -> str:
    project = await ann.project("Garden")
    await add_task(ann, project, "Dig", priority=5, due_at="2031-05-12")
    await add_task(ann, project, "Sow", priority=1)
    await add_task(ann, project, "Water", "Done", priority=3, due_at="2031-05-10")
    return project


@fixture
async def hers(screen: Open, ann: Person, garden: str) -> Screen:
    hers = await screen(ann, f"/p/{garden}?view=list")
    await expect(titles(hers)).to_have_text(["Dig", "Sow", "Water"])
    return hers


def titles(screen: Screen) -> Locator:
    return screen.page.locator("tbody .title")


def row(screen: Screen, title: str) -> Locator:
    return screen.page.get_by_role("row").filter(has=screen.page.get_by_role("link", name=title, exact=True))


async def test_a_press_on_a_head_sorts_up_down_and_not_any_more(hers: Screen) -> None:
    due = hers.page.get_by_role("columnheader", name="Due")
    await due.get_by_role("button").click()
    await expect(titles(hers)).to_have_text(["Water", "Dig", "Sow"])
    await expect(due).to_have_attribute("aria-sort", "ascending")
    await due.get_by_role("button").click()
    await expect(titles(hers)).to_have_text(["Dig", "Water", "Sow"])
    assert "sort=-due" in hers.page.url
    await hers.page.reload()
    await expect(titles(hers)).to_have_text(["Dig", "Water", "Sow"])
    await due.get_by_role("button").click()
    await expect(titles(hers)).to_have_text(["Dig", "Sow", "Water"])


async def test_priority_column_people_and_title_are_edited_where_they_stand(hers: Screen) -> None:
    await row(hers, "Dig").get_by_role("button", name="Priority: Medium").click()
    await hers.page.get_by_role("menuitemradio", name="Urgent").click()
    await expect(row(hers, "Dig").get_by_role("button", name="Priority: Urgent")).to_be_visible()
    await row(hers, "Dig").get_by_role("button", name="To do").click()
    await hers.page.get_by_role("menuitemradio", name="Done").click()
    await expect(titles(hers)).to_have_text(["Sow", "Dig", "Water"])
    await expect(row(hers, "Dig").get_by_text("Completed")).to_be_attached()
    await hers.page.get_by_role("link", name="Sow", exact=True).focus()
    await hers.page.keyboard.press("e")
    await hers.page.get_by_label("Title of the card").fill("Sow carrots")
    await hers.page.keyboard.press("Enter")
    await expect(titles(hers)).to_have_text(["Sow carrots", "Dig", "Water"])


async def test_others_changes_are_sorted_in_and_the_filter_holds(hers: Screen, ann: Person, garden: str) -> None:
    await hers.page.get_by_role("columnheader", name="Due").get_by_role("button").click()
    await hers.page.get_by_role("searchbox").fill("w")
    await expect(titles(hers)).to_have_text(["Water", "Sow"])
    await add_task(ann, garden, "Weed", due_at="2031-01-01")
    await add_task(ann, garden, "Dry")
    await expect(titles(hers)).to_have_text(["Weed", "Water", "Sow"])


async def test_columns_are_chosen_and_stay_chosen(hers: Screen) -> None:
    await hers.page.get_by_role("button", name="Choose columns").click()
    await hers.page.get_by_role("menuitemcheckbox", name="Labels").click()
    await hers.page.get_by_role("menuitemcheckbox", name="Updated").click()
    await hers.page.keyboard.press("Escape")
    heads = ["Card", "Column", "Assigned", "Priority", "Due", "Updated"]
    await expect(hers.page.get_by_role("columnheader")).to_contain_text(heads)
    await expect(hers.page.get_by_role("columnheader", name="Labels")).to_have_count(0)
    await hers.page.reload()
    await expect(hers.page.get_by_role("columnheader")).to_contain_text(heads)


async def test_the_views_are_switched_by_press_and_key_and_back(hers: Screen) -> None:
    await hers.page.get_by_role("button", name="Board", exact=True).click()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])
    await hers.page.keyboard.press("2")
    await expect(titles(hers)).to_have_text(["Dig", "Sow", "Water"])
    await hers.page.go_back()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])


async def test_by_keys_from_row_to_row_and_into_the_card(hers: Screen) -> None:
    for key, name in (("ArrowDown", "Dig"), ("j", "Sow"), ("ArrowDown", "Water"), ("k", "Sow")):
        await hers.page.keyboard.press(key)
        await expect(hers.page.get_by_role("link", name=name, exact=True)).to_be_focused()
    await hers.page.keyboard.press("Enter")
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Sow")
    await expect(titles(hers)).to_have_text(["Dig", "Sow", "Water"])


async def test_a_card_is_added_and_deleted_from_the_list(hers: Screen) -> None:
    await hers.page.get_by_role("button", name="Add a card").click()
    await hers.page.keyboard.type("Rake")
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    await expect(titles(hers)).to_have_text(["Dig", "Sow", "Rake", "Water"])
    await hers.page.get_by_role("button", name="Actions for Rake").click()
    await hers.page.get_by_role("menuitem", name="Delete").click()
    await expect(titles(hers)).to_have_text(["Dig", "Sow", "Water"])


async def test_of_a_long_list_only_what_is_seen_is_drawn(hers: Screen, ann: Person, garden: str) -> None:
    to_do = (await columns(ann, garden))["To do"]
    for start in (0, 300):
        many = [
            {"type": "create_task", "id": f"0190a000-0000-7000-8000-{at:012}", "column_id": to_do, "title": f"Row {at}"}
            for at in range(start, start + 300)
        ]
        await submit(ann, garden, *many)
    await expect(hers.page.get_by_role("table")).to_have_attribute("aria-rowcount", "604")
    assert await titles(hers).count() < 80
    await hers.page.get_by_role("main").evaluate("list => list.scrollTop = list.scrollHeight")
    await expect(hers.page.get_by_role("link", name="Water", exact=True)).to_be_in_viewport()
    assert await titles(hers).count() < 80
