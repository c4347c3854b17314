"""Cards of a WeKan board with what other lists of the file tell of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from server.formats import fitting, foreign
from server.formats.board import pieces
from server.formats.run import Run
from server.formats.wekan import shapes
from server.formats.wekan.shapes import Board, Card

Piece = TypeVar("Piece")


class Cards:
    def __init__(self, board: Board, run: Run) -> None:
        self._run, findings = run, run.findings
        found = foreign.read_all(board.cards or (), Card, "card", findings)
        self._cards = {card.id: card for card in run.once(found, lambda card: card.id, "card")}
        self._titles = {id: card.title for id, card in self._cards.items()}
        lanes = foreign.read_all(board.swimlanes, shapes.Swimlane, "swimlane", findings)
        self._lanes = {lane.id: lane.title for lane in lanes}
        fields = list(foreign.read_all(board.custom_fields, shapes.CustomField, "custom field", findings))
        self._fields = {field.id: field.name for field in fields}
        self._options = {
            option.id: option.name
            for field in fields
            for option in foreign.read_all(field.settings.dropdown_items, shapes.Option, "option", findings)
        }
        comments = foreign.read_all(board.comments, shapes.Comment, "comment", findings)
        self._comments = self._by_card(comments, lambda said: said.card_id, "Comments")
        items = list(foreign.read_all(board.checklist_items, shapes.ChecklistItem, "checklist item", findings))
        lists = list(foreign.read_all(board.checklists, shapes.Checklist, "checklist", findings))
        self._checklists = self._by_card(lists, lambda each: each.card_id, "Checklists")
        self._items = foreign.grouped(items, lambda item: item.checklist_id)
        astray = sum(len(of) for id, of in self._items.items() if id not in {each.id for each in lists})
        if astray:
            findings.dropped("Checklist items whose checklist is not in the file.", count=astray)
        self._attached = Counter(
            each.card_id for each in foreign.read_all(board.attachments, shapes.Attachment, "attachment", findings)
        )

    def places(self) -> list[pieces.Place]:
        return [
            pieces.Place(id=card.id, list=card.list_id, pos=card.sort, number=card.card_number)
            for card in self._cards.values()
        ]

    def read(self, id: str) -> pieces.Card:
        card = self._cards[id]
        self._note_losses(card)
        return pieces.Card(
            id=id,
            list=card.list_id,
            title=card.title,
            description=card.description,
            labels=card.label_ids,
            people=[*card.members, *card.assignees],
            author=card.user_id,
            start=card.start_at,
            due=card.due_at,
            completed_at=foreign.moment(card.end_at),
            archived=card.archived,
            archived_at=foreign.moment(card.archived_at),
            created_at=foreign.moment(card.created_at),
            updated_at=foreign.moment(card.modified_at) or foreign.moment(card.date_last_activity),
            fields=list(self._rows(card)),
            checklists=list(self._checklists_of(id)),
            comments=[_said(each) for each in self._comments.get(id, ())],
        )

    def _rows(self, card: Card) -> Iterator[tuple[str, str]]:
        rows = [
            ("Swimlane", self._lanes.get(card.swimlane_id, "") if len(self._lanes) > 1 else ""),
            ("Parent", self._titles.get(card.parent_id or "", "")),
            ("Requested by", card.requested_by),
            ("Assigned by", card.assigned_by),
            ("Received", _shown(card.received_at)),
            ("Ended", _shown(card.end_at)),
            ("Hours spent", f"{card.spent_time:g}" if card.spent_time else ""),
            *self._values(card),
        ]
        for name, value in rows:
            if value:
                self._run.findings.mapped("Further fields became a table at the end of the description.", card.title)
                yield name, value

    def _values(self, card: Card) -> Iterator[tuple[str, str]]:
        for each in foreign.read_all(card.custom_fields, shapes.FieldValue, "custom field value", self._run.findings):
            value = _said_of(each.value, self._options)
            if value and each.id not in self._fields:
                self._run.findings.dropped("Values of custom fields that the file does not describe.", card.title)
            elif value:
                yield self._fields[each.id] or "Field", value

    def _checklists_of(self, card: str) -> Iterator[pieces.Checklist]:
        for checklist in sorted(self._checklists.get(card, ()), key=lambda each: (each.sort, each.id)):
            items = sorted(self._items.get(checklist.id, ()), key=lambda item: (item.sort, item.id))
            yield pieces.Checklist(
                name=checklist.title,
                items=[pieces.Item(id=item.id, text=item.title, done=item.is_finished) for item in items],
            )

    def _note_losses(self, card: Card) -> None:
        losses = {
            "Card covers.": bool(card.cover_id),
            "Colours of cards.": bool(card.color),
            "Votes.": bool(card.vote.question),
        }
        for text, lost in losses.items():
            if lost:
                self._run.findings.dropped(text, card.title)
        if self._attached[card.id]:
            self._run.findings.dropped("Attachments.", card.title, count=self._attached[card.id])

    def _by_card(self, found: Iterable[Piece], card: Callable[[Piece], str], what: str) -> dict[str, list[Piece]]:
        by_card = foreign.grouped(found, card)
        strays = sum(len(of) for id, of in by_card.items() if id not in self._cards)
        if strays:
            self._run.findings.dropped(f"{what} of cards that are not in the file.", count=strays)
        return by_card


def _said(each: shapes.Comment) -> pieces.Said:
    created, modified = foreign.moment(each.created_at), foreign.moment(each.modified_at)
    edited = modified if created and modified and (modified - created).total_seconds() > 1 else None
    return pieces.Said(id=each.id, text=each.text, author=each.user_id, created=created, edited=edited)


def _shown(given: str | None) -> str:
    date = fitting.date(given)
    return fitting.shown(date) if date else ""


def _said_of(value: Any, options: dict[str, str]) -> str:
    """A custom field's value as text: WeKan keeps numbers, yes and no, times, ids of options and lists of words."""
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(each) for each in value)
        case str():
            return options.get(value) or _shown(value) or value
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case _:
            return ""
