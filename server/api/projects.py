"""Projects over REST: list, make, delete, restore. A project that is not yours to see does not exist."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import force_setattr
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import COMMANDED, Contract
from server.api.fields import Name
from server.api.idempotency import id_of, key_of
from server.api.services import Services
from server.domain import text
from server.domain.changes import Actor
from server.domain.commands import AddMember, DeleteProject, RestoreProject
from server.domain.errors import Conflict, Invalid, NotFound
from server.domain.ids import new_id
from server.domain.reach import FOR_WORKSPACE
from server.domain.records import Visibility
from server.storage import boards, workspaces
from server.storage.boards import ProjectSummary


class NewProject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`columns` may only be empty: a project without the usual three."""

    name: Name
    id: UUID | None = None
    columns: Annotated[tuple[str, ...], Meta(max_length=0)] | UnsetType = UNSET
    workspace_id: UUID | None = None
    visibility: Visibility = "private"

    def __post_init__(self) -> None:
        try:
            force_setattr(self, "name", text.line(self.name, text.NAME_MAX))
        except ValueError as wrong:
            raise ValueError(f"`name` {wrong}") from None


class ProjectsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`deleted` lists the trash instead."""

    deleted: bool = False


class Projects(msgspec.Struct, frozen=True):
    """All of them: `next` is there because every list has it."""

    items: list[ProjectSummary]
    next: str | None = None


CONTRACTS = {
    "GET /v1/projects": Contract(
        name="list_projects",
        says="Your projects by name, or those in the trash.",
        asks=ProjectsQuery,
        answers={200: Projects},
    ),
    "POST /v1/projects": Contract(
        name="create_project",
        says="Make a project.",
        takes=NewProject,
        once=True,
        answers={201: ProjectSummary},
        sends=("Location", "ETag"),
        refuses=(NotFound, *COMMANDED),
    ),
    "GET /v1/projects/{project}": Contract(
        name="project", says="One line of that list.", answers={200: ProjectSummary}, kept=True
    ),
    "DELETE /v1/projects/{project}": Contract(
        name="delete_project", says="Put a project into the trash.", answers={204: None}, refuses=COMMANDED
    ),
    "POST /v1/projects/{project}/restore": Contract(
        name="restore_project",
        says="Bring a project back from the trash.",
        once=True,
        answers={200: ProjectSummary},
        refuses=COMMANDED,
    ),
    "POST /v1/projects/{project}/join": Contract(
        name="join_project",
        says="Come into a project of a workspace that you are in.",
        once=True,
        answers={200: ProjectSummary},
        refuses=COMMANDED,
    ),
}


class ProjectRoutes:
    """The handlers of `/v1/projects` and `/v1/projects/{project}`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._body_max = services.settings.frame_in_max_bytes

    async def list(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, ProjectsQuery)
        async with self._services.database.begin() as connection:
            found = await boards.projects_of(connection, identity.actor.id, deleted=asked.deleted)
        return answers.json(Projects([one for one in found if identity.reach.covers(one.id)]))

    async def create(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, NewProject, self._body_max)
        project = wanted.id or id_of(request, identity)
        try:
            await self._make(project, wanted, identity.actor)
        except Conflict:
            if wanted.id is not None or key_of(request) is None:
                raise
            # The id comes from the idempotency key: an earlier request made it and died before it could answer.
        summary = await self._summary(project, identity)
        location = f"/v1/projects/{project}"
        return answers.json(summary, 201, {"Location": location, "ETag": answers.tag_of(summary)})

    async def _make(self, project: UUID, wanted: NewProject, by: Actor) -> None:
        """Whoever makes it is in its workspace until it is made."""
        async with self._services.database.begin() as connection:
            workspace = wanted.workspace_id or await workspaces.own_place(connection, by.id)
            if workspace is None:
                raise Invalid.at("/workspace_id", "`workspace_id` must name a workspace: you have none of your own")
            await workspaces.require(connection, workspace, by.id, "member", hold=True)
            await self._services.executor.create_project(
                by,
                project,
                wanted.name,
                workspace=workspace,
                visibility=wanted.visibility,
                default_columns=wanted.columns is UNSET,
            )

    async def join(self, request: Request, identity: Identity) -> Response:
        """Lets somebody of the workspace into its project; they stay in the workspace until they are in the project."""
        project: UUID = request.path_params["project"]
        by = identity.actor
        async with self._services.database.begin() as connection:
            role = await workspaces.joins_as(connection, project, by.id)
            entry = (AddMember(user_id=by.id, role=role),)
            with suppress(Conflict):  # they are in it already
                await self._services.executor.execute(project, new_id(), entry, by, FOR_WORKSPACE)
        return answers.json(await self._summary(project, identity))

    async def get(self, request: Request, identity: Identity) -> Response:
        summary = await self._summary(request.path_params["project"], identity)
        return answers.tagged(request, answers.tag_of(summary), msgspec.json.encode(summary))

    async def delete(self, request: Request, identity: Identity) -> Response:
        await self._services.executor.execute(
            request.path_params["project"], new_id(), (DeleteProject(),), identity.actor, identity.reach
        )
        return answers.empty()

    async def restore(self, request: Request, identity: Identity) -> Response:
        project: UUID = request.path_params["project"]
        await self._services.executor.execute(project, new_id(), (RestoreProject(),), identity.actor, identity.reach)
        return answers.json(await self._summary(project, identity))

    async def _summary(self, project: UUID, identity: Identity) -> ProjectSummary:
        async with self._services.database.begin() as connection:
            found = await boards.projects_of(connection, identity.actor.id)
        summary = next((one for one in found if one.id == project), None)
        if summary is None:
            raise NotFound("There is no such project.")
        return summary
