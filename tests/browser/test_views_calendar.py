"""The board as a calendar: cards on their days, put on others by mouse, by keys and from the list of those without a date."""

from playwright.async_api import Locator, expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

NOW = "2031-05-14T10:00:00+02:00"
ZONE = "Europe/Berlin"


@fixture
async def garden(ann: Person) -> str:
    project = await ann.project("Garden")
    await add_task(ann, project, "Dig", due_at="2031-05-14")
    await add_task(ann, project, "Sow", due_at="2031-05-14T16:30:00Z")
    await add_task(ann, project, "Water", due_at="2031-05-02")
    await add_task(ann, project, "Plan")
    return project


@fixture
async def hers(screen: Open, ann: Person, garden: str) -> Screen:
    return await calendar(screen, ann, garden)


async def calendar(screen: Open, person: Person, garden: str) -> Screen:
    """The calendar of that month, as this person has it."""
    seen = await screen(person, "/", timezone_id=ZONE)
    await seen.stand_at(NOW)
    await seen.page.goto(f"/p/{garden}?view=calendar")
    await expect(cards(seen, "2031-05-14")).to_have_count(2)
    return seen


def day(screen: Screen, text: str) -> Locator:
    return screen.page.locator(f'[data-day="{text}"]')


def cards(screen: Screen, text: str) -> Locator:
    return day(screen, text).locator("[data-card]")


def card(screen: Screen, title: str) -> Locator:
    return screen.page.locator("[data-card]").filter(has_text=title)


def undated(screen: Screen) -> Locator:
    return screen.page.get_by_role("region", name="No due date")


async def due(person: Person, project: str, title: str) -> str | None:
    tasks = (await person.snapshot(project))["tasks"]
    found: str | None = next(task["due_at"] for task in tasks if task["title"] == title)
    return found


async def put(screen: Screen, title: str, onto: Locator) -> None:
    """Drags a card onto a day."""
    await card(screen, title).hover()
    await screen.page.mouse.down()
    box = await onto.bounding_box()
    assert box is not None
    await screen.page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 14, steps=6)
    await screen.page.mouse.move(box["x"] + 24, box["y"] + box["height"] - 10, steps=3)
    await expect(onto).to_have_attribute("data-over", "")
    await screen.page.mouse.up()


async def test_cards_stand_on_their_days_in_the_viewers_zone(hers: Screen) -> None:
    await expect(hers.page.get_by_role("heading", name="May 2031")).to_be_visible()
    await expect(cards(hers, "2031-05-14")).to_contain_text(["Dig", "18:30 Sow"])
    await expect(cards(hers, "2031-05-02")).to_contain_text(["Water"])
    await expect(cards(hers, "2031-05-02").locator(".title")).to_contain_text("overdue")
    await expect(undated(hers).locator("[data-card]")).to_contain_text(["Plan"])


async def test_the_calendar_is_turned_and_comes_back_to_today(hers: Screen) -> None:
    await hers.page.get_by_role("button", name="Month after").click()
    await expect(hers.page.get_by_role("heading", name="June 2031")).to_be_visible()
    await hers.page.get_by_role("button", name="Today").click()
    await expect(hers.page.get_by_role("heading", name="May 2031")).to_be_visible()
    await hers.page.get_by_role("button", name="Week", exact=True).click()
    await expect(hers.page.locator("[data-day]")).to_have_count(7)
    await hers.page.get_by_role("button", name="Week before").click()
    await expect(day(hers, "2031-05-05")).to_be_visible()
    assert "span=week" in hers.page.url


async def test_a_card_is_dragged_to_another_day_and_keeps_its_time(hers: Screen, ann: Person, garden: str) -> None:
    await put(hers, "Sow", day(hers, "2031-05-21"))
    await expect(cards(hers, "2031-05-21")).to_contain_text(["18:30 Sow"])
    await put(hers, "Dig", day(hers, "2031-05-22"))
    await expect(cards(hers, "2031-05-22")).to_contain_text(["Dig"])
    await hers.saved()
    assert await due(ann, garden, "Sow") == "2031-05-21T16:30:00Z"
    assert await due(ann, garden, "Dig") == "2031-05-22"


async def test_a_card_gets_a_date_and_loses_it_by_a_drag(hers: Screen, ann: Person, garden: str) -> None:
    await put(hers, "Plan", day(hers, "2031-05-20"))
    await expect(cards(hers, "2031-05-20")).to_contain_text(["Plan"])
    await put(hers, "Water", undated(hers))
    await expect(undated(hers).locator("[data-card]")).to_contain_text(["Water"])
    await hers.saved()
    assert await due(ann, garden, "Plan") == "2031-05-20"
    assert await due(ann, garden, "Water") is None


async def test_a_card_is_moved_by_keys_and_keeps_the_focus(hers: Screen, ann: Person, garden: str) -> None:
    await card(hers, "Water").locator(".title").focus()
    for _ in range(2):
        await hers.page.keyboard.press("Shift+ArrowLeft")
        await expect(card(hers, "Water").locator(".title")).to_be_focused()
    await expect(cards(hers, "2031-04-30")).to_contain_text(["Water"])
    await expect(hers.page.get_by_text("Water is due Wednesday, 30 April 2031")).to_be_attached()
    await hers.page.keyboard.press("Shift+ArrowRight")
    await expect(cards(hers, "2031-05-01")).to_contain_text(["Water"])
    await hers.page.keyboard.press("ArrowDown")
    await hers.page.keyboard.press("PageDown")
    await expect(hers.page.get_by_role("heading", name="June 2031")).to_be_visible()
    await hers.saved()
    assert await due(ann, garden, "Water") == "2031-05-01"


async def test_others_changes_and_the_filter_show(hers: Screen, ann: Person, garden: str) -> None:
    await add_task(ann, garden, "Water again", due_at="2031-05-14")
    await expect(cards(hers, "2031-05-14")).to_have_count(3)
    await hers.page.get_by_role("searchbox").fill("water")
    await expect(cards(hers, "2031-05-14")).to_contain_text(["Water again"])
    await expect(undated(hers).locator("[data-card]")).to_have_count(0)


async def test_a_full_day_tells_how_many_more_and_opens_its_week(hers: Screen, ann: Person, garden: str) -> None:
    for at in range(5):
        await add_task(ann, garden, f"Errand {at}", due_at="2031-05-08")
    await day(hers, "2031-05-08").get_by_role("button", name="2 more").click()
    await expect(cards(hers, "2031-05-08")).to_have_count(5)
    await expect(hers.page.locator("[data-day]")).to_have_count(7)


async def test_who_may_only_look_moves_nothing(screen: Open, ann: Person, milo: Person, garden: str) -> None:
    await ann.let_in(milo, garden, "viewer")
    his = await calendar(screen, milo, garden)
    await card(his, "Dig").locator(".title").focus()
    await his.page.keyboard.press("Shift+ArrowRight")
    await expect(cards(his, "2031-05-14")).to_have_count(2)
    assert await due(ann, garden, "Dig") == "2031-05-14"
