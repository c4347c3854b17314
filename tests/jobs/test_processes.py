"""Worker and clock as processes: they do their work, outlive Redis and PostgreSQL, and end in order."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError
from sqlalchemy import text

from server.embedded.valkey import Valkey
from server.heartbeat import Heartbeats
from server.jobs.queue import enqueue, open_broker
from server.storage.engine import Database

WAIT_SECONDS = 30


@contextmanager
def running(name: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`lockstep worker` or `lockstep clock`; its end must be in order, and quick."""
    with started(name, log, **environment) as process:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0, log.read_text()


@contextmanager
def started(name: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """The same, however it ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", name],
            env={**os.environ, "LOCKSTEP_SECRET": "x" * 40, "LOCKSTEP_LOG_FORMAT": "json", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


async def seen(redis_url: str, name: str) -> None:
    """Waits until the process has left a sign of life."""
    import redis.asyncio

    async with redis.asyncio.Redis.from_url(redis_url) as client, asyncio.timeout(WAIT_SECONDS):
        while True:
            try:
                if (await Heartbeats(client).alive())[name]:
                    return
            except (ConnectionError, OSError):
                pass
            await asyncio.sleep(0.05)


@pytest.fixture
async def expired(database: Database) -> Database:
    """A database with an answer that is due to go."""
    async with database.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO idempotency (account_id, key, digest, created_at) "
                "VALUES (gen_random_uuid(), 'k', '', now() - interval '2 days')"
            )
        )
    return database


async def gone(database: Database) -> None:
    """Waits until the expired answer is gone."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            async with database.begin() as connection:
                if not await connection.scalar(text("SELECT count(*) FROM idempotency")):
                    return
            await asyncio.sleep(0.05)


async def test_clock_and_worker_keep_house_together(
    expired: Database, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    there = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with running("worker", tmp_path / "worker.log", **there), running("clock", tmp_path / "clock.log", **there):
        await gone(expired)
        await seen(redis_url, "worker")
        await seen(redis_url, "clock")


async def test_a_worker_that_started_before_redis_works_once_redis_is_there(
    expired: Database, database_url: str, data_dir: Path, tmp_path: Path
) -> None:
    valkey = Valkey(data_dir / "late", durable=False)
    with running("worker", tmp_path / "log", DATABASE_URL=database_url, REDIS_URL=valkey.url):
        await asyncio.to_thread(valkey.start)
        try:
            await seen(valkey.url, "worker")
            valkey.stop()
            await asyncio.to_thread(valkey.start)  # and after an outage
            with Redis.from_url(valkey.url) as client:
                assert enqueue(open_broker(client), "purge_idempotency")
            await gone(expired)
        finally:
            valkey.stop()


@pytest.mark.parametrize("name", ["worker", "clock"])
async def test_without_a_database_a_process_waits(name: str, redis_url: str, tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@/nowhere?host=/nowhere"
    with running(name, tmp_path / "log", DATABASE_URL=nowhere, REDIS_URL=redis_url) as process:
        await seen(redis_url, name)
        assert process.poll() is None


@pytest.mark.parametrize("name", ["worker", "clock"])
def test_without_redis_in_the_settings_there_is_nothing_to_do(name: str, tmp_path: Path, database_url: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    ended = subprocess.run(
        [sys.executable, "-m", "server.cli", name],
        env={**environment, "LOCKSTEP_SECRET": "x" * 40, "DATABASE_URL": database_url},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("lockstep: REDIS_URL is not set") and ended.stderr.count("\n") == 1
