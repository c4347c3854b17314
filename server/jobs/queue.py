"""The queue: Dramatiq on Redis. Jobs travel by name and ids only. Not here: what a job does, and when it is due."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker

QUEUE = "lockstep"
WAITING_MAX = 10_000

DEAD_AFTER_MS = 10_000
"""A worker that is silent this long is dead, and its jobs go to another one."""

ALWAYS = 1_000_000
"""In a million: with Dramatiq's own chance (0.1 %) an idle queue looks for dead workers every quarter of an hour."""

Job = Callable[..., Awaitable[None]]


def open_broker(client: Any) -> RedisBroker:
    """The queue in Redis. `client` is a blocking one without retries: a repeated fetch could take a job twice.

    No retries of jobs either: the clock enqueues what is still due.
    """
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        client=client,
        middleware=[],
        namespace="lockstep:jobs",
        heartbeat_timeout=DEAD_AFTER_MS,
        maintenance_chance=ALWAYS,
    )
    broker.declare_queue(QUEUE)
    return broker


def enqueue(broker: RedisBroker, name: str, *ids: str) -> bool:
    """Puts a job on the queue; blocking. False when the queue is full, which means that no worker has run for long."""
    if broker.do_qsize(QUEUE) >= WAITING_MAX:
        return False
    broker.enqueue(dramatiq.Message(queue_name=QUEUE, actor_name=name, args=ids, kwargs={}, options={}))
    return True


def declare(broker: RedisBroker, name: str, job: Job, loop: asyncio.AbstractEventLoop, limit_s: float) -> None:
    """Makes the workers of `broker` run `job` on `loop`, at most `limit_s` seconds."""

    def run(*ids: str) -> None:
        running = asyncio.run_coroutine_threadsafe(_limited(job, ids, limit_s), loop)
        running.result()

    dramatiq.actor(actor_name=name, queue_name=QUEUE, broker=broker)(run)


async def _limited(job: Job, ids: tuple[str, ...], limit_s: float) -> None:
    async with asyncio.timeout(limit_s):
        await job(*ids)
