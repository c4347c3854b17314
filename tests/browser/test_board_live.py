"""What others do at this moment, and what they did while one was away."""

from playwright.async_api import expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import SOON_MS, Screen
from tests.helpers.people import Person

AGO = "() => Object.keys(localStorage).filter(key => key.includes('seen')).forEach(key => localStorage.setItem(key, String(Date.now() - 3_600_000)))"


@fixture
async def project(ann: Person, milo: Person) -> str:
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    for title in ("Dig", "Sow", "Water"):
        await add_task(ann, project, title)
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    return hers


async def test_a_drag_shows_to_others_where_it_would_land_and_moves_nothing(
    hers: Screen, screen: Open, milo: Person, project: str
) -> None:
    his = await screen(milo, f"/p/{project}")
    await expect(his.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    before = await his.card("Water").bounding_box()
    await hers.lift("Dig", hers.card("Water"), y=0.9)
    await expect(his.card("Dig")).to_contain_text("Ann is moving this card", timeout=SOON_MS)
    line = his.page.locator("[data-dropper=Ann]")
    await expect(his.card("Water").locator(line)).to_be_visible(timeout=SOON_MS)
    assert await his.card("Water").bounding_box() == before
    done = await hers.column("Done").bounding_box()
    assert done is not None
    await hers.page.mouse.move(done["x"] + 100, done["y"] + 60, steps=4)
    await expect(his.column("Done").locator(line)).to_be_attached(timeout=SOON_MS)
    await hers.page.keyboard.press("Escape")
    await expect(line).to_have_count(0, timeout=SOON_MS)
    await hers.page.mouse.up()


async def test_two_who_drag_the_same_card_end_with_one_place_for_both(
    hers: Screen, screen: Open, milo: Person, project: str
) -> None:
    his = await screen(milo, f"/p/{project}")
    await expect(his.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    await hers.lift("Dig", hers.column("Done"))
    await his.lift("Dig", his.column("In progress"))
    await hers.page.mouse.up()
    await hers.saved()
    await expect(his.column("In progress").locator("[data-gap]")).to_be_visible()
    await his.page.mouse.up()
    for each in (hers, his):
        await expect(each.cards("In progress")).to_have_text(["Dig"])
        await expect(each.cards("Done")).to_have_count(0)


async def test_a_column_that_is_deleted_under_a_drag_takes_nothing(hers: Screen, milo: Person, project: str) -> None:
    done = (await columns(milo, project))["Done"]
    await hers.lift("Dig", hers.column("Done"))
    await submit(milo, project, {"type": "delete_column", "id": done})
    await expect(hers.column("Done")).to_have_count(0)
    await hers.page.mouse.up()
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water"])
    await expect(hers.page.locator("[data-gap]")).to_have_count(0)


async def test_what_is_carried_by_keyboard_is_given_back_when_its_card_or_its_column_goes(
    hers: Screen, milo: Person, project: str
) -> None:
    board = await milo.snapshot(project)
    gap = hers.page.locator("[data-gap]")
    await hers.page.get_by_role("link", name="Dig", exact=True).press("Space")
    await hers.page.keyboard.press("ArrowRight")
    await expect(hers.column("In progress").locator(gap)).to_be_focused()
    doing = (await columns(milo, project))["In progress"]
    await submit(milo, project, {"type": "delete_column", "id": doing})
    await expect(gap).to_have_count(0)
    await expect(hers.cards("To do").locator("visible=true")).to_have_text(["Dig", "Sow", "Water"])

    await hers.page.get_by_role("link", name="Dig", exact=True).press("Space")
    await expect(gap).to_be_focused()
    dig = next(task["id"] for task in board["tasks"] if task["title"] == "Dig")
    await submit(milo, project, {"type": "delete_task", "id": dig})
    await expect(gap).to_have_count(0)
    await expect(hers.cards("To do")).to_have_text(["Sow", "Water"])


async def test_who_is_on_a_card_is_seen_on_its_face(hers: Screen, screen: Open, milo: Person, project: str) -> None:
    his = await screen(milo, f"/p/{project}")
    await his.open_card("Sow")
    await expect(hers.card("Sow")).to_contain_text("Milo is on this card", timeout=SOON_MS)
    await expect(hers.card("Sow").locator(".onlookers")).to_be_visible()


async def test_after_a_long_absence_it_is_told_once_what_others_did(
    hers: Screen, ann: Person, milo: Person, project: str
) -> None:
    await hers.kept("board", 1)
    board = await ann.snapshot(project)
    dig, sow = board["tasks"][0]["id"], board["tasks"][1]["id"]
    await hers.page.goto("/login")  # leaves the board
    await hers.page.evaluate(AGO)
    done = (await columns(milo, project))["Done"]
    await add_task(milo, project, "Mow")
    await submit(milo, project, {"type": "move_task", "id": dig, "column_id": done, "place": "top"})
    await submit(milo, project, {"type": "add_comment", "id": sow, "task_id": sow, "text": "Carrots?"})
    await hers.page.goto(f"/p/{project}")
    summary = hers.page.get_by_role("status", name="While you were away")
    for words in ("Milo", "1 card added", "1 card completed", "1 comment"):
        await expect(summary).to_contain_text(words)
    await summary.get_by_role("button", name="Dismiss").click()
    await expect(summary).to_have_count(0)
    await add_task(milo, project, "Rake")
    await expect(hers.cards("To do").last).to_have_text("Rake")
    await hers.page.reload()
    await expect(hers.cards("To do").last).to_have_text("Rake")
    await expect(summary).to_have_count(0)
