"""A cluster whose log was replayed from an archive stands on another timeline: its clients must not go on from what they hold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text

from server.embedded.postgres import Postgres
from server.settings import load
from server.storage import schema
from server.storage.engine import Database
from server.storage.identity import keep_identity
from server.storage.tables import head

PROJECT = UUID(int=1)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Database]:
    with Postgres(folder) as postgres:
        url = load({"DATABASE_URL": postgres.url, "LOCKSTEP_SECRET": "s" * 32}).database_url
        await schema.migrate_in_loop(url)
        database = Database(url)
        yield database
        await database.close()


async def epoch(database: Database) -> UUID:
    async with database.begin() as connection:
        found: UUID = (await connection.execute(select(head.c.epoch))).scalar_one()
    return found


def replay_from_an_archive(folder: Path) -> None:
    """What an operator does after putting a base backup in place; the archive has nothing more to give."""
    (folder / "postgres" / "recovery.signal").touch()
    with open(folder / "postgres" / "postgresql.auto.conf", "a") as settings:
        settings.write("restore_command = 'false'\n")


async def test_p20_a_replayed_log_gives_every_project_a_new_epoch(tmp_path: Path) -> None:
    async with running(tmp_path) as database:
        async with database.begin() as connection:
            insert = "INSERT INTO head (project_id, epoch, seq) VALUES (:project, gen_random_uuid(), 7)"
            await connection.execute(text(insert), {"project": PROJECT})
        assert not await keep_identity(database)
        first = await epoch(database)
    async with running(tmp_path) as database:
        assert not await keep_identity(database)  # a start alone is nothing
        assert await epoch(database) == first
    replay_from_an_archive(tmp_path)
    async with running(tmp_path) as database:
        assert await keep_identity(database)
        assert await epoch(database) != first
