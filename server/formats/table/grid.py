"""A table as it stands in a file: lines of cells, all of them text."""

import msgspec

from server.formats.choices import Delimiter, Encoding

CELLS_MAX = 16_384
"""Cells of one line; a spreadsheet has no more."""


class Line(msgspec.Struct, frozen=True):
    """`number` is that of the line in the file (or of the row of the sheet), from 1."""

    number: int
    cells: list[str]


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """Without lines that are all empty."""

    lines: list[Line]
    delimiter: Delimiter | None = None
    encoding: Encoding | None = None
    sheet: str | None = None
