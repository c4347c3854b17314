"""`lockstep import`: a file into a project, straight into the database. It is a job like any import, held and done by this process.

So it is on the project's list and can be undone there; one that was interrupted is told as failed by the workers, who do not have the file.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec

from server.commands.executor import Executor
from server.domain.changes import Actor
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.jobs import Job, JobKind
from server.formats.detection import Format
from server.jobs.kinds import job_kinds
from server.jobs.runner import LEASE, Runner
from server.storage import imports, jobs
from server.storage.engine import Database, Limits
from server.storage.files import Files
from server.storage.jobs import Held, NewJob
from server.telemetry import Telemetry, configure_logging

Tell = Callable[[int, int | None], None]
"""How many of how many records are in."""

POOL = 4


class BringError(Exception):
    """Why the file is not in the project: one sentence for the operator."""


def bring(url: str, project: UUID, file: Path, format: Format | None, tell: Tell, *, dry_run: bool) -> dict[str, Any]:
    """Imports `file` in the name of the project's first admin, or with `dry_run` only reads it; blocking. Returns the job's result.

    Raises `BringError`, and a `Refusal` when there is no such project or the database does not answer.
    """
    configure_logging("error", "auto")
    return asyncio.run(_bring(url, project, file.absolute(), format, tell, "import_preview" if dry_run else "import"))


async def _bring(
    url: str, project: UUID, file: Path, format: Format | None, tell: Tell, kind: JobKind
) -> dict[str, Any]:
    database = Database(url, Limits(pool=POOL), name="lockstep-import")
    pens = Database(url, Limits(pool=POOL), name="lockstep-import-pens", writing=True)
    executor = Executor(pens, announce=lambda _committed: None, telemetry=Telemetry())

    def told(job: Job) -> None:
        tell(job.progress.done, job.progress.total)

    try:
        holder = new_id()
        held = await _take(database, holder, project, file, format, kind)
        async with executor.running():
            kinds = job_kinds(database, Files(file.parent.as_uri()), executor)
            await Runner(database, kinds, told, at_once=1).carry_out(held, holder)
        async with database.begin() as connection:
            ended = await jobs.get(connection, held.job.id)
    finally:
        await database.close()
        await pens.close()
    if ended is None or ended.result is None:
        raise BringError(ended.problem.detail if ended and ended.problem else "The import was interrupted.")
    return ended.result


async def _take(
    database: Database, holder: UUID, project: UUID, file: Path, format: Format | None, kind: JobKind
) -> Held:
    """Makes the job and takes it in one breath, so that no worker comes first. Raises `NotFound`."""
    id = new_id()
    async with database.begin() as connection:
        admin = await imports.first_admin(connection, project)
        if admin is None:
            raise NotFound("There is no such project.")
        actor = msgspec.to_builtins(Actor(admin.id, admin.name, admin.kind))
        asked = {"actor": actor, "upload": file.name, "file": file.name, "format": format}
        await jobs.add(connection, NewJob(id, project, admin.id, kind, asked))
        held = await jobs.take(connection, id, holder, LEASE)
    assert held is not None
    return held


def known(format: str | None) -> Format | None:
    """The format of this name. Raises `BringError`."""
    try:
        found: Format | None = msgspec.convert(format, Format | None)
    except msgspec.ValidationError:
        raise BringError(f"There is no format {format}: choose one of {', '.join(get_args(Format))}.") from None
    return found


def told_of(result: dict[str, Any]) -> Iterator[str]:
    """The report of an import, line by line."""
    report = result["report"]
    made = ", ".join(f"{count:,} {kind}" for kind, count in report["created"].items())
    yield f"{result['name']} ({result['format']}): {made or 'nothing'}"
    for what in ("mapped", "guessed", "dropped"):
        for note in report[what]:
            such = f" ({', '.join(note['examples'])})" if note["examples"] else ""
            yield f"{what}: {note['text']}{' × ' + str(note['count']) if note['count'] > 1 else ''}{such}"
