"""The composition root of the clock: it finds what is due and puts it on the queue. Of many clocks one is active."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import redis
import structlog

from server.background import background
from server.domain.errors import Refusal
from server.jobs.housekeeping import EVERY_S
from server.jobs.mail import SEND_MAIL
from server.jobs.queue import enqueue, open_broker
from server.jobs.runner import RUN_JOB
from server.settings import Settings
from server.storage import jobs, leases, postbox
from server.storage.engine import Database
from server.storage.identity import keep_identity
from server.storage.leases import Lease
from server.storage.schema import current_head, expected_head
from server.tasks import end

LEASE = "clock"
TICK_SECONDS = 1.0
STANDBY_SECONDS = 5.0
BACKOFF_MAX_SECONDS = 30.0
REDIS_SECONDS = 5.0

AGAIN_SECONDS = 5.0
"""How long a job has to begin with what waits before it is put on the queue once more."""

WAITING: dict[str, Callable[[Database], Awaitable[bool]]] = {SEND_MAIL: postbox.is_due}
"""Jobs that are due when something waits for them in the database."""

JOBS_MAX = 100
"""Jobs that are looked at in one turn; the others have theirs when these are gone."""

Enqueue = Callable[..., bool]
"""Puts a job on the queue by its name and ids; blocking. False when the queue is full. Raises `redis.RedisError`."""

log = structlog.get_logger(__name__)


def run(settings: Settings) -> None:
    """Keeps time until SIGTERM or SIGINT, through every outage of Redis and PostgreSQL. Raises `SettingsError`."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    async with background(settings, "clock", pool=2, redis_timeout_s=REDIS_SECONDS) as stand:
        broker = open_broker(stand.redis)
        async with asyncio.TaskGroup() as tasks:
            ticking = tasks.create_task(keep_time(stand.database, partial(enqueue, broker)), name="clock")
            await stand.stopping.wait()
            await end(ticking)
        log.info("clock stopped")


async def keep_time(database: Database, enqueue: Enqueue) -> None:
    """Enqueues what is due whenever this process holds the clock's lease, until cancelled."""
    failures = 0
    while True:
        try:
            async with leases.hold(database, LEASE) as lease:
                failures = 0
                if lease is not None:
                    log.info("clock active")
                    await _look_at(database)
                    await _tick(database, lease, enqueue)
            await asyncio.sleep(STANDBY_SECONDS)
        except Refusal as lost:
            failures += 1
            log.warning("clock waits for the database", reason=lost.message)
            await asyncio.sleep(backoff(failures))


async def _look_at(database: Database) -> None:
    """A lease is new after every outage, and so perhaps is the database: web may have lived through the outage."""
    if await current_head(database) == expected_head():
        await keep_identity(database)


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: twice as long each time, up to `BACKOFF_MAX_SECONDS`, with jitter."""
    return min(BACKOFF_MAX_SECONDS, 0.5 * 2.0 ** min(failures, 10)) * random.uniform(0.5, 1)


async def _tick(database: Database, lease: Lease, enqueue: Enqueue) -> None:
    """Runs while the lease lasts. Everything is due at first: nobody remembers what the clock before us did."""
    due = dict.fromkeys(EVERY_S, 0.0)
    looked_at = dict.fromkeys(WAITING, 0.0)
    offered: dict[UUID, float] = {}
    while True:
        await lease.check()
        for name, waits in WAITING.items():
            if looked_at[name] <= time.monotonic() and await waits(database) and await _enqueued(enqueue, name):
                looked_at[name] = time.monotonic() + AGAIN_SECONDS
        offered = await _offer_jobs(database, enqueue, offered)
        for name in [name for name, at in due.items() if at <= time.monotonic()]:
            if await _enqueued(enqueue, name):
                due[name] = time.monotonic() + EVERY_S[name]
        await asyncio.sleep(TICK_SECONDS)


async def _offer_jobs(database: Database, enqueue: Enqueue, offered: dict[UUID, float]) -> dict[UUID, float]:
    """Enqueues each job that is due, and again after a while: no worker may have had a place. Returns which were, and until when that holds."""
    now = time.monotonic()
    still = {id: until for id, until in offered.items() if until > now}
    for id in await jobs.due(database, JOBS_MAX):
        if id not in still and await _enqueued(enqueue, RUN_JOB, str(id)):
            still[id] = now + AGAIN_SECONDS
    return still


async def _enqueued(enqueue: Enqueue, name: str, *ids: str) -> bool:
    try:
        if await asyncio.to_thread(enqueue, name, *ids):
            return True
        log.warning("the queue is full: is a worker running?", job=name)
    except redis.RedisError as error:
        log.warning("job not enqueued", job=name, error=str(error))
    await asyncio.sleep(random.uniform(0.5, 1) * STANDBY_SECONDS)
    return False
