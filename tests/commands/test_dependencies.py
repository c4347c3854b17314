"""The verbs of dependencies: no cycles by any way, and what is unfinished holds up what depends on it."""

import asyncio
from itertools import pairwise
from uuid import UUID

import pytest

from server.domain import commands as c
from server.domain.errors import Blocked, Conflict, Cycle, NotFound, Refusal
from server.domain.ids import new_id
from tests.commands.executors import fresh
from tests.commands.scene import stored
from tests.helpers.board import Board


async def tasks(board: Board, *titles: str) -> list[UUID]:
    return [await board.task(title) for title in titles]


def after(task: UUID, depends_on: UUID, id: UUID | None = None) -> c.AddDependency:
    return c.AddDependency(id=id or new_id(), task_id=task, depends_on_id=depends_on)


# Cycles


async def test_a_task_cannot_depend_on_itself_or_twice_on_another(board: Board) -> None:
    one, two = await tasks(board, *"AB")
    with pytest.raises(Cycle):
        await board.submit(after(one, one))
    await board.submit(after(one, two))
    with pytest.raises(Conflict):
        await board.submit(after(one, two))
    with pytest.raises(Cycle):
        await board.submit(after(two, one))


async def test_a_circle_through_others_is_refused_by_a_process_that_knows_none_of_them(board: Board) -> None:
    ids = await tasks(board, *"ABCDE")
    for here, there in pairwise(ids):
        await board.submit(after(here, there))
    before = await stored(board)
    for end in ids[1:]:
        async with fresh(board) as (cold, _):
            with pytest.raises(Cycle):
                await cold.submit(after(end, ids[0]))
    assert await stored(board) == before
    await board.submit(after(ids[0], ids[4]))  # a shortcut is no circle


async def test_a_circle_made_within_one_submit_or_one_batch_is_refused(board: Board) -> None:
    a, b, d = await tasks(board, *"ABD")
    with pytest.raises(Cycle):
        await board.submit(after(a, b), after(b, d), after(d, a))
    assert (await board.snapshot()).dependencies == ()
    async with fresh(board) as (cold, _):
        answers = await asyncio.gather(
            cold.submit(after(a, b)), cold.submit(after(b, d)), cold.submit(after(d, a)), return_exceptions=True
        )
    assert [type(answer) for answer in answers if isinstance(answer, Refusal)] == [Cycle]
    assert len((await board.snapshot()).dependencies) == 2


async def test_a_circle_through_a_deleted_task_is_refused_because_it_may_come_back(board: Board) -> None:
    a, b, d = await tasks(board, *"ABD")
    await board.submit(after(a, b), after(b, d), c.DeleteTask(id=b))
    with pytest.raises(Cycle):
        await board.submit(after(d, a))


async def test_a_dependency_that_was_removed_closes_no_circle(board: Board) -> None:
    a, b = await tasks(board, *"AB")
    id = new_id()
    await board.submit(after(a, b, id))
    await board.submit(c.RemoveDependency(id=id))
    await board.submit(after(b, a))
    with pytest.raises(NotFound):
        await board.submit(c.RemoveDependency(id=id))


async def test_what_was_refused_closes_no_circle_for_those_after_it(board: Board) -> None:
    a, b = await tasks(board, *"AB")
    async with fresh(board) as (cold, _):
        answers = await asyncio.gather(
            cold.submit(after(a, b), c.DeleteTask(id=new_id())), cold.submit(after(b, a)), return_exceptions=True
        )
    assert isinstance(answers[0], NotFound)
    assert not isinstance(answers[1], BaseException)


# What is hidden with a task


async def test_dependencies_hide_with_either_of_their_tasks_and_come_back_with_both(board: Board) -> None:
    a, b = await tasks(board, *"AB")
    id = new_id()
    await board.submit(after(a, b, id))

    async def seen() -> bool:
        detail = await board.detail(a) or await board.detail(b)
        listed = (await board.snapshot()).dependencies
        if detail is not None:
            assert [link.id for link in detail.dependencies] == [link.id for link in listed]
        return [link.id for link in listed] == [id]

    assert await seen()
    await board.submit(c.DeleteTask(id=b))
    assert not await seen()
    with pytest.raises(NotFound):
        await board.submit(c.RemoveDependency(id=id))
    await board.submit(c.DeleteTask(id=a))
    await board.submit(c.RestoreTask(id=b))
    assert not await seen()
    await board.submit(c.RestoreTask(id=a))
    assert await seen()


# What blocks


async def test_a_task_with_an_unfinished_dependency_cannot_be_completed_by_a_move(board: Board) -> None:
    task, waiting = await tasks(board, *"AB")
    await board.submit(after(task, waiting))
    before, made, done = await stored(board), new_id(), board.columns[2]
    for commands in (
        (c.MoveTask(id=task, column_id=done, place="top"),),
        (
            c.CreateTask(id=made, column_id=board.columns[0], title="C"),
            after(made, waiting),
            c.MoveTask(id=made, column_id=done, place="top"),
        ),
    ):
        with pytest.raises(Blocked) as refused:
            await board.submit(*commands)
        assert "#2" in refused.value.message
    assert await stored(board) == before


async def test_a_task_is_not_restored_into_being_completed_while_it_is_blocked(board: Board) -> None:
    task, waiting = await tasks(board, *"AB")
    await board.submit(after(task, waiting), c.MoveTask(id=task, column_id=board.columns[1], place="top"))
    await board.submit(c.DeleteTask(id=task), c.UpdateColumn(id=board.columns[1], category="completed"))
    before = await stored(board)
    with pytest.raises(Blocked):
        await board.submit(c.RestoreTask(id=task))
    assert await stored(board) == before
    await board.submit(c.ArchiveTask(id=waiting))
    await board.submit(c.RestoreTask(id=task))


async def test_a_task_that_was_completed_before_it_was_deleted_comes_back_completed(board: Board) -> None:
    task, waiting = await tasks(board, *"AB")
    await board.submit(c.MoveTask(id=task, column_id=board.columns[2], place="top"), after(task, waiting))
    await board.submit(c.DeleteTask(id=task))
    await board.submit(c.RestoreTask(id=task))
    assert (await board.get(task)).completed_at is not None


async def test_what_is_completed_archived_or_deleted_blocks_nobody(board: Board) -> None:
    task, completed, archived, deleted = await tasks(board, *"ABCD")
    await board.submit(*(after(task, end) for end in (completed, archived, deleted)))
    done = board.columns[2]
    for step in (
        c.MoveTask(id=completed, column_id=done, place="top"),
        c.ArchiveTask(id=archived),
        c.DeleteTask(id=deleted),
    ):
        with pytest.raises(Blocked):
            await board.submit(c.MoveTask(id=task, column_id=done, place="top"))
        await board.submit(step)
    await board.submit(c.MoveTask(id=task, column_id=done, place="top"))
    await board.submit(c.RestoreTask(id=deleted), c.UnarchiveTask(id=archived))
    assert (await board.get(task)).completed_at is not None  # what is completed stays so


async def test_a_task_and_what_it_waits_for_may_be_completed_in_one_submit(board: Board) -> None:
    task, waiting = await tasks(board, *"AB")
    await board.submit(after(task, waiting))
    done = board.columns[2]
    with pytest.raises(Blocked):
        await board.submit(*(c.MoveTask(id=id, column_id=done, place="top") for id in (task, waiting)))
    await board.submit(*(c.MoveTask(id=id, column_id=done, place="top") for id in (waiting, task)))


async def test_a_dependency_of_something_completed_is_no_reason_to_reopen_it(board: Board) -> None:
    task, waiting = await tasks(board, *"AB")
    await board.submit(c.MoveTask(id=task, column_id=board.columns[2], place="top"))
    await board.submit(after(task, waiting))
    assert (await board.get(task)).completed_at is not None
    await board.submit(c.MoveTask(id=task, column_id=board.columns[2], place="bottom"))
