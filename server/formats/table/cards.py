"""Rows as cards."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.formats import fitting, priorities
from server.formats.board import pieces
from server.formats.choices import Field
from server.formats.run import Run
from server.formats.table import values
from server.formats.table.columns import Columns
from server.formats.table.dates import Dates, Moment
from server.formats.table.headers import Head
from server.formats.table.labels import Labels
from server.formats.table.numbers import numbers
from server.formats.table.people import People
from server.formats.table.rows import Row, Rows

DATED: tuple[Field, ...] = ("start", "due", "created", "updated", "completed")


class Cards:
    def __init__(self, rows: Rows, head: Head, dates: Dates, run: Run) -> None:
        self._rows, self._head, self._dates, self._run = rows, head, dates, run
        self._columns = Columns(rows, head, run)
        self.people = People(head, run)
        self._labels = Labels(head.dialect.labels_apart, run)
        self._lists: dict[str, str] = {}
        keys: dict[str, str] = {}
        for row in rows:  # everything that must be known of all rows before the first card
            self._lists[row.id] = self._columns.of(row, self._is_done(row))
            keys[row.id] = row.one("number")
            self.people.assigned(row)
            self.people.author(row)
            self._labels.of(row)
        self._numbers = numbers(keys)
        nested = head.under("parentid") is not None
        self._titles = {row.one("number"): row.one("title") for row in rows} if nested else {}

    def labels(self) -> dict[str, pieces.Label]:
        return self._labels.found()

    def lists(self) -> list[pieces.List]:
        return self._columns.lists()

    def places(self) -> list[pieces.Place]:
        return [
            pieces.Place(id=id, list=list_, pos=n, number=self._numbers.get(id))
            for n, (id, list_) in enumerate(self._lists.items())
        ]

    def read(self, id: str) -> pieces.Card:
        row = self._rows[id]
        items, description = self._items(row)
        return pieces.Card(
            id=id,
            list=self._lists[id],
            title=" ".join(row.one("title").split()),
            description=description,
            priority=self._priority(row),
            labels=self._labels.of(row),
            people=self.people.assigned(row),
            author=self.people.author(row),
            start=self._date(row, "start"),
            due=self._date(row, "due"),
            completed_at=self._time(row, "completed") or self._perhaps(row, "done"),
            archived=any(values.said_yes(cell) for _, cell in row.all("archived")),
            archived_at=self._perhaps(row, "archived"),
            created_at=self._time(row, "created"),
            updated_at=self._time(row, "updated"),
            fields=list(self._table(row)),
            links=list(self._links(row)),
            checklists=[pieces.Checklist(items=items)] if items else [],
            comments=list(self._said(row)),
        )

    def _is_done(self, row: Row) -> bool:
        field: Field = "done" if self._head.of("done") else "completed"
        return any(values.said_yes(cell) for _, cell in row.all(field))

    def _moment(self, row: Row, field: Field) -> Moment | None:
        for header, cell in row.all(field):
            moment = self._dates.read(cell)
            if moment is not None:
                return moment
            shown = fitting.cut(fitting.line(cell), 40)
            self._run.findings.dropped("Dates that cannot be read.", f"line {row.number}, {header}: {shown}")
        return None

    def _time(self, row: Row, field: Field) -> datetime | None:
        moment = self._moment(row, field)
        return moment.start() if moment else None

    def _perhaps(self, row: Row, field: Field) -> datetime | None:
        """The time that some write instead of yes."""
        found = filter(None, (self._dates.read(cell) for _, cell in row.all(field)))
        return next((moment.start() for moment in found), None)

    def _date(self, row: Row, field: Field) -> str | None:
        """TickTick writes days as the midnights of a zone that it names."""
        moment = self._moment(row, field)
        if moment is None:
            return None
        if moment.at is not None and row.named("is all day") == "true":
            try:
                return moment.at.astimezone(ZoneInfo(row.named("timezone") or "UTC")).date().isoformat()
            except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
                self._run.findings.guessed("The zone of days, as its name is not known: UTC.", row.named("timezone"))
        return moment.text()

    def _priority(self, row: Row) -> int | None:
        word = row.one("priority").strip()
        if word in self._head.dialect.priorities:
            return self._head.dialect.priorities[word]
        if word.isascii() and word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 10:
            return int(word)
        return priorities.guess(word)

    def _items(self, row: Row) -> tuple[list[pieces.Item], str]:
        """Checklist items, and the description without them: TickTick writes the one into the other."""
        description = row.one("description")
        found = [item for _, cell in row.all("checklist") for item in values.items(cell)]
        if row.named("is check list") == "Y" and any(mark in description for mark in "▫▪"):
            found += values.items(description)
            description = ""
        items = [pieces.Item(id=f"{row.id} item {n}", text=said, done=done) for n, (said, done) in enumerate(found)]
        return items, description

    def _links(self, row: Row) -> Iterator[pieces.Link]:
        for _, cell in row.all("links"):
            for title, url in values.links(cell):
                self._run.findings.mapped("Attachments are linked at the end of the description.", title)
                yield pieces.Link(title=title, url=url)

    def _said(self, row: Row) -> Iterator[pieces.Said]:
        for n, (_, cell) in enumerate(row.all("comment")):
            date, author, said = values.comment(cell)
            moment = self._dates.read(date)
            if date and moment is None:
                author, said = "", cell
            if not author:
                self._run.findings.guessed(
                    "Who wrote comments and when, as the file does not say.", f"line {row.number}"
                )
            created = moment.start() if moment else None
            yield pieces.Said(id=f"{row.id} comment {n}", text=said, author=self.people.id(author), created=created)

    def _table(self, row: Row) -> Iterator[tuple[str, str]]:
        """Whatever else the row says."""
        yield from self._kept(row)
        for header, cell in row.all("table"):
            self._run.findings.mapped("Further columns became a table at the end of the description.", header)
            yield header, cell

    def _kept(self, row: Row) -> Iterator[tuple[str, str]]:
        """What has a place of its own here and yet would be lost there."""
        key = row.one("number")
        if key and key != str(self._numbers.get(row.id)):
            yield row.all("number")[0]
        if self._lists[row.id] != self._columns.name(row):
            yield from row.all("column")[:1]
        if row.one("priority") and self._priority(row) is None:
            yield row.all("priority")[0]
        for header, cell in row.all("links"):
            if not any(values.links(cell)):
                yield header, cell
        parent = row.named("parentid")
        if parent and self._titles.get(parent):
            yield "Parent", self._titles[parent]
