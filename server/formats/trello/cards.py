"""Cards of a Trello board, with what its actions, checklists and custom fields tell of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from server.formats import fitting, foreign
from server.formats.board import pieces
from server.formats.run import Run
from server.formats.trello.checklists import Checklists
from server.formats.trello.fields import Fields
from server.formats.trello.history import History
from server.formats.trello.labels import Labels
from server.formats.trello.losses import note_losses
from server.formats.trello.shapes import Action, Attachment, Board, Card

_TRELLO_BEGAN = datetime(2010, 1, 1, tzinfo=UTC)


class Cards:
    def __init__(self, board: Board, history: History, labels: Labels, run: Run) -> None:
        self._history, self._labels, self._run = history, labels, run
        self._fields = Fields(board, run)
        self._checklists = Checklists(board, run)
        found = foreign.read_all(board.cards or (), Card, "card", run.findings)
        self._cards = {card.id: card for card in run.once(found, lambda card: card.id, "card")}
        self._note_strays()

    def places(self) -> list[pieces.Place]:
        return [
            pieces.Place(id=card.id, list=card.id_list, pos=card.pos, number=card.id_short)
            for card in self._cards.values()
        ]

    def read(self, id: str) -> pieces.Card:
        """The card, once: it is forgotten here, so that a large board is not held twice."""
        card = self._cards.pop(id)
        said = self._history.comments.pop(id, [])
        note_losses(card, len(said), self._run.findings)
        return pieces.Card(
            id=id,
            list=card.id_list,
            title=card.name,
            description=card.desc,
            priority=self._fields.priority(card),
            labels=self._labels.ids(card),
            people=card.id_members,
            author=card.id_member_creator or self._history.author_of(id),
            start=card.start,
            due=card.due,
            marked_done=card.due_complete,
            completed_at=foreign.moment(card.date_completed) or self._history.arrived(id, card.id_list),
            archived=card.closed,
            archived_at=foreign.moment(card.date_closed) or self._history.closed(id),
            created_at=self._history.created(id) or self._made(id),
            updated_at=foreign.moment(card.date_last_activity),
            fields=[*self._fields.rows(card), *_place(card)],
            links=list(self._links(card)),
            checklists=list(self._checklists.of(id)),
            comments=[_said(action) for action in said],
        )

    def _note_strays(self) -> None:
        known = self._cards.keys()
        orphans = sum(len(said) for card, said in self._history.comments.items() if card not in known)
        if orphans:
            self._run.findings.dropped("Comments on cards that are not in the file.", count=orphans)
        strays = self._checklists.without_card(set(known))
        if strays:
            self._run.findings.dropped("Checklists of cards that are not in the file.", count=strays)

    def _links(self, card: Card) -> Iterator[pieces.Link]:
        found = foreign.read_all(card.attachments, Attachment, "attachment", self._run.findings)
        for each in sorted(found, key=lambda each: (each.pos, each.id)):
            if not each.url:
                self._run.findings.dropped("Attachments without an address.", fitting.line(each.name))
                continue
            kind = "Uploaded files stay at Trello and ask for a Trello sign-in" if each.is_upload else "Attached links"
            self._run.findings.mapped(
                f"{kind}; they are linked at the end of the description.", fitting.line(each.name)
            )
            yield pieces.Link(title=each.name, url=each.url)

    def _made(self, id: str) -> datetime | None:
        """Trello's ids begin with the second they were made in, in hexadecimal."""
        try:
            made = datetime.fromtimestamp(int(id[:8], 16), UTC) if len(id) == 24 else None
        except (ValueError, OverflowError):
            return None
        return made if made and _TRELLO_BEGAN <= made <= self._run.now + timedelta(days=1) else None


def _place(card: Card) -> Sequence[tuple[str, str]]:
    place = ", ".join(part for part in (card.location_name, card.address) if part)
    return [("Place", place)] if place else []


def _said(action: Action) -> pieces.Said:
    return pieces.Said(
        id=action.id,
        text=action.data.text,
        author=action.id_member_creator,
        created=foreign.moment(action.date),
        edited=foreign.moment(action.data.date_last_edited),
    )
