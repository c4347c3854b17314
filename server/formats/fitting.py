"""Foreign texts made to fit the board: one line, no characters it refuses, within its lengths. Not here: which text goes where."""

import re

from server.domain import text

# What nobody typed on purpose: C0 controls other than tab and line feed, and DEL.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ELLIPSIS = "…"


def line(value: str) -> str:
    """The text on one line, trimmed; may be empty, may be too long."""
    return " ".join(prose(value).split())


def prose(value: str) -> str:
    """The text with line feeds only and without control characters."""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def cut(value: str, most: int) -> str:
    """At most `most` characters, cut between words where there are any, with `…` at the end if something is missing."""
    if len(value) <= most:
        return value
    head = value[: most - len(_ELLIPSIS)]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > most // 2 else head).rstrip() + _ELLIPSIS


def date(value: str | None) -> str | None:
    """The canonical start or due date; None when there is none or it is not one."""
    try:
        return text.when(value) if value else None
    except ValueError:
        return None


def cell(value: str) -> str:
    """The text inside a cell of a Markdown table."""
    return line(value).replace("\\", "\\\\").replace("|", "\\|")


def link(title: str, url: str) -> str:
    """A Markdown link; a URL that is not for a browser is shown as it is instead."""
    shown = line(title) or line(url)
    if not re.match(r"https?://", url, re.IGNORECASE):
        return f"{shown} `{line(url).replace('`', '')}`"
    escaped = re.sub(r"([\[\]\\])", r"\\\1", shown)
    target = re.sub(r"[\s<>]", lambda found: f"%{ord(found[0]):02X}", prose(url).strip())
    return f"[{escaped}](<{target}>)"


def shown(date: str) -> str:
    """A canonical date for people, inside a text: `2026-05-12` or `2026-05-12 09:30 UTC`."""
    return date if len(date) == 10 else f"{date[:10]} {date[11:16]} UTC"
