"""What it means for a task to stand in a completed column: its time of completion, and the dependencies that forbid it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from server.domain.errors import Blocked
from server.domain.records import Column, Task
from server.storage.draft import Draft
from server.storage.reads import Reads


def completed_at(task: Task, column: Column, now: datetime) -> datetime | None:
    """The task's time of completion once it stands in `column`."""
    if column.category != "completed":
        return None
    return task.completed_at or now


def refuse_blocked(draft: Draft, tasks: Iterable[Task]) -> None:
    """Raises `Blocked` when one of `tasks`, which have just been completed, depends on a task that is not finished.

    Finished are tasks that are completed, archived or deleted. Call it after the tasks were patched, so that tasks completed together
    do not stand in each other's way.
    """
    entered = list(tasks)
    draft.require(Reads(links={task.id for task in entered}))
    for task in entered:
        waiting = [end for end in depends_on(draft, task.id) if end.completed_at is None and end.archived_at is None]
        if waiting:
            named = ", ".join(f"#{end.number}" for end in waiting[:5])
            raise Blocked(f"#{task.number} depends on {named}, which is not finished.")


def depends_on(draft: Draft, task: UUID) -> list[Task]:
    """The tasks that `task` depends on and that are not deleted."""
    ends = (link.depends_on_id for link in draft.rows.links(task) if link.task_id == task)
    return [end for end in (draft.peek("task", id, Task) for id in ends) if end is not None]
