"""How a project stands, in numbers. Not here: how they are counted (storage.statistics)."""

from datetime import date
from uuid import UUID

import msgspec

from server.domain.records import Category


class Share(msgspec.Struct, frozen=True):
    """One member's tasks. `id` is None for those that nobody is assigned to."""

    id: UUID | None
    total: int
    completed: int
    overdue: int


class Day(msgspec.Struct, frozen=True):
    """How many tasks were completed on a day, of those that still are."""

    day: date
    completed: int


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """A project at `seq`. Archived tasks count in `archived` and `throughput` alone, deleted ones nowhere.

    `pending` are those that are not completed. `by_priority` is from 1 to 10; a task with several assignees counts for each of them.
    `throughput` are the last 30 days, today the last. Days, and so what is overdue, end at midnight UTC.
    """

    epoch: UUID
    seq: int
    total: int
    completed: int
    pending: int
    overdue: int
    archived: int
    by_status: dict[Category, int]
    by_priority: dict[str, int]
    by_assignee: tuple[Share, ...]
    throughput: tuple[Day, ...]
