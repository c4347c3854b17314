"""What an export reads of a project, page by page from one moment, deleted records too. Not here: how it is written (formats).

Never more than a page is held. A whole kind comes by id, in keyset pages along the primary key; tasks by number, or by where they stand,
through a cursor of the database, for no index has those orders.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from msgspec.structs import replace
from sqlalchemy import text

from server.domain.exports import (
    EXPORTED,
    Exported,
    ExportedChecklistItem,
    ExportedComment,
    ExportedDescription,
    ExportedMember,
    ExportedProject,
    ExportedTask,
)
from server.storage.engine import AsyncConnection

PAGE = 500
"""Records read at once: some hundred kilobytes, and a few milliseconds of decoding."""

E = TypeVar("E", bound=Exported)


async def project_of(connection: AsyncConnection, project: UUID) -> ExportedProject:
    """Raises `NoResultFound` for a project that is not there: the caller has asked before."""
    row = (await connection.execute(_PROJECT, {"project": project})).one()
    return ExportedProject(name=row.name, description=row.description, background=row.background)


async def size_of(connection: AsyncConnection, project: UUID) -> int | None:
    """How many tasks it has, deleted ones too; None when it is deleted or absent."""
    size: int | None = await connection.scalar(_SIZE, {"project": project})
    return size


async def people(connection: AsyncConnection, project: UUID) -> list[ExportedMember]:
    """Whoever is named by a task or a comment, by id."""
    return [ExportedMember(id=row.id, name=row.name) for row in await connection.execute(_PEOPLE, {"project": project})]


async def pages(connection: AsyncConnection, project: UUID, kind: type[E]) -> AsyncIterator[list[E]]:
    """All records of one kind, by id."""
    after = UUID(int=0)
    while page := await _page(connection, kind, _PAGES[kind], project=project, after=after):
        yield page
        if len(page) < PAGE:
            return
        after = page[-1].id  # type: ignore[attr-defined]  # every kind read in pages has one


async def tasks_by_number(connection: AsyncConnection, project: UUID) -> AsyncIterator[list[ExportedTask]]:
    """All tasks in the order in which they got their numbers."""
    async for page in _cursor(connection, _BY_NUMBER, project):
        yield page


async def tasks_on_board(connection: AsyncConnection, project: UUID) -> AsyncIterator[list[ExportedTask]]:
    """The tasks that are not deleted, column by column from top to bottom."""
    async for page in _cursor(connection, _ON_BOARD, project):
        yield page


async def parts_of(connection: AsyncConnection, project: UUID, kind: type[E], tasks: Sequence[ExportedTask]) -> list[E]:
    """What belongs to a page of tasks, of one kind, by task and id; deleted parts too."""
    return await _page(connection, kind, _PARTS[kind], project=project, tasks=[task.id for task in tasks])


async def changes(connection: AsyncConnection, project: UUID) -> AsyncIterator[list[str]]:
    """The log as it was sent, oldest first."""
    after = 0
    while rows := (await connection.execute(_CHANGES, {"project": project, "after": after})).all():
        yield [row.message for row in rows]
        after = rows[-1].seq


def _fields(kind: type[Exported]) -> str:
    return ", ".join(f't."{name}"' for name in kind.__struct_fields__)


def _listed(kind: type[Exported], where: str, order: str, limit: str = "") -> Any:
    """Records as one JSON text: the fastest way from rows to records (docs/benchmarks.md)."""
    name = kind.__struct_config__.tag
    return text(
        f"SELECT coalesce(json_agg(r ORDER BY {order}), '[]')::text FROM (SELECT {_fields(kind)} FROM \"{name}\" t "
        f"WHERE t.project_id = :project AND {where} ORDER BY {order}{limit}) r"
    )


_PROJECT = text(f"SELECT {_fields(ExportedProject)} FROM project t WHERE t.project_id = :project")

_SIZE = text("""
    SELECT (SELECT count(*) FROM task t WHERE t.project_id = h.project_id) FROM head h
    WHERE h.project_id = :project AND h.deleted_at IS NULL
""")

_PEOPLE = text("""
    SELECT m.id, m.name FROM member m WHERE m.project_id = :project AND m.id IN (
        SELECT t.created_by FROM task t WHERE t.project_id = :project UNION
        SELECT unnest(t.assignee_ids) FROM task t WHERE t.project_id = :project UNION
        SELECT c.author_id FROM comment c WHERE c.project_id = :project
    ) ORDER BY m.id
""")

_CHANGES = text(
    "SELECT seq, message FROM change WHERE project_id = :project AND seq > :after ORDER BY seq LIMIT 50"  # of 256 KiB at most
)

_PAGES = {
    kind: _listed(
        kind,
        "t.id > :after" + (" AND t.deleted_at IS NULL" if name == "dependency" else ""),
        "id",
        f" LIMIT {PAGE}",
    )
    for name, kind in EXPORTED.items()
    if name not in ("project", "member")
}

_PARTS: dict[type[Exported], Any] = {
    ExportedDescription: _listed(ExportedDescription, "t.id = ANY(:tasks)", "id"),
    ExportedComment: _listed(ExportedComment, "t.task_id = ANY(:tasks)", "task_id, id"),
    ExportedChecklistItem: _listed(ExportedChecklistItem, "t.task_id = ANY(:tasks)", "task_id, id"),
}

_TASK = f"SELECT to_json(r)::text FROM (SELECT {_fields(ExportedTask)} FROM task t"
_BY_NUMBER = text(f"{_TASK} WHERE t.project_id = :project ORDER BY t.number, t.id) r")
_ON_BOARD = text(
    f'{_TASK} JOIN "column" c ON c.project_id = t.project_id AND c.id = t.column_id '
    "WHERE t.project_id = :project AND t.deleted_at IS NULL ORDER BY c.rank, c.id, t.rank, t.id) r"
)

_DECODERS: dict[type[Exported], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
    for kind in EXPORTED.values()
}


async def _page(connection: AsyncConnection, kind: type[E], statement: Any, **given: object) -> list[E]:
    found = await connection.scalar(statement, given)
    return [_ordered(record) for record in _DECODERS[kind].decode(found)]


async def _cursor(connection: AsyncConnection, statement: Any, project: UUID) -> AsyncIterator[list[ExportedTask]]:
    async with connection.stream(statement, {"project": project}, execution_options={"yield_per": PAGE}) as rows:
        async for page in rows.scalars().partitions():
            found = _DECODERS[ExportedTask].decode(f"[{','.join(page)}]")
            yield [_ordered(task) for task in found]


def _ordered(record: E) -> E:
    """Sets come as they were put together; here they stand by id, as everything does."""
    if not isinstance(record, ExportedTask):
        return record
    sets = {name: tuple(sorted(ids)) for name in ("label_ids", "assignee_ids") if len(ids := getattr(record, name)) > 1}
    return cast(E, replace(record, **sets)) if sets else record
