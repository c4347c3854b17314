"""`lockstep export`: a project as a file, straight from the database and whoever asks. Not here: what is written (api.exporting)."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO
from uuid import UUID

from server.api.exporting import KINDS, ExportFormat, Options
from server.domain.errors import NotFound
from server.storage import exports
from server.storage.engine import Database, Limits

Tell = Callable[[int, int], None]
"""How many of how many tasks are written."""


class ExportError(Exception):
    """Why there is no file: one sentence for the operator."""


def export(url: str, project: UUID, format: ExportFormat, file: Path, tell: Tell) -> int:
    """Writes one moment of the project to `file`, which is there when it is whole; blocking. Returns its bytes.

    Raises `ExportError`, and a `Refusal` when there is no such project or the database does not answer.
    """
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with open(unfinished, "wb") as out:
            asyncio.run(_write(url, project, format, out, tell))
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
        return file.stat().st_size
    except OSError as refused:
        raise ExportError(f"Cannot write {file}: {refused.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


async def _write(url: str, project: UUID, format: ExportFormat, out: IO[bytes], tell: Tell) -> None:
    database = Database(url, Limits(pool=1, statement_timeout=120.0, idle_timeout=120.0), name="lockstep-export")
    written = 0
    try:
        async with database.snapshot() as connection:
            size = await exports.size_of(connection, project)
            if size is None:
                raise NotFound("There is no such project.")

            def told(count: int) -> None:
                nonlocal written
                written += count
                tell(written, size)

            await KINDS[format].write(connection, project, out, Options(tell=told))
            tell(size, size)
    finally:
        await database.close()
