"""A long column: few of its cards are drawn, and nothing of that is noticed."""

from uuid import uuid4

from playwright.async_api import expect

from tests.browser.boards import columns, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

COUNT = 401
SEEN = "cards => cards.filter(card => { const box = card.getBoundingClientRect(); return box.bottom > 100 && box.top < innerHeight }).length"


@fixture
async def project(ann: Person) -> str:
    """Ann's board with many cards to do, every seventh with a long title."""
    project = await ann.project("Garden")
    todo = (await columns(ann, project))["To do"]
    titles = (f"Card {n}" + " and all that belongs to it" * (4 if n % 7 == 0 else 0) for n in range(COUNT))
    made = ({"type": "create_task", "id": str(uuid4()), "column_id": todo, "title": title} for title in titles)
    await submit(ann, project, *made)
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    hers = await screen(ann, f"/p/{project}")
    await expect(hers.cards("To do").first).to_have_text("Card 0" + " and all that belongs to it" * 4)
    return hers


async def scroll(hers: Screen, top: int) -> None:
    await hers.column("To do").locator("ol").evaluate("(list, top) => { list.scrollTop = top }", top)
    await hers.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def top_of(hers: Screen, title: str) -> float:
    box = await hers.card(title).bounding_box()
    assert box is not None
    return box["y"]


async def test_few_cards_of_a_long_column_are_drawn_and_all_are_reached(hers: Screen) -> None:
    drawn = hers.column("To do").locator("[data-card]")
    assert await drawn.count() < 60
    await expect(hers.column("To do")).to_contain_text(f"{COUNT} cards")
    await scroll(hers, 1_000_000)
    await expect(hers.card(f"Card {COUNT - 1}")).to_be_in_viewport()
    assert await drawn.count() < 60
    assert await drawn.evaluate_all(SEEN) >= 8
    last = hers.card(f"Card {COUNT - 1}")
    await expect(last).to_have_attribute("aria-posinset", str(COUNT))
    await expect(last).to_have_attribute("aria-setsize", str(COUNT))


async def test_what_one_looks_at_stays_when_others_change_what_is_above(
    hers: Screen, ann: Person, project: str
) -> None:
    await scroll(hers, 9_000)
    titles = await hers.cards("To do").all_text_contents()
    seen = next(title for title in titles[len(titles) // 2 :] if "and" not in title)
    before = await top_of(hers, seen)
    todo = (await columns(ann, project))["To do"]
    new = [str(uuid4()) for _ in range(30)]
    made = ({"type": "create_task", "id": id, "column_id": todo, "title": f"New {id}", "place": "top"} for id in new)
    await submit(ann, project, *made)
    await expect(hers.column("To do")).to_contain_text(f"{COUNT + 30} cards")
    assert abs(await top_of(hers, seen) - before) <= 1
    await submit(ann, project, *({"type": "delete_task", "id": id} for id in new))
    await expect(hers.column("To do")).to_contain_text(f"{COUNT} cards")
    assert abs(await top_of(hers, seen) - before) <= 1


async def test_at_the_top_new_cards_show(hers: Screen, ann: Person, project: str) -> None:
    todo = (await columns(ann, project))["To do"]
    await submit(
        ann, project, {"type": "create_task", "id": str(uuid4()), "column_id": todo, "title": "New", "place": "top"}
    )
    await expect(hers.cards("To do").first).to_have_text("New")
    await expect(hers.card("New")).to_be_in_viewport()


async def test_the_focus_stays_on_a_card_that_is_scrolled_away(hers: Screen) -> None:
    link = hers.page.get_by_role("link", name="Card 3", exact=True)
    await link.focus()
    await scroll(hers, 9_000)
    await expect(link).to_be_focused()
    await expect(link).not_to_be_in_viewport()


async def test_a_card_is_dragged_to_a_place_that_was_not_drawn(hers: Screen) -> None:
    """The list scrolls under the pointer at its edge until the last card is there."""
    box = await hers.column("To do").bounding_box()
    assert box is not None
    await hers.lift("Card 1", hers.column("To do"), y=0.94)
    last = hers.page.get_by_role("link", name=f"Card {COUNT - 1}", exact=True)
    await hers.column("To do").locator("ol").evaluate("list => { list.scrollTop = 1e6 }")
    await expect(last).to_be_in_viewport()
    await expect(hers.column("To do").locator("[data-gap]")).to_be_in_viewport()
    bottom = await hers.card(f"Card {COUNT - 1}").bounding_box()
    assert bottom is not None
    await hers.page.mouse.move(bottom["x"] + 100, bottom["y"] + bottom["height"] - 4, steps=4)
    await hers.page.wait_for_timeout(60)  # the drag's own frames
    await hers.page.mouse.up()
    await expect(hers.cards("To do").last).to_have_text("Card 1")
    await expect(hers.column("To do").locator("[data-gap]")).to_have_count(0)


async def test_after_a_move_by_menu_the_focus_finds_the_card_where_it_is(hers: Screen) -> None:
    await hers.card_menu("Card 2", "Bottom")
    moved = hers.page.get_by_role("link", name="Card 2", exact=True)
    await expect(moved).to_be_focused()
    await expect(moved).to_be_in_viewport()
    await expect(hers.cards("To do").last).to_have_text("Card 2")
