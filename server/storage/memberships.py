"""Which projects somebody is or was in, across all of them. Not here: one project's members (boards), and writing them (draft)."""

from uuid import UUID

import msgspec
from sqlalchemy import func, select

from server.domain.records import Role
from server.storage.engine import AsyncConnection
from server.storage.tables import account, head, member, project, workspace, workspace_member


async def under_another_name(connection: AsyncConnection, user: UUID, name: str) -> list[UUID]:
    """The projects in which the user has a role and is not called `name`."""
    mine = select(member.c.project_id).join(head, head.c.project_id == member.c.project_id)
    found = mine.where(
        member.c.user_id == user, member.c.role.is_not(None), member.c.name != name, head.c.deleted_at.is_(None)
    )
    return list((await connection.execute(found)).scalars())


class Membership(msgspec.Struct, frozen=True):
    """`role` is None when they have left. `others`: how many besides them have a role; `admins`: how many of those are admins."""

    project: UUID
    name: str
    role: Role | None
    deleted: bool
    others: int
    admins: int

    @property
    def keeps_them(self) -> bool:
        """Whether others would be left without an admin."""
        return not self.deleted and self.role == "admin" and self.others > 0 and self.admins == 0

    @property
    def is_theirs_alone(self) -> bool:
        return not self.deleted and self.role is not None and self.others == 0


async def of(connection: AsyncConnection, user: UUID) -> list[Membership]:
    """Every project that the user is or was in, those in the trash too."""
    other = member.alias()
    with_role = (other.c.project_id == member.c.project_id) & (other.c.id != member.c.id) & other.c.role.is_not(None)
    others = select(func.count()).where(with_role).scalar_subquery()
    admins = select(func.count()).where(with_role, other.c.role == "admin").scalar_subquery()
    fields = (project.c.project_id, project.c.name, member.c.role, head.c.deleted_at.is_not(None), others, admins)
    rows = await connection.execute(
        select(*fields)
        .select_from(member)
        .join(project, project.c.project_id == member.c.project_id)
        .join(head, head.c.project_id == member.c.project_id)
        .where(member.c.user_id == user)
        .order_by(project.c.project_id)
    )
    return [Membership(*row) for row in rows]


async def workspaces_without_another_owner(connection: AsyncConnection, user: UUID) -> list[tuple[UUID, str]]:
    """Workspaces in which others are and nobody but the user is an owner, with their names."""
    mine = workspace_member.alias()
    others = select(func.count()).where(
        workspace_member.c.workspace_id == workspace.c.id,
        workspace_member.c.account_id != user,
        workspace_member.c.account_id == account.c.id,
        account.c.kind == "person",
    )
    found = (
        select(workspace.c.id, workspace.c.name)
        .join(mine, (mine.c.workspace_id == workspace.c.id) & (mine.c.account_id == user) & (mine.c.role == "owner"))
        .where(others.scalar_subquery() > 0, others.where(workspace_member.c.role == "owner").scalar_subquery() == 0)
        .order_by(workspace.c.id)
    )
    return [(row.id, row.name) for row in await connection.execute(found)]


async def among(connection: AsyncConnection, user: UUID, inside: UUID | None) -> list[UUID]:
    """The projects of a workspace (None: of any) in which the user has a role, those in the trash too."""
    mine = select(member.c.project_id).where(member.c.user_id == user, member.c.role.is_not(None))
    if inside is not None:
        mine = mine.join(project, project.c.project_id == member.c.project_id).where(project.c.workspace_id == inside)
    return list((await connection.execute(mine)).scalars())


async def solely_led(connection: AsyncConnection, user: UUID, inside: UUID) -> list[str]:
    """The names of the workspace's projects of which the user is the only admin."""
    other = member.alias()
    another = select(other.c.id).where(
        other.c.project_id == member.c.project_id, other.c.role == "admin", other.c.id != user
    )
    led = (
        select(project.c.name)
        .join(member, member.c.project_id == project.c.project_id)
        .join(head, head.c.project_id == project.c.project_id)
        .where(project.c.workspace_id == inside, head.c.deleted_at.is_(None))
        .where(member.c.id == user, member.c.role == "admin", ~another.exists())
    )
    return list((await connection.execute(led.order_by(project.c.name))).scalars())
