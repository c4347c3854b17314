"""The verbs of attachments: versions, the task's counter, and what hides them. Bytes are the API's (tests/api/test_attachments)."""

from typing import Any

import pytest

from server.commands.attachments import ATTACHMENTS_MAX
from server.domain import commands as c
from server.domain.errors import NotFound, TooLarge
from server.domain.ids import new_id
from server.domain.records import Task
from tests.commands.scene import attached
from tests.helpers.board import Board


async def versions(board: Board, task: Any) -> list[tuple[str, int]]:
    detail = await board.detail(task)
    assert detail is not None
    assert detail.task.attachment_count == len(detail.attachments)
    return sorted((each.name, each.version) for each in detail.attachments)


async def test_the_same_name_again_is_the_next_version_and_a_number_is_never_given_twice(board: Board) -> None:
    task, elsewhere = await board.task(), await board.task()
    first, second = new_id(), new_id()
    await board.submit(attached(first, task), attached(second, task), attached(new_id(), task, "other.txt"))
    assert await versions(board, task) == [("other.txt", 1), ("plan.txt", 1), ("plan.txt", 2)]
    await board.submit(c.DeleteAttachment(id=second))
    await board.submit(attached(new_id(), task))
    assert await versions(board, task) == [("other.txt", 1), ("plan.txt", 1), ("plan.txt", 3)]
    await board.submit(c.RestoreAttachment(id=second))
    await board.submit(attached(new_id(), elsewhere))
    assert await versions(board, task) == [("other.txt", 1), ("plan.txt", 1), ("plan.txt", 2), ("plan.txt", 3)]
    assert await versions(board, elsewhere) == [("plan.txt", 1)]


async def test_files_leave_when_a_task_was_updated_alone_and_say_who_attached_them(board: Board) -> None:
    task, id = await board.task(), new_id()
    before: Task = await board.get(task)
    await board.submit(attached(id, task))
    assert (await board.get(task)).updated_at == before.updated_at
    detail = await board.detail(task)
    assert detail is not None
    (file,) = detail.attachments
    assert (file.id, file.created_by, file.task_id, file.size) == (id, board.actor.id, task, 5)


async def test_deleting_and_restoring_twice_is_refused_and_is_nothing(board: Board) -> None:
    task, id = await board.task(), new_id()
    await board.submit(attached(id, task))
    assert (await board.submit(c.RestoreAttachment(id=id))).noop
    await board.submit(c.DeleteAttachment(id=id))
    with pytest.raises(NotFound):
        await board.submit(c.DeleteAttachment(id=id))
    assert await versions(board, task) == []


async def test_the_files_of_a_deleted_task_are_out_of_reach_until_it_is_restored(board: Board) -> None:
    task, id = await board.task(), new_id()
    await board.submit(attached(id, task))
    await board.submit(c.DeleteTask(id=task))
    for command in (attached(new_id(), task), c.DeleteAttachment(id=id), c.RestoreAttachment(id=id)):
        with pytest.raises(NotFound):
            await board.submit(command)
    await board.submit(c.RestoreTask(id=task))
    assert await versions(board, task) == [("plan.txt", 1)]


async def test_a_task_has_so_many_files_and_no_more(board: Board) -> None:
    task, id = await board.task(), new_id()
    await board.submit(attached(id, task), *(attached(new_id(), task, f"{n}") for n in range(ATTACHMENTS_MAX - 1)))
    with pytest.raises(TooLarge):
        await board.submit(attached(new_id(), task))
    await board.submit(c.DeleteAttachment(id=id))
    await board.submit(attached(new_id(), task))
    with pytest.raises(TooLarge):
        await board.submit(c.RestoreAttachment(id=id))
