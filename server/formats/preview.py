"""The first few tasks of a translation, as a person recognises them. Not here: what became of the rest (report)."""

from collections.abc import Iterable
from itertools import islice
from uuid import UUID

import msgspec

from server.domain.commands import ImportedColumn, ImportedLabel, ImportedMember, ImportedRecord, ImportedTask

TASKS_MAX = 20


class PreviewedTask(msgspec.Struct, frozen=True):
    """Names in place of ids; those of people whom the project knows already are missing."""

    title: str
    column: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    due_at: str | None


def previewed(records: Iterable[ImportedRecord]) -> tuple[PreviewedTask, ...]:
    """The first tasks, each after what it refers to."""
    names: dict[UUID, str] = {}
    return tuple(islice(_tasks(records, names), TASKS_MAX))


def _tasks(records: Iterable[ImportedRecord], names: dict[UUID, str]) -> Iterable[PreviewedTask]:
    for imported in records:
        match imported:
            case ImportedColumn(record) | ImportedLabel(record) | ImportedMember(record):
                names[record.id] = record.name
            case ImportedTask(task):
                yield PreviewedTask(
                    task.title,
                    names.get(task.column_id, ""),
                    tuple(names[id] for id in task.label_ids if id in names),
                    tuple(names[id] for id in task.assignee_ids if id in names),
                    task.due_at,
                )
            case _:
                pass
