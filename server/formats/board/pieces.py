"""A board as any program knows it: what readers of foreign files bring, whatever the file looks like, and all that `assembly` asks for.

Ids are the file's own, unique within the import and a kind. Texts are as they stand in the file; `assembly` makes them fit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from server.domain.records import Category
from server.formats.report import Person


class _Piece(msgspec.Struct, frozen=True, kw_only=True):
    pass


class List(_Piece, frozen=True, kw_only=True):
    """A column. `category` is what the file says it stands for; None: its name has to tell."""

    id: str
    name: str = ""
    pos: float = 0
    archived: bool = False
    limit: int | None = None
    category: Category | None = None


class Label(_Piece, frozen=True, kw_only=True):
    """`color` is one of the palette or `#rrggbb`; None when it has none."""

    id: str
    name: str = ""
    color: str | None = None


class Item(_Piece, frozen=True, kw_only=True):
    id: str
    text: str = ""
    done: bool = False
    due: str | None = None
    person: str | None = None


class Checklist(_Piece, frozen=True, kw_only=True):
    name: str = ""
    items: Sequence[Item] = ()
    """In order."""


class Said(_Piece, frozen=True, kw_only=True):
    """A comment."""

    id: str
    text: str = ""
    author: str | None = None
    created: datetime | None = None
    edited: datetime | None = None


class Link(_Piece, frozen=True, kw_only=True):
    title: str = ""
    url: str = ""


class Place(_Piece, frozen=True, kw_only=True):
    """Where a card stands, which has to be known of all cards before any can be made."""

    id: str
    list: str = ""
    pos: float = 0
    number: int | None = None


class Card(_Piece, frozen=True, kw_only=True):
    """`start` and `due` are dates or RFC 3339 times. `marked_done`: complete wherever it stands. `archived_at`: when, if it is archived and
    the file tells; `completed_at` likewise."""

    id: str
    list: str = ""
    title: str = ""
    description: str = ""
    priority: int | None = None
    labels: Sequence[str] = ()
    people: Sequence[str] = ()
    author: str | None = None
    start: str | None = None
    due: str | None = None
    marked_done: bool = False
    completed_at: datetime | None = None
    archived: bool = False
    archived_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    fields: Sequence[tuple[str, str]] = ()
    links: Sequence[Link] = ()
    checklists: Sequence[Checklist] = ()
    comments: Sequence[Said] = ()


class Board(_Piece, frozen=True, kw_only=True):
    """`card` is called once for each of `places`; what it learns of labels may grow `labels` until the last call."""

    name: str = ""
    description: str = ""
    lists: Iterable[List] = ()
    labels: Mapping[str, Label] = {}
    people: Sequence[Person] = ()
    """Those on it."""
    strangers: Mapping[str, Person] = {}
    """Those who left, as far as the file remembers them."""
    places: Sequence[Place] = ()
    card: Callable[[str], Card]
    list_archived_at: Callable[[str], datetime | None] = lambda _: None
