"""The checklists of a card as one, in order, with what an item of ours has no field for at the end of its text."""

from collections.abc import Iterator
from uuid import UUID

from server.domain import text
from server.domain.ranks import spread
from server.domain.records import ChecklistItem
from server.formats import fitting
from server.formats.board.people import People
from server.formats.board.pieces import Card, Checklist, Item
from server.formats.run import Run

_USUAL_NAMES = frozenset({"", "checklist"})


class Checklists:
    def __init__(self, people: People, run: Run) -> None:
        self._people, self._run = people, run

    def items(self, card: Card, task_id: UUID) -> Iterator[ChecklistItem]:
        found = [(checklist.name, item) for checklist in card.checklists for item in self._of(checklist)]
        led = len({name for name, _ in found}) > 1
        if led:
            self._run.findings.mapped("Several checklists of a card became one.", card.title)
        elif found and fitting.line(found[0][0]).casefold() not in _USUAL_NAMES:
            self._run.findings.dropped("The name of a card's only checklist.", fitting.line(found[0][0]))
        texts = [(item, self._text(name if led else "", item, card)) for name, item in found]
        kept = [(item, said) for item, said in texts if said]
        for (item, said), rank in zip(kept, spread(None, None, len(kept)), strict=True):
            yield ChecklistItem(id=self._run.id(item.id), task_id=task_id, rank=rank, text=said, done=item.done)

    def _of(self, checklist: Checklist) -> Iterator[Item]:
        if not checklist.items:
            self._run.findings.dropped("Checklists without items.", fitting.line(checklist.name))
        return self._run.once(checklist.items, lambda item: item.id, "checklist item")

    def _text(self, checklist: str, item: Item, card: Card) -> str:
        name = fitting.line(item.text)
        if not name:
            self._run.findings.dropped("Checklist items without text.", card.title)
            return ""
        lead = f"{fitting.cut(fitting.line(checklist), text.NAME_MAX)}: " if fitting.line(checklist) else ""
        tail = self._tail(item)
        room = text.CHECKLIST_TEXT_MAX - len(lead) - len(tail)
        if len(name) > room:
            self._run.findings.dropped("The end of checklist items over 1,000 characters.", card.title)
        return lead + fitting.cut(name, room) + tail

    def _tail(self, item: Item) -> str:
        due = fitting.date(item.due)
        parts = [f"due {fitting.shown(due)}"] if due else []
        if item.person:
            parts.append(fitting.cut(self._people.name(item.person), text.NAME_MAX))
        if not parts:
            return ""
        self._run.findings.mapped("Due dates and people of checklist items stand at the end of their text.")
        return f" ({', '.join(parts)})"
