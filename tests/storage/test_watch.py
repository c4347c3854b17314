"""Slow statements are named, without their values; the pool's use is known."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from server.storage.engine import Database
from server.storage.watch import watch
from server.telemetry import Telemetry


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
async def watched(database_url: str, telemetry: Telemetry) -> AsyncIterator[Database]:
    database = Database(database_url)
    watch(database, "edits", telemetry, slow_s=0.05)
    yield database
    await database.close()


async def test_a_slow_statement_is_named_without_its_values(watched: Database, telemetry: Telemetry) -> None:
    with capture_logs() as lines:
        async with watched.begin() as connection:
            await connection.execute(text("SELECT pg_sleep(0.06),\n  :secret"), {"secret": "hunter2"})
    (line,) = [line for line in lines if "pg_sleep" in line["statement"]]
    assert (line["event"], line["log_level"]) == ("slow statement", "warning")
    assert line["statement"].startswith("SELECT pg_sleep(0.06), $1") and line["ms"] >= 60
    assert "hunter2" not in str(lines)
    assert f"lockstep_db_slow_statements_total {len(lines)}.0".encode() in telemetry.text()


async def test_a_slow_statement_of_the_driver_is_named_too(watched: Database) -> None:
    with capture_logs() as lines:
        async with watched.begin() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            await driver.fetch("SELECT pg_sleep(0.06), $1::text", "hunter2")
    assert "SELECT pg_sleep(0.06), $1::text" in [line["statement"] for line in lines]
    assert "hunter2" not in str(lines)


async def test_what_is_quick_enough_is_not_named(database: Database, telemetry: Telemetry) -> None:
    watch(database, "edits", telemetry, slow_s=60)
    with capture_logs() as lines:
        async with database.begin() as connection:
            await connection.execute(text("SELECT 1"))
    assert lines == []


async def test_the_pool_tells_how_many_connections_are_in_use(watched: Database, telemetry: Telemetry) -> None:
    assert b'lockstep_db_pool_in_use{pool="edits"} 0.0' in telemetry.text()
    async with watched.begin():
        assert b'lockstep_db_pool_in_use{pool="edits"} 1.0' in telemetry.text()
    assert b'lockstep_db_pool_size{pool="edits"} 8.0' in telemetry.text()
