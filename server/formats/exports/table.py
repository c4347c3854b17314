"""A card a row: what the columns of CSV and XLSX are, and CSV itself (RFC 4180).

A cell that a spreadsheet would take for a formula gets an apostrophe in front: a title may say `=HYPERLINK(…)`, and must never do it.
"""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import IO

from server.formats.exports.cards import BoardHead, Card

Cell = str | int | datetime | None

COLUMNS: dict[str, Callable[[Card], Cell]] = {
    "Number": lambda card: card.number,
    "Title": lambda card: card.title,
    "Column": lambda card: card.column,
    "Status": lambda card: card.status,
    "Priority": lambda card: card.priority,
    "Labels": lambda card: ", ".join(card.labels),
    "Assignees": lambda card: ", ".join(card.assignees),
    "Start": lambda card: card.start_at,
    "Due": lambda card: card.due_at,
    "Completed": lambda card: card.completed_at,
    "Archived": lambda card: card.archived_at,
    "Created": lambda card: card.created_at,
    "Created by": lambda card: card.created_by,
    "Updated": lambda card: card.updated_at,
    "Description": lambda card: card.description,
    "Checklist": lambda card: "\n".join(f"[{'x' if step.done else ' '}] {step.text}" for step in card.steps),
}

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Csv:
    """With `bom` spreadsheets that guess take it for UTF-8."""

    def __init__(self, out: IO[bytes], head: BoardHead, *, bom: bool = False) -> None:
        self._out = out
        out.write(("\ufeff" if bom else "").encode())
        self._write([list(COLUMNS)])

    def cards(self, page: Sequence[Card]) -> None:
        self._write([[_text(value(card)) for value in COLUMNS.values()] for card in page])

    def end(self) -> None:
        """There is nothing more to write."""

    def _write(self, rows: list[list[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        self._out.write(text.getvalue().encode())


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def moment(when: datetime) -> str:
    """In UTC, to the second."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return moment(cell)
        case str():
            return guarded(cell)
        case _:
            return str(cell)
