"""Of many clocks one enqueues what is due, and no outage stops it for good."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import redis
from sqlalchemy import text

from server import clock
from server.jobs.housekeeping import EVERY_S
from server.storage import leases
from server.storage.engine import Database

WAIT_SECONDS = 10


class Queue:
    """Takes jobs; the first `failures` times Redis is down."""

    def __init__(self, failures: int = 0) -> None:
        self.jobs: list[str] = []
        self.failures = failures
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    def enqueue(self, name: str) -> bool:
        if self.failures:
            self.failures -= 1
            raise redis.ConnectionError("down")
        self.jobs.append(name)
        self._loop.call_soon_threadsafe(self._changed.set)  # behind it, for the test may look at once
        return True

    async def has(self, count: int) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while len(self.jobs) < count:
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(clock, "STANDBY_SECONDS", 0.01)
    monkeypatch.setattr(clock, "BACKOFF_MAX_SECONDS", 0.01)


@asynccontextmanager
async def ticking(database: Database, queue: Queue) -> AsyncIterator[None]:
    task = asyncio.create_task(clock.keep_time(database, queue.enqueue))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), task


async def test_everything_is_due_at_first_and_then_in_its_time(database: Database) -> None:
    queue = Queue()
    async with ticking(database, queue):
        await queue.has(len(EVERY_S))
    assert sorted(queue.jobs) == sorted(EVERY_S)


async def test_of_two_clocks_one_enqueues_until_it_is_gone(database: Database, database_url: str) -> None:
    first, second, other = Queue(), Queue(), Database(database_url)
    async with ticking(database, first):
        await first.has(len(EVERY_S))
        async with leases.hold(other, clock.LEASE) as lease:
            assert lease is None
    async with ticking(other, second):
        await second.has(len(EVERY_S))
    await other.close()


async def test_what_could_not_be_enqueued_stays_due(database: Database) -> None:
    queue = Queue(failures=5)
    async with ticking(database, queue):
        await queue.has(len(EVERY_S))
    assert sorted(queue.jobs) == sorted(EVERY_S)


async def test_a_lost_database_is_waited_for(database: Database, database_url: str) -> None:
    queue, other = Queue(), Database(database_url)
    async with ticking(database, queue):
        await queue.has(len(EVERY_S))
        async with other.begin() as connection:
            await connection.execute(
                text("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'")
            )
        await queue.has(2 * len(EVERY_S))  # the lease is taken again, and nobody knows what was done
    await other.close()


async def test_a_database_that_is_not_there_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    tried_again = asyncio.Event()

    def backoff(failures: int) -> float:
        if failures == 3:
            tried_again.set()
        return 0

    monkeypatch.setattr(clock, "backoff", backoff)
    queue = Queue()
    async with ticking(Database("postgresql+asyncpg://nobody@/nowhere?host=/nowhere"), queue):
        async with asyncio.timeout(WAIT_SECONDS):
            await tried_again.wait()
    assert queue.jobs == []


def test_waiting_is_bounded_however_long_an_outage_lasts() -> None:
    assert all(0 < clock.backoff(failures) <= clock.BACKOFF_MAX_SECONDS for failures in (1, 2, 7, 1000, 10**6))
