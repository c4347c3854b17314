"""What the fields of imported records may be: the limits that people have, and those of the database. Not here: what needs other records."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import replace

from server.domain import ranks, text
from server.domain.errors import Invalid
from server.domain.records import ChecklistItem, Column, Comment, Dependency, Description, Label, Member, Record, Task

NUMBER_MAX = 999_999_999
"""The largest task number that is taken over; what is created later counts on from there."""

RANK_MAX = 200
"""Characters of a rank that is taken over. Ours stay far below; the database's index has a limit, too."""

R = TypeVar("R", bound=Record)


def canonical(record: R, pointer: str) -> R:
    """The record with canonical values. Raises `Invalid` with the place of the wrong field below `pointer`."""
    fields: dict[str, Any] = {}
    for name, rule in _RULES[type(record)].items():
        value = getattr(record, name)
        if value is None:
            continue
        try:
            fields[name] = rule(value)
        except ValueError as wrong:
            raise Invalid.at(f"{pointer}/{name}", str(wrong)) from None
    return replace(record, **fields) if fields else record


def moment(value: datetime) -> datetime:
    """In UTC, as it will come back from the database."""
    if value.tzinfo is None:
        raise ValueError("must be a time with its zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time that exists in UTC") from None


def _line(most: int) -> Callable[[str], str]:
    return lambda value: text.line(value, most)


def _prose(most: int) -> Callable[[str], str]:
    return lambda value: text.prose(value, most)


def _whole(least: int, most: int) -> Callable[[int], int]:
    def checked(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(f"must be from {least} to {most}")
        return value

    return checked


def _rank(value: str) -> str:
    if len(value) > RANK_MAX or not ranks.valid(value):
        raise ValueError("must be a rank")
    return value


def _set(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))


_RULES: dict[type[Record], dict[str, Callable[[Any], Any]]] = {
    Member: {"name": _line(text.NAME_MAX)},
    Column: {"name": _line(text.NAME_MAX), "rank": _rank, "wip_limit": _whole(1, 10_000)},
    Label: {"name": _prose(text.NAME_MAX), "color": text.color},
    Task: {
        "number": _whole(0, NUMBER_MAX),
        "rank": _rank,
        "title": _line(text.TITLE_MAX),
        "priority": _whole(1, 10),
        "start_at": text.when,
        "due_at": text.when,
        **dict.fromkeys(("label_ids", "assignee_ids"), _set),
        **dict.fromkeys(("completed_at", "archived_at", "created_at", "updated_at"), moment),
    },
    Dependency: {},
    Description: {"text": _prose(text.DESCRIPTION_MAX)},
    Comment: {"text": _prose(text.COMMENT_MAX), "created_at": moment, "edited_at": moment},
    ChecklistItem: {"rank": _rank, "text": _line(text.CHECKLIST_TEXT_MAX)},
}
