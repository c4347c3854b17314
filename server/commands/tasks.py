"""The verbs of tasks: create, update, move, describe, archive, delete and what undoes them."""

from typing import Any
from uuid import UUID

from msgspec import UNSET

from server.commands import completion, places
from server.domain import commands as c
from server.domain.errors import NotFound, TooLarge
from server.domain.records import PRIORITY_DEFAULT, Column, Description, Task
from server.storage.draft import Draft
from server.storage.reads import Reads


def create_reads(command: c.CreateTask, project: UUID, found: Reads) -> None:
    places.reads("task", command.column_id, command.place, found)
    found.fresh.update((("task", command.id), ("description", command.id)))
    found.row("column", command.column_id)
    found.row("label", *command.label_ids).row("member", *command.assignee_ids)


def create_task(command: c.CreateTask, draft: Draft) -> None:
    column = draft.find("column", command.column_id, Column)
    refuse_unknown(draft, "label", command.label_ids)
    refuse_unknown(draft, "member", command.assignee_ids)
    count_task(draft, open_tasks=1)
    draft.head.last_number += 1
    draft.create("task", _made(command, column, draft))
    if command.description:
        draft.create("description", Description(id=command.id, text=command.description))


def _made(command: c.CreateTask, column: Column, draft: Draft) -> Task:
    return Task(
        id=command.id,
        number=draft.head.last_number,
        column_id=column.id,
        rank=places.rank_for(draft, "task", column.id, command.place, command.id),
        title=command.title,
        priority=command.priority or PRIORITY_DEFAULT,
        label_ids=tuple(dict.fromkeys(command.label_ids)),
        assignee_ids=tuple(dict.fromkeys(command.assignee_ids)),
        start_at=command.start_at,
        due_at=command.due_at,
        completed_at=draft.now if column.category == "completed" else None,
        created_at=draft.now,
        created_by=draft.actor.id,
        updated_at=draft.now,
        has_description=bool(command.description),
    )


def update_reads(command: c.UpdateTask, project: UUID, found: Reads) -> None:
    found.row("task", command.id)
    if isinstance(command.labels, c.SetEdit):
        found.row("label", *command.labels.add)
    if isinstance(command.assignees, c.SetEdit):
        found.row("member", *command.assignees.add)


def update_task(command: c.UpdateTask, draft: Draft) -> None:
    task = draft.find("task", command.id, Task)
    fields: dict[str, Any] = {
        name: value
        for name in ("title", "priority", "start_at", "due_at")
        if (value := getattr(command, name)) is not UNSET
    }
    if "priority" in fields and fields["priority"] is None:
        fields["priority"] = PRIORITY_DEFAULT
    if isinstance(command.labels, c.SetEdit):
        refuse_unknown(draft, "label", command.labels.add)
        fields["label_ids"] = _edited(task.label_ids, command.labels)
    if isinstance(command.assignees, c.SetEdit):
        refuse_unknown(draft, "member", command.assignees.add)
        fields["assignee_ids"] = _edited(task.assignee_ids, command.assignees)
    draft.check("task", task.id, command.base_seq, *fields)
    _touch(draft, task, **fields)


def move_reads(command: c.MoveTask, project: UUID, found: Reads) -> None:
    places.reads("task", command.column_id, command.place, found)
    found.row("task", command.id).row("column", command.column_id)
    found.links.add(command.id)


def move_task(command: c.MoveTask, draft: Draft) -> None:
    task = draft.find("task", command.id, Task)
    column = draft.find("column", command.column_id, Column)
    draft.check("task", task.id, command.base_seq, "column_id", "rank")
    rank = places.rank_for(draft, "task", column.id, command.place, task.id)
    done = completion.completed_at(task, column, draft.now)
    _touch(draft, task, column_id=column.id, rank=rank, completed_at=done)
    if done is not None and task.completed_at is None:
        completion.refuse_blocked(draft, [task])


def describe_reads(command: c.DescribeTask, project: UUID, found: Reads) -> None:
    found.row("task", command.id).row("description", command.id)


def describe_task(command: c.DescribeTask, draft: Draft) -> None:
    task = draft.find("task", command.id, Task)
    draft.check("description", task.id, command.base_seq, "text")
    if draft.row("description", task.id) is None:
        if not command.text:
            return
        draft.create("description", Description(id=task.id, text=""))
    if draft.patch("description", task.id, text=command.text):
        draft.patch("task", task.id, updated_at=draft.now, has_description=bool(command.text))


def archive_reads(command: c.ArchiveTask | c.UnarchiveTask, project: UUID, found: Reads) -> None:
    found.row("task", command.id)


def archive_task(command: c.ArchiveTask, draft: Draft) -> None:
    task = draft.find("task", command.id, Task)
    if task.archived_at is None:
        draft.head.open_count -= 1
        _touch(draft, task, archived_at=draft.now)


def unarchive_task(command: c.UnarchiveTask, draft: Draft) -> None:
    task = draft.find("task", command.id, Task)
    if task.archived_at is not None:
        count_task(draft, tasks=0, open_tasks=1)
        _touch(draft, task, archived_at=None)


def delete_reads(command: c.DeleteTask | c.RestoreTask, project: UUID, found: Reads) -> None:
    found.row("task", command.id)
    found.links.add(command.id)


def delete_task(command: c.DeleteTask, draft: Draft) -> None:
    task = draft.find("task", command.id, Task)
    for link in draft.rows.links(task.id):
        if _seen(draft, link.task_id, link.depends_on_id):
            draft.hide("dependency", link)
            draft.touch(link.task_id, link.depends_on_id)
    draft.remove("task", task.id)
    draft.head.task_count -= 1
    draft.head.open_count -= task.archived_at is None


def restore_task(command: c.RestoreTask, draft: Draft) -> None:
    """Brings a task back to where it stood; where its column is gone, to the bottom of the nearest one of the same meaning."""
    row = draft.row("task", command.id)
    if row is None:
        raise NotFound("There never was such a task.")
    if row.deleted_at is None:
        return
    task: Task = row.record
    draft.require(Reads().row("column", task.column_id))
    column = draft.peek("column", task.column_id, Column) or _nearest_column(draft, task)
    count_task(draft, open_tasks=1 if task.archived_at is None else 0)
    rank = task.rank if column.id == task.column_id else places.rank_for(draft, "task", column.id, "bottom", task.id)
    done = completion.completed_at(task, column, draft.now)
    draft.restore("task", task.id, column_id=column.id, rank=rank, completed_at=done)
    for link in draft.rows.links(task.id):
        if _seen(draft, link.task_id, link.depends_on_id):
            draft.show("dependency", link)
            draft.touch(link.task_id, link.depends_on_id)
    if done is not None and task.completed_at is None:
        completion.refuse_blocked(draft, [task])


def refuse_unknown(draft: Draft, kind: Any, ids: tuple[UUID, ...]) -> None:
    """Raises `NotFound` for an id that never was in this project; one that was deleted since is fine, readers skip it."""
    if any(draft.row(kind, id) is None for id in ids):
        raise NotFound(f"There never was such a {kind}.")


def count_task(draft: Draft, *, tasks: int = 1, open_tasks: int) -> None:
    """Counts tasks that come into being or back. Raises `TooLarge` when the project is full."""
    head, limits = draft.head, draft.limits
    if head.task_count + tasks > limits.tasks or head.open_count + open_tasks > limits.open_tasks:
        raise TooLarge(f"A project holds at most {limits.tasks} tasks, {limits.open_tasks} of them not archived.")
    head.task_count += tasks
    head.open_count += open_tasks


def _touch(draft: Draft, task: Task, **fields: Any) -> None:
    """Patches a task, and its `updated_at` if anything really changes."""
    if any(getattr(task, name) != value for name, value in fields.items()):
        draft.patch("task", task.id, **fields, updated_at=draft.now)


def _edited(present: tuple[UUID, ...], edit: c.SetEdit) -> tuple[UUID, ...]:
    removed = set(edit.remove)
    return tuple(id for id in dict.fromkeys((*present, *edit.add)) if id not in removed)


def _seen(draft: Draft, *tasks: UUID) -> bool:
    return all(draft.peek("task", id, Task) is not None for id in tasks)


def _nearest_column(draft: Draft, task: Task) -> Column:
    draft.require(Reads(all_of={"column"}))
    rows = draft.rows.every("column")
    category = next(row.record.category for row in rows if row.record.id == task.column_id)
    there = sorted(
        (row.record.category != category, row.record.rank, row.record.id) for row in rows if row.deleted_at is None
    )
    if not there:
        raise NotFound("There is no column left to restore the task to.")
    column = draft.find("column", there[0][2], Column)
    draft.require(Reads(edges={("task", column.id)}))
    return column
