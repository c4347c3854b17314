"""Labels of a board, nameless ones too."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from server.domain import text
from server.domain.commands import ImportedLabel
from server.domain.records import Label
from server.formats import fitting
from server.formats.board import pieces
from server.formats.run import Run


class Labels:
    """`found` may grow while cards are read; it is looked at when a card is, and once more at the end."""

    def __init__(self, found: Mapping[str, pieces.Label], run: Run) -> None:
        self._found = found
        self._run = run
        self._ids: dict[str, UUID] = {}

    def ids(self, card: pieces.Card) -> tuple[UUID, ...]:
        return tuple(self._id(id) for id in self._known(dict.fromkeys(card.labels), card))

    def records(self) -> Iterator[ImportedLabel]:
        """Every label, once all cards have been read."""
        return (ImportedLabel(self._label(label)) for label in self._found.values())

    def _id(self, foreign_id: str) -> UUID:
        """One object a label, however many cards have it."""
        if foreign_id not in self._ids:
            self._ids[foreign_id] = self._run.id(foreign_id)
        return self._ids[foreign_id]

    def _known(self, ids: Iterable[str], card: pieces.Card) -> Iterator[str]:
        for id in ids:
            if id in self._found:
                yield id
            else:
                self._run.findings.dropped("Labels of cards that the file does not describe.", card.title)

    def _label(self, label: pieces.Label) -> Label:
        name = fitting.cut(fitting.line(label.name), text.NAME_MAX)
        return Label(id=self._run.id(label.id), name=name, color=self._color(label))

    def _color(self, label: pieces.Label) -> str:
        if label.color is None:
            self._run.findings.mapped("Labels without a colour are gray.", label.name)
            return "gray"
        try:
            return text.color(label.color)
        except ValueError:
            self._run.findings.mapped("Label colours that are not known here are gray.", label.color)
            return "gray"
