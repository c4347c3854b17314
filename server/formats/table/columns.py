"""The board's columns, from what rows say of themselves; done rows come into a completed one."""

from collections.abc import Iterable
from typing import get_args

from server.domain.errors import Invalid
from server.domain.records import Category
from server.formats import categories
from server.formats.board import pieces
from server.formats.run import Run
from server.formats.table import values
from server.formats.table.headers import Head
from server.formats.table.rows import Row

_MOST = 300
"""More are no board: something else stands in that column."""

_UNNAMED = "To do"
_ORDER: tuple[Category | None, ...] = (*get_args(Category),)


class Columns:
    def __init__(self, rows: Iterable[Row], head: Head, run: Run) -> None:
        self._head, self._run = head, run
        self._says: dict[str, Category | None] = {}
        for row in rows:
            name = self.name(row)
            told = values.category(row.one("category"))
            self._says[name] = self._says.get(name) or told
        if len(self._says) > _MOST:
            headers = ", ".join(head.headers[n] for n in head.of("column"))
            raise Invalid(f"The column “{headers}” names over {_MOST} columns of the board; choose another to be that.")
        stands = ((name, told or categories.guess(name)) for name, told in self._says.items())
        self._completed = next((name for name, category in stands if category == "completed"), None)

    def name(self, row: Row) -> str:
        """What the row says itself."""
        if self._head.dialect.name == "ticktick" and row.named("column name"):
            return row.named("column name")
        return " ".join(row.one("column").split()) or _UNNAMED

    def of(self, row: Row, done: bool) -> str:
        """Where its card goes."""
        name = self.name(row)
        if not done or self._category(name) == "completed":
            return name
        if self._completed is None:
            self._completed = "Done"
            self._says[self._completed] = "completed"
        self._run.findings.mapped("Done tasks of other columns are in the completed one.", name)
        return self._completed

    def lists(self) -> list[pieces.List]:
        """In the order of a task's way, and of the file. Once all rows have been asked for."""
        names = list(self._says)
        if self._head.dialect.name != "trello":  # which writes them in their order
            names.sort(key=lambda name: _ORDER.index(self._category(name) or "todo"))
        return [pieces.List(id=name, name=name, pos=n, category=self._says[name]) for n, name in enumerate(names)]

    def _category(self, name: str) -> Category | None:
        return self._says[name] or categories.guess(name)
