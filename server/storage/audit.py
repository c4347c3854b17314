"""The audit log: written in the transaction of what it tells of, read by a workspace's admins. Not here: a project's own log (log)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, text

from server.domain.audit import AuditEvent
from server.domain.changes import Actor
from server.storage.engine import AsyncConnection
from server.storage.tables import audit, workspace_member

FAILURES_MAX = 20
"""Failed sign-ins to one account that are told of in an hour: whoever guesses must not fill the log."""


class AuditEntry(msgspec.Struct, frozen=True):
    """`account_id` did it, and was called `name` then."""

    id: int
    at: datetime
    event: AuditEvent
    account_id: UUID | None
    name: str
    workspace_id: UUID | None
    project_id: UUID | None
    details: dict[str, Any]


async def record(
    connection: AsyncConnection,
    event: AuditEvent,
    by: Actor,
    *,
    workspace: UUID | None = None,
    project: UUID | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Tells, in this transaction, that it happened. What is neither of a workspace nor of a project is the person's own affair."""
    await connection.execute(
        insert(audit).values(
            event=event,
            account_id=by.id,
            name=by.name,
            workspace_id=workspace,
            project_id=project,
            details=msgspec.to_builtins(details or {}),
        )
    )


async def failed_sign_in(connection: AsyncConnection, email: str, details: Mapping[str, object]) -> None:
    """Tells that somebody did not get into the account with this address, if there is one, at most `FAILURES_MAX` times an hour.

    Nobody who waits for the answer learns which: the same statement runs for every address, and what it writes is not waited for.
    """
    told: dict[str, object] = {"email": email, "details": msgspec.json.encode(details).decode(), "most": FAILURES_MAX}
    await connection.execute(text("SET LOCAL synchronous_commit = off"))
    await connection.execute(_FAILED, told)


_FAILED = text("""
    INSERT INTO audit (event, account_id, name, details)
    SELECT 'sign_in_failed', a.id, a.name, CAST(:details AS jsonb) FROM account a WHERE lower(a.email) = :email AND :most > (
        SELECT count(*) FROM audit o
        WHERE o.account_id = a.id AND o.event = 'sign_in_failed' AND o.at > now() - interval '1 hour'
    )
""")


async def of_workspace(
    connection: AsyncConnection, workspace: UUID, *, before: int | None, limit: int
) -> list[AuditEntry]:
    """The latest first: what happened in the workspace, and what its people did with their own access since they joined.

    Guests keep what is theirs to themselves.
    """
    people = (
        select(workspace_member.c.account_id)
        .where(workspace_member.c.workspace_id == workspace)
        .where(workspace_member.c.account_id == audit.c.account_id)
        .where(workspace_member.c.role != "guest", workspace_member.c.joined_at <= audit.c.at)
    )
    own = audit.c.workspace_id.is_(None) & audit.c.project_id.is_(None) & people.exists()
    found = select(*(audit.c[field] for field in AuditEntry.__struct_fields__))
    found = found.where((audit.c.workspace_id == workspace) | own)
    if before is not None:
        found = found.where(audit.c.id < before)
    rows = await connection.execute(found.order_by(audit.c.id.desc()).limit(limit))
    return [AuditEntry(*row) for row in rows]
