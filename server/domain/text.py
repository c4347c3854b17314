"""What a text, a name, a colour and a date on the board may be. Each function returns the canonical value or raises ValueError.

Lengths count code points. Lone surrogates never arrive here: the JSON decoder refuses them.
"""

import re
from datetime import UTC, date, datetime

TITLE_MAX = 200
NAME_MAX = 100
ADDRESS_MAX = 320
DESCRIPTION_MAX = 50_000
COMMENT_MAX = 20_000
CHECKLIST_TEXT_MAX = 1_000
PROJECT_DESCRIPTION_MAX = 5_000
FILE_NAME_MAX = 255

LABEL_COLORS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "gray")
"""The palette's names; a label may also carry any `#rrggbb`, shown as the nearest of these."""

_HEX_COLOR = re.compile(r"#[0-9a-f]{6}")
_NOT_IN_FILE_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What would make a path of a name, break a header, or show another name than there is."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}|$)")


def line(value: str, most: int) -> str:
    """One trimmed line of 1 to `most` characters (titles, names, checklist texts); inner line breaks become spaces."""
    trimmed = value.strip()
    if not trimmed.isprintable():
        trimmed = " ".join(trimmed.splitlines())
    if not trimmed:
        raise ValueError("must not be empty")
    return prose(trimmed, most)


def prose(value: str, most: int) -> str:
    """Free text of up to `most` characters, kept as it is."""
    if len(value) > most:
        raise ValueError(f"must have at most {most} characters")
    if "\x00" in value:
        raise ValueError("must not contain NUL characters")
    return value


def address(value: str) -> str:
    """What may be an e-mail address: a trimmed line with an `@`. Whether somebody has it is not known here."""
    if "@" not in value:
        raise ValueError("must be an e-mail address")
    return line(value, ADDRESS_MAX)


def file_name(value: str) -> str:
    """A trimmed name of 1 to 255 characters under which a file can be saved anywhere: no path, no control characters."""
    trimmed = value.strip()
    if not trimmed:
        raise ValueError("must not be empty")
    if len(trimmed) > FILE_NAME_MAX:
        raise ValueError(f"must have at most {FILE_NAME_MAX} characters")
    if trimmed in (".", "..") or _NOT_IN_FILE_NAMES.search(trimmed):
        raise ValueError("must be a file's name, without a path or control characters")
    return trimmed


def color(value: str) -> str:
    """A palette name or `#rrggbb`, in lower case."""
    lowered = value.strip().lower()
    if lowered in LABEL_COLORS or _HEX_COLOR.fullmatch(lowered):
        return lowered
    raise ValueError(f"must be #rrggbb or one of {', '.join(LABEL_COLORS)}")


def when(value: str) -> str:
    """A plain date `2026-05-12`, or an RFC 3339 time brought to UTC and whole seconds, `2026-05-12T09:30:00Z`.

    The canonical texts compare like the moments they name, so the database sorts and searches them as they are.
    """
    try:
        if not _DAY.match(value):
            raise ValueError(value)
        if len(value) == 10:
            return date.fromisoformat(value).isoformat()
        moment = datetime.fromisoformat(value.upper())
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError):
        raise ValueError("must be a date (2026-05-12) or a time with its zone (2026-05-12T09:30:00Z)") from None
