"""What a translation did, for the person who asked for it: what was made, and everything that is not the same as in the file.

Shared by all importers. Not here: what a particular format keeps or loses.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from server.domain.commands import ImportedRecord
from server.domain.records import Background, Kind
from server.formats.choices import DateOrder, Delimiter, Encoding, Field

EXAMPLES_MAX = 5


class Note(msgspec.Struct, frozen=True):
    """One deviation, told once: how often it happened, and the names of the first few things it happened to."""

    text: str
    count: int
    examples: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """`mapped`: kept in another shape. `guessed`: the file does not say. `dropped`: not in the board, and why."""

    created: dict[Kind, int]
    mapped: tuple[Note, ...] = ()
    guessed: tuple[Note, ...] = ()
    dropped: tuple[Note, ...] = ()


class Person(msgspec.Struct, frozen=True):
    """Somebody the file names, by an id that `Choices.people` understands. `email` helps to find their member and goes into no record."""

    id: str
    name: str
    email: str | None = None


class Table(msgspec.Struct, frozen=True):
    """How a table was read, so that a person can mend it: its headers, what each became, and its first rows as they stand in the file."""

    headers: tuple[str, ...]
    columns: dict[str, Field]
    rows: tuple[tuple[str, ...], ...]
    dialect: str | None = None
    sheet: str | None = None
    delimiter: Delimiter | None = None
    encoding: Encoding | None = None
    date_order: DateOrder | None = None


class Translation(msgspec.Struct, frozen=True):
    """A foreign file as ours: the project's name and description, and its records, each after those it refers to.

    `people` are all whom the file names, those who were given a member by `Choices.people` too. `boards` are the names of those in a
    file that holds several. `background` is the project's, where the format knows of one.
    """

    name: str
    description: str
    records: tuple[ImportedRecord, ...]
    report: Report
    people: tuple[Person, ...] = ()
    table: Table | None = None
    boards: tuple[str, ...] = ()
    background: Background | None = None


class Findings:
    """Collects notes while a translation runs; equal sentences are counted, not repeated."""

    def __init__(self) -> None:
        self._mapped: _Notes = _Notes()
        self._guessed: _Notes = _Notes()
        self._dropped: _Notes = _Notes()

    def mapped(self, text: str, example: str = "", *, count: int = 1) -> None:
        self._mapped.add(text, example, count)

    def guessed(self, text: str, example: str = "", *, count: int = 1) -> None:
        self._guessed.add(text, example, count)

    def dropped(self, text: str, example: str = "", *, count: int = 1) -> None:
        self._dropped.add(text, example, count)

    def report(self, records: Iterable[ImportedRecord]) -> Report:
        created: Counter[Kind] = Counter(kind_of(record) for record in records)
        return Report(dict(created), self._mapped.told(), self._guessed.told(), self._dropped.told())


def kind_of(imported: ImportedRecord) -> Kind:
    """The kind of the record inside."""
    kind: Kind = type(imported).__struct_config__.tag  # type: ignore[assignment]  # the tags of the union are kinds
    return kind


class _Notes:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, text: str, example: str, count: int) -> None:
        self._counts[text] += count
        examples = self._examples.setdefault(text, [])
        if example and len(examples) < EXAMPLES_MAX and example not in examples:
            examples.append(example)

    def told(self) -> tuple[Note, ...]:
        return tuple(Note(text, count, tuple(self._examples[text])) for text, count in self._counts.items())
