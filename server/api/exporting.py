"""A project as a file, page by page: from what storage reads to what formats write. Not here: who may, and how a file is sent (exports).

Everything is read in one REPEATABLE READ transaction, so a file is one moment of the board.
"""

from itertools import chain
from typing import Protocol
from uuid import UUID

from server.domain.exports import (
    Exported,
    ExportedChecklistItem,
    ExportedColumn,
    ExportedComment,
    ExportedDependency,
    ExportedDescription,
    ExportedLabel,
    ExportedTask,
)
from server.formats.lockstep.writing import JsonFile, Lines
from server.storage import exports
from server.storage.engine import AsyncConnection


class Out(Protocol):
    """Where the bytes go; a file, mostly."""

    def write(self, data: bytes, /) -> object: ...


ARRAYS: dict[str, type[Exported]] = {
    "columns": ExportedColumn,
    "labels": ExportedLabel,
    "tasks": ExportedTask,
    "descriptions": ExportedDescription,
    "comments": ExportedComment,
    "checklist_items": ExportedChecklistItem,
    "dependencies": ExportedDependency,
}


async def write_json(connection: AsyncConnection, project: UUID, out: Out) -> None:
    file = JsonFile()
    out.write(file.begin(await exports.project_of(connection, project)))
    out.write(file.array("members"))
    out.write(file.records(await exports.people(connection, project)))
    out.write(file.end_array())
    for name, kind in ARRAYS.items():
        out.write(file.array(name))
        async for page in exports.pages(connection, project, kind):
            out.write(file.records(page))
        out.write(file.end_array())
    out.write(file.end())


async def write_ndjson(connection: AsyncConnection, project: UUID, out: Out, *, history: bool = False) -> None:
    lines = Lines()
    out.write(lines.begin())
    out.write(lines.records([await exports.project_of(connection, project)]))
    out.write(lines.records(await exports.people(connection, project)))
    for kind in (ExportedColumn, ExportedLabel):
        async for found in exports.pages(connection, project, kind):
            out.write(lines.records(found))
    async for tasks in exports.tasks_by_number(connection, project):
        parts = await exports.parts_of(connection, project, tasks)
        out.write(lines.tasks(tasks, chain(parts.descriptions, parts.comments, parts.checklist_items)))
    async for links in exports.pages(connection, project, ExportedDependency):
        out.write(lines.records(links))
    if history:
        async for changes in exports.changes(connection, project):
            out.write(lines.changes(changes))
    out.write(lines.end())
