"""The log, read without a lock: heads, changes after a seq. Not here: writing it (pen)."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import select

from server.storage.engine import AsyncConnection
from server.storage.tables import change, head, member


class LogHead(msgspec.Struct, frozen=True):
    """Where a project's log stands. Changes up to `floor` are no longer served."""

    epoch: UUID
    seq: int
    floor: int
    deleted: bool


class LogPage(msgspec.Struct, frozen=True):
    """A stretch of the log, in order. Each message is the exact JSON text of a `change`."""

    epoch: UUID
    head: int
    floor: int
    messages: list[str]


_HEAD = (head.c.epoch, head.c.seq, head.c.floor_seq, head.c.deleted_at.is_not(None))


async def head_of(connection: AsyncConnection, project: UUID) -> LogHead | None:
    """The head of a project, deleted or not; None when there is no such project."""
    row = (await connection.execute(select(*_HEAD).where(head.c.project_id == project))).one_or_none()
    return None if row is None else LogHead(*row)


async def heads_of(connection: AsyncConnection, projects: Iterable[UUID]) -> dict[UUID, LogHead]:
    """The heads of many projects, for the sweep."""
    rows = await connection.execute(select(head.c.project_id, *_HEAD).where(head.c.project_id.in_(list(projects))))
    return {row[0]: LogHead(*row[1:]) for row in rows}


async def read(connection: AsyncConnection, project: UUID, since: int, limit: int) -> LogPage | None:
    """Up to `limit` changes after `since`, with the head they were read at; None when there is no such project."""
    at = await head_of(connection, project)
    if at is None:
        return None
    later = select(change.c.message).where(change.c.project_id == project, change.c.seq > since)
    messages = await connection.execute(later.where(change.c.seq <= at.seq).order_by(change.c.seq).limit(limit))
    return LogPage(at.epoch, at.seq, at.floor, list(messages.scalars()))


async def tasks_of(connection: AsyncConnection, project: UUID, command_id: UUID) -> set[UUID]:
    """The tasks that the change with this command id made, changed or deleted; none when there is no such change."""
    message = await connection.scalar(
        select(change.c.message).where(change.c.project_id == project, change.c.command_id == command_id)
    )
    ops = [] if message is None else msgspec.json.decode(message, type=_Logged).ops
    ids = (op.id if op.record is None else op.record.id for op in ops if op.kind in ("task", "description"))
    return {id for id in ids if id is not None}


class _Named(msgspec.Struct, frozen=True):
    id: UUID


class _Op(msgspec.Struct, frozen=True):
    kind: str
    id: UUID | None = None
    record: _Named | None = None


class _Logged(msgspec.Struct, frozen=True):
    ops: list[_Op]


async def roles_of(connection: AsyncConnection, project: UUID) -> dict[UUID, str]:
    """The role of every member who has one, by user."""
    rows = await connection.execute(
        select(member.c.user_id, member.c.role).where(
            member.c.project_id == project, member.c.role.is_not(None), member.c.deleted_at.is_(None)
        )
    )
    return {row.user_id: row.role for row in rows if row.user_id is not None}
