"""A project as a file: who may have it, in which format, how many at once. Not here: what is written (exporting)."""

import asyncio
import tempfile
from typing import IO
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import bodies
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.downloads import AtOnce, Download
from server.api.exporting import KINDS, ExportFormat, Options
from server.api.services import Services
from server.domain.errors import Invalid, NotFound, Overloaded, Unavailable
from server.storage import boards, exports

SECONDS_MAX = 60.0
"""How long reading may take: its transaction keeps the database from tidying up."""

TURN_SECONDS = 30.0
READING_MAX = 2
"""Exports that are read side by side in a process, of whomever; others wait for their turn."""


class ExportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`history`, of NDJSON only: the log of changes as well. `bom`, of CSV only: the mark by which spreadsheets know UTF-8."""

    format: ExportFormat = "json"
    history: bool = False
    bom: bool = False


CONTRACTS = {
    "GET /v1/projects/{project}/export": Contract(
        name="export_project",
        says="The whole project as a file.",
        asks=ExportQuery,
        answers={200: tuple(kind.media_type for kind in KINDS.values())},
        sends=("Content-Disposition",),
        refuses=(Overloaded,),
    ),
}


class ExportRoutes:
    """The handler of `/v1/projects/{project}/export`."""

    def __init__(self, services: Services) -> None:
        self._database = services.database
        self._at_once = AtOnce(services.settings.limit_exports if services.settings.rate_limits else None, "exports")
        self._reading = asyncio.Semaphore(READING_MAX)

    async def export(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, ExportQuery)
        if asked.history and asked.format != "ndjson":
            raise Invalid.at("/history", "The history comes with NDJSON only.")
        if asked.bom and asked.format != "csv":
            raise Invalid.at("/bom", "The mark comes with CSV only.")
        leave = self._at_once.enter(identity.actor.id)
        file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by who sends it
        try:
            name = await self._write(request.path_params["project"], identity, asked, file)
        except BaseException:
            file.close()
            leave()
            raise
        return Download(file, f"{name}.{asked.format}", KINDS[asked.format].media_type, leave)

    async def _write(self, project: UUID, identity: Identity, asked: ExportQuery, file: IO[bytes]) -> str:
        """Fills the file from one moment of the project, and returns the project's name."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._reading.acquire()
        except TimeoutError:
            raise Overloaded("Too many exports are waiting.", retry_ms=10_000) from None
        try:
            async with asyncio.timeout(SECONDS_MAX), self._database.snapshot() as connection:
                if await boards.access_of(connection, project, identity.actor.id) is None:
                    raise NotFound("There is no such project.")
                await KINDS[asked.format].write(connection, project, file, Options(asked.history, asked.bom))
                return (await exports.project_of(connection, project)).name
        except TimeoutError:
            raise Unavailable("The export took too long.", retry_ms=60_000) from None
        finally:
            self._reading.release()
