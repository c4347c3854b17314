"""G1, G2: connections that die at any point, COMMIT included, lose nothing that was acknowledged and do nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from server.commands import executor as executor_module
from server.commands.executor import Executor
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.changes import Committed
from server.domain.errors import NotFound, Unavailable
from server.domain.ids import new_id
from server.storage.engine import Database
from server.storage.pens import Pens
from server.telemetry import Telemetry
from tests.commands.cable import Cable
from tests.helpers.board import Board
from tests.helpers.replica import Replica


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again at once instead of after a moment."""
    monkeypatch.setattr(executor_module, "PATIENCE_SECONDS", 0.001)


@pytest.fixture
async def cable(database_url: str) -> AsyncIterator[Cable]:
    async with Cable(database_url).running() as cable:
        yield cable


@pytest.fixture
async def fragile(cable: Cable) -> AsyncIterator[Database]:
    """The database at the other end of the cable."""
    database = Database(cable.url)
    yield database
    await database.close()


@asynccontextmanager
async def running(database: Database, heard: list[Committed] | None = None) -> AsyncIterator[Executor]:
    executor = Executor(database, (heard if heard is not None else []).extend, Telemetry())
    async with executor.running():
        yield executor


def create(board: Board, title: str) -> c.CreateTask:
    return c.CreateTask(id=new_id(), column_id=board.columns[0], title=title)


@pytest.mark.parametrize("heard", [False, True], ids=["unheard", "heard"])
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
async def test_g2_a_line_cut_at_any_message_of_an_edit_takes_effect_exactly_once(
    board: Board, cable: Cable, fragile: Database, warm: bool, heard: bool
) -> None:
    expected = []
    for point in range(100):
        async with running(fragile) as executor:
            for n in range(3 if warm else 0):
                await executor.execute(board.project, new_id(), (create(board, f"{point} before {n}"),), board.actor)
                expected.append(f"{point} before {n}")
            cable.cut_at(point, heard=heard)
            outcome = await executor.execute(board.project, new_id(), (create(board, f"{point}"),), board.actor)
            expected.append(f"{point}")
            assert outcome.seq == (await board.snapshot()).seq
        if cable.armed:
            break
    assert point >= 1, "there was nothing to cut"
    assert await board.order() == expected
    await _log_is_whole(board)


@pytest.mark.parametrize("heard", [False, True], ids=["unheard", "heard"])
async def test_g2_a_line_cut_under_a_batch_takes_effect_exactly_once_for_each_submit(
    board: Board, cable: Cable, fragile: Database, heard: bool
) -> None:
    expected = []
    for point in range(100):
        async with running(fragile) as executor:
            cable.cut_at(point, heard=heard)
            titles = [f"{point} {n}" for n in range(5)]
            submits = [executor.submit(board.project, new_id(), (create(board, t),), board.actor) for t in titles]
            wrong = executor.submit(board.project, new_id(), (c.DeleteTask(id=new_id()),), board.actor)
            outcomes = await asyncio.gather(*submits, wrong, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [Outcome] * 5 + [NotFound]
        expected += titles
        if cable.armed:
            break
    assert point >= 4
    assert await board.order() == expected
    await _log_is_whole(board)


async def test_g1_terminated_backends_lose_nothing_and_double_nothing(board: Board, database: Database) -> None:
    """The database's administrator ends all sessions of the service, again and again, while it is busy."""
    titles = [f"Task {n:03}" for n in range(150)]
    tasks = [asyncio.ensure_future(board.task(title)) for title in titles]
    for seen in (10, 60, 110):
        while sum(task.done() for task in tasks) < seen:
            await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)
        async with database.begin() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    await asyncio.gather(*tasks)
    assert await board.order() == titles
    assert sorted(task.number for task in (await board.snapshot()).tasks) == list(range(1, 151))
    await _log_is_whole(board)


async def test_a_connection_that_takes_no_writes_any_more_is_replaced(
    board: Board, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a failover, when what was the primary lives on as a standby."""
    opened, open_ = [], Pens._open

    async def first_to_a_standby(pens: Pens) -> Any:
        opened.append(pen := await open_(pens))
        if len(opened) == 1:
            await pen.driver.execute("SET default_transaction_read_only = on")
        return pen

    monkeypatch.setattr(Pens, "_open", first_to_a_standby)
    async with running(database) as executor:
        outcome = await executor.execute(board.project, new_id(), (create(board, "Dig"),), board.actor)
    assert outcome.seq == 2
    assert len(opened) == 2


async def test_a_database_away_for_too_long_is_unavailable_and_back_again_it_serves(
    board: Board, cable: Cable, fragile: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor_module, "GIVE_UP_SECONDS", 0.05)
    async with running(fragile) as executor:
        await executor.execute(board.project, new_id(), (create(board, "Before"),), board.actor)
        cable.unplug()
        id, lost = new_id(), create(board, "Lost")
        with pytest.raises(Unavailable) as refused:
            await executor.execute(board.project, id, (lost,), board.actor)
        assert refused.value.retryable
        cable.plugged_in = True
        monkeypatch.undo()
        assert not (await executor.execute(board.project, id, (lost,), board.actor)).duplicate
    assert await board.order() == ["Before", "Lost"]


async def test_g2_an_edit_that_was_told_unavailable_after_its_commit_is_answered_as_a_duplicate(
    board: Board, cable: Cable, fragile: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to COMMIT is lost and the database stays away: the outcome is unknown until the id is sent again."""
    monkeypatch.setattr(executor_module, "GIVE_UP_SECONDS", 0.0)
    id, command = new_id(), create(board, "Once")
    async with running(fragile) as executor:
        for point in range(100):
            cable.cut_at(point, heard=True)
            try:
                await executor.execute(board.project, id, (command,), board.actor)
            except Unavailable:
                if await board.order() == ["Once"]:
                    break
        again = await executor.execute(board.project, id, (command,), board.actor)
    assert again.duplicate
    assert await board.order() == ["Once"]


async def _log_is_whole(board: Board) -> None:
    """Seqs without holes, and their fold is what the rows say."""
    folded = Replica({}, 0)
    await folded.catch_up(board)
    fresh = Replica.of_snapshot(await board.snapshot())
    assert folded.seq == fresh.seq
    assert folded.kinds("task", "column") == fresh.kinds("task", "column")
