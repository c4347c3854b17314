"""The pieces of a Nextcloud Deck export that we read; none but an id may be relied on."""

from typing import Any

import msgspec
from msgspec import Raw


class _Piece(msgspec.Struct, frozen=True, kw_only=True):
    pass


class User(_Piece, frozen=True, kw_only=True):
    uid: str
    displayname: str = ""


class Share(_Piece, frozen=True, kw_only=True):
    """Somebody, or a group (`type` 1), with whom the board is shared."""

    participant: User
    type: int = 0


class Assignment(_Piece, frozen=True, kw_only=True):
    participant: User
    type: int = 0


class Label(_Piece, frozen=True, kw_only=True):
    id: int
    title: str = ""
    color: str | None = None


class Comment(_Piece, frozen=True, kw_only=True):
    id: int | str
    message: str = ""
    actor_id: str | None = msgspec.field(default=None, name="actorId")
    created: str | None = msgspec.field(default=None, name="creationDateTime")


class Attachment(_Piece, frozen=True, kw_only=True):
    data: str = ""


class Card(_Piece, frozen=True, kw_only=True):
    id: int
    title: str = ""
    description: str | None = None
    order: float = 0
    color: str | None = None
    archived: bool = False
    done: str | None = None
    duedate: str | None = None
    startdate: str | None = None
    created: float = msgspec.field(default=0, name="createdAt")
    modified: float = msgspec.field(default=0, name="lastModified")
    deleted: float = msgspec.field(default=0, name="deletedAt")
    owner: User | str | None = None
    labels: list[Raw] = []
    assigned: list[Raw] = msgspec.field(default=[], name="assignedUsers")
    attachments: list[Raw] = []
    comments: list[Raw] = []
    comments_count: int = msgspec.field(default=0, name="commentsCount")
    depends: Any = msgspec.field(default=None, name="dependentCards")


class Stack(_Piece, frozen=True, kw_only=True):
    id: int
    title: str = ""
    order: float = 0
    done: bool = msgspec.field(default=False, name="isDoneColumn")
    deleted: float = msgspec.field(default=0, name="deletedAt")
    cards: list[Raw] = []


class Board(_Piece, frozen=True, kw_only=True):
    id: int = 0
    title: str = ""
    owner: User | str | None = None
    labels: list[Raw] = []
    acl: list[Raw] = []
    users: list[Raw] = []
    stacks: list[Raw] | dict[str, Raw] | None = None


class Export(_Piece, frozen=True, kw_only=True):
    """A file of several boards, by id; or one board itself."""

    boards: list[Raw] | dict[str, Raw] | None = None
