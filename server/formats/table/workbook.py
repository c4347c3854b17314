"""XLSX: the first sheet that holds anything, its cells as text. Values are taken, formulas never run, nothing outside is fetched."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time

import openpyxl

from server.domain.errors import Invalid
from server.formats.archive import Archive
from server.formats.run import Run
from server.formats.table import parts
from server.formats.table.grid import Grid, Line

WIDTH_MAX = 1_024
"""Columns that are read. Sheets have room for 16,384, and a few bytes can claim the last of them in every row."""

_DAMAGED = "The file is not a workbook of Excel (.xlsx), or it is damaged."
_WIDE_ROWS_MAX = 1_000


def read(content: bytes, run: Run) -> Grid:
    """The sheet's rows. Raises `Invalid` when the file is no workbook, would burst, or holds nothing."""
    archive = Archive(content, _DAMAGED)
    formulas = parts.holds_formulas(archive)
    parts.note_losses(archive, run)
    try:
        grid = _sheet(content, run)
        if formulas:
            _note_formulas(content, grid.sheet or "", run)
        return grid
    except Invalid:
        raise
    except Exception:  # whatever the library makes of bytes that only look like a workbook
        raise Invalid(_DAMAGED) from None


def _sheet(content: bytes, run: Run) -> Grid:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    found: Grid | None = None
    for sheet in book.worksheets:
        if found is not None:
            run.findings.dropped("Other sheets of the workbook.", sheet.title)
            continue
        sheet.reset_dimensions()  # what a sheet says of its size is not to be believed
        lines = list(_lines(sheet.iter_rows(values_only=True), run))
        if lines:
            found = Grid(lines=lines, sheet=sheet.title)
    if found is None:
        raise Invalid("The workbook is empty.")
    return found


def _lines(rows: Iterator[tuple[object, ...]], run: Run) -> Iterator[Line]:
    wide = 0
    for number, row in enumerate(rows, 1):
        wide += len(row) > WIDTH_MAX
        if wide > _WIDE_ROWS_MAX or (len(row) > WIDTH_MAX and any(value is not None for value in row[WIDTH_MAX:])):
            raise Invalid(f"Row {number} has over 1,024 cells.")
        cells = [_shown(value) for value in row[:WIDTH_MAX]]
        for n, cell in enumerate(cells):
            if cell.startswith("#") and cell in _ERRORS:
                run.findings.dropped("Cells that hold an error.", f"row {number}, column {n + 1}: {cell}")
                cells[n] = ""
        if any(cell.strip() for cell in cells):
            yield Line(number, cells)


def _note_formulas(content: bytes, title: str, run: Run) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheet = book[title]
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                run.findings.mapped("Formulas became the values that were saved with them.", cell.coordinate)


_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)
