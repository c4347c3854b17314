"""Labels of a board, nameless ones too; Trello's thirty colours brought to the palette."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from server.domain import text
from server.domain.commands import ImportedLabel
from server.domain.records import Label
from server.formats import fitting, foreign
from server.formats.run import Run
from server.formats.trello import shapes
from server.formats.trello.shapes import Board, Card

_PALETTE: dict[str, str] = {
    "green": "green",
    "yellow": "yellow",
    "orange": "orange",
    "red": "red",
    "purple": "purple",
    "blue": "blue",
    "sky": "teal",
    "lime": "green",
    "pink": "pink",
    "black": "gray",
}


class Labels:
    def __init__(self, board: Board, run: Run) -> None:
        self._run = run
        self._labels: dict[str, Label] = {}
        for label in foreign.read_all(board.labels, shapes.Label, "label", run.findings):
            self._add(label)

    def ids(self, card: Card) -> tuple[UUID, ...]:
        """The card's labels. Old files describe some only inside their cards; they become labels now."""
        embedded = list(foreign.read_all(card.labels, shapes.Label, "label", self._run.findings))
        for label in embedded:
            self._add(label)
        ids = dict.fromkeys([*card.id_labels, *(label.id for label in embedded)])
        return tuple(self._labels[id].id for id in self._known(ids, card))

    def records(self) -> Iterator[ImportedLabel]:
        """Every label, once all cards have been read."""
        return (ImportedLabel(label) for label in self._labels.values())

    def _known(self, ids: Iterable[str], card: Card) -> Iterator[str]:
        for id in ids:
            if id in self._labels:
                yield id
            else:
                self._run.findings.dropped("Labels of cards that the file does not describe.", card.name)

    def _add(self, label: shapes.Label) -> None:
        if label.id not in self._labels:
            name = fitting.cut(fitting.line(label.name), text.NAME_MAX)
            self._labels[label.id] = Label(id=self._run.id(label.id), name=name, color=self._color(label))

    def _color(self, label: shapes.Label) -> str:
        if label.color is None:
            self._run.findings.mapped("Labels without a colour are gray.", label.name)
            return "gray"
        hue = label.color.removesuffix("_dark").removesuffix("_light")
        if _PALETTE.get(hue) != label.color:
            self._run.findings.mapped("Label colours were brought to the nearest of the palette.", label.color)
        return _PALETTE.get(hue, "gray")
