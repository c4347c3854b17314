"""Migrations: they make exactly the tables the code declares, go down and up again on data, and never run twice."""

import asyncio
import os
import sys
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from msgspec.structs import replace
from sqlalchemy import Connection, text

from server.domain import commands as c
from server.domain.errors import Conflict
from server.storage import schema
from server.storage.engine import Database
from server.storage.tables import metadata
from tests.commands.scene import Scene
from tests.helpers.board import Board

CATALOG = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, l.collname,
            pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "order of columns": """
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "storage": """
        SELECT relname, relkind, reloptions FROM pg_class WHERE relnamespace = 'public'::regnamespace""",
}
"""Everything that tables consist of, as PostgreSQL itself tells it; a generated diff would miss half of it."""


async def catalog(url: str, *, without: str = "alembic_version") -> dict[str, list[str]]:
    database = Database(url)
    async with database.begin() as connection:
        found = {what: await connection.execute(text(sql)) for what, sql in CATALOG.items()}
        lines = {
            what: sorted(str(tuple(row)) for row in rows if without not in str(row)) for what, rows in found.items()
        }
    await database.close()
    return lines


async def revisions(url: str) -> str | None:
    database = Database(url)
    try:
        return await schema.current_head(database)
    finally:
        await database.close()


async def test_migrations_make_the_tables_that_the_code_declares(database_url: str, empty_database_url: str) -> None:
    declared = Database(empty_database_url)
    async with declared.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await declared.close()
    assert await catalog(database_url) == await catalog(empty_database_url)


async def test_the_generated_difference_is_empty(database: Database) -> None:
    def difference(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async with database.begin() as connection:
        assert await connection.run_sync(difference) == []


async def test_each_migration_goes_up_down_and_up_again(empty_database_url: str) -> None:
    script = ScriptDirectory.from_config(schema._config())
    steps = [entry.revision for entry in script.walk_revisions()][::-1]
    nothing = await catalog(empty_database_url)
    for below, here in zip([None, *steps], steps, strict=False):
        before = await catalog(empty_database_url)
        await schema.migrate_in_loop(empty_database_url, here)
        above = await catalog(empty_database_url)
        await schema.migrate_in_loop(empty_database_url, below or "base")
        assert await catalog(empty_database_url) == before
        await schema.migrate_in_loop(empty_database_url, here)
        assert await catalog(empty_database_url) == above
    assert await revisions(empty_database_url) == schema.expected_head()
    await schema.migrate_in_loop(empty_database_url, "base")
    assert await catalog(empty_database_url) == nothing


async def test_the_newest_migration_keeps_the_data_of_those_before_it(board: Board, database_url: str) -> None:
    """Down one and up again with one of everything on the board; where the first goes, all goes, and it comes back empty.

    A migration may renew epochs, so that clients fetch what it adds to records.
    """
    scene = await Scene.make(board)
    await board.submit(c.DescribeTask(id=scene.task, text="Words", base_seq=10_000))
    await board.submit(c.DeleteAttachment(id=scene.attachment))  # a file without its record is none
    script = ScriptDirectory.from_config(schema._config())
    newest, *older = [entry.revision for entry in script.walk_revisions()]
    before = await board.snapshot()
    await schema.migrate_in_loop(database_url, older[0] if older else "base")
    await schema.migrate_in_loop(database_url, newest)
    await board.database.engine.dispose()
    if older:
        after = await board.snapshot()
        assert replace(after, epoch=before.epoch) == before
    else:
        fresh = Board(board.executor, board.database, [], board.project, board.actor)
        await fresh.account("Ann")
        await fresh.executor.create_project(fresh.actor, fresh.project, "Again")
        assert (await fresh.snapshot()).seq == 1


async def test_descriptions_from_before_show_on_their_tasks_and_clients_fetch_them(
    board: Board, database_url: str
) -> None:
    plain, empty, said = await board.task(), await board.task(), await board.task(description="Words")
    for words in ("Words", ""):
        await board.submit(c.DescribeTask(id=empty, text=words, base_seq=10_000))
    before = await board.snapshot()
    await schema.migrate_in_loop(database_url, "20261121_4")
    await schema.migrate_in_loop(database_url)
    await board.database.engine.dispose()
    after = await board.snapshot()
    assert {task.id: task.has_description for task in after.tasks} == {plain: False, empty: False, said: True}
    assert after.epoch != before.epoch


async def test_migrating_from_several_processes_at_once_migrates_once(empty_database_url: str) -> None:
    exits = await asyncio.gather(*(_lockstep("migrate", empty_database_url) for _ in range(3)))
    assert exits == [(0, "")] * 3
    database = Database(empty_database_url)
    async with database.begin() as connection:
        versions = list((await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars())
    await database.close()
    assert versions == [schema.expected_head()]


async def _lockstep(command: str, url: str) -> tuple[int | None, str]:
    """Exit code and complaints of a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from server.cli import main; main()",
        command,
        env={**os.environ, "DATABASE_URL": url, "LOCKSTEP_SECRET": "s" * 40, "LOCKSTEP_LOG_LEVEL": "error"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        _, complaints = await process.communicate()
    return process.returncode, complaints.decode()


async def test_a_migration_waits_for_another_however_impatient_its_connection(empty_database_url: str) -> None:
    """The time limits of edits must not make a second start give up on the first."""
    first, second = Database(empty_database_url), Database(empty_database_url)
    async with first.begin() as holding:
        await holding.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": schema.ADVISORY_LOCK})

        async def migrate() -> None:
            async with second.begin() as connection:
                await connection.execute(text("SET lock_timeout = '1ms'"))
                await connection.run_sync(schema.to_revision)

        migrating = asyncio.create_task(migrate())
        waited = 0
        while waited < 20 and not migrating.done():
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            waited += bool(await holding.scalar(text(waiting)))
        assert not migrating.done()
    await migrating
    assert await schema.current_head(first) == schema.expected_head()
    await first.close()
    await second.close()


async def test_a_database_of_a_newer_version_is_left_alone_with_one_sentence(database_url: str) -> None:
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '29991231_1'"))
    before = await catalog(database_url)
    with pytest.raises(Conflict, match="29991231_1, which this version does not know"):
        await schema.migrate_in_loop(database_url)
    assert await catalog(database_url) == before
    await database.close()


@pytest.mark.parametrize("command", ["web", "migrate"])
async def test_a_process_that_finds_another_head_ends_with_one_sentence(database_url: str, command: str) -> None:
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '29991231_1'"))
    await database.close()
    code, complaints = await _lockstep(command, database_url)
    assert code not in (0, None)
    assert "stands at 29991231_1" in complaints
    assert "Traceback" not in complaints
    assert len(complaints.strip().splitlines()) == 1
