"""Cards as tasks, each followed by its description, checklist and comments.

They come by number, so that a new project keeps the numbers.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

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
from server.formats import fitting
from server.formats.board.checklists import Checklists
from server.formats.board.columns import Columns
from server.formats.board.labels import Labels
from server.formats.board.people import People
from server.formats.board.pieces import Board, Card, Place, Said
from server.formats.board.prose import describe
from server.formats.run import Run

_NUMBER_MAX = 1_000_000
_OLDEST = datetime.min.replace(tzinfo=UTC)


class Tasks:
    def __init__(self, board: Board, columns: Columns, people: People, labels: Labels, run: Run) -> None:
        self._board, self._columns, self._people, self._labels, self._run = board, columns, people, labels, run
        self._checklists = Checklists(people, run)

    def records(self) -> Iterator[ImportedRecord]:
        """Every card's records; each card's task first."""
        ranks = self._ranks(self._board.places)
        for number, place in self._numbered(self._board.places):
            card = self._board.card(place.id)
            yield ImportedTask(self._task(card, number, ranks[place.id]))
            yield from self._details(card)

    def _ranks(self, places: Sequence[Place]) -> dict[str, str]:
        by_column: dict[str, list[Place]] = {}
        for place in sorted(places, key=lambda place: (place.pos, place.id)):
            by_column.setdefault(self._columns.of(place.list).rank, []).append(place)
        return {
            place.id: rank
            for within in by_column.values()
            for place, rank in zip(within, spread(None, None, len(within)), strict=True)
        }

    def _numbered(self, places: Sequence[Place]) -> list[tuple[int, Place]]:
        """Cards by their numbers; those without one of their own come last and count on."""
        numbered: dict[int, Place] = {}
        others: list[Place] = []
        for place in places:
            if place.number is None or not 1 <= place.number <= _NUMBER_MAX or place.number in numbered:
                others.append(place)
            else:
                numbered[place.number] = place
        if others and numbered:
            self._run.findings.guessed("Numbers of cards that had none of their own.", count=len(others))
        last = max(numbered, default=0)
        return sorted(numbered.items(), key=lambda each: each[0]) + list(enumerate(others, last + 1))

    def _task(self, card: Card, number: int, rank: str) -> Task:
        column = self._columns.of(card.list)
        created_at = self._created_at(card)
        return Task(
            id=self._run.id(card.id),
            number=number,
            column_id=column.id,
            rank=rank,
            title=self._title(card),
            priority=card.priority or PRIORITY_DEFAULT,
            label_ids=self._labels.ids(card),
            assignee_ids=tuple(id for each in dict.fromkeys(card.people) if (id := self._people.id(each))),
            start_at=self._date(card.start, card),
            due_at=self._date(card.due, card),
            completed_at=self._completed_at(card, column),
            archived_at=self._archived_at(card),
            created_at=created_at,
            created_by=self._people.id(card.author),
            updated_at=max(created_at, card.updated_at or created_at),
        )

    def _details(self, card: Card) -> Iterator[ImportedRecord]:
        task_id = self._run.id(card.id)
        described = describe(card, self._run.findings)
        if described:
            yield ImportedDescription(Description(id=task_id, text=described))
        for item in self._checklists.items(card, task_id):
            yield ImportedChecklistItem(item)
        said = self._run.once(card.comments, lambda comment: comment.id, "comment")
        for each in sorted(said, key=lambda comment: (comment.created or _OLDEST, comment.id)):
            comment = self._comment(each, card, task_id)
            if comment is not None:
                yield ImportedComment(comment)

    def _comment(self, said: Said, card: Card, task_id: UUID) -> Comment | None:
        words = fitting.prose(said.text)
        if not words.strip():
            self._run.findings.dropped("Comments without text.", card.title)
            return None
        if len(words) > text.COMMENT_MAX:
            self._run.findings.dropped("The end of comments over 20,000 characters.", card.title)
        return Comment(
            id=self._run.id(said.id),
            task_id=task_id,
            author_id=self._people.id(said.author),
            text=fitting.cut(words, text.COMMENT_MAX),
            created_at=said.created or self._created_at(card),
            edited_at=said.edited,
        )

    def _title(self, card: Card) -> str:
        title = fitting.line(card.title)
        if not title:
            self._run.findings.guessed("The title of a card that has none.", "Untitled")
        return fitting.cut(title, text.TITLE_MAX) or "Untitled"

    def _date(self, given: str | None, card: Card) -> str | None:
        date = fitting.date(given)
        if given and date is None:
            self._run.findings.dropped("Start and due dates that cannot be read.", card.title)
        return date

    def _completed_at(self, card: Card, column: Column) -> datetime | None:
        if column.category == "completed":
            return card.completed_at or self._last_seen(card)
        if card.marked_done:
            self._run.findings.dropped(
                "The mark of complete cards outside a completed column; they are open there.", card.title
            )
        return None

    def _archived_at(self, card: Card) -> datetime | None:
        with_its_list = self._columns.archived(card.list)
        if not card.archived and not with_its_list:
            return None
        told = self._board.list_archived_at(card.list) if with_its_list else None
        return card.archived_at or told or self._last_seen(card)

    def _last_seen(self, card: Card) -> datetime:
        return card.updated_at or self._created_at(card)

    def _created_at(self, card: Card) -> datetime:
        return card.created_at or card.updated_at or self._run.now
