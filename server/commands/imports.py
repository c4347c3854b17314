"""`import_records`: full records with their authors, times, numbers and order, put in as they are.

Counters are counted anew from the children that come; what a record refers to must be there or come before it.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from server.commands.tasks import count_task
from server.domain import commands as c
from server.domain import ranks, text
from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.records import ChecklistItem, Column, Comment, Dependency, Description, Kind, Record, Task
from server.storage.draft import Draft
from server.storage.reads import Reads


def reads(command: c.ImportRecords, project: UUID, found: Reads) -> None:
    for imported in command.records:
        record = imported.record
        found.fresh.add((_kind(imported), record.id))
        for kind, id in _references(record):
            found.row(kind, id)
        if isinstance(record, Dependency):
            found.closures.add(record.depends_on_id)


def import_records(command: c.ImportRecords, draft: Draft) -> None:
    comments: Counter[UUID] = Counter()
    items: Counter[UUID] = Counter()
    done: Counter[UUID] = Counter()
    for imported in command.records:
        if isinstance(imported.record, Comment):
            comments[imported.record.task_id] += 1
        elif isinstance(imported.record, ChecklistItem):
            items[imported.record.task_id] += 1
            done[imported.record.task_id] += imported.record.done
    for index, imported in enumerate(command.records):
        record = _checked(imported.record, f"/records/{index}/record")
        _refuse_dangling(draft, record)
        if isinstance(record, Task):
            id = record.id
            counts = (comments.pop(id, 0), items.pop(id, 0), done.pop(id, 0))
            record = _numbered(draft, record, *counts)
        draft.create(_kind(imported), record)
    for id in comments.keys() | items.keys():
        task = draft.find("task", id, Task)
        draft.patch(
            "task",
            id,
            comment_count=task.comment_count + comments[id],
            checklist_total=task.checklist_total + items[id],
            checklist_done=task.checklist_done + done[id],
        )


def _numbered(draft: Draft, task: Task, comments: int, items: int, done: int) -> Task:
    count_task(draft, open_tasks=1 if task.archived_at is None else 0)
    draft.head.last_number = max(task.number, draft.head.last_number + 1)
    return replace(
        task,
        number=draft.head.last_number,
        comment_count=comments,
        checklist_total=items,
        checklist_done=done,
    )


def _checked(record: Record, pointer: str) -> Record:
    """The record with canonical texts; imports keep the limits that people have. Raises `Invalid`."""
    fields: dict[str, Any] = {}
    for name, rule in _RULES.get(type(record), {}).items():
        value = getattr(record, name)
        if value is None:
            continue
        try:
            fields[name] = rule(value)
        except ValueError as wrong:
            raise Invalid.at(f"{pointer}/{name}", str(wrong)) from None
    return replace(record, **fields) if fields else record


def _rank(value: str) -> str:
    if not ranks.valid(value):
        raise ValueError("must be a rank")
    return value


def _number(value: int) -> int:
    if not 0 <= value < 2**31:
        raise ValueError("must be a task number")
    return value


def _priority(value: int) -> int:
    if not 1 <= value <= 10:
        raise ValueError("must be from 1 to 10")
    return value


_RULES: dict[type[Record], dict[str, Any]] = {
    Column: {"name": lambda value: text.line(value, text.NAME_MAX), "rank": _rank},
    Task: {
        "number": _number,
        "rank": _rank,
        "title": lambda value: text.line(value, text.TITLE_MAX),
        "priority": _priority,
        "start_at": text.when,
        "due_at": text.when,
    },
    Description: {"text": lambda value: text.prose(value, text.DESCRIPTION_MAX)},
    Comment: {"text": lambda value: text.prose(value, text.COMMENT_MAX)},
    ChecklistItem: {"rank": _rank, "text": lambda value: text.line(value, text.CHECKLIST_TEXT_MAX)},
}


def _kind(imported: c.ImportedRecord) -> Kind:
    kind: Kind = type(imported).__struct_config__.tag  # type: ignore[assignment]
    return kind


def _references(record: Record) -> list[tuple[Kind, UUID]]:
    """What must be there for the record to make sense."""
    match record:
        case Task():
            return [("column", record.column_id)]
        case Description():
            return [("task", record.id)]
        case Comment() | ChecklistItem():
            return [("task", record.task_id)]
        case Dependency():
            return [("task", record.task_id), ("task", record.depends_on_id)]
        case _:
            return []


def _refuse_dangling(draft: Draft, record: Record) -> None:
    for kind, id in _references(record):
        if draft.peek(kind, id, Record) is None:
            raise NotFound(f"An imported record refers to a {kind} that is not there.")
    if isinstance(record, Dependency) and draft.rows.reaches(record.depends_on_id, record.task_id):
        raise Conflict("The imported dependencies form a cycle.")
