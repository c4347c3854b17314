"""Reading JSON that others wrote: whole where it is sound, piece by piece where it is not, and no exception for a wrong piece.

Shapes are msgspec structs whose fields have defaults; nested lists are `list[Raw]`, so that one bad element does not cost its neighbours.
Not here: what a format's pieces mean.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from server.domain.errors import Invalid
from server.formats.report import Findings

Shape = TypeVar("Shape")


def document(content: bytes) -> bytes:
    """The file as sound JSON in UTF-8, without byte order mark and lone surrogates. Raises `Invalid` when it is not JSON."""
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is not text in UTF-8.") from None
    sound = text.encode()
    try:
        msgspec.json.decode(sound, type=Raw)
        return sound
    except (msgspec.DecodeError, RecursionError):
        return _repaired(text)


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


def moment(text: str | None) -> datetime | None:
    """An RFC 3339 time, taken as UTC where it names no zone; None when it is not one."""
    try:
        when = datetime.fromisoformat(text or "")
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _repaired(text: str) -> bytes:
    """What the strict decoder refuses and other programs write all the same: NaN, and escapes of half a character."""
    try:
        lenient = json.dumps(json.loads(text, parse_constant=lambda _: None), ensure_ascii=False)
    except json.JSONDecodeError as wrong:
        if wrong.pos >= len(text.rstrip()) or wrong.msg.startswith("Unterminated"):
            raise Invalid("The file ends in the middle; it was not saved or sent completely.") from None
        raise Invalid(f"The file is not JSON (line {wrong.lineno}, column {wrong.colno}).") from None
    except (ValueError, RecursionError):
        raise Invalid("The file is not JSON that can be read.") from None
    return lenient.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


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
