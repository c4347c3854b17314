"""The lines of the table, each with what its cells became."""

from collections.abc import Iterator, Sequence

from server.formats.choices import Field
from server.formats.run import Run
from server.formats.table.grid import Line
from server.formats.table.headers import Head

Cells = Sequence[tuple[str, str]]
"""What stands in them, each after its header."""


class Row:
    __slots__ = ("_cells", "_head", "_of", "id", "number")

    def __init__(self, line: Line, head: Head) -> None:
        self.number = line.number
        self.id = f"row {line.number}"
        self._cells, self._head = line.cells, head
        self._of: dict[Field, list[tuple[str, str]]] = {}
        for cell, header, field in zip(line.cells, head.headers, head.fields, strict=False):
            if cell and not cell.isspace():
                self._of.setdefault(field, []).append((header, cell))

    def all(self, field: Field) -> Cells:
        """Every cell with something in it that became `field`."""
        return self._of.get(field, ())

    def one(self, field: Field) -> str:
        """What such cells say together."""
        return "\n\n".join(cell.strip() for _, cell in self._of[field]) if field in self._of else ""

    def named(self, header: str) -> str:
        """The cell under a header (in lower case) that only one dialect has; empty without one."""
        n = self._head.under(header)
        return self._cells[n].strip() if n is not None and n < len(self._cells) else ""


class Rows:
    """Made anew each time they are asked for: a large table is held once. Cells beyond the headers are left out and told."""

    def __init__(self, lines: Sequence[Line], head: Head, run: Run) -> None:
        self._head = head
        self._lines = {f"row {line.number}": line for line in lines}
        width = len(head.headers)
        for line in lines:
            beyond = sum(bool(cell.strip()) for cell in line.cells[width:])
            if beyond:
                run.findings.dropped(
                    f"Cells beyond the headers, of which there are {width}.", f"line {line.number}", count=beyond
                )

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Row]:
        return (Row(line, self._head) for line in self._lines.values())

    def __getitem__(self, id: str) -> Row:
        return Row(self._lines[id], self._head)
