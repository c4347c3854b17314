"""Which projects somebody is or was in, across all of them. Not here: one project's members (boards), and writing them (draft)."""

from uuid import UUID

from sqlalchemy import select

from server.storage.engine import AsyncConnection
from server.storage.tables import head, member


async def under_another_name(connection: AsyncConnection, user: UUID, name: str) -> list[UUID]:
    """The projects in which the user has a role and is not called `name`."""
    mine = select(member.c.project_id).join(head, head.c.project_id == member.c.project_id)
    found = mine.where(
        member.c.user_id == user, member.c.role.is_not(None), member.c.name != name, head.c.deleted_at.is_(None)
    )
    return list((await connection.execute(found)).scalars())
