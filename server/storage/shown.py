"""A task as REST shows it: its record with what a program would otherwise have to look up. Not here: which tasks a list holds."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import text

from server.domain.changes import Actor
from server.domain.records import (
    KINDS,
    Attachment,
    Category,
    ChecklistItem,
    Comment,
    Dependency,
    Description,
    Kind,
    Task,
)
from server.storage.draft import MADE
from server.storage.engine import AsyncConnection


class ShownTask(Task, frozen=True, kw_only=True):
    """`status` is the category of the task's column."""

    project_id: UUID
    status: Category


class ListedTask(ShownTask, frozen=True, kw_only=True):
    """A task in a list. In the trash it is as it was when it was deleted; by whom is not known of what was deleted before that was kept."""

    deleted_at: datetime | UnsetType = UNSET
    deleted_by: Actor | None | UnsetType = UNSET


class TaskDetail(msgspec.Struct, frozen=True):
    """One task with its detail kinds, at `seq`."""

    epoch: UUID
    seq: int
    task: ShownTask
    description: Description | None
    comments: list[Comment]
    checklist_items: list[ChecklistItem]
    dependencies: list[Dependency]
    attachments: list[Attachment]


class Tagged(msgspec.Struct, frozen=True):
    """`touched` is the seq that touched the task or its details last, 0 when it was made before that was kept; `made` the one that made it."""

    detail: TaskDetail
    touched: int
    made: int

    @property
    def tag(self) -> str:
        return tag_of(self.detail.epoch, self.touched)


def tag_of(epoch: UUID, touched: int) -> str:
    """What a task's ETag says between its quotes. It begins with the number of this shape, for answers that clients kept."""
    return f"2-{epoch.hex[:12]}-{touched}"


SHOWN = ", ".join(
    (*(f't."{name}"' for name in KINDS["task"].__struct_fields__), "t.project_id", "c.category AS status")
)
"""The columns of a `ShownTask`, from a task `t` that is joined with its column `c`."""

JOINED = 'task t LEFT JOIN "column" c ON c.project_id = t.project_id AND c.id = t.column_id'
"""Every task has a column. An inner join would tell the planner so, and lead it to the index of columns where it should seek by id."""


def _parts(kind: Kind, where: str) -> str:
    """The records of one kind that belong to the task `t`, by id."""
    fields = ", ".join(f'r."{name}"' for name in KINDS[kind].__struct_fields__)
    return (
        f"(SELECT coalesce(json_agg(p ORDER BY p.id), '[]') FROM (SELECT {fields} FROM {kind} r "
        f"WHERE r.project_id = t.project_id AND r.deleted_at IS NULL AND {where}) p)"
    )


_OTHER_END = (
    "EXISTS (SELECT 1 FROM task o WHERE o.project_id = r.project_id AND o.deleted_at IS NULL "
    "AND o.id = CASE r.task_id WHEN t.id THEN r.depends_on_id ELSE r.task_id END)"
)
_DETAIL = text(f"""
    SELECT json_build_object(
        'touched', greatest(
            (SELECT coalesce(max(value::bigint), 0) FROM jsonb_each_text(t.field_seq)),
            coalesce((c.field_seq ->> 'category')::bigint, 0)
        ),
        'made', coalesce((t.field_seq ->> '{MADE}')::bigint, 0),
        'detail', json_build_object(
            'epoch', h.epoch,
            'seq', h.seq,
            'task', (SELECT to_json(s) FROM (SELECT {SHOWN}) s),
            'description', {_parts("description", "r.id = t.id")} -> 0,
            'comments', {_parts("comment", "r.task_id = t.id")},
            'checklist_items', {_parts("checklist_item", "r.task_id = t.id")},
            'dependencies', {_parts("dependency", f"(r.task_id = t.id OR r.depends_on_id = t.id) AND {_OTHER_END}")},
            'attachments', {_parts("attachment", "r.task_id = t.id")}
        )
    )::text
    FROM {JOINED} JOIN head h ON h.project_id = t.project_id
    WHERE t.project_id = :project AND t.id = :task AND t.deleted_at IS NULL
""")

_decode = msgspec.json.Decoder(Tagged).decode


async def task(connection: AsyncConnection, project_id: UUID, task_id: UUID) -> Tagged | None:
    """A task and its details by one statement, so from one moment; None when it is absent or deleted."""
    found = await connection.scalar(_DETAIL, {"project": project_id, "task": task_id})
    return None if found is None else _decode(found)


async def ids_of(connection: AsyncConnection, project_id: UUID, numbers: Iterable[int]) -> dict[int, UUID]:
    """The tasks that have these numbers, deleted ones too. Among the words of a task is its number."""
    words = " | ".join(f"'#{number}'" for number in numbers)
    rows = await connection.execute(_NUMBERED, {"project": project_id, "words": words})
    return {row.number: row.id for row in rows}


_NUMBERED = text(
    "SELECT t.number, t.id FROM task_words w JOIN task t ON t.project_id = w.project_id AND t.id = w.id "
    "WHERE w.project_id = :project AND w.title @@ CAST(:words AS tsquery)"
)
