"""The pieces of a WeKan board export that we read; none but an id may be relied on."""

from typing import Any

import msgspec
from msgspec import Raw


class _Piece(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    pass


class _Named(_Piece, frozen=True, kw_only=True):
    id: str = msgspec.field(name="_id")


class Board(_Piece, frozen=True, kw_only=True):
    title: str = ""
    description: str = ""
    lists: list[Raw] | None = None
    cards: list[Raw] | None = None
    labels: list[Raw] = []
    members: list[Raw] = []
    users: list[Raw] = []
    swimlanes: list[Raw] = []
    checklists: list[Raw] = []
    checklist_items: list[Raw] = []
    comments: list[Raw] = []
    custom_fields: list[Raw] = []
    attachments: list[Raw] = []
    rules: list[Raw] = []


class Limit(_Piece, frozen=True, kw_only=True):
    value: int = 0
    enabled: bool = False


class List(_Named, frozen=True, kw_only=True):
    title: str = ""
    sort: float = 0
    archived: bool = False
    archived_at: str | None = None
    wip_limit: Limit = Limit()


class Swimlane(_Named, frozen=True, kw_only=True):
    title: str = ""


class Label(_Named, frozen=True, kw_only=True):
    name: str = ""
    color: str | None = None


class Profile(_Piece, frozen=True, kw_only=True):
    fullname: str = ""


class User(_Named, frozen=True, kw_only=True):
    username: str = ""
    profile: Profile = Profile()


class Member(_Piece, frozen=True, kw_only=True):
    user_id: str


class FieldValue(_Named, frozen=True, kw_only=True):
    value: Any = None


class Vote(_Piece, frozen=True, kw_only=True):
    question: str = ""


class Card(_Named, frozen=True, kw_only=True):
    title: str = ""
    description: str = ""
    list_id: str = ""
    swimlane_id: str = ""
    parent_id: str | None = None
    card_number: int | None = None
    user_id: str | None = None
    members: list[str] = []
    assignees: list[str] = []
    label_ids: list[str] = []
    custom_fields: list[Raw] = []
    sort: float = 0
    archived: bool = False
    archived_at: str | None = None
    received_at: str | None = None
    start_at: str | None = None
    due_at: str | None = None
    end_at: str | None = None
    created_at: str | None = None
    modified_at: str | None = None
    date_last_activity: str | None = None
    spent_time: float = 0
    requested_by: str = ""
    assigned_by: str = ""
    color: str | None = None
    cover_id: str | None = None
    vote: Vote = Vote()


class Checklist(_Named, frozen=True, kw_only=True):
    card_id: str = ""
    title: str = ""
    sort: float = 0


class ChecklistItem(_Named, frozen=True, kw_only=True):
    checklist_id: str = ""
    card_id: str = ""
    title: str = ""
    sort: float = 0
    is_finished: bool = False


class Comment(_Named, frozen=True, kw_only=True):
    card_id: str = ""
    text: str = ""
    user_id: str | None = None
    created_at: str | None = None
    modified_at: str | None = None


class Option(_Named, frozen=True, kw_only=True):
    name: str = ""


class Settings(_Piece, frozen=True, kw_only=True):
    dropdown_items: list[Raw] = []


class CustomField(_Named, frozen=True, kw_only=True):
    name: str = ""
    settings: Settings = Settings()


class Attachment(_Named, frozen=True, kw_only=True):
    card_id: str = ""
    name: str = ""
