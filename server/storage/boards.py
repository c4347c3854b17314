"""What REST and the snapshot read of a project, without a lock, each from one moment. Not here: one task (shown), the log, and anything that writes."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select, text

from server.domain.changes import Snapshot
from server.domain.records import (
    KINDS,
    SNAPSHOT_KINDS,
    Kind,
    Record,
    Role,
    Visibility,
)
from server.storage import log
from server.storage.engine import AsyncConnection
from server.storage.log import LogHead
from server.storage.tables import account, head, member, project


class ProjectSummary(msgspec.Struct, frozen=True):
    """A line of somebody's project list."""

    id: UUID
    name: str
    description: str
    role: Role
    seq: int
    deleted_at: datetime | None = None
    workspace_id: UUID | None = None
    visibility: Visibility = "private"


class Access(msgspec.Struct, frozen=True):
    """What somebody may do in a project, and where its log stood then."""

    role: Role
    at: LogHead


async def access_of(connection: AsyncConnection, project_id: UUID, user: UUID) -> Access | None:
    """What the user may do, and where the log stands; None when the project is deleted, absent or not theirs to see."""
    found = select(member.c.role, head.c.epoch, head.c.seq, head.c.floor_seq).join(
        head, head.c.project_id == member.c.project_id
    )
    row = (
        await connection.execute(
            found.where(
                member.c.project_id == project_id,
                member.c.id == user,
                member.c.role.is_not(None),
                member.c.deleted_at.is_(None),
                head.c.deleted_at.is_(None),
            )
        )
    ).one_or_none()
    return None if row is None else Access(row.role, LogHead(row.epoch, row.seq, row.floor_seq, deleted=False))


class Seen(msgspec.Struct, frozen=True):
    """A project that somebody may read, where its log stands, and how many tasks it has."""

    id: UUID
    at: LogHead
    tasks: int
    unarchived: int


async def seen_by(connection: AsyncConnection, user: UUID, only: UUID | None = None) -> tuple[list[Seen], str]:
    """The projects in which the user has a role (`only` one of them), and the user's time zone.

    What is asked on the connection until its transaction ends is planned for the very values that are asked for, as lists of tasks differ
    too much for one plan, and by index, as all tasks of everybody are no place to look for some.
    """
    planned = {"plan_cache_mode": "force_custom_plan", "enable_seqscan": "off"}
    found = (
        select(
            *(member.c.project_id, head.c.epoch, head.c.seq, head.c.floor_seq, head.c.task_count, head.c.open_count),
            account.c.time_zone,
            *(func.set_config(name, value, True) for name, value in planned.items()),
        )
        .join(head, head.c.project_id == member.c.project_id)
        .join(account, account.c.id == member.c.user_id)
        .where(member.c.role.is_not(None), member.c.deleted_at.is_(None), head.c.deleted_at.is_(None))
        .order_by(member.c.project_id)
    )
    mine = (member.c.user_id == user,) if only is None else (member.c.project_id == only, member.c.id == user)
    rows = (await connection.execute(found.where(*mine))).all()
    projects = [
        Seen(id, LogHead(epoch, seq, floor, deleted=False), *counts) for id, epoch, seq, floor, *counts, _, _, _ in rows
    ]
    return projects, rows[0].time_zone if rows else "UTC"


async def projects_of(connection: AsyncConnection, user: UUID, *, deleted: bool = False) -> list[ProjectSummary]:
    """The projects in which the user has a role, by name; with `deleted`, those in the trash."""
    found = (
        select(
            project.c.id,
            project.c.name,
            project.c.description,
            member.c.role,
            head.c.seq,
            head.c.deleted_at,
            project.c.workspace_id,
            project.c.visibility,
        )
        .join(member, member.c.project_id == project.c.project_id)
        .join(head, head.c.project_id == project.c.project_id)
        .where(member.c.user_id == user, member.c.role.is_not(None))
        .where(head.c.deleted_at.is_not(None) if deleted else head.c.deleted_at.is_(None))
        .order_by(func.lower(project.c.name), project.c.id)
    )
    return [ProjectSummary(*row) for row in await connection.execute(found)]


async def avatars_of(connection: AsyncConnection, project_id: UUID) -> list[tuple[UUID, UUID]]:
    """The members with a role who have a picture, each with its id."""
    found = (
        select(member.c.id, account.c.avatar_id)
        .join(account, account.c.id == member.c.user_id)
        .where(member.c.project_id == project_id, member.c.role.is_not(None), account.c.avatar_id.is_not(None))
        .order_by(member.c.id)
    )
    return [(row.id, row.avatar_id) for row in await connection.execute(found)]


async def snapshot(connection: AsyncConnection, project_id: UUID) -> Snapshot | None:
    """All of a project but the tasks' details, from the connection's moment; None when it is absent or deleted."""
    at = await log.head_of(connection, project_id)
    if at is None or at.deleted:
        return None
    found = {kind: await _all(connection, kind, project_id) for kind in SNAPSHOT_KINDS}
    (project_record,) = found["project"]
    shown = {task.id for task in found["task"]}
    links = (link for link in found["dependency"] if link.task_id in shown and link.depends_on_id in shown)
    return Snapshot(
        epoch=at.epoch,
        seq=at.seq,
        project=project_record,
        members=tuple(found["member"]),
        columns=tuple(found["column"]),
        labels=tuple(found["label"]),
        tasks=tuple(found["task"]),
        dependencies=tuple(links),
    )


_DECODERS: dict[Kind, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(list[KINDS[kind]])  # type: ignore[valid-type]
    for kind in SNAPSHOT_KINDS
}


async def _all(connection: AsyncConnection, kind: Kind, project_id: UUID) -> list[Any]:
    """The records of one kind that are not deleted, by id.

    They come as one JSON text: the fastest way from rows to records (docs/benchmarks.md).
    """
    found = await connection.scalar(_SELECTS[kind], {"project": project_id})
    records: list[Record] = _DECODERS[kind].decode(found)
    return records


def _select(kind: Kind) -> str:
    fields = ", ".join(f't."{name}"' for name in KINDS[kind].__struct_fields__)
    return (
        f"SELECT coalesce(json_agg(r ORDER BY r.id), '[]')::text FROM (SELECT {fields} FROM \"{kind}\" t "
        "WHERE t.project_id = :project AND t.deleted_at IS NULL) r"
    )


_SELECTS = {kind: text(_select(kind)) for kind in SNAPSHOT_KINDS}
