"""The records of a project: what snapshots, ops and exports carry. Field names are the wire's and the tables'.

Not here: who has an account (storage.accounts), and what only the server knows of a row (storage.rows).
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Role = Literal["admin", "editor", "commenter", "viewer"]
Category = Literal["backlog", "todo", "in_progress", "completed"]
MemberKind = Literal["person", "bot"]
Background = Literal["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]
"""A quiet tint behind a board's columns, by the name of a hue that every client has."""
Visibility = Literal["workspace", "private"]
"""Who may let themselves into a project: everybody in its workspace, or nobody."""

PRIORITY_DEFAULT = 5


class Record(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something of a project with an id that is unique within its kind."""

    id: UUID


class Project(Record, frozen=True, kw_only=True):
    """`workspace_id` is null only where nobody knows any more who made it."""

    name: str
    description: str = ""
    background: Background | None = None
    workspace_id: UUID | None = None
    visibility: Visibility = "private"


class Member(Record, frozen=True, kw_only=True):
    """A person or bot of the project. Without `user_id`: imported or gone. Without `role`: no access, kept for what it did."""

    user_id: UUID | None
    name: str
    role: Role | None
    kind: MemberKind = "person"


class Column(Record, frozen=True, kw_only=True):
    name: str
    rank: str
    category: Category = "todo"
    wip_limit: int | None = None


class Label(Record, frozen=True, kw_only=True):
    name: str
    color: str


class Task(Record, frozen=True, kw_only=True):
    """A card. `start_at` and `due_at` are canonical texts (domain.text.when), all other times are moments of the database clock.

    `has_description`: its description has a text, so that whoever holds only the card can tell.
    """

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
    created_by: UUID | None
    updated_at: datetime
    comment_count: int = 0
    checklist_total: int = 0
    checklist_done: int = 0
    has_description: bool = False
    attachment_count: int = 0


class Dependency(Record, frozen=True, kw_only=True):
    """`task_id` cannot be completed before `depends_on_id` is."""

    task_id: UUID
    depends_on_id: UUID


class Description(Record, frozen=True, kw_only=True):
    """A task's long text; its id is the task's."""

    text: str


class Comment(Record, frozen=True, kw_only=True):
    task_id: UUID
    author_id: UUID | None
    text: str
    created_at: datetime
    edited_at: datetime | None = None


class ChecklistItem(Record, frozen=True, kw_only=True):
    task_id: UUID
    rank: str
    text: str
    done: bool = False


class Attachment(Record, frozen=True, kw_only=True):
    """A file on a task; its bytes are in the store of files. `size` in bytes; `media_type` is what the content looks like, never what was claimed.

    `version` counts the files of one name on the task; each is a record of its own.
    """

    task_id: UUID
    name: str
    version: int
    size: int
    media_type: str
    sha256: str
    created_at: datetime
    created_by: UUID | None


Kind = Literal[
    "project",
    "member",
    "column",
    "label",
    "task",
    "dependency",
    "description",
    "comment",
    "checklist_item",
    "attachment",
]

KINDS: dict[Kind, type[Record]] = {
    "project": Project,
    "member": Member,
    "column": Column,
    "label": Label,
    "task": Task,
    "dependency": Dependency,
    "description": Description,
    "comment": Comment,
    "checklist_item": ChecklistItem,
    "attachment": Attachment,
}
"""Every kind and its record, in the order in which one may refer to another."""

SNAPSHOT_KINDS: tuple[Kind, ...] = ("project", "member", "column", "label", "task", "dependency")
DETAIL_KINDS: tuple[Kind, ...] = ("description", "comment", "checklist_item", "attachment")
