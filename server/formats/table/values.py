"""What cells say that hold more than a text: several people, labels with colours, links, comments, checklist items, yes and no."""

import re
from collections.abc import Iterator

from server.domain.records import Category
from server.formats import colors

_URL = re.compile(r"https?://[^\s,;|]+")
_COLOURED = (re.compile(r"(?P<name>.+?)\s*\((?P<color>[a-z_ ]+)\)"), re.compile(r"(?P<name>.+)-(?P<color>[a-z]+)"))
_COMMENT = re.compile(r"(?P<date>[^;\n]{6,40});(?P<author>[^;\n]{0,100});(?P<text>.*)", re.DOTALL)
_ITEM = re.compile(r"\s*(?:[-*•]\s*)?(?:\[(?P<mark>[ xX✓]?)\]|(?P<box>[▫▪☐☑✓✔]))\s*(?P<text>.+)")
_LONG = 200
_NO = frozenset(
    {"", "0", "n", "no", "false", "nein", "non", "falsch", "faux", "open", "offen", "normal", "-", "incomplete", "☐"}
)
_CATEGORIES: dict[str, Category] = {
    "to do": "todo",
    "new": "todo",
    "in progress": "in_progress",
    "indeterminate": "in_progress",
    "done": "completed",
    "complete": "completed",
    "backlog": "backlog",
    "todo": "todo",
    "in_progress": "in_progress",
    "completed": "completed",
}


def said_yes(cell: str) -> bool:
    return cell.strip().casefold() not in _NO


def category(cell: str) -> Category | None:
    return _CATEGORIES.get(cell.strip().casefold())


def people(cell: str, apart: str, several: bool) -> list[str]:
    """Names or addresses. Under a header that names one person, a comma belongs to the name, unless every part is an address."""
    parts = _split(cell, apart if apart != "," else ",;")
    if several or apart == " " or all("@" in part for part in parts):
        return parts
    return [cell.strip()] if cell.strip() else []


def labels(cell: str, apart: str) -> Iterator[tuple[str, str | None]]:
    """Names, and the name of a colour where one is told."""
    for part in _split(cell, apart if apart != "," else ",;"):
        short = part[:_LONG]  # of longer ones nothing is a label's name, and looking for a colour takes its time
        found = next((found for pattern in _COLOURED if (found := pattern.fullmatch(short))), None)
        if found and colors.is_known(found["color"]):
            yield found["name"], found["color"]
        else:
            yield short, None


def links(cell: str) -> Iterator[tuple[str, str]]:
    """Titles and addresses; of Jira's attachments (`date;author;name;address`) the name is the title."""
    for url in _URL.findall(cell):
        parts = cell.split(";")
        title = parts[-2] if len(parts) >= 4 and parts[-1].strip() == url else url.rstrip("/").rsplit("/", 1)[-1]
        yield title, url


def comment(cell: str) -> tuple[str, str, str]:
    """Date, author and text; of comments in another shape than Jira's only the text is known."""
    found = _COMMENT.fullmatch(cell.strip())
    if found and any(char.isdigit() for char in found["date"]):
        return found["date"], found["author"].strip(), found["text"]
    return "", "", cell


def items(cell: str) -> Iterator[tuple[str, bool]]:
    """Checklist items, one a line; done where the line begins with a mark."""
    for line in cell.splitlines():
        found = _ITEM.fullmatch(line)
        if found:
            yield found["text"], (found["mark"] or "").strip() != "" or found["box"] in ("▪", "☑", "✓", "✔")
        elif line.strip():
            yield line.strip(), False


def _split(cell: str, apart: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{re.escape(apart)}\n]", cell) if part.strip()]
