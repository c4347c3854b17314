"""The pieces of Planka's answers that we read, those of version 1 and 2; none but an id may be relied on."""

from typing import Any

import msgspec
from msgspec import Raw


class _Piece(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    pass


class Item(_Piece, frozen=True, kw_only=True):
    """The board itself."""

    id: str
    name: str = ""


class Included(_Piece, frozen=True, kw_only=True):
    lists: list[Raw] = []
    cards: list[Raw] = []
    labels: list[Raw] = []
    users: list[Raw] = []
    projects: list[Raw] = []
    card_memberships: list[Raw] = []
    card_labels: list[Raw] = []
    task_lists: list[Raw] = []
    tasks: list[Raw] = []
    custom_field_groups: list[Raw] = []
    base_custom_field_groups: list[Raw] = []
    custom_fields: list[Raw] = []
    custom_field_values: list[Raw] = []
    attachments: list[Raw] = []
    comments: list[Raw] = []


class Answer(_Piece, frozen=True, kw_only=True):
    """What Planka says to a request: one thing or several, and what belongs to them."""

    item: Raw = Raw(b"null")
    items: list[Raw] = []
    included: Included = Included()


class List(_Piece, frozen=True, kw_only=True):
    id: str
    name: str | None = None
    type: str = "active"
    position: float | None = None
    board_id: str = ""


class Label(_Piece, frozen=True, kw_only=True):
    id: str
    name: str | None = None
    color: str | None = None


class User(_Piece, frozen=True, kw_only=True):
    id: str
    name: str | None = None
    username: str | None = None
    email: str | None = None


class Stopwatch(_Piece, frozen=True, kw_only=True):
    total: float = 0


class Card(_Piece, frozen=True, kw_only=True):
    id: str
    list_id: str
    prev_list_id: str | None = None
    position: float | None = None
    name: str = ""
    description: str | None = None
    due_date: str | None = None
    is_due_completed: bool = False
    is_due_date_completed: bool = False
    is_closed: bool = False
    stopwatch: Stopwatch | None = None
    comments_total: int = 0
    list_changed_at: str | None = None
    creator_user_id: str | None = None
    cover_attachment_id: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class CardMembership(_Piece, frozen=True, kw_only=True):
    card_id: str
    user_id: str


class CardLabel(_Piece, frozen=True, kw_only=True):
    card_id: str
    label_id: str


class TaskList(_Piece, frozen=True, kw_only=True):
    id: str
    card_id: str
    name: str = ""
    position: float | None = None


class Task(_Piece, frozen=True, kw_only=True):
    """An item of a checklist: of a task list since version 2, of a card before."""

    id: str
    task_list_id: str = ""
    card_id: str = ""
    name: str = ""
    position: float | None = None
    is_completed: bool = False
    assignee_user_id: str | None = None


class Named(_Piece, frozen=True, kw_only=True):
    """A custom field or a group of them."""

    id: str
    name: str | None = None


class FieldValue(_Piece, frozen=True, kw_only=True):
    card_id: str
    custom_field_id: str
    content: Any = ""


class AttachmentData(_Piece, frozen=True, kw_only=True):
    url: str = ""


class Attachment(_Piece, frozen=True, kw_only=True):
    id: str
    card_id: str
    name: str = ""
    type: str = "file"
    url: str = ""
    data: AttachmentData = AttachmentData()


class Comment(_Piece, frozen=True, kw_only=True):
    id: str
    card_id: str
    text: str
    user_id: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
