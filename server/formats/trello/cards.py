"""Cards as tasks, each followed by its description, checklist and comments.

They come by number, so that a new project keeps the numbers.
"""

from collections.abc import Iterator, Set
from datetime import UTC, datetime, timedelta

from server.domain import text
from server.domain.commands import (
    ImportedChecklistItem,
    ImportedComment,
    ImportedDescription,
    ImportedRecord,
    ImportedTask,
)
from server.domain.ranks import spread
from server.domain.records import PRIORITY_DEFAULT, Column, Comment, Description, Task
from server.formats import fitting, foreign
from server.formats.run import Run
from server.formats.trello.checklists import Checklists
from server.formats.trello.columns import Columns
from server.formats.trello.fields import Fields
from server.formats.trello.history import History
from server.formats.trello.labels import Labels
from server.formats.trello.losses import note_losses
from server.formats.trello.people import People
from server.formats.trello.prose import describe
from server.formats.trello.shapes import Action, Board, Card

_NUMBER_MAX = 1_000_000
_TRELLO_BEGAN = datetime(2010, 1, 1, tzinfo=UTC)


class Cards:
    def __init__(self, board: Board, history: History, people: People, labels: Labels, run: Run) -> None:
        self._history, self._people, self._labels, self._run = history, people, labels, run
        self._fields = Fields(board, run)
        self._checklists = Checklists(board, people, run)
        found = foreign.read_all(board.cards or (), Card, "card", run.findings)
        self._cards = list(run.once(found, lambda card: card.id, "card"))
        self.lists_in_use: Set[str] = {card.id_list for card in self._cards}

    def records(self, columns: Columns) -> Iterator[ImportedRecord]:
        """Every card's records; each card's task first."""
        ranks = self._ranks(columns)
        for number, card in self._numbered():
            column = columns.of(card.id_list)
            archived_at = self._archived_at(card, columns.archived(card.id_list))
            yield ImportedTask(self._task(card, number, column, ranks[card.id], archived_at))
            yield from self._details(card)
            note_losses(card, column, len(self._history.comments.get(card.id, ())), self._run.findings)
        known = {card.id for card in self._cards}
        orphans = sum(len(said) for card, said in self._history.comments.items() if card not in known)
        if orphans:
            self._run.findings.dropped("Comments on cards that are not in the file.", count=orphans)

    def _ranks(self, columns: Columns) -> dict[str, str]:
        by_column: dict[str, list[Card]] = {}
        for card in sorted(self._cards, key=lambda card: (card.pos, card.id)):
            by_column.setdefault(columns.of(card.id_list).rank, []).append(card)
        return {
            card.id: rank
            for cards in by_column.values()
            for card, rank in zip(cards, spread(None, None, len(cards)), strict=True)
        }

    def _numbered(self) -> list[tuple[int, Card]]:
        """Cards by their numbers; those without one of their own come last and count on."""
        numbered: dict[int, Card] = {}
        others: list[Card] = []
        for card in self._cards:
            if card.id_short is None or not 1 <= card.id_short <= _NUMBER_MAX or card.id_short in numbered:
                others.append(card)
            else:
                numbered[card.id_short] = card
        if others:
            self._run.findings.guessed("Numbers of cards that had none of their own.", count=len(others))
        last = max(numbered, default=0)
        return sorted(numbered.items()) + list(enumerate(others, last + 1))

    def _task(self, card: Card, number: int, column: Column, rank: str, archived_at: datetime | None) -> Task:
        created_at = self._created_at(card)
        author = card.id_member_creator or self._history.author_of(card.id)
        return Task(
            id=self._run.id(card.id),
            number=number,
            column_id=column.id,
            rank=rank,
            title=self._title(card),
            priority=self._fields.priority(card) or PRIORITY_DEFAULT,
            label_ids=self._labels.ids(card),
            assignee_ids=tuple(id for each in dict.fromkeys(card.id_members) if (id := self._people.id(each))),
            start_at=self._date(card.start, card),
            due_at=self._date(card.due, card),
            completed_at=self._completed_at(card) if column.category == "completed" else None,
            archived_at=archived_at,
            created_at=created_at,
            created_by=self._people.id(author),
            updated_at=max(created_at, foreign.moment(card.date_last_activity) or created_at),
        )

    def _details(self, card: Card) -> Iterator[ImportedRecord]:
        task_id = self._run.id(card.id)
        described = describe(card, self._fields.rows(card), self._run.findings)
        if described:
            yield ImportedDescription(Description(id=task_id, text=described))
        for item in self._checklists.items(card, task_id):
            yield ImportedChecklistItem(item)
        said = sorted(self._history.comments.get(card.id, ()), key=lambda action: (action.date or "", action.id))
        for comment in filter(None, (self._comment(action, card) for action in said)):
            yield ImportedComment(comment)

    def _comment(self, action: Action, card: Card) -> Comment | None:
        said = fitting.prose(action.data.text)
        if not said.strip():
            self._run.findings.dropped("Comments without text.", card.name)
            return None
        if len(said) > text.COMMENT_MAX:
            self._run.findings.dropped("The end of comments over 20,000 characters.", card.name)
        return Comment(
            id=self._run.id(action.id),
            task_id=self._run.id(card.id),
            author_id=self._people.id(action.id_member_creator),
            text=fitting.cut(said, text.COMMENT_MAX),
            created_at=foreign.moment(action.date) or self._created_at(card),
            edited_at=foreign.moment(action.data.date_last_edited),
        )

    def _title(self, card: Card) -> str:
        title = fitting.line(card.name)
        if not title:
            self._run.findings.guessed("The title of a card that has none.", "Untitled")
        return fitting.cut(title, text.TITLE_MAX) or "Untitled"

    def _date(self, given: str | None, card: Card) -> str | None:
        date = fitting.date(given)
        if given and date is None:
            self._run.findings.dropped("Start and due dates that cannot be read.", card.name)
        return date

    def _completed_at(self, card: Card) -> datetime:
        told = foreign.moment(card.date_completed) or self._history.arrived(card.id, card.id_list)
        return told or self._last_seen(card)

    def _archived_at(self, card: Card, with_its_list: bool) -> datetime | None:
        if not card.closed and not with_its_list:
            return None
        told = foreign.moment(card.date_closed) or self._history.closed(card.id)
        return told or (self._history.closed(card.id_list) if with_its_list else None) or self._last_seen(card)

    def _last_seen(self, card: Card) -> datetime:
        return foreign.moment(card.date_last_activity) or self._created_at(card)

    def _created_at(self, card: Card) -> datetime:
        return (
            self._history.created(card.id)
            or self._made(card.id)
            or foreign.moment(card.date_last_activity)
            or self._run.now
        )

    def _made(self, id: str) -> datetime | None:
        """Trello's ids begin with the second they were made in, in hexadecimal."""
        try:
            made = datetime.fromtimestamp(int(id[:8], 16), UTC) if len(id) == 24 else None
        except (ValueError, OverflowError):
            return None
        return made if made and _TRELLO_BEGAN <= made <= self._run.now + timedelta(days=1) else None
