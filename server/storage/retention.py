"""What is kept for a time only, and how it goes: in batches, so that nobody waits for a lock or a long transaction."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, select, tuple_, update

from server.storage.engine import Database
from server.storage.tables import (
    RECORD_TABLES,
    audit,
    change,
    head,
    idempotency,
    invitation,
    job,
    link,
    mail,
    member,
    revocation,
    sign_in,
    task_words,
)

BATCH = 5_000
ANSWERS_KEPT = timedelta(hours=24)
REVOCATIONS_KEPT = timedelta(days=2)
"""Longer than any access token lives, and than a process may be cut off from the database and still go on."""

MAIL_KEPT = timedelta(days=7)
PROJECTS_KEPT = timedelta(days=30)
INVITATIONS_KEPT = timedelta(days=30)
JOBS_KEPT = timedelta(days=30)


async def purge_sign_ins(database: Database) -> int:
    """Deletes expired sign-ins; returns how many."""
    return await _delete(database, sign_in, sign_in.c.expires_at <= func.now())


async def purge_idempotency(database: Database) -> int:
    """Deletes answers that are no longer kept; returns how many."""
    return await _delete(database, idempotency, idempotency.c.created_at < func.now() - ANSWERS_KEPT)


async def purge_revocations(database: Database) -> int:
    """Deletes revocations of what has long expired; returns how many."""
    return await _delete(database, revocation, revocation.c.at < func.now() - REVOCATIONS_KEPT)


async def purge_links(database: Database) -> int:
    """Deletes mailed links that are too old to work; returns how many."""
    return await _delete(database, link, link.c.expires_at <= func.now())


async def purge_mail(database: Database) -> int:
    """Deletes letters that could not be sent for long; returns how many."""
    return await _delete(database, mail, mail.c.created_at < func.now() - MAIL_KEPT)


async def purge_invitations(database: Database) -> int:
    """Deletes invitations, and the addresses they went to, long after they expired; returns how many."""
    return await _delete(database, invitation, invitation.c.expires_at < func.now() - INVITATIONS_KEPT)


async def purge_jobs(database: Database) -> int:
    """Deletes jobs that ended long ago, and with them the way to undo what they did; returns how many."""
    return await _delete(database, job, job.c.finished_at < func.now() - JOBS_KEPT)


async def purge_audit(database: Database, kept: timedelta) -> int:
    """Deletes what the audit log told of longer ago than that; returns how much."""
    return await _delete(database, audit, audit.c.at < func.now() - kept)


async def purge_projects(database: Database) -> int:
    """Deletes projects that were deleted too long ago to be restored, with all that is in them; returns how many."""
    purged = 0
    async with database.begin() as connection:
        due = (await connection.execute(select(head.c.project_id).where(_is_due()))).scalars().all()
    for project in due:
        if await _close(database, project):
            for table in (*RECORD_TABLES.values(), task_words, change, head):
                await _delete(database, table, table.c.project_id == project)
            purged += 1
    return purged


def _is_due() -> ColumnElement[bool]:
    return head.c.deleted_at < func.now() - PROJECTS_KEPT


async def _close(database: Database, project: UUID) -> bool:
    """Takes the project from everybody for good; False when it was restored in the meantime.

    Without members nobody can restore it while it goes, and it stays due if this process dies. The new epoch makes
    every copy held in memory worthless.
    """
    mine = head.c.project_id == project
    close = update(head).where(mine, _is_due()).values(epoch=func.gen_random_uuid()).returning(head.c.project_id)
    async with database.begin() as connection:
        closed = (await connection.execute(close)).first() is not None
        if closed:
            await connection.execute(delete(member).where(member.c.project_id == project))
    return closed


async def _delete(database: Database, table: Table, which: ColumnElement[bool]) -> int:
    key: Iterable[ColumnElement[object]] = table.primary_key
    batch = select(*key).where(which).limit(BATCH)
    statement = delete(table).where(tuple_(*key).in_(batch))
    deleted = 0
    while True:
        async with database.begin() as connection:
            count = (await connection.execute(statement)).rowcount
        deleted += count
        if count < BATCH:
            return deleted
