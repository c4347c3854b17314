"""Imports over REST: a file comes in, is looked at, is brought into the project, and is taken back. The work itself is jobs' (jobs.imports)."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies, uploads
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.idempotency import id_of, key_of
from server.api.services import Services
from server.domain.errors import Conflict, FieldError, Forbidden, IdReuse, Invalid, NotFound
from server.domain.ids import child_id
from server.domain.jobs import Job, JobKind
from server.formats.choices import Choices
from server.formats.detection import Format
from server.storage import boards, imports, jobs
from server.storage.engine import AsyncConnection
from server.storage.files import UPLOADS
from server.storage.jobs import NewJob

CHOICES_BYTES = 256 * 1024
ACCEPTED = (
    "application/octet-stream",
    "application/json",
    "application/x-ndjson",
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    uploads.MULTIPART,
)


class ImportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `format` the file is looked at; `name` is what it is called. `dry_run`: tell what it would do, and change nothing."""

    format: Format | None = None
    dry_run: bool = False
    name: Annotated[str, Meta(max_length=255)] = ""


CONTRACTS = {
    "POST /v1/projects/{project}/imports": Contract(
        name="import",
        says="Bring a file into the project, or with `dry_run` hear what that would do.",
        files=ACCEPTED,
        asks=ImportQuery,
        once=True,
        answers={202: Job},
        sends=("Location",),
    ),
    "POST /v1/projects/{project}/imports/{job}/start": Contract(
        name="start_import",
        says="Bring the file of a dry run into the project, with what was chosen after a look at its report.",
        takes=Choices,
        once=True,
        answers={202: Job},
        sends=("Location",),
        refuses=(Conflict,),
    ),
    "POST /v1/projects/{project}/imports/{job}/undo": Contract(
        name="undo_import",
        says="Take an import back, but for what somebody has worked on since.",
        once=True,
        answers={202: Job},
        sends=("Location",),
        refuses=(Conflict,),
    ),
}


class ImportRoutes:
    """The handlers below `/v1/projects/{project}/imports`. Whoever imports is an admin now, and must be one still when it is done."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._at_once = services.settings.jobs_at_once

    async def create(self, request: Request, identity: Identity) -> Response:
        """A repeat with the same key is answered with the same job; its file is not looked at."""
        id = id_of(request, identity)
        asked = bodies.query(request, ImportQuery)
        project: UUID = request.path_params["project"]
        async with self._services.database.begin() as connection:
            await _require_admin(connection, project, identity)
            known = await jobs.get(connection, id) if key_of(request) else None
            if known is None:
                await jobs.require_room(connection, identity.actor.id, project, self._at_once)
        if known is not None:
            return _accepted(_same(known, project))
        key = f"{UPLOADS}/{id}"
        name = await self._store(request, key)
        order = {"upload": key, "file": asked.name or name, "format": asked.format}
        return await self._add(identity, project, id, "import_preview" if asked.dry_run else "import", order)

    async def start(self, request: Request, identity: Identity) -> Response:
        bodies.require_type(request, "application/json")
        body = await bodies.read(request, CHOICES_BYTES)
        choices = bodies.decode(body, Choices)
        project: UUID = request.path_params["project"]
        async with self._services.database.begin() as connection:
            await _require_admin(connection, project, identity)
            looked = await _job_of(connection, project, request.path_params["job"], "import_preview")
            if looked.status != "completed":
                raise Conflict("Only a dry run that is completed can be started.")
            order = await jobs.asked_of(connection, looked.id)
            members = await imports.members_of(connection, project)
        wrong = [
            FieldError(f"/people/{who}", "is no member") for who, id in choices.people.items() if id not in members
        ]
        if wrong:
            raise Invalid("People can become members of the project only.", errors=tuple(wrong))
        settled = "people" in bodies.decode(body, dict[str, msgspec.Raw])
        chosen = {**order, "choices": msgspec.to_builtins(choices), "settled": settled}
        return await self._add(identity, project, child_id(id_of(request, identity), "start"), "import", chosen)

    async def undo(self, request: Request, identity: Identity) -> Response:
        project: UUID = request.path_params["project"]
        async with self._services.database.begin() as connection:
            await _require_admin(connection, project, identity)
            imported = await _job_of(connection, project, request.path_params["job"], "import")
            if imported.finished_at is None:
                raise Conflict("The import is not finished: cancel it first.")
        order = {"import_id": str(imported.id)}
        return await self._add(identity, project, child_id(id_of(request, identity), "undo"), "undo_import", order)

    async def _add(self, identity: Identity, project: UUID, id: UUID, kind: JobKind, order: dict[str, Any]) -> Response:
        asked = {**order, "actor": msgspec.to_builtins(identity.actor)}
        async with self._services.database.begin() as connection:
            await _require_admin(connection, project, identity)
            new = NewJob(id, project, identity.actor.id, kind, asked)
            return _accepted(await jobs.add(connection, new, at_once=self._at_once))

    async def _store(self, request: Request, key: str) -> str:
        """Streams the upload into the store; returns what the file is called, if the request says so."""
        bodies.require_type(request, *ACCEPTED)
        async with uploads.opened(request, self._services.settings.import_max_bytes) as upload:
            size = await self._services.files.put(key, upload.chunks)
        if size == 0:
            await self._services.files.delete(key)
            raise Invalid("The file is empty.")
        return upload.name[:255]


async def _require_admin(connection: AsyncConnection, project: UUID, identity: Identity) -> None:
    access = await boards.access_of(connection, project, identity.actor.id)
    if access is None:
        raise NotFound("There is no such project.")
    if identity.reach.role(project, access.role) != "admin":
        raise Forbidden("Only admins of the project import.")


async def _job_of(connection: AsyncConnection, project: UUID, id: UUID, kind: JobKind) -> Job:
    job = await jobs.get(connection, id)
    if job is None or job.project_id != project or job.kind != kind:
        raise NotFound("There is no such import in the project.")
    return job


def _same(known: Job, project: UUID) -> Job:
    if known.project_id != project:
        raise IdReuse("This idempotency key was used for something else.")
    return known


def _accepted(job: Job) -> Response:
    return answers.json(job, 202, {"Location": f"/v1/jobs/{job.id}"})
