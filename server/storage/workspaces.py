"""Workspaces and who is in them. Functions work in the caller's transaction, changes after a `take` in it, and every change tells the audit log.

Not here: a project's own members (boards), and what becomes of them when somebody goes (api.removal).
"""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, update

from server.domain.changes import Actor
from server.domain.errors import Conflict, Forbidden, NotFound, TooLarge
from server.domain.records import MemberKind, Role, Visibility
from server.domain.roles import JOINS_AS, WorkspaceRole, stands
from server.storage import audit
from server.storage.engine import AsyncConnection
from server.storage.tables import account, head, member, project, workspace, workspace_member

NO_WORKSPACE = "There is no such workspace."
NO_MEMBER = "There is no such member."

OWNED_MAX = 100
"""Workspaces that one account may own."""

BOTS_MAX = 100
"""Bots of one workspace."""


class Workspace(msgspec.Struct, frozen=True):
    """A workspace, seen by somebody whose `role` there this is."""

    id: UUID
    name: str
    role: WorkspaceRole
    created_at: datetime


class WorkspaceMember(msgspec.Struct, frozen=True):
    """`id` is the account's."""

    id: UUID
    name: str
    kind: MemberKind
    role: WorkspaceRole
    joined_at: datetime


class WorkspaceProject(msgspec.Struct, frozen=True):
    """A project of the workspace that somebody may know of. Without a `role` they are not in it, but may join."""

    id: UUID
    name: str
    description: str
    visibility: Visibility
    role: Role | None


# Who stands where


async def require(
    connection: AsyncConnection, id: UUID, user: UUID, least: WorkspaceRole, *, hold: bool = False
) -> WorkspaceRole:
    """The user's role. Raises `NotFound` to who is not in the workspace, `Forbidden` to who has less than `least`.

    With `hold` it stays so until the transaction ends: whoever removes them waits.
    """
    role = await standing(connection, id, user, hold=hold)
    if role is None:
        raise NotFound(NO_WORKSPACE)
    if not stands(role, least):
        raise Forbidden(f"This takes the role {least} in the workspace; yours is {role}.")
    return role


async def take(connection: AsyncConnection, id: UUID, user: UUID, least: WorkspaceRole) -> WorkspaceRole:
    """As `require`; and one change of who is in the workspace at a time: two owners who leave at once must not both go."""
    await connection.execute(select(workspace.c.id).where(workspace.c.id == id).with_for_update(key_share=True))
    return await require(connection, id, user, least)


async def standing(connection: AsyncConnection, id: UUID, user: UUID, *, hold: bool = False) -> WorkspaceRole | None:
    mine = workspace_member.c.workspace_id == id, workspace_member.c.account_id == user
    found = select(workspace_member.c.role).where(*mine)
    role: WorkspaceRole | None = await connection.scalar(found.with_for_update(read=True) if hold else found)
    return role


async def own_place(connection: AsyncConnection, user: UUID) -> UUID | None:
    """Where somebody's projects go when they name no workspace: their own, else the one in which they have been longest."""
    found = select(workspace_member.c.workspace_id).where(
        workspace_member.c.account_id == user, workspace_member.c.role != "guest"
    )
    first = found.order_by((workspace_member.c.workspace_id == user).desc(), workspace_member.c.joined_at).limit(1)
    id: UUID | None = await connection.scalar(first)
    return id


async def joins_as(connection: AsyncConnection, project_id: UUID, user: UUID) -> Role:
    """As what the user may let themselves into a project; they stay in its workspace meanwhile. Raises `NotFound`."""
    found = (
        select(workspace_member.c.role, project.c.visibility)
        .join(project, project.c.workspace_id == workspace_member.c.workspace_id)
        .where(project.c.project_id == project_id, workspace_member.c.account_id == user)
        .with_for_update(read=True, of=workspace_member)
    )
    row = (await connection.execute(found)).one_or_none()
    role = None if row is None else JOINS_AS[row.role]
    if row is None or role is None or not (row.visibility == "workspace" or stands(row.role, "admin")):
        raise NotFound("There is no such project.")
    return role


# Reading


async def of(connection: AsyncConnection, user: UUID) -> list[Workspace]:
    """Those that the user is in, by name."""
    found = select(workspace.c.id, workspace.c.name, workspace_member.c.role, workspace.c.created_at).join(
        workspace_member, workspace_member.c.workspace_id == workspace.c.id
    )
    ordered = found.where(workspace_member.c.account_id == user).order_by(func.lower(workspace.c.name), workspace.c.id)
    return [Workspace(*row) for row in await connection.execute(ordered)]


async def members(connection: AsyncConnection, id: UUID) -> list[WorkspaceMember]:
    found = select(
        account.c.id, account.c.name, account.c.kind, workspace_member.c.role, workspace_member.c.joined_at
    ).join(workspace_member, workspace_member.c.account_id == account.c.id)
    ordered = found.where(workspace_member.c.workspace_id == id).order_by(func.lower(account.c.name), account.c.id)
    return [WorkspaceMember(*row) for row in await connection.execute(ordered)]


async def projects(connection: AsyncConnection, id: UUID, user: UUID, role: WorkspaceRole) -> list[WorkspaceProject]:
    """Those that the user is in, and those that their `role` in the workspace lets them join; by name."""
    mine = (member.c.project_id == project.c.project_id) & (member.c.id == user) & member.c.role.is_not(None)
    found = (
        select(project.c.id, project.c.name, project.c.description, project.c.visibility, member.c.role)
        .join(head, head.c.project_id == project.c.project_id)
        .outerjoin(member, mine)
        .where(project.c.workspace_id == id, head.c.deleted_at.is_(None))
        .order_by(func.lower(project.c.name), project.c.id)
    )
    listed = [WorkspaceProject(*row) for row in await connection.execute(found)]
    all_, shared = stands(role, "admin"), stands(role, "member")
    return [one for one in listed if one.role or all_ or (shared and one.visibility == "workspace")]


# Changing


async def create(connection: AsyncConnection, id: UUID, name: str, by: Actor) -> None:
    """A workspace that `by` owns. Raises `Conflict` when the id is taken, `TooLarge` for who owns too many."""
    owned = select(func.count()).where(workspace_member.c.account_id == by.id, workspace_member.c.role == "owner")
    if (await connection.execute(owned)).scalar_one() >= OWNED_MAX:
        raise TooLarge(f"An account owns at most {OWNED_MAX} workspaces.")
    if await connection.scalar(select(workspace.c.id).where(workspace.c.id == id)) is not None:
        raise Conflict("There is a workspace with this id already.")
    await connection.execute(insert(workspace).values(id=id, name=name))
    await connection.execute(insert(workspace_member).values(workspace_id=id, account_id=by.id, role="owner"))
    await audit.record(connection, "workspace_created", by, workspace=id, details={"workspace": name})


async def rename(connection: AsyncConnection, id: UUID, name: str, by: Actor) -> None:
    await connection.execute(update(workspace).where(workspace.c.id == id).values(name=name))
    await audit.record(connection, "workspace_renamed", by, workspace=id, details={"workspace": name})


async def remove(connection: AsyncConnection, id: UUID, by: Actor) -> None:
    """Deletes a workspace. Raises `Conflict` while there are projects or bots in it; what is in the trash stays its members' own."""
    live = select(func.count()).select_from(project).join(head, head.c.project_id == project.c.project_id)
    count = (
        await connection.execute(live.where(project.c.workspace_id == id, head.c.deleted_at.is_(None)))
    ).scalar_one()
    if count or await _bots(connection, id):
        raise Conflict("A workspace is deleted once there is no project and no bot in it.", current={"projects": count})
    await connection.execute(delete(workspace).where(workspace.c.id == id))
    await audit.record(connection, "workspace_deleted", by, workspace=id)


async def set_role(connection: AsyncConnection, id: UUID, user: UUID, role: WorkspaceRole, by: Actor) -> None:
    """Raises `NotFound`, `Forbidden` where an owner is needed, and `Conflict` for the last owner and for bots that would be more than members."""
    before = await _present(connection, id, user)
    if "owner" in (before.role, role) and await standing(connection, id, by.id) != "owner":
        raise Forbidden("Only an owner makes and unmakes owners.")
    if before.kind == "bot" and stands(role, "admin"):
        raise Conflict("A bot is a member or a guest.")
    if role != "owner":
        await _keep_an_owner(connection, id, user)
    await _write_role(connection, id, user, role)
    details = {"of": user, "name": before.name, "was": before.role, "role": role}
    await audit.record(connection, "workspace_role_changed", by, workspace=id, details=details)


async def transfer(connection: AsyncConnection, id: UUID, to: UUID, by: Actor) -> None:
    """Makes `to` an owner and `by`, who was one, an admin. Raises `NotFound` and `Conflict`."""
    heir = await _present(connection, id, to)
    if heir.kind == "bot" or to == by.id:
        raise Conflict("A workspace goes to another person in it.")
    await _write_role(connection, id, to, "owner")
    await _write_role(connection, id, by.id, "admin")
    await audit.record(connection, "workspace_transferred", by, workspace=id, details={"to": to, "name": heir.name})


async def join(connection: AsyncConnection, id: UUID, user: Actor, role: WorkspaceRole, by: UUID) -> None:
    """Puts somebody into the workspace; who is there already stays what they are."""
    statement = select(workspace.c.id).where(workspace.c.id == id).with_for_update(key_share=True)
    if await connection.scalar(statement) is None:
        raise NotFound(NO_WORKSPACE)
    if await standing(connection, id, user.id) is None:
        await connection.execute(insert(workspace_member).values(workspace_id=id, account_id=user.id, role=role))
        details = {"role": role, "invited_by": by}
        await audit.record(connection, "workspace_member_joined", user, workspace=id, details=details)


async def take_out(connection: AsyncConnection, id: UUID, user: UUID, by: Actor) -> WorkspaceMember | None:
    """Takes somebody out of the workspace, whoever they were; None when they are not in it.

    Raises `Forbidden` where an owner is needed, `Conflict` for the last owner.
    """
    gone = next((one for one in await members(connection, id) if one.id == user), None)
    if gone is None:
        return None
    if gone.role == "owner" and user != by.id and await standing(connection, id, by.id) != "owner":
        raise Forbidden("Only an owner removes an owner.")
    await _keep_an_owner(connection, id, user)
    mine = workspace_member.c.workspace_id == id, workspace_member.c.account_id == user
    await connection.execute(delete(workspace_member).where(*mine))
    details = {"of": user, "name": gone.name, "role": gone.role}
    await audit.record(connection, "workspace_member_removed", by, workspace=id, details=details)
    return gone


async def create_bot(connection: AsyncConnection, id: UUID, bot: UUID, name: str, by: Actor) -> WorkspaceMember:
    """Raises `TooLarge` when the workspace has too many."""
    if await _bots(connection, id) >= BOTS_MAX:
        raise TooLarge(f"A workspace has at most {BOTS_MAX} bots.")
    await connection.execute(insert(account).values(id=bot, name=name, kind="bot"))
    await connection.execute(insert(workspace_member).values(workspace_id=id, account_id=bot, role="member"))
    await audit.record(connection, "bot_created", by, workspace=id, details={"of": bot, "name": name})
    return await _present(connection, id, bot)


async def _present(connection: AsyncConnection, id: UUID, user: UUID) -> WorkspaceMember:
    found = next((one for one in await members(connection, id) if one.id == user), None)
    if found is None:
        raise NotFound(NO_MEMBER)
    return found


async def _keep_an_owner(connection: AsyncConnection, id: UUID, leaving: UUID) -> None:
    owners = select(workspace_member.c.account_id).where(
        workspace_member.c.workspace_id == id, workspace_member.c.role == "owner"
    )
    if set((await connection.execute(owners)).scalars()) == {leaving}:
        raise Conflict("A workspace keeps at least one owner.")


async def _write_role(connection: AsyncConnection, id: UUID, user: UUID, role: WorkspaceRole) -> None:
    mine = workspace_member.c.workspace_id == id, workspace_member.c.account_id == user
    await connection.execute(update(workspace_member).where(*mine).values(role=role))


async def _bots(connection: AsyncConnection, id: UUID) -> int:
    bots = (
        select(func.count()).select_from(workspace_member).join(account, account.c.id == workspace_member.c.account_id)
    )
    return (
        await connection.execute(bots.where(workspace_member.c.workspace_id == id, account.c.kind == "bot"))
    ).scalar_one()
