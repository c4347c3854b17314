"""G1 to G4 for several clients over lines that break: random edits at two servers, repeats, lines cut in mid-frame, clients away for a
while, pages reloaded, and a relay that loses, doubles and reorders what it is told. The checker of tests/history judges.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from server.realtime import rooms
from server.realtime.relay import Relay
from server.settings import Settings
from server.storage.engine import Database
from tests.conftest import serving
from tests.convergence.scripts import Step, scripts
from tests.convergence.stage import staged
from tests.helpers.people import Server
from tests.history.pages import BUNDLER, Node, bundle


@pytest.fixture
def garbled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What becomes of the next announcements, in order; the sweep makes good for it soon. Name it before the servers."""
    plan: list[str] = []
    late: list[Any] = []
    tell = Relay.tell

    def tell_garbled(relay: Relay, news: Any) -> None:
        how = plan.pop(0) if plan else ""
        if how == "late":
            late.append((relay, news))
        elif how != "lost":
            tell(relay, news)
        if how == "twice":
            tell(relay, news)
        while how != "late" and late:
            tell(*late.pop())

    monkeypatch.setattr(Relay, "tell", tell_garbled)
    monkeypatch.setattr(rooms, "SWEEP_SECONDS", 0.1)
    return plan


@pytest.fixture
async def servers(garbled: list[str], settings: Settings) -> AsyncIterator[list[Server]]:
    async with serving(settings) as one, serving(settings) as two:
        yield [one, two]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not BUNDLER.exists():
        pytest.skip("the web client's packages are not installed: run ./dev test")
    return bundle(tmp_path_factory.mktemp("pages"))


@pytest.fixture
async def node(program: Path) -> AsyncIterator[Node]:
    async with Node.running(program) as node:
        yield node


@given(script=scripts)
async def test_g1_g2_g3_g4_whatever_happens_to_their_lines_clients_lose_nothing_and_agree(
    database: Database, settings: Settings, servers: list[Server], garbled: list[str], script: list[Step]
) -> None:
    async with staged(database, settings, servers, garbled, models=(0, 1, 1)) as stage:
        for step in script:
            await stage.play(step)
        assert await stage.violations() == []


@given(script=scripts)
async def test_g1_g2_g3_g4_whatever_happens_to_them_pages_of_the_browsers_engine_lose_nothing_and_agree(
    database: Database, settings: Settings, servers: list[Server], garbled: list[str], node: Node, script: list[Step]
) -> None:
    async with staged(database, settings, servers, garbled, models=(0,), pages=(0, 1), node=node) as stage:
        for step in script:
            await stage.play(step)
        assert await stage.violations() == []
