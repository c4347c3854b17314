"""Jobs over REST: how far they are, what came of them, and their end before that. Not here: what makes them (imports)."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.services import Services
from server.domain.errors import Conflict, NotFound
from server.domain.jobs import Job
from server.storage import boards, jobs
from server.storage.engine import AsyncConnection


class JobsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cursor` is the `next` of the page before."""

    cursor: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class Jobs(msgspec.Struct, frozen=True):
    items: list[Job]
    next: str | None


CONTRACTS = {
    "GET /v1/jobs/{job}": Contract(name="job", says="A job of yours, or of a project of yours.", answers={200: Job}),
    "DELETE /v1/jobs/{job}": Contract(
        name="cancel_job",
        says="End a job before its time; what it did stays.",
        answers={204: None},
        refuses=(Conflict,),
    ),
    "GET /v1/projects/{project}/jobs": Contract(
        name="list_jobs",
        says="The project's jobs, the latest first: to an admin all of them, to others their own.",
        asks=JobsQuery,
        answers={200: Jobs},
        sends=("Link",),
    ),
}


class JobRoutes:
    """The handlers of `/v1/jobs/…` and of a project's jobs."""

    def __init__(self, services: Services) -> None:
        self._database = services.database

    async def get(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            return answers.json(await _visible(connection, request.path_params["job"], identity))

    async def cancel(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            job = await _visible(connection, request.path_params["job"], identity)
            await jobs.cancel(connection, job.id)
        return answers.empty()

    async def list(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, JobsQuery)
        project: UUID = request.path_params["project"]
        async with self._database.snapshot() as connection:
            access = await boards.access_of(connection, project, identity.actor.id)
            if access is None:
                raise NotFound("There is no such project.")
            owner = None if access.role == "admin" else identity.actor.id
            found = await jobs.of_project(connection, project, owner, before=asked.cursor, limit=asked.limit)
        next = str(found[-1].id) if len(found) == asked.limit else None
        link = f'<{request.url.path}?limit={asked.limit}&cursor={next}>; rel="next"'
        return answers.json(Jobs(found, next), headers={} if next is None else {"Link": link})


async def _visible(connection: AsyncConnection, id: UUID, identity: Identity) -> Job:
    """The job, to its owner and to the project's admins, as long as they are in the project. Raises `NotFound`."""
    job = await jobs.get(connection, id)
    if job is None or not identity.reach.covers(job.project_id):
        raise NotFound("There is no such job.")
    access = await boards.access_of(connection, job.project_id, identity.actor.id)
    if access is None or (access.role != "admin" and job.owner_id != identity.actor.id):
        raise NotFound("There is no such job.")
    return job
