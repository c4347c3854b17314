"""Cards of a Deck board."""

from collections.abc import Iterable

from server.formats import foreign
from server.formats.board import pieces
from server.formats.deck.shapes import Assignment, Attachment, Card, Comment, Label, Stack, User
from server.formats.report import Person
from server.formats.run import Run


class Cards:
    def __init__(self, stacks: Iterable[Stack], run: Run) -> None:
        self._run = run
        self.people: dict[str, Person] = {}
        """Whom cards name."""
        self._cards: dict[str, tuple[Stack, Card]] = {}
        for stack in stacks:
            for card in foreign.read_all(stack.cards, Card, "card", run.findings):
                self._take(stack, card)

    def places(self) -> list[pieces.Place]:
        return [
            pieces.Place(id=id, list=f"stack {stack.id}", pos=card.order) for id, (stack, card) in self._cards.items()
        ]

    def read(self, id: str) -> pieces.Card:
        stack, card = self._cards[id]
        self._note_losses(card)
        return pieces.Card(
            id=id,
            list=f"stack {stack.id}",
            title=card.title,
            description=card.description or "",
            labels=[f"label {label.id}" for label in foreign.read_all(card.labels, Label, "label", self._run.findings)],
            people=self._assigned(card),
            author=self._met(card.owner),
            start=card.startdate,
            due=card.duedate,
            marked_done=bool(card.done),
            completed_at=foreign.moment(card.done),
            archived=card.archived,
            created_at=foreign.second(card.created),
            updated_at=foreign.second(card.modified),
            comments=self._said(card),
        )

    def _take(self, stack: Stack, card: Card) -> None:
        id = f"card {card.id}"
        if card.deleted:
            self._run.findings.dropped("Deleted cards.", card.title)
        elif id in self._cards:
            self._run.findings.dropped("Repeated pieces of the file: card with the id of another one.", card.title)
        else:
            self._cards[id] = (stack, card)

    def _assigned(self, card: Card) -> list[str]:
        met: list[str | None] = []
        for each in foreign.read_all(card.assigned, Assignment, "assigned user", self._run.findings):
            if each.type == 0:
                met.append(self._met(each.participant))
            else:
                self._run.findings.dropped("Groups to whom cards are assigned.", each.participant.displayname)
        return [id for id in met if id]

    def _met(self, user: User | str | None) -> str | None:
        if not user:
            return None
        known = person(user)
        self.people.setdefault(known.id, known)
        return known.id

    def _said(self, card: Card) -> list[pieces.Said]:
        found = foreign.read_all(card.comments, Comment, "comment", self._run.findings)
        said = [
            pieces.Said(
                id=f"comment {each.id}",
                text=each.message,
                author=self._met(each.actor_id),
                created=foreign.moment(each.created),
            )
            for each in found
        ]
        missing = card.comments_count - len(said)
        if missing > 0:
            self._run.findings.dropped("Comments that are counted but not in the file.", card.title, count=missing)
        return said

    def _note_losses(self, card: Card) -> None:
        if card.color:
            self._run.findings.dropped("Colours of cards.", card.title)
        if card.depends:
            self._run.findings.dropped("Which cards depend on which.", card.title)
        for each in foreign.read_all(card.attachments, Attachment, "attachment", self._run.findings):
            self._run.findings.dropped("Attachments; they stay in Nextcloud.", each.data)


def person(user: User | str) -> Person:
    """Old exports name people by their ids alone."""
    if isinstance(user, str):
        return Person(f"user {user}", user)
    return Person(f"user {user.uid}", user.displayname or user.uid)
