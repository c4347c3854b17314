"""The pieces of Vikunja's data export that we read; none but an id may be relied on."""

from typing import Any

import msgspec
from msgspec import Raw


class _Piece(msgspec.Struct, frozen=True, kw_only=True):
    pass


class User(_Piece, frozen=True, kw_only=True):
    username: str
    name: str = ""


class Label(_Piece, frozen=True, kw_only=True):
    id: int
    title: str = ""
    hex_color: str = ""


class Comment(_Piece, frozen=True, kw_only=True):
    id: int
    comment: str = ""
    author: User | None = None
    created: str | None = None
    updated: str | None = None


class File(_Piece, frozen=True, kw_only=True):
    name: str = ""


class Attachment(_Piece, frozen=True, kw_only=True):
    file: File = File()


class Related(_Piece, frozen=True, kw_only=True):
    title: str = ""


class Task(_Piece, frozen=True, kw_only=True):
    id: int
    title: str = ""
    description: str = ""
    index: int | None = None
    done: bool = False
    done_at: str | None = None
    priority: int = 0
    percent_done: float = 0
    start_date: str | None = None
    end_date: str | None = None
    due_date: str | None = None
    created: str | None = None
    updated: str | None = None
    created_by: User | None = None
    assignees: list[Raw] | None = None
    labels: list[Raw] | None = None
    comments: list[Raw] | None = None
    attachments: list[Raw] | None = None
    related_tasks: dict[str, list[Related] | None] | None = None
    bucket_id: int = 0
    position: float = 0
    kanban_position: float = 0
    repeat_after: int = 0
    reminders: list[Any] | None = None


class Bucket(_Piece, frozen=True, kw_only=True):
    id: int
    title: str = ""
    limit: int = 0
    position: float = 0
    is_done_bucket: bool = False


class InBucket(_Piece, frozen=True, kw_only=True):
    """Since a project may have several views, which task is in which bucket stands beside the tasks."""

    task_id: int
    bucket_id: int


class Project(_Piece, frozen=True, kw_only=True):
    id: int
    title: str = ""
    description: str = ""
    tasks: list[Raw] | None = None
    buckets: list[Raw] | None = None
    task_buckets: list[Raw] | None = None
