"""Cards of several days in the calendar: where they stand, and how they are moved and made longer by mouse, keys and menu."""

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

NOW = "2031-05-14T10:00:00+02:00"
ZONE = "Europe/Berlin"
START, DUE = "2031-05-13", "2031-05-16T16:30:00Z"


@fixture
async def garden(ann: Person, milo: Person) -> str:
    """A shed that is built from Tuesday to Friday evening, and a card of one of these days."""
    project = await ann.project("Garden")
    await ann.let_in(milo, project)
    await add_task(ann, project, "Build the shed", start_at=START, due_at=DUE)
    await add_task(ann, project, "Sow", due_at="2031-05-14")
    return project


@fixture
async def hers(screen: Open, ann: Person, garden: str) -> Screen:
    return await calendar(screen, ann, garden)


async def calendar(screen: Open, person: Person, garden: str, **options: Any) -> Screen:
    seen = await screen(person, "/", timezone_id=ZONE, **options)
    await seen.stand_at(NOW)
    await seen.page.goto(f"/p/{garden}?view=calendar")
    await expect(seen.page.locator("[data-card]").first).to_be_attached()
    return seen


def day(screen: Screen, text: str) -> Locator:
    return screen.page.locator(f'[data-day="{text}"]')


def piece(screen: Screen, text: str, title: str = "Build the shed") -> Locator:
    """A card on one of its days."""
    return day(screen, text).locator("[data-card]").filter(has_text=title)


async def stands(screen: Screen, *days: str) -> None:
    """Waits until the shed is on these days and no others."""
    for text in days:
        await expect(piece(screen, text)).to_have_count(1)
    await expect(screen.page.locator("[data-day] [data-card]").filter(has_text="Build the shed")).to_have_count(
        len(days)
    )


async def drag(screen: Screen, held: Locator, onto: Locator) -> None:
    await held.hover()
    await screen.page.mouse.down()
    box = await onto.bounding_box()
    assert box is not None
    await screen.page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 14, steps=6)
    await screen.page.mouse.move(box["x"] + 24, box["y"] + box["height"] - 10, steps=3)
    await expect(onto).to_have_attribute("data-over", "")
    await screen.page.mouse.up()


async def dates(person: Person, project: str) -> tuple[str | None, str | None]:
    tasks = (await person.snapshot(project))["tasks"]
    found: Mapping[str, Any] = next(task for task in tasks if task["title"] == "Build the shed")
    return found["start_at"], found["due_at"]


async def test_a_card_stands_on_all_its_days_in_month_and_week(hers: Screen) -> None:
    await stands(hers, "2031-05-13", "2031-05-14", "2031-05-15", "2031-05-16")
    await expect(piece(hers, "2031-05-16")).to_contain_text("18:30")
    await expect(piece(hers, "2031-05-13").locator(".title")).to_contain_text("from Tuesday, 13 May 2031 to Friday")
    await expect(day(hers, "2031-05-14")).to_have_accessible_name("Wednesday 14 May, 2 cards")
    tops = [
        await piece(hers, f"2031-05-{n}").evaluate("card => card.getBoundingClientRect().top") for n in (13, 14, 16)
    ]
    assert len(set(tops)) == 1  # one bar
    await hers.page.get_by_role("button", name="Week", exact=True).click()
    await expect(hers.page.locator("[data-day]")).to_have_count(7)
    await stands(hers, "2031-05-13", "2031-05-14", "2031-05-15", "2031-05-16")
    await expect(piece(hers, "2031-05-14", "Sow")).to_be_visible()


async def test_a_drag_by_any_of_its_days_moves_start_and_end_alike(hers: Screen, ann: Person, garden: str) -> None:
    await drag(hers, piece(hers, "2031-05-15"), day(hers, "2031-05-22"))
    await stands(hers, "2031-05-20", "2031-05-21", "2031-05-22", "2031-05-23")
    await hers.saved()
    assert await dates(ann, garden) == ("2031-05-20", "2031-05-23T16:30:00Z")
    await hers.page.keyboard.press("Control+z")
    await stands(hers, "2031-05-13", "2031-05-14", "2031-05-15", "2031-05-16")
    await hers.saved()
    assert await dates(ann, garden) == (START, DUE)


async def test_a_drag_of_its_end_changes_when_it_is_due_alone(hers: Screen, ann: Person, garden: str) -> None:
    await drag(hers, piece(hers, "2031-05-16").locator("[data-end]"), day(hers, "2031-05-18"))
    await stands(hers, *(f"2031-05-{n}" for n in range(13, 19)))
    await hers.saved()
    assert await dates(ann, garden) == (START, "2031-05-18T16:30:00Z")
    await drag(hers, piece(hers, "2031-05-18").locator("[data-end]"), day(hers, "2031-05-05"))
    await stands(hers, "2031-05-13")
    await hers.saved()
    assert await dates(ann, garden) == (START, "2031-05-13T16:30:00Z")


async def test_keys_move_it_and_make_it_longer_and_shorter(hers: Screen, ann: Person, garden: str) -> None:
    title = piece(hers, "2031-05-13").locator(".title")
    await title.focus()
    await hers.page.keyboard.press("Shift+ArrowRight")
    await stands(hers, "2031-05-14", "2031-05-15", "2031-05-16", "2031-05-17")
    await expect(piece(hers, "2031-05-14").locator(".title")).to_be_focused()
    await expect(hers.page.get_by_text("Build the shed goes from Wednesday, 14 May 2031 to Saturday")).to_be_attached()
    for key in (">", ">", "<"):
        await hers.page.keyboard.press(key)
    await stands(hers, "2031-05-14", "2031-05-15", "2031-05-16", "2031-05-17", "2031-05-18")
    await expect(piece(hers, "2031-05-14").locator(".title")).to_be_focused()
    await hers.saved()
    assert await dates(ann, garden) == ("2031-05-14", "2031-05-18T16:30:00Z")


async def test_the_menu_does_what_a_drag_does(hers: Screen, ann: Person, garden: str) -> None:
    async def choose(row: str, on: str) -> None:
        await piece(hers, on).hover()
        await piece(hers, on).get_by_role("button", name="Actions for Build the shed").click()
        await hers.page.get_by_role("menuitem", name=row).click()

    await choose("End a day later", "2031-05-13")
    await stands(hers, *(f"2031-05-{n}" for n in range(13, 18)))
    await choose("A week later", "2031-05-13")
    await stands(hers, *(f"2031-05-{n}" for n in range(20, 25)))
    await expect(piece(hers, "2031-05-20").locator(".title")).to_be_focused()
    await hers.saved()
    assert await dates(ann, garden) == ("2031-05-20", "2031-05-24T16:30:00Z")
    await choose("Take the date away", "2031-05-20")
    await stands(hers)
    await expect(hers.page.get_by_role("region", name="No due date")).to_contain_text("Build the shed")


async def test_what_others_move_moves_here_and_keeps_the_focus(
    hers: Screen, screen: Open, milo: Person, garden: str
) -> None:
    his = await calendar(screen, milo, garden)
    await stands(his, "2031-05-13", "2031-05-14", "2031-05-15", "2031-05-16")
    await piece(hers, "2031-05-14", "Sow").locator(".title").focus()
    await drag(his, piece(his, "2031-05-16"), day(his, "2031-05-17"))
    await stands(hers, "2031-05-14", "2031-05-15", "2031-05-16", "2031-05-17")
    await expect(piece(hers, "2031-05-14", "Sow").locator(".title")).to_be_focused()


async def test_times_show_and_a_start_after_the_end_is_passed_over(screen: Open, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Meet", start_at="2031-05-20T07:00:00Z", due_at="2031-05-20T08:30:00Z")
    await add_task(ann, garden, "Odd", start_at="2031-06-20", due_at="2031-05-21")
    hers = await calendar(screen, ann, garden)
    await expect(piece(hers, "2031-05-20", "Meet")).to_contain_text("09:00–10:30")
    await expect(piece(hers, "2031-05-21", "Odd")).to_have_count(1)
    await expect(hers.page.locator("[data-day] [data-card]").filter(has_text="Odd")).to_have_count(1)


async def test_who_may_only_look_moves_and_lengthens_nothing(
    screen: Open, ann: Person, milo: Person, garden: str
) -> None:
    await submit(ann, garden, {"type": "set_member_role", "id": milo.id, "role": "viewer"})
    his = await calendar(screen, milo, garden)
    await stands(his, "2031-05-13", "2031-05-14", "2031-05-15", "2031-05-16")
    await expect(his.page.locator("[data-end]")).to_have_count(0)
    await expect(his.page.get_by_role("button", name="Actions for Build the shed")).to_have_count(0)
    await piece(his, "2031-05-13").locator(".title").focus()
    for key in ("Shift+ArrowRight", ">"):
        await his.page.keyboard.press(key)
    await stands(his, "2031-05-13", "2031-05-14", "2031-05-15", "2031-05-16")
    assert await dates(ann, garden) == (START, DUE)


async def test_a_week_on_a_phone_says_the_card_on_each_of_its_days(screen: Open, ann: Person, garden: str) -> None:
    hers = await calendar(screen, ann, garden, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    await expect(day(hers, "2031-05-14").locator(".count")).to_have_text("2")
    await hers.page.get_by_role("button", name="Week", exact=True).click()
    for n in (13, 15, 16):
        await expect(piece(hers, f"2031-05-{n}").get_by_text("Build the shed", exact=True)).to_be_visible()
    assert await hers.page.evaluate("document.documentElement.scrollWidth") == 360
