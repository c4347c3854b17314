"""Reading JSON that others wrote: whole where it is sound, piece by piece where it is not, and no exception for a wrong piece.

Shapes are msgspec structs whose fields have defaults; nested lists are `list[Raw]`, so that one bad element does not cost its neighbours.
Not here: what a format's pieces mean.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from server.domain.errors import Invalid
from server.formats.report import Findings

Shape = TypeVar("Shape")

_SLICE = 1024 * 1024
_LOOSE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|NaN|-?Infinity', re.DOTALL)
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)


def document(content: bytes) -> Raw:
    """The file as sound JSON in UTF-8, without byte order mark and lone surrogates; not copied where it is that already.

    Raises `Invalid` when it is not JSON.
    """
    sound = _utf8(content)
    wrong = _fault(sound)
    if wrong is not None:
        sound = _LOOSE.sub(_repaired, sound)
        wrong = _fault(sound)
    if wrong is not None:
        raise Invalid(_says(wrong, sound))
    return Raw(sound)


def opened(content: bytes, shape: type[Shape], what: str, findings: Findings) -> Shape:
    """The whole file as `shape`, its pieces unread yet. Raises `Invalid` when it is not one JSON object."""
    raw = document(content)
    if _members(raw) is None:
        raise Invalid(f"The file is not {what}.")
    board = read(raw, shape, "board", findings)
    if board is None:
        raise Invalid(f"The file is not {what}.")
    return board


def read(raw: Raw, shape: type[Shape], what: str, findings: Findings) -> Shape | None:
    """`raw` as `shape`, `what` being its name in the report. Wrong fields stay at their defaults; None without a required one."""
    try:
        return msgspec.json.decode(raw, type=shape, strict=False)
    except (msgspec.DecodeError, RecursionError):
        return _field_by_field(raw, shape, what, findings)


def read_all(raws: Iterable[Raw], shape: type[Shape], what: str, findings: Findings) -> Iterator[Shape]:
    """Every element of a list that can be read as `shape`."""
    for raw in raws:
        piece = read(raw, shape, what, findings)
        if piece is not None:
            yield piece


def grouped(found: Iterable[Shape], key: Callable[[Shape], str]) -> dict[str, list[Shape]]:
    """The pieces by what they belong to, in the file's order."""
    groups: dict[str, list[Shape]] = {}
    for piece in found:
        groups.setdefault(key(piece), []).append(piece)
    return groups


def moment(text: str | None) -> datetime | None:
    """An RFC 3339 time, taken as UTC where it names no zone; None when it is not one."""
    try:
        when = datetime.fromisoformat(text or "")
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def second(value: float | None) -> datetime | None:
    """A Unix time in seconds; None when there is none or it is out of range."""
    try:
        return datetime.fromtimestamp(value, UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None


def _utf8(content: bytes) -> bytes | memoryview:
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return content.decode("utf-16").encode()
        decoder = codecs.getincrementaldecoder("utf-8")()
        view = memoryview(content)
        for start in range(0, len(content), _SLICE):
            decoder.decode(view[start : start + _SLICE])
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise Invalid("The file is not text in UTF-8.") from None
    return view[3:] if content.startswith(codecs.BOM_UTF8) else content


def _fault(content: bytes | memoryview) -> Exception | None:
    """What the decoder has against the whole."""
    try:
        msgspec.json.decode(content, type=Raw)
        return None
    except (msgspec.DecodeError, RecursionError) as wrong:
        return wrong


def _says(wrong: Exception, content: bytes | memoryview) -> str:
    if "truncated" in str(wrong):
        return "The file ends in the middle; it was not saved or sent completely."
    place = re.search(r"byte (\d+)", str(wrong))
    if place is None:
        return "The file is not JSON that can be read."
    before = bytes(content[: int(place[1])])
    line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
    return f"The file is not JSON (line {line}, column {column})."


def _repaired(found: re.Match[bytes]) -> bytes:
    """What the strict decoder refuses and other programs write all the same: NaN, and escapes of half a character."""
    return _ESCAPE.sub(_whole, found[0]) if found[0].startswith(b'"') else b"null"


def _whole(found: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if found["half"] else found[0]


def _field_by_field(raw: Raw, shape: type[Shape], what: str, findings: Findings) -> Shape | None:
    fields = _members(raw)
    if fields is None:
        findings.dropped(f"Unreadable pieces of the file: {what}.")
        return None
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(shape):  # type: ignore[arg-type]  # every shape is a struct
        given = fields.get(field.encode_name)
        if given is None or bytes(given) == b"null":
            continue
        try:
            values[field.name] = msgspec.json.decode(given, type=field.type, strict=False)
        except (msgspec.DecodeError, RecursionError):
            findings.dropped(f"Unreadable pieces of the file: {what} with a wrong `{field.encode_name}`.")
    try:
        return shape(**values)
    except TypeError:
        findings.dropped(f"Unreadable pieces of the file: {what} without an id.")
        return None


def _members(raw: Raw) -> dict[str, Raw] | None:
    try:
        return msgspec.json.decode(raw, type=dict[str, Raw])
    except (msgspec.DecodeError, RecursionError):
        return None
