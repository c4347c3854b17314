"""What somebody wrote, made or was given in a project, for themselves to have. Not here: the board as all see it (boards)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, any_, literal, select

from server.storage.engine import AsyncConnection
from server.storage.tables import comment, task


async def of(connection: AsyncConnection, project: UUID, user: UUID) -> dict[str, list[dict[str, Any]]]:
    """The tasks that the user made or has, and the comments they wrote, as rows."""
    theirs = (task.c.created_by == user) | (literal(user) == any_(task.c.assignee_ids))
    return {
        "tasks": await _rows(connection, task, project, theirs),
        "comments": await _rows(connection, comment, project, comment.c.author_id == user),
    }


async def _rows(
    connection: AsyncConnection, table: Table, project: UUID, which: ColumnElement[bool]
) -> list[dict[str, Any]]:
    told = [column for column in table.c if column.name not in ("project_id", "deleted_at", "field_seq")]
    found = select(*told).where(table.c.project_id == project, table.c.deleted_at.is_(None), which).order_by(table.c.id)
    return [dict(row) for row in (await connection.execute(found)).mappings()]
