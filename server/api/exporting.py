"""A project as a file, page by page: from what storage reads to what formats write. Not here: who may, and how a file is sent (exports).

Everything is read in one REPEATABLE READ transaction, so a file is one moment of the board.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain
from typing import IO, Any, Literal, NamedTuple, Protocol
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
from server.formats.exports.calendar import Todos
from server.formats.exports.cards import BoardHead, Card, Writer, cards
from server.formats.exports.outline import Outline
from server.formats.exports.table import Csv
from server.formats.exports.workbook import Workbook
from server.formats.lockstep.writing import JsonFile, Lines, Part
from server.storage import exports
from server.storage.engine import AsyncConnection

ExportFormat = Literal["json", "ndjson", "csv", "xlsx", "ics", "md"]


class Options(NamedTuple):
    """`history`, of NDJSON only: the log of changes as well. `bom`, of CSV only: a mark at the beginning. `tell` hears of each page's tasks."""

    history: bool = False
    bom: bool = False
    tell: Callable[[int], None] = lambda count: None


PLAIN = Options()


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

PARTS: tuple[type[Part], ...] = (ExportedDescription, ExportedComment, ExportedChecklistItem)


async def write_json(connection: AsyncConnection, project: UUID, out: Out, asked: Options = PLAIN) -> None:
    file = JsonFile()
    out.write(file.begin(await exports.project_of(connection, project)))
    out.write(file.array("members"))
    out.write(file.records(await exports.people(connection, project)))
    out.write(file.end_array())
    for name, kind in ARRAYS.items():
        out.write(file.array(name))
        async for page in exports.pages(connection, project, kind):
            out.write(file.records(page))
            if kind is ExportedTask:
                asked.tell(len(page))
        out.write(file.end_array())
    out.write(file.end())


async def write_ndjson(connection: AsyncConnection, project: UUID, out: Out, asked: Options = PLAIN) -> None:
    lines = Lines()
    out.write(lines.begin())
    out.write(lines.records([await exports.project_of(connection, project)]))
    out.write(lines.records(await exports.people(connection, project)))
    for kind in (ExportedColumn, ExportedLabel):
        async for found in exports.pages(connection, project, kind):
            out.write(lines.records(found))
    async for tasks in exports.tasks_by_number(connection, project):
        parts = [await exports.parts_of(connection, project, kind, tasks) for kind in PARTS]
        out.write(lines.tasks(tasks, chain.from_iterable(parts)))
        asked.tell(len(tasks))
    async for links in exports.pages(connection, project, ExportedDependency):
        out.write(lines.records(links))
    if asked.history:
        async for changes in exports.changes(connection, project):
            out.write(lines.changes(changes))
    out.write(lines.end())


async def write_cards(
    connection: AsyncConnection, project: UUID, open_writer: Callable[[BoardHead], Writer], asked: Options
) -> None:
    """For formats that know cards. They take longer over a page than the loop should wait, so threads write."""
    head = BoardHead.of(
        await exports.project_of(connection, project),
        [column async for page in exports.pages(connection, project, ExportedColumn) for column in page],
        [label async for page in exports.pages(connection, project, ExportedLabel) for label in page],
        await exports.people(connection, project),
    )
    writer = await asyncio.to_thread(open_writer, head)
    async for tasks in exports.tasks_on_board(connection, project):
        texts = await exports.parts_of(connection, project, ExportedDescription, tasks)
        items = await exports.parts_of(connection, project, ExportedChecklistItem, tasks)
        await asyncio.to_thread(_write_page, writer, cards(head, tasks, texts, items))
        asked.tell(len(tasks))
    await asyncio.to_thread(writer.end)


def _write_page(writer: Writer, page: Iterable[Card]) -> None:
    writer.cards(list(page))


class Kind(NamedTuple):
    """What a format's files are, and who writes them."""

    media_type: str
    write: Callable[[AsyncConnection, UUID, IO[bytes], Options], Awaitable[None]]


def _with(open_writer: Callable[[IO[bytes], BoardHead, Options], Writer]) -> Any:
    """Writes cards with such a writer."""
    return lambda connection, project, out, asked: write_cards(
        connection, project, lambda head: open_writer(out, head, asked), asked
    )


KINDS: dict[ExportFormat, Kind] = {
    "json": Kind("application/json", write_json),
    "ndjson": Kind("application/x-ndjson", write_ndjson),
    "csv": Kind("text/csv", _with(lambda out, head, asked: Csv(out, head, bom=asked.bom))),
    "xlsx": Kind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _with(lambda out, head, _: Workbook(out, head)),
    ),
    "ics": Kind("text/calendar", _with(lambda out, head, _: Todos(out, head))),
    "md": Kind("text/markdown", _with(lambda out, head, _: Outline(out, head))),
}
"""A file's name ends as its format is called."""
