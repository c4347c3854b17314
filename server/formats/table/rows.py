"""A line of the table with what each of its cells became."""

from collections.abc import Iterator

from server.formats.choices import Field
from server.formats.run import Run
from server.formats.table.grid import Line
from server.formats.table.headers import Head


class Row:
    def __init__(self, line: Line, head: Head) -> None:
        self.number = line.number
        self.id = f"row {line.number}"
        self._cells = line.cells
        self._head = head

    def all(self, field: Field) -> Iterator[tuple[str, str]]:
        """Every cell with something in it that became `field`, each after its header."""
        for n in self._head.of(field):
            if n < len(self._cells) and self._cells[n].strip():
                yield self._head.headers[n], self._cells[n]

    def one(self, field: Field) -> str:
        """What such cells say together."""
        return "\n\n".join(cell.strip() for _, cell in self.all(field))

    def named(self, header: str) -> str:
        """The cell under a header (in lower case) that only one dialect has; empty without one."""
        n = self._head.under(header)
        return self._cells[n].strip() if n is not None and n < len(self._cells) else ""


def rows(lines: list[Line], head: Head, run: Run) -> list[Row]:
    """The lines that hold a task, those without a title too. Cells beyond the headers are left out and told."""
    width = len(head.headers)
    for line in lines:
        beyond = sum(bool(cell.strip()) for cell in line.cells[width:])
        if beyond:
            run.findings.dropped(
                f"Cells beyond the headers, of which there are {width}.", f"line {line.number}", count=beyond
            )
    return [Row(line, head) for line in lines]
