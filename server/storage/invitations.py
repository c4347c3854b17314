"""Invitations into a workspace or a project, by the hash of their secret. Functions work in the caller's transaction.

Not here: letting people in (api.invitations). An invitation is worth what its maker may do when it is accepted.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from server.domain.audit import AuditEvent
from server.domain.changes import Actor
from server.domain.errors import NotFound, TooLarge
from server.domain.records import MemberKind
from server.storage import audit
from server.storage.engine import AsyncConnection
from server.storage.tables import account, invitation, member, project, workspace, workspace_member

NO_INVITATION = "There is no such invitation, or it is over."

OPEN_MAX = 100
"""Of one workspace or project, those that can still be accepted."""


class Invitation(msgspec.Struct, frozen=True):
    """What those may see who invite. `role` is one of the workspace or of the project, whichever it leads into."""

    id: UUID
    workspace_id: UUID | None
    project_id: UUID | None
    role: str
    email: str | None
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    accepted_by: list[UUID]
    max_uses: int


class Offer(msgspec.Struct, frozen=True):
    """An invitation in the hands of who has its secret: what it leads into is called `place`, `maker` invites."""

    invitation: Invitation
    place: str
    maker: Actor


class NewInvitation(msgspec.Struct, frozen=True):
    id: UUID
    workspace_id: UUID | None
    project_id: UUID | None
    role: str
    email: str | None
    expires_at: datetime
    max_uses: int
    secret_hash: bytes


async def create(connection: AsyncConnection, new: NewInvitation, by: Actor) -> Invitation:
    """Raises `TooLarge` when too many of the same place are open."""
    mine = _of(new.workspace_id, new.project_id)
    if (await connection.execute(select(func.count()).where(mine, _OPEN))).scalar_one() >= OPEN_MAX:
        raise TooLarge(f"At most {OPEN_MAX} invitations may be open.")
    values = {**msgspec.structs.asdict(new), "created_by": by.id}
    row = (await connection.execute(insert(invitation).values(values).returning(*_FIELDS))).one()
    made = Invitation(*row)
    await _tell(connection, "invitation_created", by, made)
    return made


async def of(connection: AsyncConnection, workspace_id: UUID | None, project_id: UUID | None) -> list[Invitation]:
    """Those of a workspace or project that can still be accepted, the latest first."""
    found = select(*_FIELDS).where(_of(workspace_id, project_id), _OPEN).order_by(invitation.c.created_at.desc())
    return [Invitation(*row) for row in await connection.execute(found)]


async def revoke(connection: AsyncConnection, id: UUID, by: Actor) -> None:
    """By its maker, or by an admin of what it leads into. Raises `NotFound`."""
    heads = select(workspace_member.c.workspace_id).where(
        workspace_member.c.workspace_id == invitation.c.workspace_id,
        workspace_member.c.account_id == by.id,
        workspace_member.c.role.in_(("owner", "admin")),
    )
    leads = select(member.c.id).where(
        member.c.project_id == invitation.c.project_id, member.c.id == by.id, member.c.role == "admin"
    )
    theirs = or_(invitation.c.created_by == by.id, heads.exists(), leads.exists())
    row = (
        await connection.execute(delete(invitation).where(invitation.c.id == id, theirs).returning(*_FIELDS))
    ).one_or_none()
    if row is None:
        raise NotFound(NO_INVITATION)
    await _tell(connection, "invitation_revoked", by, Invitation(*row))


async def offered(connection: AsyncConnection, secret_hash: bytes, *, take: bool = False) -> Offer:
    """What the secret opens. With `take` nobody else accepts or revokes it meanwhile. Raises `NotFound`."""
    place = func.coalesce(workspace.c.name, project.c.name)
    found = (
        select(*_FIELDS, place.label("place"), account.c.name.label("maker"), account.c.kind)
        .join(account, account.c.id == invitation.c.created_by)
        .outerjoin(workspace, workspace.c.id == invitation.c.workspace_id)
        .outerjoin(project, project.c.project_id == invitation.c.project_id)
        .where(invitation.c.secret_hash == secret_hash, invitation.c.expires_at > func.now())
    )
    row = (await connection.execute(found.with_for_update(of=invitation) if take else found)).one_or_none()
    if row is None or row.place is None:
        raise NotFound(NO_INVITATION)
    kind: MemberKind = row.kind
    return Offer(Invitation(*row[: len(_FIELDS)]), row.place, Actor(row.created_by, row.maker, kind))


async def accepted(connection: AsyncConnection, one: Invitation, by: Actor) -> None:
    """Counts somebody whom it let in."""
    more = func.array_append(invitation.c.accepted_by, by.id)
    await connection.execute(update(invitation).where(invitation.c.id == one.id).values(accepted_by=more))
    await _tell(connection, "invitation_accepted", by, one)


async def _tell(connection: AsyncConnection, event: AuditEvent, by: Actor, one: Invitation) -> None:
    """In the workspace's log, of a project in that of its workspace."""
    place = one.workspace_id
    if place is None:
        place = await connection.scalar(select(project.c.workspace_id).where(project.c.project_id == one.project_id))
    details = {"invitation_id": one.id, "role": one.role, "email": one.email, "by": one.created_by}
    await audit.record(connection, event, by, workspace=place, project=one.project_id, details=details)


def _of(workspace_id: UUID | None, project_id: UUID | None) -> ColumnElement[bool]:
    return invitation.c.project_id == project_id if workspace_id is None else invitation.c.workspace_id == workspace_id


_OPEN = (invitation.c.expires_at > func.now()) & (func.cardinality(invitation.c.accepted_by) < invitation.c.max_uses)
_FIELDS = [invitation.c[field] for field in Invitation.__struct_fields__]
