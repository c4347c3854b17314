"""XLSX: the table with real dates, a row at a time, so that a board of any size takes the same memory.

Every text is a text cell, whatever it begins with: nothing in the file is a formula or a link.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO

import xlsxwriter

from server.formats import fitting
from server.formats.exports.cards import BoardHead, Card
from server.formats.exports.table import COLUMNS

CELL_MAX = 32_767
"""Characters that a cell can hold; a longer description is cut, with `…` at its end."""

_DATES = ("Start", "Due")
_WIDTHS = {"Title": 50, "Column": 16, "Labels": 20, "Assignees": 20, "Description": 60, "Checklist": 40}


class Workbook:
    def __init__(self, out: IO[bytes], head: BoardHead) -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(out, {"constant_memory": True, "remove_timezone": True, **plain})
        self._book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  # no file tells when it was made
        self._sheet = self._book.add_worksheet("Tasks")
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        for n, name in enumerate(COLUMNS):
            self._sheet.set_column(n, n, _WIDTHS.get(name, 12))
        for n, name in enumerate(COLUMNS):
            self._sheet.write_string(0, n, name, bold)
        self._row = 0

    def cards(self, page: Sequence[Card]) -> None:
        for card in page:
            self._row += 1
            for n, (name, value) in enumerate(COLUMNS.items()):
                cell = value(card)
                if cell:  # an empty one takes time and room, too
                    self._write(n, _dated(str(cell)) if name in _DATES else cell)

    def end(self) -> None:
        self._book.close()

    def _write(self, column: int, cell: str | int | date) -> None:
        match cell:
            case datetime():
                self._sheet.write_datetime(self._row, column, cell, self._moment)
            case date():
                self._sheet.write_datetime(self._row, column, cell, self._day)
            case str():
                self._sheet.write_string(self._row, column, fitting.cut(cell, CELL_MAX))
            case int():
                self._sheet.write_number(self._row, column, cell)


def _dated(text: str) -> date:
    """A canonical date or time as one."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
