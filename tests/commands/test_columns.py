"""The verbs of columns: their category is their tasks' status, and no task is ever left without a column."""

import asyncio
from uuid import UUID

import pytest

from server.commands import batch
from server.domain import commands as c
from server.domain.errors import Blocked, Conflict, Invalid, NotFound, TooLarge
from server.domain.ids import new_id
from tests.commands.executors import fresh
from tests.commands.scene import stored
from tests.convergence import invariants
from tests.convergence.imported import task_record
from tests.helpers.board import Board


async def fill(board: Board, column: int, count: int) -> list[UUID]:
    """Puts `count` open tasks into a column, quickly."""
    records = [
        task_record(new_id(), board.columns[column], 0, f"b{n // 62:02}{n % 62 % 10}1"[:6]) for n in range(count)
    ]
    for first in range(0, count, 500):
        await board.submit(c.ImportRecords(import_id=new_id(), records=tuple(records[first : first + 500])))
    return [one.record.id for one in records]


async def test_a_column_is_made_and_changed(board: Board) -> None:
    column = new_id()
    await board.submit(c.CreateColumn(id=column, name=" Review ", category="in_progress", wip_limit=3, place="top"))
    found = await board.column(column)
    assert (found.name, found.category, found.wip_limit) == ("Review", "in_progress", 3)
    await board.submit(c.UpdateColumn(id=column, wip_limit=None))
    assert (await board.column(column)).wip_limit is None
    assert (await board.submit(c.UpdateColumn(id=column, name="Review", category="in_progress"))).noop
    columns = sorted((await board.snapshot()).columns, key=lambda one: one.rank)
    assert [one.name for one in columns] == ["Review", "To do", "In progress", "Done"]


async def test_a_wip_limit_is_advice(board: Board) -> None:
    await board.submit(c.UpdateColumn(id=board.columns[0], wip_limit=1))
    for title in "ABC":
        await board.task(title)
    assert await board.order() == list("ABC")


async def test_columns_conflict_field_by_field(board: Board) -> None:
    column = board.columns[0]
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateColumn(id=column, name="Next"))
    with pytest.raises(Conflict) as refused:
        await board.submit(c.UpdateColumn(id=column, name="Later", base_seq=read))
    assert refused.value.current == {"name": "Next"}
    await board.submit(c.UpdateColumn(id=column, wip_limit=2, base_seq=read))
    await board.submit(c.MoveColumn(id=column, place="bottom", base_seq=read))
    with pytest.raises(Conflict):
        await board.submit(c.MoveColumn(id=column, place="top", base_seq=read))


# Categories


async def test_a_change_of_category_completes_and_reopens_its_tasks_in_the_same_change(board: Board) -> None:
    tasks = [await board.task(title) for title in "AB"]
    await board.submit(c.ArchiveTask(id=tasks[1]))
    await board.submit(c.UpdateColumn(id=board.columns[0], category="completed"))
    assert len(board.announced[-1].change.ops) == 3
    assert all([(await board.get(id)).completed_at for id in tasks])
    await board.submit(c.UpdateColumn(id=board.columns[0], category="backlog"))
    assert not any([(await board.get(id)).completed_at for id in tasks])
    await board.submit(c.UpdateColumn(id=board.columns[0], category="todo"))
    assert len(board.announced[-1].change.ops) == 1


async def test_a_column_with_blocked_tasks_cannot_become_completed(board: Board) -> None:
    task, waiting = await board.task("A"), await board.task("B", column=1)
    await board.submit(c.AddDependency(id=new_id(), task_id=task, depends_on_id=waiting))
    before = await stored(board)
    with pytest.raises(Blocked):
        await board.submit(c.UpdateColumn(id=board.columns[0], category="completed"))
    with pytest.raises(Blocked):
        await board.submit(c.DeleteColumn(id=board.columns[0], move_to=board.columns[2]))
    assert await stored(board) == before
    await board.submit(c.MoveTask(id=waiting, column_id=board.columns[0], place="top"))
    await board.submit(c.UpdateColumn(id=board.columns[0], category="completed"))  # both at once: neither waits


async def test_tasks_moved_and_made_in_the_same_batch_take_part_in_a_change_of_category(board: Board) -> None:
    here, there = board.columns[:2]
    leaving, coming = await board.task("leaving"), await board.task("coming", column=1)
    async with fresh(board) as (cold, _):
        await asyncio.gather(
            cold.submit(c.MoveTask(id=leaving, column_id=there, place="top")),
            cold.submit(c.MoveTask(id=coming, column_id=here, place="top")),
            cold.task("made"),
            cold.submit(c.UpdateColumn(id=here, category="completed")),
        )
    completed = {task.title for task in (await board.snapshot()).tasks if task.completed_at is not None}
    assert completed == {"coming", "made"}


# Deleting


async def test_a_column_with_tasks_is_deleted_only_with_a_place_for_them(board: Board) -> None:
    first, second = [await board.task(title) for title in "AB"]
    await board.task("There", column=1)
    await board.submit(c.ArchiveTask(id=first))
    before = await stored(board)
    here, there, _ = board.columns
    for command, refusal in (
        (c.DeleteColumn(id=here), Conflict),
        (c.DeleteColumn(id=here, move_to=here), Invalid),
        (c.DeleteColumn(id=here, move_to=new_id()), NotFound),
    ):
        with pytest.raises(refusal):
            await board.submit(command)
    await board.submit(c.DeleteTask(id=second), c.DeleteColumn(id=here, move_to=there))
    assert await board.order(1) == ["There", "A"]
    assert len(before["column"]) == 3
    with pytest.raises(NotFound):
        await board.submit(c.UpdateColumn(id=here, name="Gone"))


async def test_a_column_that_holds_only_deleted_tasks_goes_without_a_word(board: Board) -> None:
    task = await board.task()
    await board.submit(c.DeleteTask(id=task))
    await board.submit(c.DeleteColumn(id=board.columns[0]))
    assert len((await board.snapshot()).columns) == 2


async def test_the_tasks_of_a_deleted_column_keep_their_order_below_those_that_stand_there(board: Board) -> None:
    await board.task("There", column=2)
    for title in "ABC":
        await board.task(title)
    await board.submit(c.DeleteColumn(id=board.columns[0], move_to=board.columns[2]))
    assert await board.order(2) == ["There", *"ABC"]
    assert all(task.completed_at for task in (await board.snapshot()).tasks)
    await board.submit(c.RestoreColumn(id=board.columns[0]))
    assert await board.order(0) == []
    assert (await board.submit(c.RestoreColumn(id=board.columns[0]))).noop


async def test_five_hundred_tasks_move_with_their_column_and_one_more_does_not(board: Board) -> None:
    here, there, done = board.columns
    await fill(board, 0, 500)
    await board.submit(c.DeleteColumn(id=here, move_to=done))
    assert len(board.announced[-1].change.ops) == 501
    await board.submit(c.UpdateColumn(id=done, category="todo"))
    assert len(board.announced[-1].change.ops) == 501
    await board.task("One more", column=2)
    before = await stored(board)
    for command in (
        c.DeleteColumn(id=done, move_to=there),
        c.UpdateColumn(id=done, category="completed"),
    ):
        with pytest.raises(TooLarge):
            await board.submit(command)
    assert await stored(board) == before
    await invariants.hold(board)


async def test_no_task_is_left_behind_in_a_column_that_was_too_full_before(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More tasks than are read at once, then few enough: the working copy must not think it has seen them all."""
    monkeypatch.setattr(batch, "WHOLE_TASKS", -1)
    ids = await fill(board, 0, 4_200)
    here, there, _ = board.columns
    async with fresh(board) as (cold, _):
        with pytest.raises(TooLarge):
            await cold.submit(c.DeleteColumn(id=here, move_to=there))
        for first in range(0, 3_800, 475):
            await cold.submit(*(c.DeleteTask(id=id) for id in ids[first : first + 475]))
        await cold.submit(c.DeleteColumn(id=here, move_to=there))
    assert len(await board.order(1)) == 400
    await invariants.hold(board)


async def test_no_task_is_left_behind_when_its_column_is_emptied_and_deleted_in_one_batch(board: Board) -> None:
    ids = await fill(board, 0, 1_300)
    here, there, done = board.columns
    async with fresh(board) as (cold, _):
        await asyncio.gather(
            *(
                cold.submit(*(c.MoveTask(id=id, column_id=done, place="bottom") for id in ids[first : first + 450]))
                for first in (0, 450)
            ),
            cold.submit(c.DeleteColumn(id=here, move_to=there)),
        )
    assert len(await board.order(1)) == 400
    await invariants.hold(board)
