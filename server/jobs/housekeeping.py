"""Throwing away what is kept for a time only. What exactly, and how: storage.retention."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

import structlog

from server.jobs.queue import Job
from server.storage import attachments, retention
from server.storage.engine import Database
from server.storage.files import UPLOADS, Files

log = structlog.get_logger(__name__)

LIMIT_SECONDS = 600.0


class Purge(NamedTuple):
    """`run` returns how much it deleted; it is due every `every_s` seconds."""

    run: Callable[[Database], Awaitable[int]]
    every_s: float


PURGES: dict[str, Purge] = {
    "purge_sign_ins": Purge(retention.purge_sign_ins, 3600),
    "purge_idempotency": Purge(retention.purge_idempotency, 900),
    "purge_revocations": Purge(retention.purge_revocations, 3600),
    "purge_links": Purge(retention.purge_links, 3600),
    "purge_mail": Purge(retention.purge_mail, 3600),
    "purge_invitations": Purge(retention.purge_invitations, 3600),
    "purge_projects": Purge(retention.purge_projects, 3600),
    "purge_jobs": Purge(retention.purge_jobs, 3600),
}

EVERY_S = {
    **{name: purge.every_s for name, purge in PURGES.items()},
    "purge_audit": 3600.0,
    "purge_uploads": 3600.0,
    "purge_attachments": 21_600.0,
}
"""How often each job is due, in seconds."""

UPLOADS_KEPT = timedelta(days=1)
"""How long a file may wait between a look at it and its import; nobody else's people are in our hands for longer."""


def jobs(database: Database, files: Files, audit_kept: timedelta) -> dict[str, Job]:
    """The jobs by name, ready to run. The audit log tells of what happened in the last `audit_kept`."""
    aged = Purge(lambda database: retention.purge_audit(database, audit_kept), EVERY_S["purge_audit"])
    uploads = Purge(lambda _: files.purge(UPLOADS, UPLOADS_KEPT), EVERY_S["purge_uploads"])
    orphans = Purge(lambda database: attachments.purge_orphans(database, files), EVERY_S["purge_attachments"])
    purges = {**PURGES, "purge_audit": aged, "purge_uploads": uploads, "purge_attachments": orphans}
    return {name: _job(name, purge, database) for name, purge in purges.items()}


def _job(name: str, purge: Purge, database: Database) -> Job:
    async def job() -> None:
        deleted = await purge.run(database)
        if deleted:
            log.info("purged", job=name, deleted=deleted)

    return job
