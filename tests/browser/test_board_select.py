"""Several cards at once, by pointer and by keyboard: each thing done to them is one step."""

from playwright.async_api import expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

TITLES = ["Dig", "Sow", "Water", "Mow", "Rake"]


@fixture
async def project(ann: Person) -> str:
    project = await ann.project("Garden")
    for title in TITLES:
        await add_task(ann, project, title)
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(TITLES)
    return hers


async def choose(hers: Screen, *titles: str) -> None:
    for title in titles:
        await hers.page.get_by_role("link", name=title, exact=True).click(modifiers=["Control"])
    await expect(hers.page.get_by_role("toolbar", name="Chosen cards")).to_contain_text(f"{len(titles)} card")


async def test_chosen_cards_are_dragged_together_and_come_back_in_one_step(hers: Screen) -> None:
    await choose(hers, "Rake", "Dig", "Water")
    await hers.lift("Water", hers.column("Done"))
    await expect(hers.cards("To do").locator("visible=true")).to_have_text(["Sow", "Mow"])
    await hers.page.mouse.up()
    await expect(hers.cards("Done")).to_have_text(["Dig", "Water", "Rake"])
    await expect(hers.cards("To do")).to_have_text(["Sow", "Mow"])
    await hers.page.keyboard.press("Control+z")
    await expect(hers.cards("To do")).to_have_text(TITLES)
    await hers.saved()


async def test_a_card_that_is_not_chosen_is_dragged_alone(hers: Screen) -> None:
    await choose(hers, "Dig", "Sow")
    await hers.drag("Rake", hers.column("Done"))
    await expect(hers.cards("Done")).to_have_text(["Rake"])


async def test_shift_chooses_a_range_and_the_bar_deletes_it_in_one_step(hers: Screen) -> None:
    await choose(hers, "Sow")
    await hers.page.get_by_role("link", name="Mow", exact=True).click(modifiers=["Shift"])
    bar = hers.page.get_by_role("toolbar", name="Chosen cards")
    await expect(bar).to_contain_text("3 cards")
    await bar.get_by_role("button", name="Delete").click()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Rake"])
    await expect(bar).to_have_count(0)
    await hers.page.get_by_role("status").get_by_role("button", name="Undo").click()
    await expect(hers.cards("To do")).to_have_text(TITLES)


async def test_keys_choose_label_move_and_archive_all_that_are_chosen(hers: Screen, ann: Person, project: str) -> None:
    await hers.page.get_by_role("link", name="Sow", exact=True).focus()
    for key in ("x", "Shift+ArrowDown", "l"):
        await hers.page.keyboard.press(key)
    await expect(hers.page.get_by_role("combobox", name="Which label?")).to_be_focused()
    await hers.page.keyboard.type("Seeds")
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    for title in ("Sow", "Water"):
        await expect(hers.card(title)).to_contain_text("Seeds")
    await hers.page.get_by_role("link", name="Sow", exact=True).focus()
    await hers.page.keyboard.press("m")
    await hers.page.get_by_role("option", name="Done").click()
    await expect(hers.cards("Done")).to_have_text(["Sow", "Water"])
    await hers.page.get_by_role("link", name="Sow", exact=True).focus()
    await hers.page.keyboard.press("c")
    await expect(hers.cards("Done")).to_have_count(0)
    await expect(hers.page.get_by_text("2 cards archived")).to_be_visible()
    await hers.saved()
    log = await ann.rest("GET", f"/v1/projects/{project}/changes?since=0")
    assert [change["kind"] for change in log.json()["changes"][-3:]] == ["create_label", "move_task", "archive_task"]


async def test_a_touch_chooses_by_the_menu_and_then_by_boxes(hers: Screen) -> None:
    await hers.card_menu("Dig", "Select")
    await hers.page.get_by_label("Select Mow").check()
    await expect(hers.page.get_by_role("toolbar", name="Chosen cards")).to_contain_text("2 cards")
    await hers.page.get_by_role("button", name="Choose none").click()
    await expect(hers.page.get_by_label("Select Mow")).to_have_count(0)


async def test_a_card_is_lifted_carried_and_put_down_by_keyboard(hers: Screen) -> None:
    await hers.page.get_by_role("link", name="Sow", exact=True).focus()
    await hers.page.keyboard.press("Space")
    gap = hers.page.locator("[data-gap]")
    await expect(gap).to_be_focused()
    await hers.page.keyboard.press("ArrowDown")
    await expect(hers.page.get_by_text("To do, 3 of 5")).to_be_attached()
    await hers.page.keyboard.press("ArrowRight")
    await expect(hers.column("In progress").locator("[data-gap]")).to_be_focused()
    await hers.page.keyboard.press("Space")
    await expect(hers.cards("In progress")).to_have_text(["Sow"])
    await expect(hers.page.get_by_role("link", name="Sow", exact=True)).to_be_focused()

    await hers.page.keyboard.press("Space")
    await hers.page.keyboard.press("ArrowLeft")
    await expect(hers.column("To do").locator("[data-gap]")).to_be_focused()
    await hers.page.keyboard.press("Escape")
    await expect(gap).to_have_count(0)
    await expect(hers.cards("In progress")).to_have_text(["Sow"])
    await expect(hers.page.get_by_role("link", name="Sow", exact=True)).to_be_focused()
