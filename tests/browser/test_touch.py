"""Fingers: a long press lifts, a swipe scrolls, a tap opens. Touches are those of the browser's own protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.async_api import CDPSession, Locator, expect

from tests.browser.boards import add_task, columns
from tests.browser.conftest import Open, fixture
from tests.browser.screen import Screen
from tests.helpers.people import Person

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True, "is_mobile": True}


@dataclass
class Finger:
    line: CDPSession
    screen: Screen

    async def down(self, on: Locator) -> None:
        """Once it stands still: what glides is soon somewhere else."""
        await (await on.element_handle()).wait_for_element_state("stable")
        box = await on.bounding_box()
        assert box is not None
        await self._touch("touchStart", box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    async def move(self, x: float, y: float) -> None:
        await self._touch("touchMove", x, y)

    async def over(self, place: Locator, *, y: float = 0.5) -> None:
        """`y` from 0, the top of it, to 1."""
        box = await place.bounding_box()
        assert box is not None
        await self.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * y)

    async def up(self) -> None:
        await self.line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    async def broken_off(self) -> None:
        """As when a call comes in."""
        await self.line.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})

    @asynccontextmanager
    async def lifting(self, card: Locator, gap: Locator | None = None) -> AsyncIterator[None]:
        """A long press, until it has lifted what is below; let go at the end."""
        await self.down(card)
        await expect(gap or self.screen.page.locator("[data-gap]")).to_be_attached()
        yield
        await self.up()

    async def swipe(self, on: Locator, x: int, y: int) -> None:
        """Each step is told when the one before was taken: the browser scrolls at the page's own pace."""
        box = await on.bounding_box()
        assert box is not None
        from_x, from_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await self._touch("touchStart", from_x, from_y)
        for step in range(1, 21):
            await self.move(from_x + x * step / 20, from_y + y * step / 20)
        await self.up()

    async def _touch(self, type: str, x: float, y: float) -> None:
        await self.line.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": [{"x": x, "y": y}]})


@fixture
async def project(ann: Person) -> str:
    project = await ann.project("Garden")
    for title in ("Dig", "Sow", "Mow"):
        await add_task(ann, project, title)
    return project


@fixture
async def hers(screen: Open, ann: Person, project: str) -> Screen:
    hers = await screen(ann, f"/p/{project}", **PHONE)
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Mow"])
    return hers


async def finger_on(screen: Screen) -> Finger:
    return Finger(await screen.page.context.new_cdp_session(screen.page), screen)


async def scrolled(element: Locator, side: str) -> float:
    return float(await element.evaluate("(element, side) => Math.abs(element[side])", side))


async def test_a_long_press_lifts_a_card_that_is_put_down_where_the_finger_is(hers: Screen) -> None:
    finger = await finger_on(hers)
    async with finger.lifting(hers.card("Dig")):
        await finger.over(hers.card("Mow"), y=0.9)
        await expect(hers.column("To do").locator("[data-card]:visible, [data-gap]").last).to_have_attribute("data-gap")
        assert await hers.page.evaluate("String(getSelection())") == ""
    await expect(hers.cards("To do")).to_have_text(["Sow", "Mow", "Dig"])
    await expect(hers.sheet).to_have_count(0)
    await hers.saved()
    await hers.page.reload()
    await expect(hers.cards("To do")).to_have_text(["Sow", "Mow", "Dig"])


async def test_a_card_at_the_edge_scrolls_the_board_into_the_next_column(hers: Screen) -> None:
    finger = await finger_on(hers)
    async with finger.lifting(hers.card("Dig")):
        box = await hers.card("Sow").bounding_box()
        assert box is not None
        await finger.move(box["x"] + 200, box["y"] + 10)
        await finger.move(352, box["y"] + 10)
        await expect(hers.page.locator("[data-column]:not(:first-child) [data-gap]")).to_be_attached()
        assert await scrolled(hers.page.get_by_role("main"), "scrollLeft") > 0
    await expect(hers.page.locator("[data-column]:not(:first-child) [data-card] .title")).to_have_text(["Dig"])
    await expect(hers.cards("To do")).to_have_text(["Sow", "Mow"])


async def test_a_card_at_the_foot_scrolls_a_long_column(hers: Screen, ann: Person, project: str) -> None:
    for number in range(14):
        await add_task(ann, project, f"Bed {number}")
    await expect(hers.column("To do").locator("[aria-setsize='17']").first).to_be_attached()
    cards = hers.column("To do").locator(".cards")
    finger = await finger_on(hers)
    async with finger.lifting(hers.card("Dig")):
        box = await cards.bounding_box()
        assert box is not None
        await finger.move(box["x"] + 120, box["y"] + 100)
        await finger.move(box["x"] + 120, box["y"] + box["height"] - 4)
        await expect(hers.card("Bed 13")).to_be_in_viewport()
    assert await scrolled(cards, "scrollTop") > 0


async def test_a_swipe_scrolls_and_lifts_nothing(hers: Screen, ann: Person, project: str) -> None:
    beds = [f"Bed {number}" for number in range(14)]
    for bed in beds:
        await add_task(ann, project, bed)
    await expect(hers.column("To do").locator("[aria-setsize='17']").first).to_be_attached()
    finger = await finger_on(hers)
    await hers.page.clock.install()
    await hers.page.clock.pause_at(
        datetime.now(UTC) + timedelta(minutes=1)
    )  # no swipe is slow enough to be a long press
    await finger.swipe(hers.card("Mow"), 0, -200)
    await expect(hers.card("Dig")).not_to_be_in_viewport()
    tasks = sorted((await ann.snapshot(project))["tasks"], key=lambda task: str(task["rank"]))
    assert [task["title"] for task in tasks] == ["Dig", "Sow", "Mow", *beds]
    await expect(hers.page.locator("[data-gap]")).to_have_count(0)


async def test_a_tap_opens(hers: Screen) -> None:
    await hers.card("Sow").tap()
    await expect(hers.sheet.get_by_label("Title of the card")).to_have_value("Sow")


async def test_a_touch_that_is_broken_off_or_joined_by_another_gives_the_card_back(hers: Screen) -> None:
    finger = await finger_on(hers)
    await finger.down(hers.card("Dig"))
    await expect(hers.page.locator("[data-gap]")).to_be_attached()
    await finger.over(hers.card("Mow"), y=0.9)
    await finger.broken_off()
    await expect(hers.page.locator("[data-gap]")).to_have_count(0)
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Mow"])


async def test_a_card_that_somebody_deletes_while_it_is_held_is_let_go(hers: Screen, ann: Person, project: str) -> None:
    finger = await finger_on(hers)
    task = await hers.card("Dig").get_attribute("data-card")
    async with finger.lifting(hers.card("Dig")):
        answer = await ann.rest(
            "POST", f"/v1/projects/{project}/commands", json={"commands": [{"type": "delete_task", "id": task}]}
        )
        assert answer.status_code == 200
        await finger.over(hers.card("Mow"), y=0.9)
    await expect(hers.page.locator("[data-gap]")).to_have_count(0)
    await expect(hers.cards("To do")).to_have_text(["Sow", "Mow"])
    async with finger.lifting(hers.card("Sow")):
        await finger.over(hers.card("Mow"), y=0.9)
    await expect(hers.cards("To do")).to_have_text(["Mow", "Sow"])


async def test_a_column_is_lifted_by_its_head(screen: Open, ann: Person, project: str) -> None:
    hers = await screen(ann, f"/p/{project}", **TABLET)
    finger = await finger_on(hers)
    names = hers.page.locator("main h2")
    await expect(names).to_have_text(["To do", "In progress", "Done"])
    head = hers.column("To do").locator("header .space")
    async with finger.lifting(head, hers.page.locator("[data-column].lifted")):
        await finger.over(hers.column("In progress").locator("header"))
        box = await hers.column("In progress").bounding_box()
        assert box is not None
        await finger.move(box["x"] + box["width"] - 20, box["y"] + 20)
        await expect(hers.page.locator("main ol > .line")).to_be_attached()
    await expect(names).to_have_text(["In progress", "To do", "Done"])


async def test_a_card_of_the_calendar_is_put_on_another_day(screen: Open, ann: Person, project: str) -> None:
    await add_task(ann, project, "Harvest", due_at="2031-05-12")
    hers = await screen(ann, f"/p/{project}?view=calendar", **TABLET)
    undated = hers.page.locator("main section", has=hers.page.get_by_role("heading", name="No due date"))
    finger = await finger_on(hers)
    day = hers.page.locator("[data-day]").nth(10)
    async with finger.lifting(hers.card("Sow"), hers.page.locator("[inert][aria-hidden]")):
        await finger.over(day)
        await expect(day).to_have_attribute("data-over", "")
    await expect(day.get_by_role("link", name="Sow")).to_be_attached()
    await expect(undated.get_by_role("link", name="Sow")).to_have_count(0)
    assert len(await columns(ann, project)) == 3
