"""Attachments as REST reads them, and where their bytes are: under the project's and the attachment's ids. Not here: the store itself (files)."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select, tuple_

from server.domain.records import Attachment
from server.storage.engine import AsyncConnection, Database
from server.storage.files import Files
from server.storage.tables import attachment, change, task

STORED = "attachments"
"""Below it are the bytes of attachments."""

ABANDONED = timedelta(days=1)
"""Bytes without a record are an upload on its way; after this long it died."""


def key_of(project: UUID, id: UUID) -> str:
    return f"{STORED}/{project}/{id}"


async def has_task(connection: AsyncConnection, project: UUID, id: UUID) -> bool:
    """Whether there is such a task that is not deleted."""
    c = task.c
    found = await connection.execute(select(c.id).where(c.project_id == project, c.id == id, c.deleted_at.is_(None)))
    return found.first() is not None


async def of_task(connection: AsyncConnection, project: UUID, task: UUID) -> list[Attachment]:
    """Oldest first."""
    c = attachment.c
    statement = _SELECT.where(c.project_id == project, c.task_id == task, c.deleted_at.is_(None))
    return [_attachment(row) for row in await connection.execute(statement.order_by(c.created_at, c.id))]


async def find(connection: AsyncConnection, project: UUID, task: UUID, id: UUID) -> Attachment | None:
    """The attachment, if it is the task's and not deleted."""
    c = attachment.c
    statement = _SELECT.where(c.project_id == project, c.id == id, c.task_id == task, c.deleted_at.is_(None))
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _attachment(row)


async def made_by(connection: AsyncConnection, project: UUID, command: UUID) -> Attachment | None:
    """What the command with this id has attached, as it was then; None when no such command was committed."""
    statement = select(change.c.message).where(change.c.project_id == project, change.c.command_id == command)
    message = await connection.scalar(statement)
    if message is None:
        return None
    ops = msgspec.json.decode(message)["ops"]
    made = (op["record"] for op in ops if op["op"] == "put" and op["kind"] == "attachment")
    return next((msgspec.convert(record, Attachment) for record in made), None)


async def purge_orphans(database: Database, files: Files) -> int:
    """Deletes bytes that no record speaks of: of uploads that died, and of projects that are gone for good; returns how many."""
    purged = 0
    async for keys in files.older(STORED, ABANDONED):
        places = {place: key for key in keys if (place := _place(key)) is not None}
        async with database.begin() as connection:
            known = await _known(connection, places)
        for place, key in places.items():
            if place not in known:
                await files.delete(key)
                purged += 1
    return purged


async def _known(connection: AsyncConnection, places: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of which there is a record, deleted or not: what is deleted may be restored."""
    c = attachment.c
    statement = select(c.project_id, c.id).where(tuple_(c.project_id, c.id).in_(list(places)))
    return {(row.project_id, row.id) for row in await connection.execute(statement)}


def _place(key: str) -> tuple[UUID, UUID] | None:
    """The project and the attachment that a key names; None when it is none of ours."""
    try:
        _, project, id = key.rsplit("/", 2)
        return UUID(project), UUID(id)
    except ValueError:
        return None


_SELECT = select(*(attachment.c[name] for name in Attachment.__struct_fields__))


def _attachment(row: object) -> Attachment:
    return msgspec.convert(row, Attachment, from_attributes=True)
