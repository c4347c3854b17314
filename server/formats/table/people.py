"""People as tables name them: by a name, by an address, or by both in two columns."""

from server.formats.report import Person
from server.formats.run import Run
from server.formats.table import values
from server.formats.table.headers import Head
from server.formats.table.rows import Row

_NOBODY = frozenset({"unassigned", "nobody", "none", "nicht zugewiesen", "-"})


class People:
    """Two names that differ in case only are one person."""

    def __init__(self, head: Head, run: Run) -> None:
        self._head, self._run = head, run
        self.known: dict[str, Person] = {}

    def assigned(self, row: Row) -> list[str]:
        address = row.one("assignee_email")
        met: list[str] = []
        for header, cell in row.all("assignees"):
            several = header.casefold().rstrip().endswith(("s", "members", "mitglieder"))
            names = values.people(cell, self._head.dialect.people_apart, several)
            met.extend(filter(None, (self.id(name, address if len(names) == 1 else "") for name in names)))
        if not met and address:
            met.extend(filter(None, [self.id(address)]))
        return met

    def author(self, row: Row) -> str | None:
        return self.id(row.one("author"))

    def id(self, name: str, address: str = "") -> str | None:
        """The person's id in the file: the name, whatever its case."""
        key = " ".join(name.split()).casefold()
        if not key or key in _NOBODY:
            return None
        if key not in self.known or (address and not self.known[key].email):
            self.known[key] = Person(key, " ".join(name.split()), address or None)
        return key
