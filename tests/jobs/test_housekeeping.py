"""Every purge has its job, and every job that is due by the clock can be run by a worker."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from server.jobs import housekeeping
from server.storage.engine import Database
from server.storage.files import Files

KEPT = timedelta(days=400)


def files(folder: Path) -> Files:
    return Files(folder.as_uri())


@pytest.mark.parametrize("name", housekeeping.EVERY_S)
async def test_a_purge_runs_on_an_empty_database_and_says_nothing(
    database: Database, tmp_path: Path, name: str
) -> None:
    with capture_logs() as lines:
        await housekeeping.jobs(database, files(tmp_path), KEPT)[name]()
    assert lines == []


async def test_a_purge_tells_how_much_went(database: Database, tmp_path: Path) -> None:
    async with database.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO idempotency (account_id, key, digest, created_at) "
                "VALUES (gen_random_uuid(), 'k', '', now() - interval '2 days')"
            )
        )
    with capture_logs() as lines:
        await housekeeping.jobs(database, files(tmp_path), KEPT)["purge_idempotency"]()
    assert lines == [{"event": "purged", "job": "purge_idempotency", "deleted": 1, "log_level": "info"}]
