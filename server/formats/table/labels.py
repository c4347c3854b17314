"""Labels as tables name them: by name, in any case, some with a colour."""

from server.domain.text import LABEL_COLORS
from server.formats import colors
from server.formats.board import pieces
from server.formats.run import Run
from server.formats.table import values
from server.formats.table.rows import Row

_HUES = LABEL_COLORS[:-1]


class Labels:
    def __init__(self, apart: str, run: Run) -> None:
        self._apart, self._run = apart, run
        self._names: dict[str, str] = {}
        self._colors: dict[str, str] = {}

    def of(self, row: Row) -> list[str]:
        """The row's labels, which are known from now on."""
        ids = []
        for _, cell in row.all("labels"):
            for name, color in values.labels(cell, self._apart):
                id = f"label {name.casefold()}"
                self._names.setdefault(id, name)
                if color and id not in self._colors:
                    self._colors[id] = colors.nearest(color, self._run.findings)
                ids.append(id)
        return ids

    def found(self) -> dict[str, pieces.Label]:
        """All of them; those that no colour is told of get the palette's, one after the other."""
        for n, (id, name) in enumerate(self._names.items()):
            if id not in self._colors:
                self._run.findings.guessed("Colours of labels, as the table tells none.", name)
                self._colors[id] = _HUES[n % len(_HUES)]
        return {id: pieces.Label(id=id, name=name, color=self._colors[id]) for id, name in self._names.items()}
