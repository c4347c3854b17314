"""Generated boards of any number and size, streamed: a board's records are made while the ones before are being committed.

Sizes, people, texts and dates are as uneven as on real boards: few boards hold most tasks, most tasks say little, some say a lot. A board's
content follows from its number, so that a run that was broken off goes on where it stopped.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

import msgspec

from server.commands.executor import Executor
from server.commands.submission import Outcome
from server.demo import words
from server.demo.people import DEMO, DemoAccount
from server.domain.commands import (
    ImportedChecklistItem,
    ImportedColumn,
    ImportedComment,
    ImportedDependency,
    ImportedDescription,
    ImportedLabel,
    ImportedMember,
    ImportedRecord,
    ImportedTask,
)
from server.domain.errors import Conflict, Refusal
from server.domain.ranks import between, spread
from server.domain.records import (
    Category,
    ChecklistItem,
    Column,
    Comment,
    Dependency,
    Description,
    Label,
    Task,
)
from server.formats.chunks import chunked

T = TypeVar("T")

IN_FLIGHT = 2
"""Commands of a board that wait at the executor while the next is being made."""

_TASKS_A_BOARD = 2_500
_PEOPLE_A_BOARD = 40

_COLUMNS: tuple[tuple[str, Category, int], ...] = (
    ("Backlog", "backlog", 24),
    ("To do", "todo", 12),
    ("In progress", "in_progress", 5),
    ("Review", "in_progress", 3),
    ("Done", "completed", 56),
)
"""Name, category and share of the tasks in percent. Most of what is done has been archived, too."""


class Plan(msgspec.Struct, frozen=True):
    """How many tasks each board gets."""

    sizes: tuple[int, ...]

    @property
    def tasks(self) -> int:
        return sum(self.sizes)

    @classmethod
    def of(cls, tasks: int, most: int) -> "Plan":
        """`tasks` over boards whose sizes fall like 1/n, none above `most`."""
        boards = max(1, -(-tasks // _TASKS_A_BOARD), -(-tasks // most))
        weights = [1 / (n + 2) for n in range(boards)]
        sizes: list[int] = []
        for n, weight in enumerate(weights):
            left = tasks - sum(sizes)
            sizes.append(min(most, round(left * weight / sum(weights[n:]))))
        return cls(tuple(sizes))


async def fill(executor: Executor, plan: Plan, people: Sequence[DemoAccount], say: Callable[[str], None]) -> None:
    """Makes the boards of `plan`. The first two of `people` are on every one of them, the first as admin."""
    progress = _Progress(plan.tasks, say)
    for number, size in enumerate(plan.sizes, 1):
        await _fill_board(executor, _Board(number, size, people), people[0], progress)
        progress.done += size
    say(f"{plan.tasks:,} tasks on {len(plan.sizes):,} boards, {len(people):,} people")


async def _fill_board(executor: Executor, board: "_Board", admin: DemoAccount, progress: "_Progress") -> None:
    with suppress(Conflict):  # an earlier run began it: what it did is answered as done, what it did not is done now
        await executor.create_project(admin.actor, board.id, board.name, default_columns=False)
    waiting: deque[asyncio.Future[Outcome]] = deque()
    try:
        for id, command in chunked(board.id, board.records()):
            waiting.append(executor.submit(board.id, id, (command,), admin.actor))
            if len(waiting) >= IN_FLIGHT:
                await waiting.popleft()
            progress.at(board.made)
        await asyncio.gather(*waiting)
    except Refusal as refused:
        await asyncio.gather(*waiting, return_exceptions=True)
        if refused.retryable:
            raise  # any other says that the board has been worked on, or made on another day


class _Progress:
    """Says how far things are, about thirty times in all."""

    def __init__(self, total: int, say: Callable[[str], None]) -> None:
        self.done = 0
        """Tasks of the boards that are finished."""
        self._total, self._say = total, say
        self._step = max(total // 30, 1_000)
        self._next = self._step

    def at(self, tasks: int) -> None:
        """`tasks` of the present board are made."""
        tasks += self.done
        if tasks >= self._next:
            self._say(f"{tasks:,} of {self._total:,} tasks")
            self._next = tasks - tasks % self._step + self._step


class _Board:
    """One board, made piece by piece. `made` counts its tasks so far."""

    def __init__(self, number: int, size: int, people: Sequence[DemoAccount]) -> None:
        self._random = random.Random(number)
        self._people = [*people[:2], *self._some(people[2:], _PEOPLE_A_BOARD)]
        self._size = size
        self._today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        self.id = uuid5(DEMO, f"generated board {number}")
        self.name = f"{self._random.choice(words.PROJECTS)} {number}"
        self.made = 0

    def records(self) -> Iterator[ImportedRecord]:
        for person in self._people[1:]:
            yield ImportedMember(person.member(self._random.choices(("editor", "commenter", "viewer"), (7, 2, 1))[0]))
        columns = self._columns()
        labels = [self._label(n) for n in range(8)]
        yield from map(ImportedColumn, columns)
        yield from map(ImportedLabel, labels)
        ranks: dict[UUID, str | None] = dict.fromkeys(column.id for column in columns)
        for number in range(1, self._size + 1):
            column = self._random.choices(columns, [share for _, _, share in _COLUMNS])[0]
            ranks[column.id] = rank = between(ranks[column.id], None)
            yield from self._task(number, column, rank, labels)
            self.made = number

    def _task(self, number: int, column: Column, rank: str, labels: list[Label]) -> Iterator[ImportedRecord]:
        chance = self._random
        id = self._id(f"task {number}")
        created = self._ago((self._size - number) * 400 / self._size, 1)
        seen = min(created + timedelta(days=chance.expovariate(1 / 15)), self._today)
        completed = column.category == "completed"
        due = (created if completed else self._today) + timedelta(days=chance.gauss(4, 9))
        yield ImportedTask(
            Task(
                id=id,
                number=number,
                column_id=column.id,
                rank=rank,
                title=words.title(chance),
                priority=chance.choices((1, 3, 5, 8), (3, 15, 70, 12))[0],
                label_ids=tuple(label.id for label in self._some(labels, 3)),
                assignee_ids=tuple(person.id for person in self._some(self._people, 2)),
                due_at=due.strftime("%Y-%m-%d" if chance.random() < 0.5 else "%Y-%m-%dT%H:%M:%SZ")
                if chance.random() < 0.4
                else None,
                completed_at=seen if completed else None,
                archived_at=seen if completed and chance.random() < 0.9 else None,
                created_at=created,
                created_by=chance.choice(self._people).id,
                updated_at=seen,
            )
        )
        yield from self._details(id, number, created, seen)

    def _details(self, task: UUID, number: int, created: datetime, seen: datetime) -> Iterator[ImportedRecord]:
        chance = self._random
        if chance.random() < 0.35:
            yield ImportedDescription(Description(id=task, text=words.prose(chance, int(chance.paretovariate(1.1)))))
        items = min(int(chance.paretovariate(1)) - 1, 20) if chance.random() < 0.2 else 0
        for n, rank in enumerate(spread(None, None, items)):
            done = chance.random() < 0.6
            id = self._id(f"item {number}.{n}")
            yield ImportedChecklistItem(
                ChecklistItem(id=id, task_id=task, rank=rank, text=words.title(chance), done=done)
            )
        for n in range(min(int(chance.paretovariate(1)) - 1, 60) if chance.random() < 0.5 else 0):
            at = created + (seen - created) * chance.random()
            author = chance.choice(self._people).id
            id = self._id(f"comment {number}.{n}")
            yield ImportedComment(
                Comment(id=id, task_id=task, author_id=author, text=words.prose(chance, 1), created_at=at)
            )
        if number > 1 and chance.random() < 0.03:
            before = self._id(f"task {chance.randint(max(1, number - 50), number - 1)}")
            yield ImportedDependency(
                Dependency(id=self._id(f"dependency {number}"), task_id=task, depends_on_id=before)
            )

    def _columns(self) -> list[Column]:
        ranks = spread(None, None, len(_COLUMNS))
        return [
            Column(id=self._id(name), name=name, rank=rank, category=category)
            for (name, category, _), rank in zip(_COLUMNS, ranks, strict=True)
        ]

    def _label(self, n: int) -> Label:
        return Label(id=self._id(f"label {n}"), name=words.LABELS[n][0], color=words.LABELS[n][1])

    def _some(self, of: Sequence[T], most: int) -> list[T]:
        """None to `most` of them, fewer more often."""
        return self._random.sample(of, min(int(self._random.triangular(0, most + 1, 0)), most, len(of)))

    def _ago(self, days: float, spread_days: float) -> datetime:
        return self._today - timedelta(days=days + self._random.random() * spread_days)

    def _id(self, name: str) -> UUID:
        return uuid5(self.id, name)
