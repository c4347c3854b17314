"""Which line holds the headers, which dialect they are, and what each column becomes."""

import re
from collections.abc import Sequence

from server.domain.errors import Invalid
from server.formats import priorities
from server.formats.choices import Field
from server.formats.run import Run
from server.formats.table.dialects import DIALECTS, GENERAL, Dialect
from server.formats.table.grid import Grid, Line

_LOOKED_AT = 25
"""Lines at the beginning of a file among which the headers may be."""
_DATA = re.compile(r"[\d\W]+")
_ADDRESS = re.compile(r"e-?mail", re.IGNORECASE)
_SEVERAL: frozenset[Field] = frozenset(
    {"description", "labels", "assignees", "checklist", "comment", "links", "table", "ignore"}
)
_NEUTRAL = Dialect(name="", signs=frozenset(), fields={})


class Head:
    """What the table's columns are. `first`: which of the grid's lines is the first that holds a task."""

    def __init__(self, headers: tuple[str, ...], fields: Sequence[Field], dialect: Dialect, first: int) -> None:
        self.headers, self.fields, self.dialect, self.first = headers, tuple(fields), dialect, first
        self._of: dict[Field, list[int]] = {}
        for n, field in enumerate(self.fields):
            self._of.setdefault(field, []).append(n)
        self._under = {_key(header): n for n, header in reversed(list(enumerate(headers)))}

    def of(self, field: Field) -> Sequence[int]:
        """The columns that become `field`."""
        return self._of.get(field, ())

    def under(self, header: str) -> int | None:
        """The first column with that header, in any case."""
        return self._under.get(header)


def head(grid: Grid, run: Run) -> Head:
    """Raises `Invalid` when nothing can be a title."""
    at, dialect = _found(grid.lines)
    headers = _names(grid, at, run)
    first = at + 1 if at >= 0 else 0
    if at > 0:
        run.findings.dropped("Lines before the headers.", f"line {grid.lines[0].number}", count=at)
    fields = _fields(headers, dialect, run)
    if "title" not in fields:
        fields = _titled(headers, fields, grid.lines[first:], run)
    return Head(headers, fields, dialect, first)


def _found(lines: Sequence[Line]) -> tuple[int, Dialect]:
    """Which line the headers are; -1 where there are none."""
    beginning = [[_key(cell) for cell in line.cells] for line in lines[:_LOOKED_AT]]
    for at, keys in enumerate(beginning):
        for dialect in DIALECTS:
            if dialect.signs <= frozenset(keys):
                return at, dialect
    known = [sum(_known(key) for key in keys) for keys in beginning]
    most = max(known)
    if most >= 2 or (most == 1 and known[0] == 1):
        return known.index(most), _NEUTRAL
    return (0 if _looks_like_headers(lines[0].cells) and len(lines) > 1 else -1), _NEUTRAL


def _names(grid: Grid, at: int, run: Run) -> tuple[str, ...]:
    width = max(len(line.cells) for line in grid.lines)
    if at < 0:
        run.findings.guessed("The headers: the first line is taken for a task.")
        return tuple(f"Column {n + 1}" for n in range(width))
    names = [" ".join(cell.split()) for cell in grid.lines[at].cells]
    while names and not names[-1]:
        names.pop()
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        run.findings.mapped("Columns of the same name; their cells were put together.", name, count=names.count(name))
    return tuple(name or f"Column {n + 1}" for n, name in enumerate(names))


def _fields(headers: Sequence[str], dialect: Dialect, run: Run) -> list[Field]:
    """As chosen, as the dialect says, or as headers are usually meant. What a task has once comes from one header only: of two that are
    guessed the first counts, and the other is kept in the table."""
    sure = [run.choices.columns.get(header) or dialect.fields.get(_key(header)) for header in headers]
    claimed = {field: header for header, field in zip(headers, sure, strict=True) if field is not None}
    fields: list[Field] = []
    for header, field in zip(headers, sure, strict=True):
        meant = field or _guessed(_key(header))
        if field is None and meant not in _SEVERAL and claimed.setdefault(meant, header) != header:
            meant = "table"
        fields.append(meant)
    return fields


def _guessed(key: str) -> Field:
    if key in GENERAL:
        return GENERAL[key]
    if priorities.is_priority(key):
        return "priority"
    return "ignore" if _ADDRESS.search(key) else "table"


def _titled(headers: Sequence[str], fields: list[Field], lines: Sequence[Line], run: Run) -> list[Field]:
    """With the first column that has words for titles."""
    for n, field in enumerate(fields):
        told = (line.cells[n] for line in lines[:50] if n < len(line.cells))
        if (
            field == "table"
            and headers[n] not in run.choices.columns
            and any(not _DATA.fullmatch(c) for c in told if c)
        ):
            run.findings.guessed("Which column holds the titles.", headers[n])
            return [*fields[:n], "title", *fields[n + 1 :]]
    raise Invalid("No column of the table holds titles of tasks; name one in its first line, as “Title”.")


def _known(key: str) -> bool:
    return key in GENERAL or priorities.is_priority(key)


def _looks_like_headers(cells: Sequence[str]) -> bool:
    named = [cell for cell in cells if cell.strip()]
    return len(set(named)) == len(named) and not any(_DATA.fullmatch(cell) or len(cell) > 60 for cell in named)


def _key(header: str) -> str:
    return " ".join(header.split()).casefold()
