"""Records as an export carries them: all of a record but what is counted from others, and when it was deleted.

They hold nothing of the place they come from: no project, no account, no address. A test proves that no field of a record is forgotten.
Not here: how they are read (storage.exports) and written (formats.lockstep).
"""

from datetime import datetime
from uuid import UUID

import msgspec

from server.domain.records import PRIORITY_DEFAULT, Background, Category, Kind

COUNTED = {"comment_count", "checklist_total", "checklist_done", "has_description", "attachment_count"}
"""Fields of a task that follow from what belongs to it."""


class Exported(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Its fields stand in the order in which they are written."""


class ExportedProject(Exported, frozen=True, kw_only=True, tag="project"):
    """The project's own settings; whose it is and who may see it stay behind."""

    name: str
    description: str = ""
    background: Background | None = None


class ExportedMember(Exported, frozen=True, kw_only=True, tag="member"):
    """Somebody whom a record names, without account or role."""

    id: UUID
    name: str


class ExportedColumn(Exported, frozen=True, kw_only=True, tag="column"):
    id: UUID
    name: str
    rank: str
    category: Category = "todo"
    wip_limit: int | None = None
    deleted_at: datetime | None = None


class ExportedLabel(Exported, frozen=True, kw_only=True, tag="label"):
    id: UUID
    name: str
    color: str
    deleted_at: datetime | None = None


class ExportedTask(Exported, frozen=True, kw_only=True, tag="task"):
    id: UUID
    number: int
    column_id: UUID
    rank: str
    title: str
    priority: int = PRIORITY_DEFAULT
    label_ids: tuple[UUID, ...] = ()
    assignee_ids: tuple[UUID, ...] = ()
    start_at: str | None = None
    due_at: str | None = None
    completed_at: datetime | None = None
    archived_at: datetime | None = None
    created_at: datetime
    created_by: UUID | None = None
    updated_at: datetime
    deleted_at: datetime | None = None


class ExportedDescription(Exported, frozen=True, kw_only=True, tag="description"):
    id: UUID
    text: str


class ExportedComment(Exported, frozen=True, kw_only=True, tag="comment"):
    id: UUID
    task_id: UUID
    author_id: UUID | None = None
    text: str
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


class ExportedChecklistItem(Exported, frozen=True, kw_only=True, tag="checklist_item"):
    id: UUID
    task_id: UUID
    rank: str
    text: str
    done: bool = False
    deleted_at: datetime | None = None


class ExportedDependency(Exported, frozen=True, kw_only=True, tag="dependency"):
    """One that was removed is not exported: nothing brings it back."""

    id: UUID
    task_id: UUID
    depends_on_id: UUID


ExportedRecord = (
    ExportedProject
    | ExportedMember
    | ExportedColumn
    | ExportedLabel
    | ExportedTask
    | ExportedDescription
    | ExportedComment
    | ExportedChecklistItem
    | ExportedDependency
)

EXPORTED: dict[Kind, type[Exported]] = {
    "project": ExportedProject,
    "member": ExportedMember,
    "column": ExportedColumn,
    "label": ExportedLabel,
    "task": ExportedTask,
    "description": ExportedDescription,
    "comment": ExportedComment,
    "checklist_item": ExportedChecklistItem,
    "dependency": ExportedDependency,
}
"""By kind, in the order in which a file has them: each after those that it names. Attachments stay behind: a file of records has no room for them."""
