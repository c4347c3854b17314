"""A second web process's worth of server beside the first, and a Redis of the test's own that it may kill."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.embedded.valkey import Valkey
from server.realtime import presence, rooms
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.people import Server


@pytest.fixture
def no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives has come through the relay. Name it before the servers: they begin to sweep when they start."""
    monkeypatch.setattr(rooms, "SWEEP_SECONDS", 3600.0)
    monkeypatch.setattr(presence, "REFRESH_SECONDS", 3600.0)
    monkeypatch.setattr(rooms, "REFRESH_SECONDS", 3600.0)


@pytest.fixture
async def other_server(server: Server, settings: Settings) -> AsyncIterator[Server]:
    """On the same database and the same Redis; the two know nothing else of each other."""
    async with serving(settings) as other:
        assert other.url != server.url
        yield other


@pytest.fixture
def own_valkey(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with Valkey(tmp_path_factory.mktemp("valkey"), durable=False) as valkey:
        yield valkey
