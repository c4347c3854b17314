"""The group commit: many submits in one transaction do what they would have done alone, and nobody pays for another's fault."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from structlog.testing import capture_logs

from server.commands import batch
from server.commands import executor as executor_module
from server.commands.executor import Executor
from server.commands.handlers import HANDLERS, Verb
from server.commands.queues import BATCH_SUBMITS
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.commands import Anchor, Place
from server.domain.errors import Internal, NotFound, Overloaded, Refusal, TooLarge, Unavailable
from server.domain.ids import new_id
from server.storage.draft import Draft
from server.storage.reads import Reads
from server.storage.rows import Rows, Undeclared
from server.telemetry import Telemetry
from tests.commands.scene import EXAMPLES, Scene, another, stored
from tests.helpers.board import Board


@asynccontextmanager
async def fresh(board: Board, **options: Any) -> AsyncIterator[tuple[Board, CollectorRegistry]]:
    """The same project through an executor of its own, with what it counts."""
    telemetry = Telemetry()
    executor = Executor(board.database, board.announced.extend, telemetry, **options)
    async with executor.running():
        yield replace(board, executor=executor), telemetry.registry


def create(board: Board, title: str, **fields: Any) -> c.CreateTask:
    return c.CreateTask(id=new_id(), column_id=board.columns[0], title=title, **fields)


# One batch, many batches


async def test_two_hundred_mixed_submits_in_one_batch_do_what_two_hundred_batches_do(board: Board) -> None:
    alone = await another(board)
    here, there = _script(board, seed=5), _script(alone, seed=5)
    async with fresh(board) as (together, counted):
        answers = await asyncio.gather(*(together.submit(*one) for one in here), return_exceptions=True)
        assert counted.get_sample_value("lockstep_batch_size_count") == 1
    expected = []
    for one in there:
        async with fresh(alone) as (cold, _):
            expected.append((await asyncio.gather(cold.submit(*one), return_exceptions=True))[0])
    assert list(map(_said, answers)) == list(map(_said, expected))
    assert 20 < sum(isinstance(answer, Refusal) for answer in answers) < 120
    assert await _seen(board) == await _seen(alone)


def _script(board: Board, seed: int) -> list[list[c.Command]]:
    """Cards made, moved, linked, ticked, deleted and restored; about a third of it is refused."""
    rng = random.Random(seed)
    ids = [UUID(int=rng.getrandbits(128), version=4) for _ in range(900)]
    cards, columns = ids[:25], board.columns
    items, links = iter(ids[100:500]), iter(ids[500:])

    def any_command() -> c.Command:
        card, other, column = rng.choice(cards), rng.choice(cards), rng.choice(columns)
        place: Place = rng.choice(("top", "bottom", Anchor(after=other), Anchor(before=other)))
        return rng.choice(
            (
                c.CreateTask(id=card, column_id=column, title="Card", place=place),
                c.MoveTask(id=card, column_id=column, place=place),
                c.UpdateTask(id=card, title=f"Title {rng.randrange(9)}", priority=rng.randint(1, 10)),
                c.AddChecklistItem(id=next(items), task_id=card, text="Step"),
                c.AddDependency(id=next(links), task_id=card, depends_on_id=other),
                c.DeleteTask(id=card),
                c.RestoreTask(id=card),
                c.ArchiveTask(id=card),
                c.UpdateColumn(id=column, category=rng.choice(("todo", "in_progress", "completed"))),
            )
        )

    made: list[c.Command] = [c.CreateTask(id=card, column_id=columns[0], title="Card") for card in cards[:15]]
    return [*([one] for one in made), *([any_command() for _ in range(rng.randint(1, 2))] for _ in range(185))]


def _said(answer: object) -> object:
    return (answer.code, answer.errors) if isinstance(answer, Refusal) else type(answer)


async def _seen(board: Board) -> list[Any]:
    """What stands in each column, in order."""
    snapshot = await board.snapshot()
    place = {id: n for n, id in enumerate(board.columns)}
    tasks = sorted(snapshot.tasks, key=lambda task: (place[task.column_id], task.rank, task.id))
    return [
        (
            place[task.column_id],
            task.id,
            task.number,
            task.title,
            task.priority,
            task.checklist_total,
            task.completed_at is None,
            task.archived_at is None,
        )
        for task in tasks
    ] + [(link.id, link.task_id, link.depends_on_id) for link in snapshot.dependencies]


async def test_more_submits_than_a_batch_takes_are_committed_in_order(board: Board) -> None:
    titles = [f"Task {n:03}" for n in range(600)]
    async with fresh(board) as (many, counted):
        await asyncio.gather(*(many.submit(create(board, title)) for title in titles))
        assert counted.get_sample_value("lockstep_batch_size_sum") == 600
        assert counted.get_sample_value("lockstep_batch_size_bucket", {"le": "256.0"}) == (
            counted.get_sample_value("lockstep_batch_size_count")
        )
    assert await board.order() == titles


async def test_submits_of_many_projects_share_a_batch(board: Board) -> None:
    others = [await another(board) for _ in range(5)]
    async with fresh(board) as (shared, counted):
        await asyncio.gather(
            *(replace(one, executor=shared.executor).submit(create(one, "Here")) for one in others for _ in range(3))
        )
        assert counted.get_sample_value("lockstep_batch_size_count") == 1
    for one in others:
        assert await one.order() == ["Here"] * 3


@pytest.mark.parametrize(("slice_seconds", "at_a_stretch"), [(0.0, 1), (3_600.0, 100)])
async def test_a_long_batch_lets_others_run(
    board: Board, monkeypatch: pytest.MonkeyPatch, slice_seconds: float, at_a_stretch: int
) -> None:
    """Counts the submits applied between two turns of somebody else."""
    verb, applied, longest = HANDLERS[c.CreateTask], 0, 0

    def counted(command: c.CreateTask, draft: Draft) -> None:
        nonlocal applied
        applied += 1
        verb.run(command, draft)

    monkeypatch.setattr(batch, "SLICE_SECONDS", slice_seconds)
    monkeypatch.setitem(HANDLERS, c.CreateTask, Verb(verb.reads, counted))
    answers = [board.executor.submit(board.project, new_id(), (create(board, "T"),), board.actor) for _ in range(100)]
    while not all(answer.done() for answer in answers):
        longest, applied = max(longest, applied), 0
        await asyncio.sleep(0)
    assert longest == at_a_stretch


async def test_a_busy_project_does_not_keep_others_waiting(board: Board) -> None:
    other = await another(board)
    board.announced.clear()
    busy = [board.executor.submit(board.project, new_id(), (create(board, "T"),), board.actor) for _ in range(1_500)]
    await board.executor.submit(other.project, new_id(), (create(other, "Quick"),), other.actor)
    await asyncio.gather(*busy)
    projects = [one.change.project for one in board.announced]
    assert projects.index(other.project) < 1_000


async def test_a_new_epoch_makes_every_working_copy_old(board: Board) -> None:
    """A restored backup stands at a seq that was seen before, with other rows."""
    task = await board.task("Dig")
    await board.submit(c.UpdateTask(id=task, title="Dig in"))
    async with board.database.begin() as connection:
        for statement in (
            "UPDATE head SET epoch = gen_random_uuid() WHERE project_id = :project",
            "UPDATE task SET title = 'Restored', number = 41 WHERE project_id = :project",
            "UPDATE head SET last_number = 41 WHERE project_id = :project",
        ):
            await connection.execute(text(statement), {"project": board.project})
    outcome = await board.submit(c.UpdateTask(id=task, title="Restored"))
    assert outcome.noop
    assert (await board.get(await board.task("Next"))).number == 42


# Limits


async def test_a_change_of_a_thousand_ops_is_taken_and_one_of_more_refused(board: Board) -> None:
    tasks = [await board.task(title) for title in "AB"]
    before = await stored(board)
    items = [c.AddChecklistItem(id=new_id(), task_id=tasks[n % 2], text="Step") for n in range(501)]
    with pytest.raises(TooLarge):
        await board.submit(*items)
    assert await stored(board) == before
    await board.submit(*items[:500])
    assert len(board.announced[-1].change.ops) == 1_000


async def test_a_change_of_more_than_256_kib_is_refused_and_its_neighbours_are_not(board: Board) -> None:
    words = "x" * 49_000
    big = board.submit(*(create(board, "Big", description=words) for _ in range(6)))
    answers = await asyncio.gather(board.task("Before"), big, board.task("After"), return_exceptions=True)
    assert isinstance(answers[1], TooLarge)
    assert await board.order() == ["Before", "After"]
    await board.submit(*(create(board, "Big", description=words) for _ in range(5)))


async def test_the_queue_has_an_end(board: Board) -> None:
    async with fresh(board, pending_max=3) as (busy, _):
        waiting = [busy.executor.submit(board.project, new_id(), (create(board, "T"),), board.actor) for _ in range(3)]
        with pytest.raises(Overloaded) as refused:
            busy.executor.submit(board.project, new_id(), (create(board, "T"),), board.actor)
        assert refused.value.retry_ms
        await asyncio.gather(*waiting)
        await busy.submit(create(board, "Later"))


# Somebody else's fault


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


READS_NOTHING_ELSE = {c.RestoreProject}
"""Verbs whose example looks only at what every submit loads."""


async def test_a_verb_that_looks_at_what_it_did_not_declare_fails(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await Scene.make(board)
    monkeypatch.setattr(batch, "WHOLE_TASKS", -1)
    before = await stored(board)
    for command_type, verb in list(HANDLERS.items()):
        with monkeypatch.context() as patched:
            patched.setitem(HANDLERS, command_type, Verb(lambda *_: None, verb.run))
            async with fresh(board) as (cold, _):
                with capture_logs() as logs:
                    answer = await asyncio.gather(cold.submit(EXAMPLES[command_type](scene)), return_exceptions=True)
        if command_type not in READS_NOTHING_ELSE:
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


# Callers come and go


async def test_a_caller_that_is_cancelled_does_not_cancel_its_commit(board: Board) -> None:
    calling = asyncio.create_task(board.task("Stays"))
    await asyncio.sleep(0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    await board.task("Next")
    assert await board.order() == ["Stays", "Next"]


async def test_what_waits_is_committed_before_the_executor_ends(board: Board) -> None:
    titles = [f"Task {n:03}" for n in range(300)]
    async with fresh(board) as (ending, _):
        answers = [
            ending.executor.submit(board.project, new_id(), (create(board, title),), board.actor) for title in titles
        ]
    assert all(answer.done() for answer in answers)
    assert await board.order() == titles
