"""The palette: cards, boards, people and commands by a few letters, and questions about a card answered without leaving the keys."""

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person


@fixture
async def hers(screen: Open, ann: Person, milo: Person) -> Screen:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    await add_task(ann, project, "Dig the beds")
    await add_task(ann, project, "Sow carrots", assignee_ids=[milo.id])
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Sow carrots"])
    return hers


def options(screen: Screen) -> Locator:
    return screen.page.get_by_role("option")


async def open_palette(screen: Screen, typed: str = "") -> None:
    await screen.page.keyboard.press("Control+k")
    await expect(screen.page.get_by_role("combobox", name="Find anything")).to_be_focused()
    await screen.page.keyboard.type(typed)


async def test_a_card_is_found_by_a_few_letters_or_its_number_and_opened(hers: Screen) -> None:
    await open_palette(hers, "carr")
    await expect(options(hers).first).to_contain_text("Sow carrots")
    await hers.page.keyboard.press("Enter")
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Sow carrots")
    await open_palette(hers, "#1")
    await expect(options(hers)).to_contain_text(["Dig the beds"])


async def test_people_and_commands_act_on_the_board(hers: Screen) -> None:
    await open_palette(hers, "milo")
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Sow carrots"])
    await open_palette(hers, "clear")
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Sow carrots"])
    await open_palette(hers, "dark")
    await hers.page.keyboard.press("Enter")
    await expect(hers.page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_another_board_is_a_few_letters_away_even_from_the_start_page(hers: Screen, ann: Person) -> None:
    await ann.project("Kitchen")
    await open_palette(hers, "kitch")
    await expect(options(hers)).to_contain_text(["Kitchen"])
    await hers.page.keyboard.press("Enter")
    await expect(hers.page.get_by_role("heading", name="Kitchen")).to_be_visible()
    await open_palette(hers, "all boards")
    await hers.page.keyboard.press("Enter")
    await expect(hers.page.get_by_role("heading", name="Boards")).to_be_visible()
    await open_palette(hers, "garden")
    await expect(options(hers)).to_contain_text(["Garden"])
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Sow carrots"])


async def test_what_was_chosen_last_comes_first(hers: Screen) -> None:
    await open_palette(hers, "sow")
    await hers.page.keyboard.press("Enter")
    await expect(hers.sheet).to_be_visible()
    await hers.page.keyboard.press("Escape")
    await open_palette(hers)
    await expect(options(hers).first).to_contain_text("Sow carrots")
    await hers.page.keyboard.press("ArrowDown")
    await expect(options(hers).nth(1)).to_have_attribute("aria-selected", "true")
    await hers.page.keyboard.press("ArrowUp")
    await hers.page.keyboard.press("ArrowUp")
    await expect(options(hers).last).to_have_attribute("aria-selected", "true")
    await hers.page.keyboard.press("Escape")
    await expect(options(hers)).to_have_count(0)


async def test_labels_are_chosen_made_and_taken_off_by_keys(hers: Screen) -> None:
    card = hers.page.get_by_role("link", name="Dig the beds", exact=True)
    await card.focus()
    await hers.page.keyboard.press("l")
    await expect(hers.page.get_by_role("combobox", name="Which label?")).to_be_focused()
    await hers.page.keyboard.type("Heavy")
    await hers.page.keyboard.press("Enter")
    await expect(hers.card("Dig the beds")).to_contain_text("Heavy")
    await expect(options(hers).filter(has_text="Heavy")).to_contain_text("chosen")
    await hers.page.keyboard.type("hea")
    await hers.page.keyboard.press("Enter")
    await expect(hers.card("Dig the beds")).not_to_contain_text("Heavy")
    await hers.page.keyboard.press("Escape")
    await expect(card).to_be_focused()


async def test_people_a_day_a_priority_and_a_column_are_given_by_keys(hers: Screen) -> None:
    card = hers.page.get_by_role("link", name="Dig the beds", exact=True)
    for key, typed in (("a", "milo"), ("d", "tomorrow"), ("p", "urg")):
        await card.focus()
        await hers.page.keyboard.press(key)
        await expect(hers.page.get_by_role("combobox")).to_be_focused()
        await hers.page.keyboard.type(typed)
        await hers.page.keyboard.press("Enter")
        await hers.page.keyboard.press("Escape")
    await expect(hers.card("Dig the beds")).to_contain_text("Priority: Urgent")
    await expect(hers.card("Dig the beds")).to_contain_text("Tomorrow")
    await expect(hers.card("Dig the beds").get_by_role("group", name="Assigned to Milo")).to_be_visible()
    await card.focus()
    await hers.page.keyboard.press("m")
    await hers.page.keyboard.type("done")
    await hers.page.keyboard.press("Enter")
    await expect(hers.cards("Done")).to_have_text(["Dig the beds"])
    await expect(hers.page.get_by_text("Dig the beds moved to Done, 1 of 1")).to_be_attached()


async def test_a_day_is_given_in_words(hers: Screen) -> None:
    await hers.page.get_by_role("link", name="Dig the beds", exact=True).focus()
    await hers.page.keyboard.press("d")
    await expect(hers.page.get_by_role("combobox", name="Due when?")).to_be_focused()
    await hers.page.keyboard.type("2031-05-14 9:30")
    await expect(options(hers)).to_contain_text(["Wednesday, 14 May 2031 at 09:30"])
    await hers.page.keyboard.press("Enter")
    await expect(hers.card("Dig the beds")).to_contain_text("14 May 2031")


async def test_who_may_only_look_is_offered_no_edits(screen: Open, ann: Person, milo: Person) -> None:
    project = await ann.project("Garden")
    await ann.let_in(milo, project, "viewer")
    await add_task(ann, project, "Dig")
    his = await screen(milo, f"/p/{project}")
    await his.page.get_by_role("link", name="Dig", exact=True).focus()
    await his.page.keyboard.press("l")
    await his.page.keyboard.press("c")
    await his.page.keyboard.press("n")
    await expect(his.page.get_by_role("combobox")).to_have_count(0)
    await expect(his.page.get_by_label("Title of the card")).to_have_count(0)
    await open_palette(his, "archive")
    await expect(his.page.get_by_text("Nothing fits")).to_be_visible()


async def test_what_others_do_does_not_move_what_one_is_about_to_choose(hers: Screen, ann: Person) -> None:
    await open_palette(hers, "sow carr")
    await expect(options(hers)).to_have_count(1)
    project = hers.page.url.rsplit("/", 1)[1]
    await add_task(ann, project, "Sow carrots again")
    await expect(hers.cards("To do")).to_have_text(["Dig the beds", "Sow carrots", "Sow carrots again"])
    await expect(options(hers)).to_have_count(1)
    doing = (await columns(ann, project))["In progress"]
    task = (await ann.snapshot(project))["tasks"][0]["id"]
    await submit(ann, project, {"type": "move_task", "id": task, "column_id": doing, "place": "top"})
    await hers.page.keyboard.press("Enter")
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Sow carrots")
