"""Jobs: what was asked for, who runs it, and what came of it. Rows are the truth; whoever runs one holds it for a while at a time.

Not here: running them, and when they are enqueued.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, and_, func, insert, or_, select, tuple_, update

from server.domain.errors import Conflict, RateLimited
from server.domain.jobs import Job, JobKind, JobProblem, JobProgress
from server.storage.engine import AsyncConnection, Database
from server.storage.tables import job

CANCELLED = JobProblem("cancelled", "The job was cancelled.")

_SEEN = (
    job.c.id, job.c.project_id, job.c.owner_id, job.c.kind, job.c.status, job.c.done, job.c.total,
    job.c.result, job.c.problem, job.c.created_at, job.c.started_at, job.c.finished_at,
)  # fmt: skip


class NewJob(msgspec.Struct, frozen=True):
    id: UUID
    project_id: UUID
    owner_id: UUID
    kind: JobKind
    asked: dict[str, Any]


class Held(msgspec.Struct, frozen=True):
    """A job in the hands of whoever took it. `noted` is what an earlier try has left; `attempts` counts this one."""

    job: Job
    asked: dict[str, Any]
    noted: dict[str, Any]
    attempts: int


async def add(connection: AsyncConnection, new: NewJob, *, at_once: int | None = None) -> Job:
    """Puts a job up to be run; one that is there already stays as it is.

    With `at_once`: raises `RateLimited` when so many of its owner's, or of its project's, are not finished.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"job {new.project_id}", 0))))
    known = await get(connection, new.id)
    if known is not None:
        return known
    if at_once is not None:
        await require_room(connection, new.owner_id, new.project_id, at_once)
    made = insert(job).values(**msgspec.structs.asdict(new), due_at=func.now()).returning(*_SEEN)
    return _seen((await connection.execute(made)).one())


async def require_room(connection: AsyncConnection, owner: UUID, project: UUID, at_once: int) -> None:
    """Raises `RateLimited` when so many jobs of the owner's, or of the project's, are not finished."""
    unfinished = select(
        func.count().filter(job.c.owner_id == owner), func.count().filter(job.c.project_id == project)
    ).where(job.c.finished_at.is_(None), or_(job.c.owner_id == owner, job.c.project_id == project))
    if max((await connection.execute(unfinished)).one()) >= at_once:
        raise RateLimited(f"At most {at_once} jobs may run at once: wait for one to end.", retry_ms=5000)


async def get(connection: AsyncConnection, id: UUID) -> Job | None:
    row = (await connection.execute(select(*_SEEN).where(job.c.id == id))).one_or_none()
    return None if row is None else _seen(row)


async def asked_of(connection: AsyncConnection, id: UUID) -> dict[str, Any]:
    """The order of a job that is there."""
    asked: dict[str, Any] = (await connection.execute(select(job.c.asked).where(job.c.id == id))).scalar_one()
    return asked


async def of_project(
    connection: AsyncConnection, project: UUID, owner: UUID | None, *, before: UUID | None, limit: int
) -> list[Job]:
    """The project's jobs, or its owner's among them, the latest first; the next page is what comes `before` the last one."""
    found = select(*_SEEN).where(job.c.project_id == project)
    if owner is not None:
        found = found.where(job.c.owner_id == owner)
    if before is not None:
        edge = select(job.c.created_at).where(job.c.id == before).scalar_subquery()
        found = found.where(tuple_(job.c.created_at, job.c.id) < tuple_(edge, before))
    rows = await connection.execute(found.order_by(job.c.created_at.desc(), job.c.id.desc()).limit(limit))
    return [_seen(row) for row in rows]


async def cancel(connection: AsyncConnection, id: UUID) -> None:
    """Ends one that nobody runs; whoever runs one hears of it soon. Raises `Conflict` when it is finished."""
    idle = or_(job.c.holder.is_(None), job.c.due_at <= func.now())
    ended = update(job).where(job.c.id == id, job.c.finished_at.is_(None), idle).values(**_end(CANCELLED))
    if (await connection.execute(ended)).rowcount:
        return
    told = update(job).where(job.c.id == id, job.c.finished_at.is_(None)).values(cancelled=True)
    if not (await connection.execute(told)).rowcount:
        raise Conflict("The job is finished.")


# Whoever runs them


async def due(database: Database, most: int) -> list[UUID]:
    """Jobs that somebody should run: new ones, and those whose holder is silent."""
    async with database.statement() as connection:
        found = select(job.c.id).where(job.c.due_at <= func.now()).order_by(job.c.due_at).limit(most)
        return list((await connection.execute(found)).scalars())


async def take(connection: AsyncConnection, id: UUID, holder: UUID, lease: timedelta) -> Held | None:
    """The job, for the holder alone until the lease is over; None when it is not due."""
    taken = (
        update(job)
        .where(job.c.id == id, job.c.due_at <= func.now())
        .values(
            status="processing",
            holder=holder,
            due_at=func.now() + lease,
            attempts=job.c.attempts + 1,
            started_at=func.coalesce(job.c.started_at, func.now()),
        )
        .returning(*_SEEN, job.c.asked, job.c.noted, job.c.attempts)
    )
    row = (await connection.execute(taken)).one_or_none()
    return None if row is None else Held(_seen(row), row.asked, row.noted, row.attempts)


async def beat(
    connection: AsyncConnection, id: UUID, holder: UUID, lease: timedelta, progress: JobProgress
) -> bool | None:
    """The holder lives and has come so far. True goes on; False is cancelled; None is not the holder's any more."""
    alive = (
        update(job)
        .where(job.c.id == id, job.c.holder == holder)
        .values(due_at=func.now() + lease, done=progress.done, total=progress.total)
        .returning(job.c.cancelled)
    )
    cancelled = await connection.scalar(alive)
    return None if cancelled is None else not cancelled


async def note(connection: AsyncConnection, id: UUID, noted: dict[str, Any]) -> None:
    """What a second try must know of this one."""
    await connection.execute(update(job).where(job.c.id == id).values(noted=noted))


async def put_off(connection: AsyncConnection, id: UUID, holder: UUID, pause: timedelta) -> None:
    """Somebody should try again after the pause."""
    again = update(job).where(job.c.id == id, job.c.holder == holder)
    await connection.execute(again.values(status="pending", holder=None, due_at=func.now() + pause))


async def complete(
    connection: AsyncConnection, id: UUID, holder: UUID, result: dict[str, Any], progress: JobProgress
) -> Job | None:
    """None when it is not the holder's any more."""
    done = {"status": "completed", "result": result, "done": progress.done, "total": progress.total}
    return await _finish(connection, id, holder, {**done, "due_at": None, "holder": None, "finished_at": func.now()})


async def fail(connection: AsyncConnection, id: UUID, holder: UUID, problem: JobProblem) -> Job | None:
    """None when it is not the holder's any more."""
    return await _finish(connection, id, holder, _end(problem))


async def _finish(connection: AsyncConnection, id: UUID, holder: UUID, values: dict[str, Any]) -> Job | None:
    finished = update(job).where(and_(job.c.id == id, job.c.holder == holder)).values(**values).returning(*_SEEN)
    row = (await connection.execute(finished)).one_or_none()
    return None if row is None else _seen(row)


def _end(problem: JobProblem) -> dict[str, Any]:
    told = msgspec.to_builtins(problem)
    return {"status": "failed", "problem": told, "due_at": None, "holder": None, "finished_at": func.now()}


def _seen(row: "Row[*tuple[Any, ...]]") -> Job:
    fields = row._asdict()
    return Job(
        progress=JobProgress(fields["done"], fields["total"]),
        problem=msgspec.convert(fields["problem"], JobProblem | None),
        **{name: fields[name] for name in Job.__struct_fields__ if name not in ("progress", "problem")},
    )
