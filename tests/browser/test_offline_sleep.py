"""A laptop that sleeps: its timers stand still, its line is dead and nobody says so."""

import re
from datetime import UTC, datetime, timedelta

from playwright.async_api import WebSocketRoute, expect

from tests.browser.boards import add_task
from tests.browser.conftest import Open
from tests.helpers.people import Person


class Lines:
    """Every socket of a page, on lines that can be cut without a word to either end."""

    def __init__(self) -> None:
        self.opened = 0
        self._cut = 0

    def cut(self) -> None:
        self._cut = self.opened

    def carry(self, near: WebSocketRoute) -> None:
        self.opened += 1
        number, far = self.opened, near.connect_to_server()
        near.on_message(lambda message: far.send(message) if number > self._cut else None)
        far.on_message(lambda message: near.send(message) if number > self._cut else None)


async def test_a_page_that_wakes_on_a_dead_line_catches_up_at_once(screen: Open, ann: Person) -> None:
    project = await ann.project("Garden")
    await add_task(ann, project, "Dig")
    hers, lines = await screen(ann, "/login"), Lines()
    await hers.page.route_web_socket(re.compile("/v1/socket"), lines.carry)
    await hers.page.clock.install()
    await hers.page.goto(f"/p/{project}")
    await add_task(ann, project, "Sow")
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow"])

    lines.cut()
    await hers.add_card("To do", "Weed")
    await add_task(ann, project, "Water")
    before = lines.opened
    await hers.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=1))
    await hers.page.clock.run_for(6_000)
    await expect(hers.cards("To do")).to_have_text(["Dig", "Sow", "Water", "Weed"])
    await hers.saved()
    assert lines.opened == before + 1
