"""The verbs of columns. A column's category is its tasks' status, so a change of it is a change of theirs."""

from typing import Any
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace

from server.commands import completion, places
from server.domain import commands as c
from server.domain.errors import Conflict, Invalid, NotFound, TooLarge
from server.domain.records import Column, Task
from server.storage.draft import Draft
from server.storage.reads import Reads

TASKS_AT_ONCE = 500
"""Tasks that one change of a column may patch."""


def create_reads(command: c.CreateColumn, project: UUID, found: Reads) -> None:
    places.reads("column", project, command.place, found).fresh.add(("column", command.id))


def create_column(command: c.CreateColumn, draft: Draft) -> None:
    rank = places.rank_for(draft, "column", draft.project, command.place, command.id)
    draft.create(
        "column",
        Column(id=command.id, name=command.name, rank=rank, category=command.category, wip_limit=command.wip_limit),
    )
    draft.rows.started("task", command.id)


def update_reads(command: c.UpdateColumn, project: UUID, found: Reads) -> None:
    found.row("column", command.id)


def update_column(command: c.UpdateColumn, draft: Draft) -> None:
    column = draft.find("column", command.id, Column)
    fields: dict[str, Any] = {
        name: value for name in ("name", "category", "wip_limit") if (value := getattr(command, name)) is not UNSET
    }
    draft.check("column", column.id, command.base_seq, *fields)
    draft.patch("column", column.id, **fields)
    if fields.get("category", column.category) != column.category:
        _settle(draft, _tasks_of(draft, column.id), replace(column, **fields))


def move_reads(command: c.MoveColumn, project: UUID, found: Reads) -> None:
    places.reads("column", project, command.place, found).row("column", command.id)


def move_column(command: c.MoveColumn, draft: Draft) -> None:
    column = draft.find("column", command.id, Column)
    draft.check("column", column.id, command.base_seq, "rank")
    rank = places.rank_for(draft, "column", draft.project, command.place, column.id)
    draft.patch("column", column.id, rank=rank)


def delete_reads(command: c.DeleteColumn, project: UUID, found: Reads) -> None:
    found.row("column", command.id)
    found.tasks_of.add(command.id)
    if command.move_to is not None:
        found.row("column", command.move_to)
        found.edges.add(("task", command.move_to))


def delete_column(command: c.DeleteColumn, draft: Draft) -> None:
    column = draft.find("column", command.id, Column)
    tasks = _tasks_of(draft, column.id)
    if command.move_to == column.id:
        raise Invalid.at("/move_to", "The tasks must move to another column.")
    if command.move_to is not None:
        target = draft.find("column", command.move_to, Column)
        _move_all(draft, tasks, target)
    elif tasks:
        raise Conflict(f"The column holds {len(tasks)} tasks; say where they go with `move_to`.")
    draft.remove("column", column.id)


def restore_reads(command: c.RestoreColumn, project: UUID, found: Reads) -> None:
    found.row("column", command.id)


def restore_column(command: c.RestoreColumn, draft: Draft) -> None:
    row = draft.row("column", command.id)
    if row is None:
        raise NotFound("There never was such a column.")
    if row.deleted_at is not None:
        draft.restore("column", command.id)


def _tasks_of(draft: Draft, column: UUID) -> list[Task]:
    draft.require(Reads(tasks_of={column}))
    rows = (row for row in draft.rows.by_kind["task"].values() if row is not None and row.deleted_at is None)
    tasks = [row.record for row in rows if row.record.column_id == column]
    if len(tasks) > TASKS_AT_ONCE:
        draft.rows.forget_tasks_of(column)
    return sorted(tasks, key=lambda task: (task.rank, task.id))


def _move_all(draft: Draft, tasks: list[Task], target: Column) -> None:
    _refuse_too_many(tasks)
    ranks = places.bottom_ranks(draft, "task", target.id, len(tasks))
    for task, rank in zip(tasks, ranks, strict=True):
        done = completion.completed_at(task, target, draft.now)
        draft.patch("task", task.id, column_id=target.id, rank=rank, completed_at=done, updated_at=draft.now)
    _refuse_blocked(draft, tasks, target)


def _settle(draft: Draft, tasks: list[Task], column: Column) -> None:
    """Brings the tasks' time of completion in line with what their column means now."""
    _refuse_too_many(tasks)
    for task in tasks:
        draft.patch("task", task.id, completed_at=completion.completed_at(task, column, draft.now))
    _refuse_blocked(draft, tasks, column)


def _refuse_blocked(draft: Draft, before: list[Task], column: Column) -> None:
    if column.category == "completed":
        completion.refuse_blocked(draft, [task for task in before if task.completed_at is None])


def _refuse_too_many(tasks: list[Task]) -> None:
    if len(tasks) > TASKS_AT_ONCE:
        raise TooLarge(f"The column holds more than {TASKS_AT_ONCE} tasks; move some of them first.")
