"""`base_seq`: who changes what somebody else changed since is told, field by field."""

import asyncio
from typing import Any

import pytest

from server.domain import commands as c
from server.domain.errors import Conflict
from server.domain.ids import new_id
from tests.helpers.board import Board


async def test_a_field_that_somebody_changed_since_is_a_conflict_with_its_current_value(board: Board) -> None:
    task = await board.task("Dig", priority=2)
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateTask(id=task, title="Dig in"))
    with pytest.raises(Conflict) as refused:
        await board.submit(c.UpdateTask(id=task, title="Dig out", base_seq=read))
    assert refused.value.current == {"title": "Dig in"}
    await board.submit(c.UpdateTask(id=task, priority=1, base_seq=read))  # another field
    await board.submit(c.UpdateTask(id=task, title="Dig out", base_seq=(await board.snapshot()).seq))
    await board.submit(c.UpdateTask(id=task, title="Dig"))  # without base_seq the last one wins


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"due_at": "2026-05-12"}, {"due_at": None}),
        ({"priority": 1}, {"priority": None}),
        ({"labels": "edit"}, {"labels": "edit"}),
        ({"assignees": "edit"}, {"assignees": "edit"}),
    ],
)
async def test_every_field_of_a_task_has_its_own_conflict(
    board: Board, first: dict[str, Any], second: dict[str, Any]
) -> None:
    label = new_id()
    await board.submit(c.CreateLabel(id=label, name="L", color="red"))
    task = await board.task("Dig", priority=3)
    edits = {"labels": c.SetEdit(add=(label,)), "assignees": c.SetEdit(add=(board.actor.id,))}
    here, there = ({name: edits.get(name, value) for name, value in fields.items()} for fields in (first, second))
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateTask(id=task, **here))
    with pytest.raises(Conflict):
        await board.submit(c.UpdateTask(id=task, **there, base_seq=read))
    await board.submit(c.UpdateTask(id=task, title="Other field", base_seq=read))


async def test_a_move_conflicts_with_a_move_and_with_nothing_else(board: Board) -> None:
    task = await board.task("Dig")
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateTask(id=task, title="Dig in"))
    await board.submit(c.MoveTask(id=task, column_id=board.columns[1], place="top", base_seq=read))
    with pytest.raises(Conflict) as refused:
        await board.submit(c.MoveTask(id=task, column_id=board.columns[0], place="top", base_seq=read))
    assert refused.value.current is not None
    assert refused.value.current["column_id"] == board.columns[1]


async def test_within_a_submit_a_command_never_conflicts_with_an_earlier_one(board: Board) -> None:
    task = await board.task("Dig")
    read = (await board.snapshot()).seq
    await board.submit(
        c.UpdateTask(id=task, title="One", base_seq=read),
        c.UpdateTask(id=task, title="Two", base_seq=read),
        c.DescribeTask(id=task, text="One", base_seq=read),
        c.DescribeTask(id=task, text="Two", base_seq=read),
        c.MoveTask(id=task, column_id=board.columns[1], place="top", base_seq=read),
        c.MoveTask(id=task, column_id=board.columns[0], place="top", base_seq=read),
    )
    assert (await board.get(task)).title == "Two"


async def test_in_one_batch_the_second_of_two_edits_from_the_same_base_is_the_conflict(board: Board) -> None:
    task = await board.task("Dig")
    read = (await board.snapshot()).seq
    answers = await asyncio.gather(
        *(board.submit(c.UpdateTask(id=task, title=title, base_seq=read)) for title in "AB"), return_exceptions=True
    )
    assert isinstance(answers[1], Conflict)
    assert answers[1].current == {"title": "A"}


async def test_a_write_that_changed_nothing_is_no_conflict(board: Board) -> None:
    task = await board.task("Dig")
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateTask(id=task, title="Dig"))
    await board.submit(c.UpdateTask(id=task, title="Dig in", base_seq=read))


async def test_a_description_is_written_by_one_of_two_who_read_it_empty(board: Board) -> None:
    task = await board.task()
    read = (await board.snapshot()).seq
    await board.submit(c.DescribeTask(id=task, text="Mine", base_seq=read))
    with pytest.raises(Conflict) as refused:
        await board.submit(c.DescribeTask(id=task, text="Yours", base_seq=read))
    assert refused.value.current == {"text": "Mine"}


async def test_a_description_that_is_emptied_stays_as_an_empty_one(board: Board) -> None:
    task = await board.task(description="Words")
    assert (await board.submit(c.DescribeTask(id=await board.task(), text="", base_seq=0))).noop
    await board.submit(c.DescribeTask(id=task, text="", base_seq=10_000))
    detail = await board.detail(task)
    assert detail is not None
    assert detail.description is not None
    assert detail.description.text == ""
    assert (await board.submit(c.DescribeTask(id=task, text="", base_seq=10_000))).noop


async def test_describing_touches_the_task_and_repeating_it_does_not(board: Board) -> None:
    task = await board.task()
    await board.submit(c.DescribeTask(id=task, text="Words", base_seq=10_000))
    touched = (await board.get(task)).updated_at
    assert (await board.submit(c.DescribeTask(id=task, text="Words", base_seq=10_000))).noop
    assert (await board.get(task)).updated_at == touched
