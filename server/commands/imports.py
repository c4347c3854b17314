"""`import_records`: full records with their authors, times, numbers and order, put in as they are.

Counters are counted anew from the details that come; what a record refers to must be there or come before it. Imports keep the limits
that people have, but a task with unfinished dependencies may come completed.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from server.commands.tasks import count_task
from server.domain import commands as c
from server.domain import ranks, text
from server.domain.errors import Conflict, Cycle, Invalid, NotFound
from server.domain.records import (
    ChecklistItem,
    Column,
    Comment,
    Dependency,
    Description,
    Kind,
    Label,
    Member,
    Record,
    Task,
)
from server.storage.draft import Draft
from server.storage.reads import Reads

NUMBER_MAX = 999_999_999
"""The largest task number that is taken over; what is created later counts on from there."""

RANK_MAX = 200
"""Characters of a rank that is taken over. Ours stay far below; the database's index has a limit, too."""


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
        record = _checked(imported.record, f"/records/{index}/record")
        _refuse_dangling(draft, record)
        if isinstance(record, Dependency):
            _refuse_circle_or_twin(draft, record)
        elif isinstance(record, Member):
            _refuse_impostor(draft, record)
        if isinstance(record, Task):
            record = _numbered(draft, record, parts.pop(record.id, _Parts()))
        draft.create(_kind(imported), record)
        if isinstance(record, Dependency):
            draft.touch(record.task_id, record.depends_on_id)
    for id, came in parts.items():
        task = draft.find("task", id, Task)
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
    parts: defaultdict[UUID, _Parts] = defaultdict(_Parts)
    for imported in command.records:
        match imported.record:
            case Comment(task_id=task):
                parts[task].comments += 1
            case ChecklistItem(task_id=task, done=done):
                parts[task].items += 1
                parts[task].done += done
            case Description(id=task, text=words) if words:
                parts[task].described = True
    return dict(parts)


def _numbered(draft: Draft, task: Task, came: _Parts) -> Task:
    column = draft.find("column", task.column_id, Column)
    count_task(draft, open_tasks=1 if task.archived_at is None else 0)
    draft.head.last_number = max(task.number, draft.head.last_number + 1)
    return replace(
        task,
        number=draft.head.last_number,
        completed_at=(task.completed_at or task.updated_at) if column.category == "completed" else None,
        comment_count=came.comments,
        checklist_total=came.items,
        checklist_done=came.done,
        has_description=came.described,
    )


def _checked(record: Record, pointer: str) -> Record:
    """The record with canonical values. Raises `Invalid`."""
    fields: dict[str, Any] = {}
    for name, rule in _RULES[type(record)].items():
        value = getattr(record, name)
        if value is None:
            continue
        try:
            fields[name] = rule(value)
        except ValueError as wrong:
            raise Invalid.at(f"{pointer}/{name}", str(wrong)) from None
    return replace(record, **fields) if fields else record


def _line(most: int) -> Callable[[str], str]:
    return lambda value: text.line(value, most)


def _prose(most: int) -> Callable[[str], str]:
    return lambda value: text.prose(value, most)


def _whole(least: int, most: int) -> Callable[[int], int]:
    def checked(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(f"must be from {least} to {most}")
        return value

    return checked


def _rank(value: str) -> str:
    if len(value) > RANK_MAX or not ranks.valid(value):
        raise ValueError("must be a rank")
    return value


def _set(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))


def _moment(value: datetime) -> datetime:
    """In UTC, as it will come back from the database."""
    if value.tzinfo is None:
        raise ValueError("must be a time with its zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time that exists in UTC") from None


_RULES: dict[type[Record], dict[str, Callable[[Any], Any]]] = {
    Member: {"name": _line(text.NAME_MAX)},
    Column: {"name": _line(text.NAME_MAX), "rank": _rank, "wip_limit": _whole(1, 10_000)},
    Label: {"name": _prose(text.NAME_MAX), "color": text.color},
    Task: {
        "number": _whole(0, NUMBER_MAX),
        "rank": _rank,
        "title": _line(text.TITLE_MAX),
        "priority": _whole(1, 10),
        "start_at": text.when,
        "due_at": text.when,
        **dict.fromkeys(("label_ids", "assignee_ids"), _set),
        **dict.fromkeys(("completed_at", "archived_at", "created_at", "updated_at"), _moment),
    },
    Dependency: {},
    Description: {"text": _prose(text.DESCRIPTION_MAX)},
    Comment: {"text": _prose(text.COMMENT_MAX), "created_at": _moment, "edited_at": _moment},
    ChecklistItem: {"rank": _rank, "text": _line(text.CHECKLIST_TEXT_MAX)},
}


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


def _refuse_dangling(draft: Draft, record: Record) -> None:
    for kind, id in _references(record):
        if draft.peek(kind, id, Record) is None:
            raise NotFound(f"An imported record refers to a {kind} that is not there.")


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
