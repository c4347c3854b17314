"""`import_records`: full records with their authors, times, numbers and order, put in as they are.

Counters are counted anew from the details that come; what a record refers to must be there or come before it. Imports keep the limits
that people have, but a task with unfinished dependencies may come completed.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from server.commands.tasks import count_task
from server.domain import commands as c
from server.domain.errors import Conflict, Cycle, Invalid, NotFound
from server.domain.importable import canonical, moment
from server.domain.records import (
    ChecklistItem,
    Column,
    Comment,
    Dependency,
    Description,
    Kind,
    Member,
    Record,
    Task,
)
from server.storage.draft import Draft
from server.storage.reads import Reads
from server.storage.rows import Row


def reads(command: c.ImportRecords, project: UUID, found: Reads) -> None:
    for imported in command.records:
        record = imported.record
        found.fresh.add((_kind(imported), record.id))
        for kind, id in _references(record):
            found.row(kind, id)
        if isinstance(record, Dependency):
            found.closures.add(record.depends_on_id)
            found.links.add(record.task_id)
        elif isinstance(record, Member) and record.user_id is not None:
            found.accounts.add(str(record.user_id))


def import_records(command: c.ImportRecords, draft: Draft) -> None:
    parts = _parts_of_tasks(command)
    for index, imported in enumerate(command.records):
        record = canonical(imported.record, f"/records/{index}/record")
        deleted_at = _deleted_at(imported, f"/records/{index}/deleted_at")
        _refuse_dangling(draft, record, deleted=deleted_at is not None)
        if isinstance(record, Dependency):
            _refuse_circle_or_twin(draft, record)
        elif isinstance(record, Member):
            _refuse_impostor(draft, record)
        if isinstance(record, Task):
            record = _numbered(draft, record, parts.pop(record.id, _Parts()), deleted=deleted_at is not None)
        if deleted_at is None and _seen(draft, record):
            draft.create(_kind(imported), record)
        else:
            draft.create_unseen(_kind(imported), record, deleted_at)
        if isinstance(record, Dependency):
            draft.touch(record.task_id, record.depends_on_id)
    for id, came in parts.items():
        task: Task = _row(draft, "task", id).record
        draft.patch(
            "task",
            id,
            comment_count=task.comment_count + came.comments,
            checklist_total=task.checklist_total + came.items,
            checklist_done=task.checklist_done + came.done,
            has_description=task.has_description or came.described,
        )


@dataclass(slots=True)
class _Parts:
    """What comes of one task's details."""

    comments: int = 0
    items: int = 0
    done: int = 0
    described: bool = False


def _parts_of_tasks(command: c.ImportRecords) -> dict[UUID, _Parts]:
    """Of those that are not deleted: only they count."""
    parts: defaultdict[UUID, _Parts] = defaultdict(_Parts)
    for imported in command.records:
        if isinstance(imported, c.Deletable) and imported.deleted_at is not None:
            continue
        match imported.record:
            case Comment(task_id=task):
                parts[task].comments += 1
            case ChecklistItem(task_id=task, done=done):
                parts[task].items += 1
                parts[task].done += done
            case Description(id=task, text=words) if words:
                parts[task].described = True
    return dict(parts)


def _numbered(draft: Draft, task: Task, came: _Parts, *, deleted: bool) -> Task:
    if not deleted:
        column: Column = _row(draft, "column", task.column_id).record
        count_task(draft, open_tasks=1 if task.archived_at is None else 0)
        completed_at = (task.completed_at or task.updated_at) if column.category == "completed" else None
        task = replace(task, completed_at=completed_at)
    draft.head.last_number = max(task.number, draft.head.last_number + 1)
    return replace(
        task,
        number=draft.head.last_number,
        comment_count=came.comments,
        checklist_total=came.items,
        checklist_done=came.done,
        has_description=came.described,
        attachment_count=0,
    )


def _deleted_at(imported: c.ImportedRecord, pointer: str) -> datetime | None:
    if not isinstance(imported, c.Deletable) or imported.deleted_at is None:
        return None
    try:
        return moment(imported.deleted_at)
    except ValueError as wrong:
        raise Invalid.at(pointer, str(wrong)) from None


def _seen(draft: Draft, record: Record) -> bool:
    """Whether nothing that it belongs to hides it: a dependency is out of sight while either of its tasks is deleted."""
    ends = (record.task_id, record.depends_on_id) if isinstance(record, Dependency) else ()
    return all(draft.peek("task", end, Task) is not None for end in ends)


def _kind(imported: c.ImportedRecord) -> Kind:
    kind: Kind = type(imported).__struct_config__.tag  # type: ignore[assignment]
    return kind


def _references(record: Record) -> list[tuple[Kind, UUID]]:
    """What must be there for the record to make sense. Labels need not: a task may name some that were deleted."""
    match record:
        case Task():
            return [("column", record.column_id), *_people(record.created_by, *record.assignee_ids)]
        case Description():
            return [("task", record.id)]
        case Comment():
            return [("task", record.task_id), *_people(record.author_id)]
        case ChecklistItem():
            return [("task", record.task_id)]
        case Dependency():
            return [("task", record.task_id), ("task", record.depends_on_id)]
        case _:
            return []


def _people(*ids: UUID | None) -> list[tuple[Kind, UUID]]:
    return [("member", id) for id in ids if id is not None]


def _refuse_dangling(draft: Draft, record: Record, *, deleted: bool) -> None:
    for kind, id in _references(record):
        row = _row(draft, kind, id)
        if kind == "column" and row.deleted_at is not None and not deleted:
            raise NotFound("An imported task stands in a column that is deleted.")


def _row(draft: Draft, kind: Kind, id: UUID) -> Row[Any]:
    row = draft.row(kind, id)
    if row is None:
        raise NotFound(f"An imported record refers to a {kind} that is not there.")
    return row


def _refuse_circle_or_twin(draft: Draft, link: Dependency) -> None:
    if draft.rows.reaches(link.depends_on_id, link.task_id):
        raise Cycle("The imported dependencies form a cycle.")
    if any(known.depends_on_id == link.depends_on_id for known in draft.rows.links(link.task_id)):
        raise Conflict("An imported dependency is there already.")


def _refuse_impostor(draft: Draft, member: Member) -> None:
    """A member with access is a user, under the user's own id."""
    if member.user_id is None:
        if member.role is not None:
            raise Invalid("A member without an account has no role.")
    elif member.user_id != member.id:
        raise Invalid("The member of a user has the user's id.")
    elif draft.rows.accounts[str(member.user_id)] is None:
        raise NotFound("There is no such user.")
