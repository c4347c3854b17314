"""Another database in the place of the one on record makes every client resync; the same one never does."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import make_url, text

from server import clock
from server.app import create_app
from server.clock import keep_time
from server.settings import Settings
from server.storage.engine import Database
from server.storage.identity import keep_identity
from server.tasks import end
from tests.helpers.board import Board
from tests.helpers.databases import Databases

OTHER = text("UPDATE identity SET database = 'system 1, timeline 00000001, database 1'")


async def epochs(database: Database) -> set[UUID]:
    async with database.begin() as connection:
        return set((await connection.execute(text("SELECT epoch FROM head"))).scalars())


async def on_record(database: Database) -> str:
    async with database.begin() as connection:
        return str((await connection.execute(text("SELECT database FROM identity"))).scalar_one())


async def become_another(database: Database) -> None:
    async with database.begin() as connection:
        assert (await connection.execute(OTHER)).rowcount == 1


async def test_the_same_database_keeps_its_epochs(board: Board) -> None:
    before = await epochs(board.database)
    assert [await keep_identity(board.database) for _ in range(3)] == [False] * 3
    assert await epochs(board.database) == before


async def test_p20_another_database_than_the_one_on_record_gives_every_project_a_new_epoch(board: Board) -> None:
    await board.executor.create_project(board.actor, UUID(int=7), "Second")
    await keep_identity(board.database)
    before, here = await epochs(board.database), await on_record(board.database)
    await become_another(board.database)
    assert await keep_identity(board.database)
    renewed = await epochs(board.database)
    assert len(renewed) == 2 and not renewed & before
    assert await on_record(board.database) == here
    assert not await keep_identity(board.database)
    assert await epochs(board.database) == renewed


async def test_of_several_processes_that_look_at_once_one_renews(board: Board) -> None:
    await keep_identity(board.database)
    await become_another(board.database)
    found = await asyncio.gather(*(keep_identity(board.database) for _ in range(5)))
    assert sorted(found) == [False] * 4 + [True]


async def test_an_edit_goes_on_after_the_epoch_changed_under_its_working_copy(board: Board) -> None:
    first = await board.task("Dig")
    await keep_identity(board.database)
    await become_another(board.database)
    await keep_identity(board.database)
    second = await board.task("Sow")
    assert [(await board.get(task)).title for task in (first, second)] == ["Dig", "Sow"]


async def test_a_copy_of_a_database_is_another_one(databases: Databases) -> None:
    async with databases.new() as url:
        original = Database(url)
        assert not await keep_identity(original)
        await original.close()
        async with databases.new(template=str(make_url(url).database)) as copied:
            copy = Database(copied)
            assert await keep_identity(copy)
            await copy.close()


async def test_what_a_provider_does_not_let_us_ask_is_left_out(database: Database, database_url: str) -> None:
    async with database.begin() as connection:
        await connection.execute(
            text("REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_walfile_name(pg_lsn) FROM PUBLIC")
        )
        await connection.execute(text("CREATE ROLE tenant LOGIN"))
        await connection.execute(text("GRANT ALL ON identity, head TO tenant"))
    tenant = Database(make_url(database_url).set(username="tenant"))
    try:
        assert not await keep_identity(tenant)
        assert (await on_record(database)).startswith("database ")
    finally:
        await tenant.close()
        async with database.begin() as connection:
            await connection.execute(text("DROP OWNED BY tenant; "))
            await connection.execute(text("DROP ROLE tenant"))


async def test_p20_the_clock_looks_again_whenever_it_has_lost_its_connection(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica that was promoted while web lived on."""
    looked = asyncio.Queue[bool]()

    async def keep(database: Database) -> bool:
        looked.put_nowait(await keep_identity(database))
        return True

    monkeypatch.setattr(clock, "keep_identity", keep)
    monkeypatch.setattr(clock, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(clock, "backoff", lambda _: 0.01)
    keeping = asyncio.create_task(keep_time(board.database, lambda _: True))
    try:
        assert not await asyncio.wait_for(looked.get(), 10)
        await become_another(board.database)
        async with board.database.begin() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                )
            )
        assert await asyncio.wait_for(looked.get(), 10)
    finally:
        await end(keeping)


async def test_p20_web_looks_before_it_serves(board: Board, settings: Settings) -> None:
    await keep_identity(board.database)
    before = await epochs(board.database)
    await become_another(board.database)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        assert not await epochs(board.database) & before
