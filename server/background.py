"""What worker and clock have in common: they stand on PostgreSQL and Redis and outlive both."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from server.heartbeat import Heartbeats
from server.settings import Settings, SettingsError
from server.storage.engine import Database, Limits
from server.storage.watch import watch
from server.tasks import end
from server.telemetry import Telemetry, configure_logging

CONNECT_SECONDS = 5.0


class Background(NamedTuple):
    """`redis` is a blocking client for the queue, `line` one for everything else; `stopping` is set once the process is asked to end."""

    database: Database
    redis: redis.Redis
    line: redis.asyncio.Redis
    stopping: asyncio.Event


@asynccontextmanager
async def background(settings: Settings, name: str, *, pool: int, redis_timeout_s: float) -> AsyncIterator[Background]:
    """Stands up what a process needs, without asking whether anything answers yet. Raises `SettingsError`."""
    if settings.redis_url is None:
        raise SettingsError(
            "REDIS_URL is not set: without Redis there is no queue, and nothing to do for this process."
        )
    configure_logging(settings.log_level, settings.log_format)
    database = open_database(settings, name, pool)
    pulse = redis.asyncio.Redis.from_url(settings.redis_url)
    client = redis.Redis.from_url(
        settings.redis_url,
        socket_timeout=redis_timeout_s,
        socket_connect_timeout=CONNECT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    beating = asyncio.create_task(Heartbeats(pulse).keep_beating(name), name="heartbeat")
    try:
        yield Background(database, client, pulse, _stopping())
    finally:
        await end(beating)
        await pulse.aclose()
        client.close()
        await database.close()


def open_database(settings: Settings, name: str, pool: int, *, writing: bool = False) -> Database:
    """A pool of connections of the process `name`."""
    limits = Limits(
        pool=pool,
        pool_timeout=settings.db_pool_timeout_seconds,
        connect_timeout=settings.db_connect_timeout_seconds,
        statement_timeout=settings.db_statement_timeout_seconds,
        lock_timeout=settings.db_lock_timeout_seconds,
    )
    database = Database(settings.database_url, limits, name=f"lockstep-{name}", writing=writing)
    watch(database, name, Telemetry(), settings.slow_statement_ms / 1000)
    return database


def _stopping() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping
