"""The checklists of a board, by card and in order."""

from collections.abc import Iterator

from server.formats import foreign
from server.formats.board import pieces
from server.formats.run import Run
from server.formats.trello.shapes import Board, CheckItem, Checklist


class Checklists:
    def __init__(self, board: Board, run: Run) -> None:
        self._run = run
        self._of_card: dict[str, list[Checklist]] = {}
        found = foreign.read_all(board.checklists, Checklist, "checklist", run.findings)
        for checklist in run.once(found, lambda checklist: checklist.id, "checklist"):
            self._of_card.setdefault(checklist.id_card, []).append(checklist)

    def of(self, card: str) -> Iterator[pieces.Checklist]:
        for checklist in sorted(self._of_card.get(card, ()), key=lambda checklist: (checklist.pos, checklist.id)):
            found = foreign.read_all(checklist.check_items, CheckItem, "checklist item", self._run.findings)
            items = sorted(found, key=lambda item: (item.pos, item.id))
            yield pieces.Checklist(name=checklist.name, items=[_item(item) for item in items])

    def without_card(self, known: set[str]) -> int:
        """How many belong to cards that are not in the file."""
        return sum(len(checklists) for card, checklists in self._of_card.items() if card not in known)


def _item(item: CheckItem) -> pieces.Item:
    done = item.state == "complete"
    return pieces.Item(id=item.id, text=item.name, done=done, due=item.due, person=item.id_member)
