"""The checklists of a card as one, in order, with what an item of ours has no field for at the end of its text."""

from collections.abc import Iterator
from uuid import UUID

from server.domain import text
from server.domain.ranks import spread
from server.domain.records import ChecklistItem
from server.formats import fitting, foreign
from server.formats.run import Run
from server.formats.trello import shapes
from server.formats.trello.people import People
from server.formats.trello.shapes import Board, Card, CheckItem

_USUAL_NAMES = frozenset({"", "checklist"})


class Checklists:
    def __init__(self, board: Board, people: People, run: Run) -> None:
        self._people, self._run = people, run
        self._of_card: dict[str, list[shapes.Checklist]] = {}
        found = foreign.read_all(board.checklists, shapes.Checklist, "checklist", run.findings)
        for checklist in run.once(found, lambda checklist: checklist.id, "checklist"):
            self._of_card.setdefault(checklist.id_card, []).append(checklist)

    def items(self, card: Card, task_id: UUID) -> Iterator[ChecklistItem]:
        checklists = sorted(self._of_card.get(card.id, ()), key=lambda checklist: (checklist.pos, checklist.id))
        found = [(checklist.name, item) for checklist in checklists for item in self._in_order(checklist)]
        led = len({name for name, _ in found}) > 1
        if led:
            self._run.findings.mapped("Several checklists of a card became one.", card.name)
        elif found and fitting.line(found[0][0]).casefold() not in _USUAL_NAMES:
            self._run.findings.dropped("The name of a card's only checklist.", fitting.line(found[0][0]))
        texts = [(item, self._text(name if led else "", item, card)) for name, item in found]
        kept = [(item, said) for item, said in texts if said]
        for (item, said), rank in zip(kept, spread(None, None, len(kept)), strict=True):
            done = item.state == "complete"
            yield ChecklistItem(id=self._run.id(item.id), task_id=task_id, rank=rank, text=said, done=done)

    def _in_order(self, checklist: shapes.Checklist) -> list[CheckItem]:
        found = foreign.read_all(checklist.check_items, CheckItem, "checklist item", self._run.findings)
        items = sorted(
            self._run.once(found, lambda item: item.id, "checklist item"), key=lambda item: (item.pos, item.id)
        )
        if not items:
            self._run.findings.dropped("Checklists without items.", fitting.line(checklist.name))
        return items

    def _text(self, checklist: str, item: CheckItem, card: Card) -> str:
        name = fitting.line(item.name)
        if not name:
            self._run.findings.dropped("Checklist items without text.", card.name)
            return ""
        lead = f"{fitting.cut(fitting.line(checklist), text.NAME_MAX)}: " if fitting.line(checklist) else ""
        tail = self._tail(item)
        room = text.CHECKLIST_TEXT_MAX - len(lead) - len(tail)
        if len(name) > room:
            self._run.findings.dropped("The end of checklist items over 1,000 characters.", card.name)
        return lead + fitting.cut(name, room) + tail

    def _tail(self, item: CheckItem) -> str:
        due = fitting.date(item.due)
        parts = [f"due {fitting.shown(due)}"] if due else []
        if item.id_member:
            parts.append(fitting.cut(self._people.name(item.id_member), text.NAME_MAX))
        if not parts:
            return ""
        self._run.findings.mapped("Due dates and people of checklist items stand at the end of their text.")
        return f" ({', '.join(parts)})"
