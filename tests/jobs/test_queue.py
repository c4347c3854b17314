"""Jobs travel by name and ids, run on the process's loop, and one that fails or lasts too long harms nobody."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from dramatiq import Worker
from dramatiq.brokers.redis import RedisBroker
from redis import Redis

from server.jobs import queue
from server.jobs.queue import Job, declare, enqueue, open_broker

WAIT_SECONDS = 10


@pytest.fixture
async def broker(redis_url: str) -> AsyncIterator[RedisBroker]:
    client = Redis.from_url(redis_url)
    yield open_broker(client)
    client.close()


async def run_until(broker: RedisBroker, done: asyncio.Event, jobs: dict[str, Job], limit_s: float = 5) -> None:
    """Works on the queue until `done` is set."""
    for name, job in jobs.items():
        declare(broker, name, job, asyncio.get_running_loop(), limit_s)
    worker = Worker(broker, worker_threads=1, worker_timeout=50)
    worker.start()
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await done.wait()
    finally:
        await asyncio.to_thread(worker.stop, 5000)


async def test_a_job_is_run_by_its_name_with_its_ids_on_our_loop(broker: RedisBroker) -> None:
    done, seen = asyncio.Event(), []

    async def job(*ids: str) -> None:
        seen.append((ids, asyncio.get_running_loop()))
        done.set()

    assert enqueue(broker, "job", "a", "b")
    await run_until(broker, done, {"job": job})
    assert seen == [(("a", "b"), asyncio.get_running_loop())]


async def test_a_job_that_fails_or_hangs_does_not_keep_the_next_one_from_running(broker: RedisBroker) -> None:
    done = asyncio.Event()

    async def fails() -> None:
        raise ZeroDivisionError

    async def hangs() -> None:
        await asyncio.Event().wait()

    async def works() -> None:
        done.set()

    for name in ("fails", "hangs", "unknown", "works"):
        assert enqueue(broker, name)
    await run_until(broker, done, {"fails": fails, "hangs": hangs, "works": works}, limit_s=0.05)


async def test_a_full_queue_says_so(broker: RedisBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "WAITING_MAX", 2)
    assert [enqueue(broker, "job") for _ in range(3)] == [True, True, False]
