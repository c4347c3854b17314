"""iCalendar (RFC 5545): cards as to-dos of a file, or as events of a calendar that somebody subscribes to.

Lines are put together here and not by a library, which takes thirty times as long; a test reads them with one. A card keeps its UID, so a
calendar knows it again. Times are in UTC, plain dates are whole days, and nothing tells when the file was made.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import IO, Protocol
from uuid import UUID

from server.domain.records import Category
from server.formats.exports.cards import BoardHead, Card

LINE_BYTES = 75
_STATUS: dict[Category, str] = {
    "backlog": "NEEDS-ACTION",
    "todo": "NEEDS-ACTION",
    "in_progress": "IN-PROCESS",
    "completed": "COMPLETED",
}
_ESCAPES = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", **dict.fromkeys(map(chr, range(32)), "")} | {"\n": "\\n"}
)
HOUR_BEFORE = "-PT1H"
NOON_BEFORE = "-PT12H"
"""Before a whole day, which begins at midnight."""


class Todos:
    """Cards that are not archived, with a date or without, as VTODO."""

    def __init__(self, out: IO[bytes], head: BoardHead) -> None:
        self._out = out
        out.write(begin(head.project.name))

    def cards(self, page: Sequence[Card]) -> None:
        self._out.write(b"".join(_folded(_todo(card)) for card in page if card.archived_at is None))

    def end(self) -> None:
        self._out.write(end())


def begin(name: str) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lockstep//Lockstep//EN", "CALSCALE:GREGORIAN")
    return _folded(iter((*head, f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}")))


def end() -> bytes:
    return b"END:VCALENDAR\r\n"


class Event(Protocol):
    """What an event tells of; a card does."""

    @property
    def id(self) -> UUID: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def start_at(self) -> str | None: ...
    @property
    def due_at(self) -> str | None: ...
    @property
    def completed_at(self) -> datetime | None: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def updated_at(self) -> datetime: ...


def event(card: Event, url: str) -> bytes:
    """A card with a date as VEVENT: from its start to when it is due. `url` leads to it."""
    return _folded(_event(card, url))


def _todo(card: Card) -> Iterator[str]:
    yield "BEGIN:VTODO"
    yield from _about(card)
    yield f"STATUS:{_STATUS[card.status]}"
    yield f"PRIORITY:{min(card.priority, 9)}"
    if card.completed_at is not None:
        yield f"COMPLETED:{_utc(card.completed_at)}"
    if card.start_at and (not card.due_at or _is_span(card.start_at, card.due_at)):
        yield f"DTSTART{_dated(card.start_at)}"
    if card.due_at:
        yield f"DUE{_dated(card.due_at)}"
    yield "END:VTODO"


def _event(card: Event, url: str) -> Iterator[str]:
    ends = card.due_at or card.start_at
    assert ends is not None
    begins = card.start_at if card.start_at and _is_span(card.start_at, ends) else ends
    whole_day = len(ends) == 10
    yield "BEGIN:VEVENT"
    yield from _about(card)
    yield f"DTSTART{_dated(begins)}"
    if whole_day:
        yield f"DTEND{_dated((date.fromisoformat(ends) + timedelta(days=1)).isoformat())}"
    elif begins != ends:
        yield f"DTEND{_dated(ends)}"
    yield "TRANSP:TRANSPARENT"
    yield f"URL:{url}"
    if card.completed_at is None:
        before = f":{NOON_BEFORE}" if whole_day else f";RELATED=END:{HOUR_BEFORE}"
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(card.title)}",
            f"TRIGGER{before}",
            "END:VALARM",
        )
    yield "END:VEVENT"


def _about(card: Event) -> Iterator[str]:
    yield f"UID:{card.id}@lockstep"
    yield f"DTSTAMP:{_utc(card.updated_at)}"
    yield f"CREATED:{_utc(card.created_at)}"
    yield f"LAST-MODIFIED:{_utc(card.updated_at)}"
    yield f"SUMMARY:{_text(card.title)}"
    if card.description:
        yield f"DESCRIPTION:{_text(card.description)}"
    if card.labels:
        yield f"CATEGORIES:{','.join(map(_text, card.labels))}"


def _is_span(start: str, due: str) -> bool:
    """Whether both are days, or both are times, and in order; a calendar takes nothing else."""
    return len(start) == len(due) and start <= due if len(start) == 10 else len(start) == len(due) and start < due


def _dated(when: str) -> str:
    """A canonical date or time, with its type."""
    compact = when.replace("-", "").replace(":", "")
    return f";VALUE=DATE:{compact}" if len(when) == 10 else f":{compact}"


def _utc(when: datetime) -> str:
    return when.strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").translate(_ESCAPES)


def _folded(lines: Iterator[str]) -> bytes:
    """Lines of at most 75 bytes; a longer one goes on in the next, behind a space, and no character is cut."""
    out = bytearray()
    for line in lines:
        rest = line.encode()
        most = LINE_BYTES
        while len(rest) > most:
            cut = most
            while rest[cut] & 0xC0 == 0x80:
                cut -= 1
            out += rest[:cut] + b"\r\n "
            rest, most = rest[cut:], LINE_BYTES - 1
        out += rest + b"\r\n"
    return bytes(out)
