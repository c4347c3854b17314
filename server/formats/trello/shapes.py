"""The pieces of a Trello board export that we read. Everything else in the file is skipped without being built.

The fields are those of real exports from 2015 to 2026; none but an id may be relied on.
"""

from typing import Any

import msgspec
from msgspec import Raw


class _Piece(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    pass


class Board(_Piece, frozen=True, kw_only=True):
    id: str = ""
    name: str = ""
    desc: str = ""
    lists: list[Raw] | None = None
    cards: list[Raw] | None = None
    labels: list[Raw] = []
    members: list[Raw] = []
    checklists: list[Raw] = []
    custom_fields: list[Raw] = []
    actions: list[Raw] = []
    id_list: str | None = None
    """Only in the export of a single card."""


class List(_Piece, frozen=True, kw_only=True):
    id: str
    name: str = ""
    closed: bool = False
    pos: float = 0
    soft_limit: int | None = None


class Badges(_Piece, frozen=True, kw_only=True):
    comments: int = 0
    votes: int = 0


class Cover(_Piece, frozen=True, kw_only=True):
    color: str | None = None
    id_attachment: str | None = None
    id_uploaded_background: str | None = None


class Card(_Piece, frozen=True, kw_only=True):
    id: str
    id_list: str = ""
    id_short: int | None = None
    name: str = ""
    desc: str = ""
    closed: bool = False
    date_closed: str | None = None
    pos: float = 0
    start: str | None = None
    due: str | None = None
    due_complete: bool = False
    due_reminder: int | None = None
    date_completed: str | None = None
    date_last_activity: str | None = None
    id_member_creator: str | None = None
    id_members: list[str] = []
    id_labels: list[str] = []
    labels: list[Raw] = []
    attachments: list[Raw] = []
    custom_field_items: list[Raw] = []
    badges: Badges = Badges()
    cover: Cover = Cover()
    is_template: bool = False
    mirror_source_id: str | None = None
    recurrence_rule: Any = None
    plugin_data: list[Raw] = []
    location_name: str | None = None
    address: str | None = None


class Attachment(_Piece, frozen=True, kw_only=True):
    id: str = ""
    name: str = ""
    url: str = ""
    is_upload: bool = False
    pos: float = 0


class Label(_Piece, frozen=True, kw_only=True):
    id: str
    name: str = ""
    color: str | None = None


class Member(_Piece, frozen=True, kw_only=True):
    id: str
    full_name: str | None = None
    username: str | None = None


class CheckItem(_Piece, frozen=True, kw_only=True):
    id: str
    name: str = ""
    state: str = "incomplete"
    pos: float = 0
    due: str | None = None
    id_member: str | None = None


class Checklist(_Piece, frozen=True, kw_only=True):
    id: str
    id_card: str = ""
    name: str = ""
    pos: float = 0
    check_items: list[Raw] = []


class Option(_Piece, frozen=True, kw_only=True):
    id: str
    value: dict[str, Any] = {}


class CustomField(_Piece, frozen=True, kw_only=True):
    id: str
    name: str = ""
    type: str = "text"
    pos: float = 0
    options: list[Raw] = []


class CustomFieldItem(_Piece, frozen=True, kw_only=True):
    id_custom_field: str
    id_value: str | None = None
    value: dict[str, Any] | None = None


class Mentioned(_Piece, frozen=True, kw_only=True):
    """A card, list or member as an action speaks of it."""

    id: str = ""
    name: str | None = None
    closed: bool | None = None


class ActionData(_Piece, frozen=True, kw_only=True):
    text: str = ""
    date_last_edited: str | None = None
    card: Mentioned = Mentioned()
    list: Mentioned = Mentioned()
    list_after: Mentioned | None = None
    member: Mentioned | None = None
    old: dict[str, Any] = {}


class Action(_Piece, frozen=True, kw_only=True):
    id: str
    type: str = ""
    date: str | None = None
    id_member_creator: str | None = None
    member_creator: Member | None = None
    data: ActionData = ActionData()
