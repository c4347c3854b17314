"""Labels of a Trello board. Old files describe some only inside their cards; they are known once those have been read."""

from collections.abc import Sequence

from server.formats import colors, foreign
from server.formats.board import pieces
from server.formats.run import Run
from server.formats.trello import shapes
from server.formats.trello.shapes import Board, Card


class Labels:
    def __init__(self, board: Board, run: Run) -> None:
        self._run = run
        self.found: dict[str, pieces.Label] = {}
        for label in foreign.read_all(board.labels, shapes.Label, "label", run.findings):
            self._add(label)

    def ids(self, card: Card) -> Sequence[str]:
        embedded = list(foreign.read_all(card.labels, shapes.Label, "label", self._run.findings))
        for label in embedded:
            self._add(label)
        return (*card.id_labels, *(label.id for label in embedded))

    def _add(self, label: shapes.Label) -> None:
        if label.id not in self.found:
            color = colors.nearest(label.color, self._run.findings) if label.color is not None else None
            self.found[label.id] = pieces.Label(id=label.id, name=label.name, color=color)
