"""What an import asks of a project: where its columns go, who is who, what an earlier one made, and what came of that since.

Not here: writing, which goes through the executor, and what a file says (formats).
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Table, Uuid, bindparam, func, select

from server.domain.records import Kind, MemberKind
from server.storage.engine import AsyncConnection
from server.storage.tables import RECORD_TABLES, account, change, column, head, member, task


class LogLine(msgspec.Struct, frozen=True):
    """A change of the log: `message` is its text."""

    command_id: UUID
    seq: int
    message: str


async def last_rank(connection: AsyncConnection, project: UUID) -> str | None:
    """The rank behind which there is no column, deleted ones counted."""
    rank: str | None = await connection.scalar(select(func.max(column.c.rank)).where(column.c.project_id == project))
    return rank


async def members_by_email(connection: AsyncConnection, project: UUID) -> dict[str, UUID]:
    """Who is in the project now, by their address in lower case."""
    found = (
        select(func.lower(account.c.email), member.c.id)
        .join(account, account.c.id == member.c.user_id)
        .where(member.c.project_id == project, member.c.role.is_not(None), account.c.email.is_not(None))
    )
    return {row[0]: row[1] for row in await connection.execute(found)}


async def members_of(connection: AsyncConnection, project: UUID) -> set[UUID]:
    """Everybody who is or was in the project."""
    return set((await connection.execute(select(member.c.id).where(member.c.project_id == project))).scalars())


class Admin(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    kind: MemberKind


async def first_admin(connection: AsyncConnection, project: UUID) -> Admin | None:
    """Whoever is an admin of the project for as long as anybody; None when there is no such project."""
    admins = (
        select(member.c.id, member.c.name, member.c.kind)
        .join(head, head.c.project_id == member.c.project_id)
        .where(member.c.project_id == project, member.c.role == "admin", head.c.deleted_at.is_(None))
    )
    row = (await connection.execute(admins.order_by(member.c.id).limit(1))).one_or_none()
    return None if row is None else Admin(*row)


async def changes_of(connection: AsyncConnection, project: UUID, commands: Sequence[UUID]) -> list[LogLine]:
    """What came of these commands, in order."""
    found = select(change.c.command_id, change.c.seq, change.c.message)
    mine = found.where(change.c.project_id == project, change.c.command_id.in_(commands))
    return [LogLine(*row) for row in await connection.execute(mine.order_by(change.c.seq))]


async def changes_after(connection: AsyncConnection, project: UUID, seq: int, limit: int) -> list[LogLine]:
    """The log after a seq, in order."""
    found = select(change.c.command_id, change.c.seq, change.c.message)
    later = found.where(change.c.project_id == project, change.c.seq > seq)
    return [LogLine(*row) for row in await connection.execute(later.order_by(change.c.seq).limit(limit))]


async def titles_of(connection: AsyncConnection, project: UUID, tasks: Sequence[UUID], most: int) -> list[str]:
    """Titles of those that are not deleted, in the order of their numbers."""
    there = select(task.c.title).where(task.c.project_id == project, _one_of(task, tasks), task.c.deleted_at.is_(None))
    return list((await connection.execute(there.order_by(task.c.number).limit(most))).scalars())


async def left_of(connection: AsyncConnection, kind: Kind, project: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the records that are not deleted."""
    table = RECORD_TABLES[kind]
    there = select(table.c.id).where(table.c.project_id == project, _one_of(table, ids), table.c.deleted_at.is_(None))
    return set((await connection.execute(there)).scalars())


async def in_use(connection: AsyncConnection, project: UUID, kind: Kind) -> set[UUID]:
    """The columns, or the labels, of tasks that are not deleted."""
    used = task.c.column_id if kind == "column" else func.unnest(task.c.label_ids)
    found = select(used).where(task.c.project_id == project, task.c.deleted_at.is_(None)).distinct()
    return set((await connection.execute(found)).scalars())


def _one_of(table: Table, ids: Sequence[UUID]) -> ColumnElement[bool]:
    """One parameter, however many they are."""
    return table.c.id == func.any(bindparam(None, list(ids), ARRAY(Uuid)))
