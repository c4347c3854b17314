"""Cards as people know them: with names for ids. Not here: any file format."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from server.domain.exports import (
    ExportedChecklistItem,
    ExportedColumn,
    ExportedDescription,
    ExportedLabel,
    ExportedMember,
    ExportedProject,
    ExportedTask,
)
from server.domain.records import Category


class Step(msgspec.Struct, frozen=True):
    """A checklist item."""

    text: str
    done: bool


class Card(msgspec.Struct, frozen=True):
    """A task that is not deleted. `start_at` and `due_at` are canonical texts (domain.text.when)."""

    id: UUID
    number: int
    title: str
    column_id: UUID
    column: str
    status: Category
    priority: int
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    start_at: str | None
    due_at: str | None
    completed_at: datetime | None
    archived_at: datetime | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    description: str
    steps: tuple[Step, ...]


class BoardHead(msgspec.Struct, frozen=True):
    """What cards refer to, without what was deleted; columns from left to right."""

    project: ExportedProject
    columns: tuple[ExportedColumn, ...]
    labels: Mapping[UUID, ExportedLabel]
    people: Mapping[UUID, ExportedMember]

    @classmethod
    def of(
        cls,
        project: ExportedProject,
        columns: Iterable[ExportedColumn],
        labels: Iterable[ExportedLabel],
        people: Iterable[ExportedMember],
    ) -> "BoardHead":
        standing = (column for column in columns if column.deleted_at is None)
        return cls(
            project,
            tuple(sorted(standing, key=lambda column: (column.rank, column.id))),
            {label.id: label for label in labels if label.deleted_at is None},
            {person.id: person for person in people},
        )


class Writer(Protocol):
    """Writes into the file that it was made for."""

    def cards(self, page: Sequence[Card]) -> None: ...

    def end(self) -> None: ...


def cards(
    head: BoardHead,
    tasks: Iterable[ExportedTask],
    descriptions: Iterable[ExportedDescription],
    items: Iterable[ExportedChecklistItem],
) -> Iterator[Card]:
    """The tasks as cards, in their order."""
    columns = {column.id: column for column in head.columns}
    texts = {one.id: one.text for one in descriptions}
    steps: dict[UUID, list[ExportedChecklistItem]] = {}
    for item in items:
        if item.deleted_at is None:
            steps.setdefault(item.task_id, []).append(item)
    for task in tasks:
        ordered = sorted(steps.get(task.id, ()), key=lambda item: (item.rank, item.id))
        yield _card(head, task, columns[task.column_id], texts.get(task.id, ""), ordered)


def _card(
    head: BoardHead, task: ExportedTask, column: ExportedColumn, text: str, items: list[ExportedChecklistItem]
) -> Card:
    author = head.people.get(task.created_by) if task.created_by else None
    return Card(
        id=task.id,
        number=task.number,
        title=task.title,
        column_id=column.id,
        column=column.name,
        status=column.category,
        priority=task.priority,
        labels=tuple(label.name or label.color for id in task.label_ids if (label := head.labels.get(id))),
        assignees=tuple(person.name for id in task.assignee_ids if (person := head.people.get(id))),
        start_at=task.start_at,
        due_at=task.due_at,
        completed_at=task.completed_at,
        archived_at=task.archived_at,
        created_at=task.created_at,
        created_by=author.name if author else "",
        updated_at=task.updated_at,
        description=text,
        steps=tuple(Step(item.text, item.done) for item in items),
    )
