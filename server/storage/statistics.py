"""Counts a project's tasks, and keeps what was counted while it is right. The caller authorises first. Not here: what is counted (domain)."""

import asyncio
from collections import OrderedDict
from datetime import datetime
from uuid import UUID
from weakref import WeakValueDictionary

import msgspec
from sqlalchemy import text

from server.domain.records import Category
from server.domain.statistics import Day, Share, Statistics
from server.storage import log
from server.storage.criteria import IS_OVERDUE, NOW
from server.storage.engine import AsyncConnection, Database
from server.storage.log import LogHead

KEPT = 2_000
"""Projects whose numbers are kept, those asked for last."""


class Counted(msgspec.Struct, frozen=True):
    """`until` is when time alone makes them wrong: something is overdue from then on, or another day begins."""

    statistics: Statistics
    until: datetime


class _Group(msgspec.Struct, frozen=True):
    status: Category
    priority: int
    total: int
    completed: int
    overdue: int


class _Read(msgspec.Struct, frozen=True):
    until: datetime
    epoch: UUID
    seq: int
    archived: int
    groups: list[_Group]
    shares: tuple[Share, ...]
    days: tuple[Day, ...]


_COUNTS = f"count(*) AS total, count(t.completed_at) AS completed, count(*) FILTER (WHERE {IS_OVERDUE}) AS overdue"
_SHOWN = "t.project_id = :project AND t.deleted_at IS NULL AND t.archived_at IS NULL"
_MIDNIGHT = "(date_trunc('day', now() AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC'"
_STATISTICS = text(f"""
    SELECT json_build_object(
        'until', least({_MIDNIGHT}, (
            SELECT CAST(min(t.due_at) AS timestamptz) FROM task t
            WHERE {_SHOWN} AND t.completed_at IS NULL AND t.due_at > {NOW} AND length(t.due_at) > 10
        )),
        'epoch', h.epoch,
        'seq', h.seq,
        'archived', h.task_count - h.open_count,
        'groups', (SELECT coalesce(json_agg(g), '[]') FROM (
            SELECT c.category AS status, t.priority, {_COUNTS}
            FROM task t JOIN "column" c ON c.project_id = t.project_id AND c.id = t.column_id
            WHERE {_SHOWN} GROUP BY c.category, t.priority
        ) g),
        'shares', (SELECT coalesce(json_agg(s ORDER BY s.id NULLS LAST), '[]') FROM (
            SELECT a.id, {_COUNTS} FROM task t
            LEFT JOIN LATERAL unnest(t.assignee_ids) AS a(id) ON true WHERE {_SHOWN} GROUP BY a.id
        ) s),
        'days', (SELECT json_agg(json_build_object('day', d.day::date, 'completed', (
            SELECT count(*) FROM task t WHERE t.project_id = :project AND t.deleted_at IS NULL
            AND t.completed_at >= d.day AT TIME ZONE 'UTC' AND t.completed_at < (d.day + interval '1 day') AT TIME ZONE 'UTC'
        )) ORDER BY d.day) FROM generate_series(
            date_trunc('day', now() AT TIME ZONE 'UTC') - interval '29 days', date_trunc('day', now() AT TIME ZONE 'UTC'), '1 day'
        ) AS d(day))
    )::text
    FROM head h WHERE h.project_id = :project AND h.deleted_at IS NULL
""")
_decode = msgspec.json.Decoder(_Read).decode


class Counts:
    """The numbers of the projects asked for last, each counted once for as long as they are right; one count at a time a project."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[UUID, Counted] = OrderedDict()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def get(self, project: UUID, at: LogHead, now: datetime) -> Counted | None:
        """The numbers at the head that was seen `at` or later; None when the project is deleted or absent."""
        turn = self._turns.get(project)
        if turn is None:
            turn = self._turns[project] = asyncio.Lock()
        async with turn:
            kept = self._kept.get(project)
            if kept is None or not _is_right(kept, at, now):
                async with self._database.statement() as connection:
                    kept = await count(connection, project)
                self._keep(project, kept)
            return kept

    async def newest(self, project: UUID, now: datetime) -> Counted | None:
        """The numbers at the head of the log."""
        async with self._database.statement() as connection:
            at = await log.head_of(connection, project)
        return None if at is None or at.deleted else await self.get(project, at, now)

    def _keep(self, project: UUID, counted: Counted | None) -> None:
        self._kept.pop(project, None)
        if counted is not None:
            self._kept[project] = counted
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _is_right(kept: Counted, at: LogHead, now: datetime) -> bool:
    return kept.statistics.epoch == at.epoch and kept.statistics.seq >= at.seq and now < kept.until


async def count(connection: AsyncConnection, project: UUID) -> Counted | None:
    """Counts by one statement, so from one moment; None when the project is deleted or absent."""
    found = await connection.scalar(_STATISTICS, {"project": project, "zone": "UTC"})
    if found is None:
        return None
    read = _decode(found)
    by_status: dict[Category, int] = {"backlog": 0, "todo": 0, "in_progress": 0, "completed": 0}
    by_priority = {str(priority): 0 for priority in range(1, 11)}
    for group in read.groups:
        by_status[group.status] += group.total
        by_priority[str(group.priority)] += group.total
    total, completed = (sum(getattr(group, name) for group in read.groups) for name in ("total", "completed"))
    statistics = Statistics(
        epoch=read.epoch,
        seq=read.seq,
        total=total,
        completed=completed,
        pending=total - completed,
        overdue=sum(group.overdue for group in read.groups),
        archived=read.archived,
        by_status=by_status,
        by_priority=by_priority,
        by_assignee=read.shares,
        throughput=read.days,
    )
    return Counted(statistics, read.until)
