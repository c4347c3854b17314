"""Which format a file has, told by its first bytes and only then by its name. Not here: whether the rest of it is sound."""

import re
from collections.abc import Iterator
from typing import Literal

from server.domain.errors import Invalid

Format = Literal["trello", "csv", "xlsx", "planka", "wekan", "deck", "lockstep_json", "lockstep_ndjson"]

HEAD_BYTES = 64 * 1024
"""How much of a file `detect` wants to see; more does not help, less may do."""

_LINES = 20
"""Among which that of a table's headers is."""

_WANTED = "Boards come as JSON of Trello, Planka, WeKan, Nextcloud Deck or Lockstep, as CSV or as XLSX."

_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "The file is compressed with gzip; unpack it and choose the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "The file is a 7z archive; unpack it and choose the file inside."),
    (b"Rar!", "The file is a RAR archive; unpack it and choose the file inside."),
    (
        b"\xd0\xcf\x11\xe0",
        "The file is an Excel workbook of the old kind (.xls) or behind a password; save it as a plain .xlsx or CSV.",
    ),
    (b"%PDF", f"The file is a PDF, which has no cards to read. {_WANTED}"),
    (b"\x89PNG", f"The file is a picture. {_WANTED}"),
    (b"\xff\xd8\xff", f"The file is a picture. {_WANTED}"),
    (b"GIF8", f"The file is a picture. {_WANTED}"),
    (b"SQLite format 3", f"The file is a database. {_WANTED}"),
)
_ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"word/", "The file is a Word document; save its table as CSV."),
    (b"opendocument", "The file is an OpenDocument; save the sheet as .xlsx or CSV."),
    (
        b"board.jsonl",
        "The file is a Focalboard archive, which is not read; export the board as CSV (⋯ → Export to CSV).",
    ),
    (b"data.json", "The file is Vikunja's data export, which is not read; bring its tasks as CSV."),
)
_TRELLO_KEYS = frozenset(
    {"lists", "cards", "idBoard", "idOrganization", "idMemberCreator", "idTags", "labelNames", "shortLink"}
)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?|[{}\[\]]')
_OURS = re.compile(r'"format"\s*:\s*"lockstep')


def detect(name: str, head: bytes) -> Format:
    """The format of the file called `name` that begins with `head`. Raises `Invalid` with what the file is instead."""
    for magic, sentence in _BINARY:
        if head.startswith(magic):
            raise Invalid(sentence)
    if head.startswith(b"PK"):
        return _archive(head)
    text = _text(head)
    match text.lstrip()[:1]:
        case "":
            raise Invalid("The file is empty.")
        case "{" | "[":
            return _json(text.strip())
        case "<":
            raise Invalid(_markup(text))
        case _:
            return _lines(name, text)


def _archive(head: bytes) -> Format:
    if b"xl/" in head:
        return "xlsx"
    for sign, sentence in _ARCHIVES:
        if sign in head:
            raise Invalid(sentence)
    raise Invalid("The file is a ZIP archive; unpack it and choose the file inside.")


def _text(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore")
    if b"\x00" in head[:1_000]:
        if head[:1_000].count(b"\x00") * 3 > len(head[:1_000]):
            raise Invalid("The file is text in UTF-16 without its mark; save it as UTF-8.")
        raise Invalid(f"The file is not text. {_WANTED}")
    return head.decode("utf-8-sig", "replace")


def _markup(text: str) -> str:
    beginning = text.lstrip()[:2_000].lower()
    if beginning.startswith(("<!doctype html", "<html")):
        return "The file is a web page, perhaps that of a sign-in; download the export itself."
    if "jira" in beginning:
        return "The file is Jira's XML, which is not read; in Jira choose “Export” → “Export CSV (all fields)”."
    return f"The file is XML. {_WANTED}"


def _json(text: str) -> Format:
    first, _, rest = text.partition("\n")
    if rest.lstrip().startswith("{") and first.rstrip().endswith("}"):
        if _OURS.search(first):
            return "lockstep_ndjson"
        raise Invalid("The file holds lines of JSON, but they are not an export of Lockstep.")
    keys = frozenset(_keys(text if text.startswith("{") else text[1:].lstrip()))
    if "format" in keys and _OURS.search(text):
        return "lockstep_json"
    if "_format" in keys or {"_id", "lists"} <= keys:
        return "wekan"
    if "stacks" in keys or ("boards" in keys and re.search(r'"boards"\s*:\s*\{', text)):
        return "deck"
    if keys & {"included", "item"}:
        return "planka"  # a list of its answers, too
    if text.startswith("["):
        raise Invalid(f"The file is a list in JSON, but not that of a board. {_WANTED}")
    if keys & _TRELLO_KEYS:
        return "trello"
    raise Invalid(f"The file is JSON, but not that of a board. {_WANTED}")


def _keys(text: str) -> Iterator[str]:
    """The names at the top of a JSON object of which perhaps only the beginning is there."""
    depth = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in "{[":
            depth += 1
        elif token in "}]":
            depth -= 1
        elif depth == 1 and found[1]:
            yield token.rstrip(" \t\r\n:")[1:-1]


def _lines(name: str, text: str) -> Format:
    if text.lstrip().startswith("BEGIN:VCALENDAR"):
        raise Invalid(f"The file is a calendar. {_WANTED}")
    if name.lower().endswith((".csv", ".tsv", ".tab", ".txt")):
        return "csv"
    beginning = text.strip().splitlines()[:_LINES]
    if name.lower().endswith(".json") or not any(re.search(r"[,;\t|]", line) for line in beginning):
        raise Invalid(f"The file is text, but not a board. {_WANTED}")
    return "csv"
