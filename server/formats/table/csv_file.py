"""CSV and TSV: which encoding, which delimiter, and the lines. Nothing a file does can make more of it than it is."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from server.domain.errors import Invalid
from server.formats.choices import Delimiter, Encoding
from server.formats.run import Run
from server.formats.table.grid import CELLS_MAX, Grid, Line

CELL_MAX = 16 * 1024 * 1024
"""Characters of one cell. Python's own limit is less than people paste."""

_SAMPLE = 64 * 1024
_SLICE = 1024 * 1024
_QUOTED = re.compile(r'"[^"]*"')
_GUARDED = re.compile(r"'[=+\-@\t\r]")


def read(content: bytes, run: Run) -> Grid:
    """The file's lines. Raises `Invalid`, naming the line, when a line or a cell is over its limit, and when there are none."""
    encoding = run.choices.encoding or _encoding(content, run)
    delimiter = run.choices.delimiter or _delimiter(_text(content, encoding).read(_SAMPLE))
    lines = [line for line in _lines(_text(content, encoding), delimiter, run) if any(map(str.strip, line.cells))]
    if lines and lines[0].cells[0].lower().startswith("sep=") and len(lines[0].cells) <= 2:
        lines = lines[1:]  # tells Excel the delimiter
    if not lines:
        raise Invalid("The file is empty.")
    return Grid(lines=lines, delimiter=delimiter, encoding=encoding)


def _encoding(content: bytes, run: Run) -> Encoding:
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _SLICE):
            decoder.decode(content[start : start + _SLICE])
        decoder.decode(b"", final=True)
        return "utf-8"
    except UnicodeDecodeError:
        run.findings.guessed("The encoding of the file: it is not UTF-8, so it was read as Windows-1252.")
        return "cp1252"


def _text(content: bytes, encoding: Encoding) -> io.TextIOWrapper:
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    return io.TextIOWrapper(io.BytesIO(content), name, errors="replace", newline="")


def _delimiter(sample: str) -> Delimiter:
    """That which cuts most of the first lines into the same number of cells, and into more than one."""
    hint = re.match(r'"?sep=([,;\t|])', sample, re.IGNORECASE)
    delimiters: tuple[Delimiter, ...] = get_args(Delimiter)
    if hint:
        return next(delimiter for delimiter in delimiters if delimiter == hint[1])
    return max(delimiters, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    csv.field_size_limit(CELL_MAX)
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    widths = Counter(len(row) for row, _ in zip(rows, range(50), strict=False) if row)
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return 0, 0
    count, width = max(wide)
    return count / widths.total(), width


def _lines(text: io.TextIOWrapper, delimiter: str, run: Run) -> Iterator[Line]:
    csv.field_size_limit(CELL_MAX)  # the process's, and always the same: nobody else reads CSV here
    watched = _Watched(text, delimiter)
    reader = csv.reader(watched, delimiter=delimiter)
    number = 0
    try:
        for row in reader:
            yield Line(number + 1, [_cleaned(cell, number + 1, run) for cell in row])
            spans, number = reader.line_num - number, reader.line_num
            if spans > 1 and watched.ended and watched.quotes % 2:
                run.findings.guessed("Where the last cell ends: its quotation mark is never closed.", f"line {number}")
    except csv.Error:
        raise Invalid(f"Line {reader.line_num}: a cell has over 16 million characters.") from None
    except UnicodeError:
        raise Invalid(f"Line {reader.line_num + 1}: the file is not in the encoding that its beginning says.") from None


class _Watched:
    """The file's physical lines, refused when one is made to burst into cells."""

    def __init__(self, text: io.TextIOWrapper, delimiter: str) -> None:
        self._text, self._delimiter = text, delimiter
        self._number = 0
        self.quotes = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self._number += 1
            self.quotes += line.count('"')
            if line.count(self._delimiter) >= CELLS_MAX and self._cells(line) > CELLS_MAX:
                raise Invalid(f"Line {self._number} has over 16,384 cells.")
            yield line
        self.ended = True

    def _cells(self, line: str) -> int:
        return _QUOTED.sub("", line).count(self._delimiter) + 1


def _cleaned(cell: str, line: int, run: Run) -> str:
    if "\x00" in cell:
        run.findings.dropped("NUL characters in cells.", f"line {line}")
        cell = cell.replace("\x00", "")
    if _GUARDED.match(cell):
        run.findings.mapped("Cells that were guarded against being formulas (') lost that guard.", f"line {line}")
        return cell[1:]
    return cell
