"""Faults: of the database, of a verb, of a read. Only the submit at fault is refused, and nothing of it stays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from server.commands import batch
from server.commands import executor as executor_module
from server.commands.executor import Executor
from server.commands.handlers import HANDLERS, Verb
from server.commands.queues import BATCH_SUBMITS
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.changes import Committed
from server.domain.errors import Internal, NotFound, Unavailable
from server.domain.ids import new_id
from server.storage.draft import Draft
from server.storage.reads import Reads
from server.storage.rows import Rows, Undeclared
from server.telemetry import Telemetry
from tests.commands.executors import create, fresh
from tests.commands.scene import EXAMPLES, Scene, another, stored
from tests.helpers.board import Board


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
async def test_when_the_database_refuses_a_batch_only_the_submit_at_fault_is_refused(board: Board, warm: bool) -> None:
    other = await another(board)
    async with _poison(board), fresh(board) as (shared, _):
        elsewhere = replace(other, executor=shared.executor)
        for n in range(3 if warm else 0):
            await shared.submit(create(board, f"Warm {n}"))
        with capture_logs() as logs:
            answers = await asyncio.gather(
                shared.submit(create(board, "One")),
                shared.submit(create(board, "Poison")),
                elsewhere.submit(create(other, "There")),
                shared.submit(create(board, "Two")),
                shared.submit(c.DeleteTask(id=new_id())),
                return_exceptions=True,
            )
        assert list(map(type, answers)) == [Outcome, Internal, Outcome, Outcome, NotFound]
        assert any("poisoned" in str(line) for line in logs)
        await shared.submit(create(board, "Three"))
    order = await board.order()
    assert order == [f"Warm {n}" for n in range(3 if warm else 0)] + ["One", "Two", "Three"]
    assert sorted(task.number for task in (await board.snapshot()).tasks) == list(range(1, len(order) + 1))
    assert await other.order() == ["There"]


async def test_a_database_without_room_is_tried_again_and_then_unavailable(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor_module, "PATIENCE_SECONDS", 0.001)
    async with fresh(board) as (full, _):
        async with _poison(board, code="53100"):
            monkeypatch.setattr(executor_module, "GIVE_UP_SECONDS", 0.05)
            with pytest.raises(Unavailable):
                await full.submit(create(board, "Poison"))
            monkeypatch.setattr(executor_module, "GIVE_UP_SECONDS", 60.0)
            waiting = asyncio.create_task(full.submit(create(board, "Poison")))
            await full.executor.submit(
                (other := await another(board)).project, new_id(), (create(other, "T"),), board.actor
            )
            assert not waiting.done()
        await waiting
    assert await board.order() == ["Poison"]


@asynccontextmanager
async def _poison(board: Board, code: str = "P0001") -> AsyncIterator[None]:
    """A database that refuses one title, for a reason the server knows nothing of."""
    async with board.database.begin() as connection:
        await connection.execute(
            text(
                "CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF NEW.title = 'Poison' THEN RAISE EXCEPTION 'poisoned' USING ERRCODE = '{code}'; "
                "END IF; RETURN NEW; END $$"
            )
        )
        await connection.execute(
            text("CREATE TRIGGER poison BEFORE INSERT ON task FOR EACH ROW EXECUTE FUNCTION refuse_poison()")
        )
    yield
    async with board.database.begin() as connection:
        await connection.execute(text("DROP FUNCTION refuse_poison CASCADE"))


@pytest.mark.parametrize("part", ["reads", "run"])
async def test_a_bug_in_a_verb_is_internal_logged_and_nobody_elses(
    board: Board, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def bug(*_: Any) -> None:
        raise ZeroDivisionError("a bug")

    verb = HANDLERS[c.UpdateProject]
    broken = Verb(bug, verb.run) if part == "reads" else Verb(verb.reads, bug)
    monkeypatch.setitem(HANDLERS, c.UpdateProject, broken)
    task = await board.task("Here")
    with capture_logs() as logs:
        answers = await asyncio.gather(
            board.submit(c.UpdateTask(id=task, title="There")),
            board.submit(c.DeleteTask(id=task), c.UpdateProject(name="Broken")),
            board.submit(create(board, "Also")),
            return_exceptions=True,
        )
    assert list(map(type, answers)) == [Outcome, Internal, Outcome]
    assert "ZeroDivisionError" not in str(answers[1])
    assert any(line["log_level"] == "error" and "exc_info" in line for line in logs)
    assert await board.order() == ["There", "Also"]


async def test_what_was_begun_while_another_batch_was_written_leaves_no_trace_when_it_fails(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next submits are applied to the same working copy before the write ends. Once, one of them cannot be read for."""
    label, ghost, verb = new_id(), create(board, "Ghost"), HANDLERS[c.UpdateLabel]
    await board.submit(c.CreateLabel(id=label, name="L", color="red"))
    unreadable = [Reads(accounts={"\0"})]

    def run(command: c.UpdateLabel, draft: Draft) -> None:
        if unreadable:
            draft.require(unreadable.pop())
        verb.run(command, draft)

    monkeypatch.setitem(HANDLERS, c.UpdateLabel, Verb(verb.reads, run))
    async with fresh(board) as (one, _):
        for n in range(3):
            await one.submit(create(board, f"Warm {n}"))
        with capture_logs() as logs:
            *_, made, _renamed, changed = await asyncio.gather(
                *(one.submit(create(board, f"Task {n:03}")) for n in range(BATCH_SUBMITS)),
                one.submit(ghost),
                one.submit(c.UpdateLabel(id=label, name="Once")),
                one.submit(c.UpdateTask(id=ghost.id, title="Flesh")),
            )
        assert any(line["event"] == "following batch not started" for line in logs)
        assert changed.seq == made.seq + 2
        await one.submit(create(board, "Last"))
    assert (await board.order())[-2:] == ["Flesh", "Last"]


async def test_p8_submits_keep_their_order_when_somebody_else_writes_between_two_batches(board: Board) -> None:
    """The second batch finds the head moved, the third was applied behind it: both go back to the queue, in order."""
    async with fresh(board) as (one, _):
        for n in range(3):
            await one.submit(create(board, f"Warm {n}"))
        async with _moved_head(board, after_seq=(await board.snapshot()).seq + BATCH_SUBMITS):
            titles = [f"Task {n:04}" for n in range(4 * BATCH_SUBMITS)]
            await asyncio.gather(*(one.submit(create(board, title)) for title in titles))
    assert (await board.order())[3:] == titles


@asynccontextmanager
async def _moved_head(board: Board, after_seq: int) -> AsyncIterator[None]:
    """As if another process had written right after this change."""
    function = """CREATE FUNCTION move_head() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE head SET epoch = gen_random_uuid() WHERE project_id = NEW.project_id; RETURN NULL; END $$"""
    trigger = f"""CREATE TRIGGER move AFTER INSERT ON change FOR EACH ROW
        WHEN (NEW.seq = {after_seq} AND NEW.project_id = '{board.project}') EXECUTE FUNCTION move_head()"""
    async with board.database.begin() as connection:
        await connection.execute(text(function))
        await connection.execute(text(trigger))
    yield
    async with board.database.begin() as connection:
        await connection.execute(text("DROP FUNCTION move_head CASCADE"))


async def test_edits_are_answered_when_nobody_can_be_told_of_them(board: Board) -> None:
    def deaf(_committed: list[Committed]) -> None:
        raise ZeroDivisionError("a bug of those who listen")

    executor = Executor(board.database, deaf, Telemetry())
    titles = [f"Task {n:03}" for n in range(3 * BATCH_SUBMITS)]
    with capture_logs() as logs:
        async with executor.running():
            await replace(board, executor=executor).task("First")
            await asyncio.gather(*(replace(board, executor=executor).task(title) for title in titles))
    assert await board.order() == ["First", *titles]
    assert any(line["event"] == "announcement failed" for line in logs)


READS_NOTHING_ELSE = {c.RestoreProject, c.UpdateProfile}
"""Verbs whose example looks only at what every submit loads."""


async def test_a_verb_that_looks_at_what_it_did_not_declare_fails(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await Scene.make(board)
    monkeypatch.setattr(batch, "WHOLE_TASKS", -1)
    before = await stored(board)
    for command_type in HANDLERS.keys() - READS_NOTHING_ELSE:
        with monkeypatch.context() as patched:
            patched.setitem(HANDLERS, command_type, Verb(lambda *_: None, HANDLERS[command_type].run))
            async with fresh(board) as (cold, _):
                with capture_logs() as logs:
                    answer = await asyncio.gather(cold.submit(EXAMPLES[command_type](scene)), return_exceptions=True)
        assert isinstance(answer[0], Internal), command_type
        assert logs
    assert await stored(board) == before


def test_an_undeclared_read_raises() -> None:
    rows = Rows(new_id())
    for look in (
        lambda: rows.get("task", new_id()),
        lambda: rows.edge("task", new_id(), last=True),
        lambda: rows.links(new_id()),
        lambda: rows.reaches(new_id(), new_id()),
    ):
        with pytest.raises(Undeclared):
            look()
    id = new_id()
    rows.learned(Reads().row("task", id))
    assert rows.get("task", id) is None
