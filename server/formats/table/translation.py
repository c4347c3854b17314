"""From a grid to our records: what every kind of table has in common, and how it was read, for the person to mend."""

import re
from collections.abc import Iterator, Sequence

from server.domain.errors import Invalid
from server.formats.board import pieces
from server.formats.board.assembly import assemble
from server.formats.report import Table, Translation
from server.formats.run import Run
from server.formats.table.cards import DATED, Cards
from server.formats.table.dates import Dates, decided
from server.formats.table.grid import Grid, Line
from server.formats.table.headers import Head, head
from server.formats.table.rows import Rows

_SHOWN = 10
_SHOWN_CELL = 200
_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@(?=[^\s@])")


def translated(grid: Grid, run: Run, last_rank: str | None) -> Translation:
    """Raises `Invalid` when the table has no titles or no tasks."""
    found = head(grid, run)
    lines = grid.lines[found.first :]
    held = Rows(lines, found, run)
    if not held:
        raise Invalid("The table has headers, but no line with a task below them.")
    dates = Dates(decided(_dates(lines, found), found.dialect.date_order, run), run)
    _note_ignored(lines, found, run)
    cards = Cards(held, found, dates, run)
    board = pieces.Board(
        name=(next(iter(held)).named(found.dialect.board) if found.dialect.board else "")
        or grid.sheet
        or "Imported table",
        lists=cards.lists(),
        labels=cards.labels(),
        people=list(cards.people.known.values()),
        places=cards.places(),
        card=cards.read,
    )
    return assemble(board, run, last_rank, table=_described(grid, found, dates))


def _dates(lines: Sequence[Line], found: Head) -> Iterator[str]:
    columns = [n for field in DATED for n in found.of(field)]
    return (line.cells[n] for line in lines for n in columns if n < len(line.cells))


def _note_ignored(lines: Sequence[Line], found: Head, run: Run) -> None:
    for n in found.of("ignore"):
        cells = sum(n < len(line.cells) and bool(line.cells[n].strip()) for line in lines)
        if cells:
            run.findings.dropped("Cells of columns that are left out.", found.headers[n], count=cells)


def _described(grid: Grid, found: Head, dates: Dates) -> Table:
    lines = grid.lines[found.first : found.first + _SHOWN]
    return Table(
        headers=found.headers,
        columns=dict(zip(found.headers, found.fields, strict=True)),
        rows=tuple(tuple(map(_shown, line.cells[: len(found.headers)])) for line in lines),
        dialect=found.dialect.name or None,
        sheet=grid.sheet,
        delimiter=grid.delimiter,
        encoding=grid.encoding,
        date_order=dates.order,
    )


def _shown(cell: str) -> str:
    """A preview is kept for a while, addresses are not."""
    return _ADDRESS.sub("…@", cell[:_SHOWN_CELL])
