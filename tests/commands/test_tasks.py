"""The verbs of tasks, ugly cases first."""

import asyncio
from datetime import timedelta

import pytest
from msgspec import UNSET

from server.domain import commands as c
from server.domain.changes import Patch
from server.domain.errors import NotFound, Refusal, TooLarge
from server.domain.ids import new_id
from server.storage.draft import Limits
from tests.commands.executors import fresh
from tests.helpers.board import Board

# Fields


async def test_a_task_is_made_with_what_was_given_and_sensible_defaults(board: Board) -> None:
    label, other = new_id(), new_id()
    await board.submit(*(c.CreateLabel(id=id, name="L", color="red") for id in (label, other)))
    plain = await board.get(await board.task("  Dig  "))
    assert (plain.title, plain.priority, plain.number, plain.start_at, plain.due_at) == ("Dig", 5, 1, None, None)
    assert (plain.created_by, plain.created_at, plain.completed_at) == (board.actor.id, plain.updated_at, None)
    rich = await board.get(
        await board.task(
            "Plant",
            priority=1,
            start_at="2026-05-01T09:30:00+02:00",
            due_at="2026-05-12",
            label_ids=(label, other, label),
            assignee_ids=(board.actor.id,) * 2,
        )
    )
    assert (rich.priority, rich.start_at, rich.due_at) == (1, "2026-05-01T07:30:00Z", "2026-05-12")
    assert (rich.label_ids, rich.assignee_ids) == ((label, other), (board.actor.id,))


async def test_a_priority_that_is_cleared_is_five_again(board: Board) -> None:
    task = await board.task(priority=1)
    await board.submit(c.UpdateTask(id=task, priority=None))
    assert (await board.get(task)).priority == 5
    assert (await board.submit(c.UpdateTask(id=task, priority=5))).noop


async def test_absent_means_unchanged_and_null_means_cleared(board: Board) -> None:
    task = await board.task("Dig", due_at="2026-05-12", start_at="2026-05-01", priority=2)
    await board.submit(c.UpdateTask(id=task, due_at=None))
    found = await board.get(task)
    assert (found.title, found.due_at, found.start_at, found.priority) == ("Dig", None, "2026-05-01", 2)
    (op,) = board.announced[-1].change.ops
    assert set(op.fields) == {"due_at", "updated_at"}  # type: ignore[union-attr]


async def test_a_task_tells_whether_it_is_described_in_the_change_that_decides_it(board: Board) -> None:
    plain, said, empty = await board.task(), await board.task(description="Words"), await board.task(description="")
    assert [(await board.get(task)).has_description for task in (plain, said, empty)] == [False, True, False]
    flips = []
    for text in ("", "One", "Two", "", "Three"):
        await board.submit(c.DescribeTask(id=plain, text=text, base_seq=(await board.snapshot()).seq))
        ops = board.announced[-1].change.ops
        patched = {name: value for op in ops if isinstance(op, Patch) for name, value in op.fields.items()}
        flips.append(patched.get("has_description"))
    assert flips == [None, True, None, False, True]
    await board.submit(c.DeleteTask(id=plain))
    await board.submit(c.RestoreTask(id=plain))
    assert (await board.get(plain)).has_description


async def test_labels_and_assignees_are_sets(board: Board) -> None:
    one, two = new_id(), new_id()
    ben = await board.member("Ben")
    await board.submit(*(c.CreateLabel(id=id, name="L", color="red") for id in (one, two)))
    task = await board.task(label_ids=(one,), assignee_ids=(ben.id,))

    async def edit(**edits: c.SetEdit) -> bool:
        return (await board.submit(c.UpdateTask(id=task, **edits))).noop  # type: ignore[arg-type]

    assert await edit(labels=c.SetEdit(add=(one,), remove=(two, new_id())))
    assert await edit(assignees=c.SetEdit(add=(ben.id,), remove=(board.actor.id,)))
    assert not await edit(labels=c.SetEdit(add=(two, two)), assignees=c.SetEdit(remove=(ben.id,)))
    found = await board.get(task)
    assert (found.label_ids, found.assignee_ids) == ((one, two), ())
    assert not await edit(labels=c.SetEdit(add=(one,), remove=(one,)))
    assert (await board.get(task)).label_ids == (two,)


async def test_sets_may_name_what_was_deleted_or_left_but_nothing_never_known(board: Board) -> None:
    label, ben = new_id(), await board.member("Ben")
    await board.submit(
        c.CreateLabel(id=label, name="L", color="red"), c.DeleteLabel(id=label), c.RemoveMember(id=ben.id)
    )
    task = await board.task(label_ids=(label,), assignee_ids=(ben.id,))
    await board.submit(c.UpdateTask(id=task, labels=c.SetEdit(remove=(label,))))
    await board.submit(c.UpdateTask(id=task, labels=c.SetEdit(add=(label,))))
    assert (await board.get(task)).label_ids == (label,)
    stranger = await board.account("Cid")
    for edits in ({"labels": c.SetEdit(add=(new_id(),))}, {"assignees": c.SetEdit(add=(stranger.id,))}):
        with pytest.raises(NotFound):
            await board.submit(c.UpdateTask(id=task, **edits))  # type: ignore[arg-type]


# Numbers and limits


async def test_numbers_have_no_gaps_whatever_was_refused_in_between(board: Board) -> None:
    answers = await asyncio.gather(
        board.task("One"),
        board.submit(c.CreateTask(id=new_id(), column_id=new_id(), title="Nowhere")),
        board.task("Two"),
        board.submit(c.CreateTask(id=new_id(), column_id=board.columns[0], title="Undone"), c.DeleteTask(id=new_id())),
        board.task("Three"),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Refusal) for answer in answers) == 2
    await board.submit(c.DeleteTask(id=answers[4]))  # type: ignore[arg-type]
    await board.task("Four")
    assert {task.title: task.number for task in (await board.snapshot()).tasks} == {"One": 1, "Two": 2, "Four": 4}


async def test_a_full_project_takes_no_more_tasks_until_some_are_archived_or_deleted(board: Board) -> None:
    async with fresh(board, limits=Limits(tasks=3, open_tasks=2)) as (small, _):
        one, two = [await small.task(title) for title in "AB"]
        with pytest.raises(TooLarge):
            await small.task("C")
        await small.submit(c.ArchiveTask(id=one))
        three = await small.task("C")
        with pytest.raises(TooLarge):
            await small.submit(c.UnarchiveTask(id=one))
        await small.submit(c.ArchiveTask(id=two))
        with pytest.raises(TooLarge):  # three in all, though only one is open
            await small.task("D")
        await small.submit(c.DeleteTask(id=two))
        await small.task("D")
        for restore in (c.RestoreTask(id=two),):
            with pytest.raises(TooLarge):
                await small.submit(restore)
        await small.submit(c.DeleteTask(id=three))
        await small.submit(c.RestoreTask(id=two))


# Completion


async def test_standing_in_a_completed_column_is_being_completed(board: Board) -> None:
    todo, doing, done = board.columns
    task = await board.task("Born done", column=2)
    first = (await board.get(task)).completed_at
    assert first is not None
    other = await board.task("Done later")
    for column in (todo, doing):
        await board.submit(c.MoveTask(id=task, column_id=column, place="top"))
        assert (await board.get(task)).completed_at is None
    await board.submit(c.MoveTask(id=other, column_id=done, place="top"))
    await board.submit(c.MoveTask(id=task, column_id=done, place="bottom"))
    again = (await board.get(task)).completed_at
    assert again is not None
    assert again > first


async def test_moving_within_completed_columns_keeps_the_time_of_completion(board: Board) -> None:
    second = new_id()
    await board.submit(c.CreateColumn(id=second, name="Archive", category="completed"))
    task, other = await board.task(column=2), await board.task(column=2)
    first = (await board.get(task)).completed_at
    await board.submit(c.MoveTask(id=task, column_id=board.columns[2], place="bottom"))
    await board.submit(c.MoveTask(id=task, column_id=second, place="top"))
    assert (await board.get(task)).completed_at == first
    assert (await board.get(other)).completed_at is not None


async def test_a_restored_task_is_completed_or_not_as_its_column_says_by_then(board: Board) -> None:
    todo, _, done = board.columns
    was_open, was_done = await board.task(), await board.task(column=2)
    await board.submit(c.DeleteTask(id=was_open), c.DeleteTask(id=was_done))
    await board.submit(c.UpdateColumn(id=todo, category="completed"), c.UpdateColumn(id=done, category="backlog"))
    await board.submit(c.RestoreTask(id=was_open), c.RestoreTask(id=was_done))
    assert (await board.get(was_open)).completed_at is not None
    assert (await board.get(was_done)).completed_at is None


# Archiving, deleting, restoring


async def test_archiving_twice_is_a_noop_and_so_is_restoring_what_is_there(board: Board) -> None:
    task = await board.task()
    await board.submit(c.ArchiveTask(id=task))
    archived = (await board.get(task)).archived_at
    for command in (c.ArchiveTask(id=task), c.RestoreTask(id=task)):
        assert (await board.submit(command)).noop
    assert (await board.get(task)).archived_at == archived
    await board.submit(c.UnarchiveTask(id=task))
    assert (await board.submit(c.UnarchiveTask(id=task))).noop


async def test_a_task_deleted_and_restored_has_everything_it_had(board: Board) -> None:
    task = await board.task("Dig", description="Deep", priority=2, due_at="2026-05-12")
    await board.submit(
        c.AddComment(id=new_id(), task_id=task, text="Hi"),
        c.AddChecklistItem(id=new_id(), task_id=task, text="Step"),
        c.ArchiveTask(id=task),
    )
    before = await board.detail(task)
    await board.submit(c.DeleteTask(id=task))
    assert await board.detail(task) is None
    assert (await board.snapshot()).tasks == ()
    for command in (
        c.UpdateTask(id=task, title="X"),
        c.AddComment(id=new_id(), task_id=task, text="Hi"),
        c.DeleteTask(id=task),
    ):
        with pytest.raises(NotFound):
            await board.submit(command)
    await board.submit(c.RestoreTask(id=task))
    after = await board.detail(task)
    assert before is not None
    assert after is not None
    assert (after.task, after.description, after.comments, after.checklist_items) == (
        before.task,
        before.description,
        before.comments,
        before.checklist_items,
    )


async def test_a_task_whose_column_is_gone_is_restored_to_the_nearest_of_the_same_meaning(board: Board) -> None:
    review, extra = new_id(), new_id()
    await board.submit(
        c.CreateColumn(id=review, name="Review", category="in_progress", place="bottom"),
        c.CreateColumn(id=extra, name="Extra", category="backlog", place="top"),
    )
    task = await board.task(column=1)
    there = await board.task("There")
    await board.submit(c.DeleteTask(id=task), c.DeleteColumn(id=board.columns[1]))
    await board.submit(c.MoveTask(id=there, column_id=review, place="top"))
    await board.submit(c.RestoreTask(id=task))
    found = await board.get(task)
    assert found.column_id == review
    assert found.rank > (await board.get(there)).rank


async def test_without_any_column_left_a_task_cannot_be_restored(board: Board) -> None:
    task = await board.task()
    await board.submit(c.DeleteTask(id=task), *(c.DeleteColumn(id=id) for id in board.columns))
    with pytest.raises(NotFound):
        await board.submit(c.RestoreTask(id=task))
    await board.submit(c.RestoreColumn(id=board.columns[2]))
    await board.submit(c.RestoreTask(id=task))
    assert (await board.get(task)).completed_at is not None


async def test_what_happens_to_a_task_touches_it_and_what_happens_beside_it_does_not(board: Board) -> None:
    task = await board.task()
    touched = (await board.get(task)).updated_at
    item, said = new_id(), new_id()
    await board.submit(
        c.AddComment(id=said, task_id=task, text="Hi"),
        c.AddChecklistItem(id=item, task_id=task, text="Step"),
        c.UpdateChecklistItem(id=item, done=True),
        c.DeleteComment(id=said),
    )
    assert (await board.get(task)).updated_at == touched
    await board.submit(c.UpdateTask(id=task, title="New"))
    assert (await board.get(task)).updated_at - touched > timedelta(0)


def test_an_update_that_names_no_field_leaves_all_unset() -> None:
    command = c.UpdateTask(id=new_id())
    names = ("title", "priority", "start_at", "due_at", "labels", "assignees")
    assert {getattr(command, name) for name in names} == {UNSET}
