"""A machine whose clock is a day off: what is due and what was a moment ago goes by the server's."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.boards import add_task, submit
from tests.browser.conftest import Open
from tests.helpers.people import Person

SHIFTED = """{{
    const True = Date
    globalThis.Date = class extends True {{
        constructor(...given) {{ given.length ? super(...given) : super(True.now() + {off}) }}
        static now() {{ return True.now() + {off} }}
    }}
}}"""
DAY_MS = 86_400_000


@pytest.mark.parametrize("days", [1, -1])
async def test_a_clock_that_is_a_day_off_changes_nothing_that_is_shown(screen: Open, ann: Person, days: int) -> None:
    project = await ann.project()
    due = {hours: datetime.now(UTC) + timedelta(hours=hours) for hours in (-2, 2)}
    tasks = {
        hours: await add_task(ann, project, title, due_at=due[hours].isoformat())
        for hours, title in ((-2, "Late"), (2, "Soon"))
    }
    await submit(ann, project, {"type": "update_task", "id": tasks[-2], "priority": 1})
    hers = await screen(None)
    await hers.page.add_init_script(SHIFTED.format(off=days * DAY_MS))
    await hers.sign_in(ann)
    await hers.page.goto(f"/p/{project}/t/{tasks[-2]}")
    await expect(hers.card("Late").get_by_text("overdue")).to_be_attached()
    await expect(hers.card("Soon").get_by_text("overdue")).to_have_count(0)
    deeds = hers.sheet.get_by_role("region", name="Comments and activity").get_by_role("listitem")
    await expect(deeds.last).to_contain_text("now")
    await hers.sheet.get_by_label("Write a comment").fill("On time")
    await hers.page.keyboard.press("Control+Enter")
    await expect(deeds.last).to_contain_text("On time")
    await expect(deeds.last).to_contain_text("now")
