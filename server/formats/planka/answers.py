"""Opens the file: one answer of Planka's API, or a JSON list of several that belong together (a board, its archive, comments of its cards).

Planka has no export, so this is what people can get: `GET /api/boards/{id}`, `GET /api/lists/{id}/cards`, `GET /api/cards/{id}/comments`.
"""

import msgspec
from msgspec import Raw

from server.domain.errors import Invalid
from server.formats import foreign
from server.formats.planka.shapes import Answer, Included, Item
from server.formats.run import Run

_HOW = "A board of Planka is the answer to GET /api/boards/{id}; put it and answers about its cards into one JSON list."


class Answers:
    """All answers as one. `boards` are the boards among them."""

    def __init__(self, content: bytes, run: Run) -> None:
        self._run = run
        self.boards: list[Item] = []
        self._found: dict[str, list[Raw]] = {name: [] for name in Included.__struct_fields__}
        for raw in _each(foreign.document(content)):
            answer = foreign.read(raw, Answer, "answer", run.findings)
            if answer is not None:
                self._take(answer)
        if not self.boards and not self._found["lists"]:
            raise Invalid(self._what_else())

    def of(self, name: str) -> list[Raw]:
        """Everything of a kind, by its name in `Included`."""
        return self._found[name]

    def _take(self, answer: Answer) -> None:
        for name, found in self._found.items():
            found.extend(getattr(answer.included, name))
        if bytes(answer.item) != b"null":
            item = foreign.read(answer.item, Item, "board", self._run.findings)
            if item is not None:
                self.boards.append(item)
        for raw in answer.items:
            keys = msgspec.json.decode(raw, type=dict[str, Raw]) if bytes(raw).startswith(b"{") else {}
            if "text" in keys and "cardId" in keys:
                self._found["comments"].append(raw)
            elif "listId" in keys:
                self._found["cards"].append(raw)

    def _what_else(self) -> str:
        if self._found["comments"]:
            return f"The file holds only comments of a Planka card, not its board. {_HOW}"
        if self._found["cards"]:
            return f"The file holds only cards of one Planka list, not their board. {_HOW}"
        return f"The file is not a board of Planka. {_HOW}"


def _each(raw: Raw) -> list[Raw]:
    try:
        return msgspec.json.decode(raw, type=list[Raw])
    except msgspec.DecodeError:
        return [raw]
