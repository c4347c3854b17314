"""A board that leaves as a file and comes to be somewhere else, without HTTP."""

import io
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

from server.api.exporting import write_json, write_ndjson
from server.commands.executor import Executor
from server.domain import commands as c
from server.domain.changes import Actor
from server.formats import lockstep
from server.formats.chunks import chunked
from server.formats.report import Translation
from server.storage.engine import Database
from tests.helpers.board import Board

Form = Literal["json", "ndjson"]


async def exported(database: Database, project: UUID, form: Form) -> bytes:
    out = io.BytesIO()
    async with database.snapshot() as connection:
        await {"json": write_json, "ndjson": write_ndjson}[form](connection, project, out)
    return out.getvalue()


def translated(file: bytes, form: Form, import_id: UUID | None = None) -> Translation:
    translate = {"json": lockstep.translate, "ndjson": lockstep.translate_lines}[form]
    return translate(file, import_id=import_id or uuid4(), now=datetime.now(UTC))


async def imported(executor: Executor, database: Database, by: Actor, file: bytes, form: Form) -> Board:
    """A new project of somebody's, made from the file."""
    import_id = uuid4()
    translation = translated(file, form, import_id)
    report = translation.report
    assert (report.mapped, report.guessed, report.dropped) == ((), (), ())
    board = Board(executor, database, [], uuid4(), by)
    await executor.create_project(
        by, board.project, translation.name, description=translation.description, default_columns=False
    )
    await board.submit(c.UpdateProject(background=translation.background))
    for id, command in chunked(import_id, translation.records):
        await board.submit(command, id=id)
    return board
