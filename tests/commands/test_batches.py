"""The group commit: many submits in one transaction do what they would have done alone, and nobody pays for another's fault."""

import asyncio
import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from server.commands import batch
from server.commands.handlers import HANDLERS, Verb
from server.commands.queues import BATCH_SUBMITS
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.commands import Anchor, Place
from server.domain.errors import Conflict, IdReuse, Overloaded, Refusal, TooLarge
from server.domain.ids import new_id
from server.storage.draft import Draft
from tests.commands.executors import create, fresh
from tests.commands.scene import another, stored
from tests.helpers.board import Board

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
    """Even with one lane: after a batch of its own it shares the next one."""
    other = await another(board)
    board.announced.clear()
    async with fresh(board, lanes=1) as (one, _):
        busy = [one.executor.submit(board.project, new_id(), (create(board, "T"),), board.actor) for _ in range(900)]
        await one.executor.submit(other.project, new_id(), (create(other, "Quick"),), other.actor)
        await asyncio.gather(*busy)
    assert [one.change.project for one in board.announced].index(other.project) < 2 * BATCH_SUBMITS


async def test_nothing_is_judged_by_a_working_copy_that_somebody_else_made_old(board: Board) -> None:
    """By the copy there is nothing to do, or it is refused; by the board as it is now there is, and it is not."""
    task, label = await board.task("Dig"), new_id()
    await board.submit(c.CreateLabel(id=label, name="L", color="red"), c.DeleteLabel(id=label))
    async with fresh(board) as (elsewhere, _):
        await elsewhere.submit(c.UpdateTask(id=task, title="Dig in"), c.RestoreLabel(id=label))
    assert not (await board.submit(c.UpdateTask(id=task, title="Dig"))).noop
    async with fresh(board) as (elsewhere, _):
        await elsewhere.submit(c.UpdateTask(id=task, priority=1), c.CreateColumn(id=(column := new_id()), name="New"))
    assert not (await board.submit(c.UpdateLabel(id=label, name="Still there"))).noop
    assert not (await board.submit(c.MoveTask(id=task, column_id=column, place="top"))).noop


async def test_an_id_taken_for_unused_is_unknown_again_when_nothing_was_made_of_it(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids that should be new are not looked up; the write tells. Where there was none to make, nothing is known."""
    monkeypatch.setattr(batch, "WHOLE_TASKS", -1)
    task = await board.task("Here")
    async with fresh(board) as (one, _):
        for _ in range(3):
            await one.submit(create(one, "Warm"))
        wrong = c.CreateTask(id=task, column_id=one.columns[0], title="Again")
        answers = await asyncio.gather(
            one.submit(create(one, "Good")), one.submit(wrong, c.DeleteTask(id=new_id())), return_exceptions=True
        )
        assert isinstance(answers[1], Refusal)
        await asyncio.gather(one.submit(create(one, "Good")), one.submit(c.UpdateTask(id=task, title="Still here")))
        with pytest.raises(Conflict):
            await one.submit(wrong)
    assert (await board.order())[0] == "Still here"


async def test_p5_a_repeat_in_a_batch_with_others_is_answered_as_what_it_was(board: Board) -> None:
    """Made again, changed again or with other content: whatever the working copy makes of it, the log knows."""
    async with fresh(board) as (one, _):
        task, made, changed = create(one, "Dig"), new_id(), new_id()
        first = [await one.submit(task, id=made), await one.submit(c.UpdateTask(id=task.id, title="In"), id=changed)]
        for _ in range(3):
            await one.submit(create(one, "Warm"))
        answers = await asyncio.gather(
            one.submit(create(one, "New")),
            one.submit(task, id=made),
            one.submit(c.UpdateTask(id=task.id, title="In"), id=changed),
            one.submit(create(one, "Also new")),
        )
        assert [(answer.seq, answer.duplicate) for answer in answers[1:3]] == [(answer.seq, True) for answer in first]
        mixed = await asyncio.gather(
            one.submit(create(one, "Newer")),
            one.submit(c.UpdateTask(id=task.id, title="In", priority=5), id=made),
            return_exceptions=True,
        )
        assert isinstance(mixed[1], IdReuse)


async def test_p5_an_id_that_took_effect_in_one_project_says_nothing_of_another(board: Board) -> None:
    """The same id with the same content to two projects, in one batch: a repeat here, refused there."""
    other, label = await another(board), c.CreateLabel(id=new_id(), name="L", color="red")
    async with fresh(board) as (here, _):
        there, id = replace(other, executor=here.executor), new_id()
        first = await there.submit(label, id=id)
        await here.submit(label)
        for one in (here, there, here, there):
            await one.submit(create(one, "Warm"))
        _, refused, repeated, _ = await asyncio.gather(
            here.submit(create(here, "New")),
            here.submit(label, id=id),
            there.submit(label, id=id),
            there.submit(create(there, "New")),
            return_exceptions=True,
        )
    assert isinstance(refused, Conflict)
    assert isinstance(repeated, Outcome)
    assert (repeated.seq, repeated.duplicate) == (first.seq, True)


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
    assert not (await board.submit(c.UpdateTask(id=task, title="Dig in"))).noop
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
