"""The board in lanes: cards by person, priority or label, moved between lanes by mouse, by keys and by the menu."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import SOON_MS, Screen
from tests.helpers.people import Message, Person

LABELS = {"Seeds": str(uuid4()), "Tools": str(uuid4())}


@fixture
async def garden(ann: Person, milo: Person) -> str:
    """Dig is Ann's, Sow is Milo's, Mow is both's and in progress, Rake is nobody's."""
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    await add_task(ann, project, "Dig", assignee_ids=[ann.id])
    await add_task(ann, project, "Sow", assignee_ids=[milo.id], priority=1)
    await add_task(ann, project, "Rake")
    await add_task(ann, project, "Mow", "In progress", assignee_ids=[ann.id, milo.id])
    return project


@fixture
async def hers(screen: Open, ann: Person, garden: str) -> Screen:
    return await laned(screen, ann, garden)


async def laned(screen: Open, person: Person, garden: str, by: str = "person", **options: Any) -> Screen:
    seen = await screen(person, f"/p/{garden}?lanes={by}", **options)
    await expect(seen.page.locator("[data-lane]").first).to_be_visible()
    return seen


def cell(screen: Screen, lane: str, column: str) -> Locator:
    return screen.page.get_by_role("list", name=f"{lane}, {column}", exact=True)


def cards(screen: Screen, lane: str, column: str) -> Locator:
    return cell(screen, lane, column).locator("[data-card]:visible .title")


def card(screen: Screen, title: str, lane: str) -> Locator:
    return lane_of(screen, lane).get_by_role("link", name=title, exact=True)


def lane_of(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("region", name=name)


def head_of(screen: Screen, name: str) -> Locator:
    return lane_of(screen, name).get_by_role("heading").get_by_role("button")


async def drag(screen: Screen, title: str, lane: str, onto: Locator) -> None:
    """By the mouse, from one lane, to the lower part of a cell."""
    await onto.scroll_into_view_if_needed()
    await card(screen, title, lane).hover(position={"x": 20, "y": 8})
    await screen.page.mouse.down()
    await low(screen, onto)
    await expect(onto.locator("[data-gap]")).to_be_visible()
    await low(screen, onto)  # the gap has opened above or below, and the cell has grown
    await screen.page.mouse.up()


async def low(screen: Screen, onto: Locator) -> None:
    """Moves to the lower end of a cell."""
    box = await onto.locator("xpath=..").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"]
    await screen.page.mouse.move(x, y - 14, steps=4)
    await screen.page.mouse.move(x, y - 8, steps=3)
    await screen.drawn()


async def task(person: Person, project: str, title: str) -> Message:
    tasks = (await person.snapshot(project))["tasks"]
    return next(dict(task) for task in tasks if task["title"] == title)


async def kinds(person: Person, project: str) -> list[list[str]]:
    """What each change did to which kinds of record."""
    log = await person.rest("GET", f"/v1/projects/{project}/changes?since=0")
    return [[op["kind"] for op in change["ops"]] for change in log.json()["changes"]]


# What stands where


async def test_cards_stand_in_each_of_their_lanes_and_the_rest_stands_last(hers: Screen) -> None:
    await expect(hers.page.locator("[data-lane] h2 .name")).to_have_text(["Ann (you)", "Milo", "Nobody"])
    await expect(cards(hers, "Ann (you)", "To do")).to_have_text(["Dig"])
    await expect(cards(hers, "Milo", "To do")).to_have_text(["Sow"])
    await expect(cards(hers, "Nobody", "To do")).to_have_text(["Rake"])
    for lane in ("Ann (you)", "Milo"):
        await expect(cards(hers, lane, "In progress")).to_have_text(["Mow"])
    await expect(lane_of(hers, "Milo").get_by_role("heading")).to_contain_text("2 cards")


async def test_lanes_are_chosen_in_the_toolbar_and_kept_with_the_filter(screen: Open, ann: Person, garden: str) -> None:
    hers = await screen(ann, f"/p/{garden}")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Rake"])
    await hers.page.get_by_role("button", name="Lanes", exact=True).click()
    await hers.page.get_by_role("menuitemradio", name="Priority").click()
    await expect(cards(hers, "Urgent", "To do")).to_have_text(["Sow"])
    await expect(cards(hers, "Medium", "To do")).to_have_text(["Dig", "Rake"])
    assert "lanes=priority" in hers.page.url
    await hers.page.get_by_role("searchbox").fill("rake")
    await expect(cards(hers, "Medium", "To do")).to_have_text(["Rake"])
    await hers.page.goto(f"/p/{garden}")
    await expect(cards(hers, "Medium", "To do")).to_have_text(["Rake"])
    await hers.page.get_by_role("button", name="Lanes: Priority").click()
    await hers.page.get_by_role("menuitemcheckbox", name="Hide empty lanes").click()
    await expect(hers.page.locator("[data-lane]")).to_have_count(1)
    await hers.page.get_by_role("menuitemradio", name="No lanes").click()
    await expect(hers.cards("To do")).to_have_text(["Rake"])


async def test_a_key_and_the_palette_choose_lanes(hers: Screen) -> None:
    await hers.page.keyboard.press("g")
    await expect(lane_of(hers, "Urgent")).to_be_visible()
    await hers.page.keyboard.press("g")
    await expect(lane_of(hers, "No label")).to_be_visible()
    await hers.page.keyboard.press("g")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Rake"])
    await hers.page.keyboard.press("Control+k")
    await hers.page.get_by_role("combobox", name="Find anything").fill("lanes person")
    await hers.page.keyboard.press("Enter")
    await expect(cards(hers, "Milo", "To do")).to_have_text(["Sow"])


async def test_what_the_address_does_not_know_is_no_grouping(screen: Open, ann: Person, garden: str) -> None:
    hers = await screen(ann, f"/p/{garden}?lanes=constructor&empty=%00")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Rake"])


async def test_a_lane_is_folded_and_stays_so(hers: Screen) -> None:
    head = head_of(hers, "Milo")
    await head.click()
    await expect(cell(hers, "Milo", "To do")).to_have_count(0)
    await hers.page.reload()
    await expect(cards(hers, "Ann (you)", "To do")).to_have_text(["Dig"])
    await expect(head).to_have_attribute("aria-expanded", "false")
    await expect(cell(hers, "Milo", "To do")).to_have_count(0)
    await head.click()
    await expect(cards(hers, "Milo", "To do")).to_have_text(["Sow"])


async def test_heads_of_columns_stay_above_the_lanes(screen: Open, ann: Person, garden: str) -> None:
    for n in range(20):
        await add_task(ann, garden, f"Errand {n}", assignee_ids=[ann.id])
    hers = await laned(screen, ann, garden, viewport={"width": 900, "height": 500})
    await lane_of(hers, "Nobody").scroll_into_view_if_needed()
    await hers.page.get_by_role("main").evaluate("board => board.scrollTo(0, 1e6)")
    await expect(cards(hers, "Nobody", "To do")).to_be_in_viewport()
    await expect(hers.page.get_by_role("heading", name="To do")).to_be_in_viewport(ratio=0.9)


# Moving


async def test_a_drag_into_another_lane_and_column_is_one_change_and_one_undo(
    hers: Screen, ann: Person, milo: Person, garden: str
) -> None:
    before = await kinds(ann, garden)
    await drag(hers, "Dig", "Ann (you)", cell(hers, "Milo", "In progress"))
    await expect(cards(hers, "Milo", "In progress")).to_have_text(["Mow", "Dig"])
    await expect(cards(hers, "Ann (you)", "To do")).to_have_count(0)
    await hers.saved()
    dig = await task(ann, garden, "Dig")
    assert dig["assignee_ids"] == [milo.id]
    assert dig["column_id"] == (await columns(ann, garden))["In progress"]
    assert len(await kinds(ann, garden)) == len(before) + 1

    await hers.page.keyboard.press("Control+z")
    await expect(cards(hers, "Ann (you)", "To do")).to_have_text(["Dig"])
    await expect(cards(hers, "Milo", "In progress")).to_have_text(["Mow"])
    await hers.saved()
    assert (await task(ann, garden, "Dig"))["assignee_ids"] == [ann.id]
    assert len(await kinds(ann, garden)) == len(before) + 2


async def test_a_card_in_two_lanes_leaves_the_one_it_is_dragged_from(
    hers: Screen, ann: Person, milo: Person, garden: str
) -> None:
    await drag(hers, "Mow", "Milo", cell(hers, "Nobody", "To do"))
    await expect(cards(hers, "Nobody", "To do")).to_have_text(["Rake", "Mow"])
    await hers.page.keyboard.press("Control+z")
    await expect(cards(hers, "Milo", "In progress")).to_have_text(["Mow"])
    await expect(cards(hers, "Ann (you)", "In progress")).to_have_text(["Mow"])
    await drag(hers, "Mow", "Milo", cell(hers, "Ann (you)", "To do"))
    await expect(cards(hers, "Ann (you)", "To do")).to_have_text(["Dig", "Mow"])
    await expect(cards(hers, "Milo", "In progress")).to_have_count(0)
    await hers.saved()
    assert (await task(ann, garden, "Mow"))["assignee_ids"] == [ann.id]


@pytest.mark.parametrize("by", ["label", "priority"])
async def test_a_lane_changes_exactly_what_it_stands_for(screen: Open, ann: Person, garden: str, by: str) -> None:
    for name, id in LABELS.items():
        await submit(ann, garden, {"type": "create_label", "id": id, "name": name, "color": "green"})
    prune = await add_task(ann, garden, "Prune", label_ids=[LABELS["Seeds"]], priority=8)
    hers = await laned(screen, ann, garden, by)
    before = await task(ann, garden, "Prune")
    if by == "label":
        await drag(hers, "Prune", "Seeds", cell(hers, "Tools", "To do"))
        await expect(cards(hers, "Tools", "To do")).to_have_text(["Prune"])
    else:
        await drag(hers, "Prune", "Low", cell(hers, "Urgent", "To do"))
        await expect(cards(hers, "Urgent", "To do")).to_have_text(["Sow", "Prune"])
    await hers.saved()
    after = await task(ann, garden, "Prune")
    changed = {name for name, value in after.items() if before[name] != value} - {"updated_at"}
    # Among the cards of another lane it may stand elsewhere in the column; in an empty cell nothing moves it.
    assert changed == ({"label_ids"} if by == "label" else {"priority"})
    assert after["id"] == prune
    assert (after["label_ids"], after["priority"]) == (
        ([LABELS["Tools"]], 8) if by == "label" else ([LABELS["Seeds"]], 1)
    )


async def test_chosen_cards_go_into_a_lane_together(hers: Screen, ann: Person, milo: Person, garden: str) -> None:
    for title, lane in (("Dig", "Ann (you)"), ("Rake", "Nobody")):
        await card(hers, title, lane).click(modifiers=["Control"])
    await drag(hers, "Rake", "Nobody", cell(hers, "Milo", "To do"))
    await expect(cards(hers, "Milo", "To do")).to_have_text(["Sow", "Dig", "Rake"])
    await hers.saved()
    assert (await task(ann, garden, "Dig"))["assignee_ids"] == [milo.id]
    await hers.page.keyboard.press("Control+z")
    await expect(cards(hers, "Ann (you)", "To do")).to_have_text(["Dig"])
    await expect(cards(hers, "Nobody", "To do")).to_have_text(["Rake"])


async def test_a_card_is_carried_through_lanes_by_keyboard(
    hers: Screen, ann: Person, milo: Person, garden: str
) -> None:
    await card(hers, "Dig", "Ann (you)").focus()
    await hers.page.keyboard.press("Space")
    gap = hers.page.locator("[data-gap]")
    await expect(gap).to_be_focused()
    await hers.page.keyboard.press("ArrowDown")
    await expect(cell(hers, "Milo", "To do").locator(gap)).to_be_focused()
    await expect(hers.page.get_by_text("Milo, To do, 1 of 2")).to_be_attached()
    await hers.page.keyboard.press("ArrowRight")
    await hers.page.keyboard.press("ArrowDown")
    await expect(hers.page.get_by_text("Milo, In progress, 2 of 2")).to_be_attached()
    await hers.page.keyboard.press("Space")
    await expect(cards(hers, "Milo", "In progress")).to_have_text(["Mow", "Dig"])
    await expect(card(hers, "Dig", "Milo")).to_be_focused()
    await hers.saved()
    assert (await task(ann, garden, "Dig"))["assignee_ids"] == [milo.id]

    await hers.page.keyboard.press("Space")
    for _ in range(3):
        await hers.page.keyboard.press("ArrowUp")
    await expect(cell(hers, "Ann (you)", "In progress").locator(gap)).to_be_focused()
    await hers.page.keyboard.press("Escape")
    await expect(gap).to_have_count(0)
    await expect(card(hers, "Dig", "Milo")).to_be_focused()


async def test_the_menu_moves_a_card_to_a_lane(hers: Screen, ann: Person, milo: Person, garden: str) -> None:
    await card(hers, "Rake", "Nobody").hover()
    await hers.page.get_by_role("button", name="Actions for Rake").click()
    await hers.page.get_by_role("menuitem", name="Milo").click()
    await expect(cards(hers, "Milo", "To do")).to_have_text(["Sow", "Rake"])
    await expect(card(hers, "Rake", "Milo")).to_be_focused()
    await expect(hers.page.get_by_text("Rake moved to Milo")).to_be_attached()
    await hers.saved()
    assert (await task(ann, garden, "Rake"))["assignee_ids"] == [milo.id]


async def test_a_card_made_in_a_lane_has_what_the_lane_stands_for(
    hers: Screen, ann: Person, milo: Person, garden: str
) -> None:
    await hers.page.get_by_role("button", name="Add a card: Milo, Done").click()
    for title in ("One", "Two @ann !high"):
        await hers.page.keyboard.type(title)
        await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    await expect(cards(hers, "Milo", "Done")).to_have_text(["One", "Two"])
    await expect(cards(hers, "Ann (you)", "Done")).to_have_text(["Two"])
    await card(hers, "Sow", "Milo").focus()
    await hers.page.keyboard.press("n")
    await expect(cell(hers, "Milo", "To do").get_by_label("Title of the card")).to_be_focused()
    await hers.saved()
    assert (await task(ann, garden, "One"))["assignee_ids"] == [milo.id]
    assert set((await task(ann, garden, "Two"))["assignee_ids"]) == {ann.id, milo.id}


async def test_arrows_lead_through_a_lane_and_into_the_next(hers: Screen) -> None:
    await card(hers, "Dig", "Ann (you)").focus()
    for key, title, lane in (
        ("ArrowRight", "Mow", "Ann (you)"),
        ("ArrowDown", "Mow", "Milo"),
        ("ArrowLeft", "Sow", "Milo"),
        ("ArrowDown", "Rake", "Nobody"),
    ):
        await hers.page.keyboard.press(key)
        await expect(card(hers, title, lane)).to_be_focused()


async def test_who_may_only_look_moves_nothing(screen: Open, ann: Person, garden: str, server: Any) -> None:
    eve = await server.sign_up("Eve")
    await ann.let_in(eve, garden, "viewer")
    seen = await laned(screen, eve, garden)
    await expect(card(seen, "Dig", "Ann")).to_be_visible()
    await card(seen, "Dig", "Ann").focus()
    await seen.page.keyboard.press("Space")
    await expect(seen.page.locator("[data-gap]")).to_have_count(0)
    await expect(seen.page.locator("[data-card][draggable=true]")).to_have_count(0)
    await expect(seen.page.get_by_role("button", name="Add a card", exact=False)).to_have_count(0)


# Live


async def test_the_focus_stays_on_a_card_that_others_take_to_another_lane(
    hers: Screen, ann: Person, milo: Person, garden: str
) -> None:
    await card(hers, "Dig", "Ann (you)").focus()
    dig = (await task(ann, garden, "Dig"))["id"]
    change: Message = {"type": "update_task", "id": dig, "assignees": {"add": [milo.id], "remove": [ann.id]}}
    done = (await columns(ann, garden))["Done"]
    await submit(milo, garden, change, {"type": "move_task", "id": dig, "column_id": done, "place": "top"})
    await expect(cards(hers, "Milo", "Done")).to_have_text(["Dig"])
    await expect(card(hers, "Dig", "Milo")).to_be_focused()
    await hers.page.keyboard.press("g")
    await expect(lane_of(hers, "Urgent")).to_be_visible()


async def test_the_focus_stays_on_a_card_whose_own_key_takes_it_to_another_lane(
    screen: Open, ann: Person, garden: str
) -> None:
    hers = await laned(screen, ann, garden, "priority")
    await card(hers, "Dig", "Medium").focus()
    await hers.page.keyboard.press("p")
    await hers.page.keyboard.type("low")
    await hers.page.keyboard.press("Enter")
    await expect(cards(hers, "Low", "To do")).to_have_text(["Dig"])
    await expect(card(hers, "Dig", "Low")).to_be_focused()
    await hers.page.keyboard.press("Control+z")
    await expect(card(hers, "Dig", "Medium")).to_be_focused()


async def test_a_drag_shows_to_others_in_their_lane(hers: Screen, screen: Open, milo: Person, garden: str) -> None:
    his = await laned(screen, milo, garden)
    flat = await screen(milo, f"/p/{garden}?lanes=none")
    await expect(flat.cards("To do")).to_have_text(["Dig", "Sow", "Rake"])
    target = cell(hers, "Milo", "To do")
    await card(hers, "Dig", "Ann (you)").hover(position={"x": 20, "y": 8})
    await hers.page.mouse.down()
    box = await target.bounding_box()
    assert box is not None
    await hers.page.mouse.move(box["x"] + 90, box["y"] + box["height"] - 8, steps=4)
    await hers.page.mouse.move(box["x"] + 90, box["y"] + box["height"], steps=3)
    line = "[data-dropper=Ann]"
    await expect(card_box(his, "Dig").first).to_contain_text("Ann is moving this card", timeout=SOON_MS)
    await expect(cell(his, "Milo (you)", "To do").locator(line)).to_be_attached(timeout=SOON_MS)
    await expect(cell(his, "Ann", "To do").locator(line)).to_have_count(0)
    await expect(flat.card("Sow").locator(line)).to_be_attached(timeout=SOON_MS)
    await hers.page.mouse.up()
    await expect(cards(his, "Milo (you)", "To do")).to_have_text(["Sow", "Dig"])


def card_box(screen: Screen, title: str) -> Locator:
    return screen.page.locator("[data-card]").filter(has=screen.page.get_by_role("link", name=title, exact=True))


async def test_a_lane_that_goes_under_a_drag_takes_nothing(
    screen: Open, ann: Person, milo: Person, garden: str
) -> None:
    seeds = str(uuid4())
    await submit(ann, garden, {"type": "create_label", "id": seeds, "name": "Seeds", "color": "green"})
    hers = await laned(screen, ann, garden, "label")
    await card(hers, "Dig", "No label").focus()
    await hers.page.keyboard.press("Space")
    await hers.page.keyboard.press("ArrowUp")
    await expect(cell(hers, "Seeds", "To do").locator("[data-gap]")).to_be_focused()
    await submit(milo, garden, {"type": "delete_label", "id": seeds})
    await expect(lane_of(hers, "Seeds")).to_have_count(0)
    await expect(hers.page.locator("[data-gap]")).to_have_count(0)
    await expect(cards(hers, "No label", "To do")).to_have_text(["Dig", "Sow", "Rake"])


# Many cards, a small screen


async def test_a_long_cell_draws_its_first_cards_and_shows_more(screen: Open, ann: Person, garden: str) -> None:
    todo = (await columns(ann, garden))["To do"]
    made = [{"type": "create_task", "id": str(uuid4()), "column_id": todo, "title": f"Card {n}"} for n in range(60)]
    await submit(ann, garden, *made)
    hers = await laned(screen, ann, garden)
    nobody = cell(hers, "Nobody", "To do")
    await expect(nobody.locator("[data-card]")).to_have_count(12)
    await expect(lane_of(hers, "Nobody").get_by_role("heading")).to_contain_text("61 cards")
    await nobody.get_by_role("button", name="Show 24 of 49 more").click()
    await expect(nobody.locator("[data-card]")).to_have_count(36)
    await hers.page.get_by_role("button", name="Add a card: Nobody, To do").click()
    await hers.page.keyboard.type("The last")
    await hers.page.keyboard.press("Enter")
    await hers.page.keyboard.press("Escape")
    await expect(cards(hers, "Nobody", "To do").last).to_have_text("The last")


async def test_lanes_far_below_are_drawn_when_they_are_reached(screen: Open, ann: Person) -> None:
    project = await ann.project("Many")
    todo = (await columns(ann, project))["To do"]
    labels = [(str(uuid4()), f"Label {n:02}") for n in range(30)]
    await submit(ann, project, *({"type": "create_label", "id": id, "name": n, "color": "red"} for id, n in labels))
    made = [
        {"type": "create_task", "id": str(uuid4()), "column_id": todo, "title": f"{name} {n}", "label_ids": [id]}
        for id, name in labels
        for n in range(10)
    ]
    await submit(ann, project, *made)
    hers = await laned(screen, ann, project, "label")
    await expect(hers.page.locator("[data-lane]")).to_have_count(31)
    await expect(hers.page.locator("[data-card]").first).to_be_visible()
    assert await hers.page.locator("[data-card]").count() < 150
    await expect(card_box(hers, "Label 29 3")).to_have_count(0)
    await hers.page.get_by_role("main").evaluate("board => board.scrollTo(0, 1e6)")
    await expect(card_box(hers, "Label 29 3")).to_be_visible()
    assert await hers.page.locator("[data-card]").count() < 150


async def test_on_a_phone_columns_snap_and_lanes_stay_below_each_other(screen: Open, ann: Person, garden: str) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    hers = await laned(screen, ann, garden, **phone)
    await expect(cell(hers, "Ann (you)", "To do")).to_be_in_viewport(ratio=0.9)
    await hers.page.get_by_role("main").evaluate("board => board.scrollBy({ left: 200, behavior: 'instant' })")
    await expect(cell(hers, "Ann (you)", "In progress")).to_be_in_viewport(ratio=0.9)
    await expect(hers.page.get_by_role("heading", name="In progress")).to_be_in_viewport(ratio=0.9)
    await expect(head_of(hers, "Milo")).to_be_in_viewport(ratio=0.9)
    assert await hers.page.evaluate("document.documentElement.scrollWidth") == 360
