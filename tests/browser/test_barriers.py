"""No screen has a barrier that axe finds, at a desk and on a phone, in light and dark."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from server.demo import fill
from server.settings import load
from tests.browser.conftest import Open
from tests.browser.scenes import SCENES
from tests.browser.stage import AXE, Look, Stage
from tests.conftest import SECRET
from tests.helpers.people import Server

CALM: dict[str, Any] = {"service_workers": "block", "reduced_motion": "reduce"}
WIDTHS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """async asked => {
    const { violations } = await axe.run(document, { runOnly: asked, resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`))
}"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(server: Server, shared_database_url: str) -> Stage:
    """The demo, filled in once a worker: no scene changes it."""
    settings = load({"DATABASE_URL": shared_database_url, "LOCKSTEP_SECRET": SECRET})
    return await Stage.of(server, await asyncio.to_thread(fill, settings, say=lambda _: None))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SCENES)
async def test_no_barrier_is_found(screen: Open, stage: Stage, name: str, width: str) -> None:
    """What does not depend on colours is looked for once."""
    page = (await SCENES[name](Look(stage, screen, {**CALM, **WIDTHS[width]}))).page
    await page.evaluate(AXE.read_text())
    assert await page.evaluate(RUN, EVERYTHING) == []
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert await page.evaluate(RUN, COLOURS) == []
