"""Workspaces over REST: who is in them, as what, and their projects. A workspace that one is not in does not exist. Not here: bots (bots)."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from server.api import access, answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import COMMANDED, Contract
from server.api.fields import Name, canonical
from server.api.idempotency import id_of
from server.api.removal import remove_from
from server.api.services import Services
from server.domain import text
from server.domain.errors import Conflict, NotFound, TooLarge
from server.domain.roles import WorkspaceRole
from server.storage import accounts, audit, memberships, workspaces
from server.storage.audit import AuditEntry
from server.storage.engine import AsyncConnection
from server.storage.workspaces import NO_MEMBER, Workspace, WorkspaceMember, WorkspaceProject

BODY_MAX = 16 * 1024


class WantedWorkspace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Name

    def __post_init__(self) -> None:
        canonical(self, "name", lambda value: text.line(value, text.NAME_MAX))


class WantedRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: WorkspaceRole


class Heir(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose the workspace is to be."""

    id: UUID


class AuditQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`before` is the id of the last entry of the page before."""

    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class Workspaces(msgspec.Struct, frozen=True):
    items: list[Workspace]
    next: str | None = None


class Members(msgspec.Struct, frozen=True):
    items: list[WorkspaceMember]
    next: str | None = None


class WorkspaceProjects(msgspec.Struct, frozen=True):
    items: list[WorkspaceProject]
    next: str | None = None


class AuditPage(msgspec.Struct, frozen=True):
    """`next` is what to ask for as `before`."""

    items: list[AuditEntry]
    next: str | None


CONTRACTS = {
    "GET /v1/workspaces": Contract(
        name="list_workspaces", says="The workspaces that you are in.", answers={200: Workspaces}
    ),
    "POST /v1/workspaces": Contract(
        name="create_workspace",
        says="Make a workspace; you are its owner.",
        takes=WantedWorkspace,
        once=True,
        answers={201: Workspace},
        sends=("Location",),
        refuses=(TooLarge,),
    ),
    "GET /v1/workspaces/{workspace}": Contract(name="workspace", says="One workspace.", answers={200: Workspace}),
    "PATCH /v1/workspaces/{workspace}": Contract(
        name="rename_workspace", says="Rename a workspace.", takes=WantedWorkspace, answers={200: Workspace}
    ),
    "DELETE /v1/workspaces/{workspace}": Contract(
        name="delete_workspace",
        says="Delete a workspace in which there is nothing.",
        answers={204: None},
        refuses=(Conflict,),
    ),
    "POST /v1/workspaces/{workspace}/transfer": Contract(
        name="transfer_workspace",
        says="Make somebody else its owner; you stay as an admin.",
        takes=Heir,
        once=True,
        answers={200: Workspace},
    ),
    "GET /v1/workspaces/{workspace}/projects": Contract(
        name="list_workspace_projects",
        says="Its projects that you are in or may join.",
        answers={200: WorkspaceProjects},
    ),
    "GET /v1/workspaces/{workspace}/members": Contract(
        name="list_workspace_members", says="Who is in it, bots too.", answers={200: Members}
    ),
    "PATCH /v1/workspaces/{workspace}/members/{member}": Contract(
        name="set_workspace_role",
        says="Change somebody's role.",
        takes=WantedRole,
        answers={200: WorkspaceMember},
        refuses=(Conflict,),
    ),
    "DELETE /v1/workspaces/{workspace}/members/{member}": Contract(
        name="remove_from_workspace",
        says="Take somebody, or yourself, out of the workspace and of its projects.",
        answers={204: None},
        refuses=COMMANDED,
    ),
    "GET /v1/workspaces/{workspace}/audit": Contract(
        name="audit",
        says="Who changed whose access, the latest first.",
        asks=AuditQuery,
        answers={200: AuditPage},
        sends=("Link",),
    ),
}


class WorkspaceRoutes:
    """The handlers of `/v1/workspaces` and below it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._database = services.database

    async def list(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            return answers.json(Workspaces(await workspaces.of(connection, identity.actor.id)))

    async def create(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, WantedWorkspace, BODY_MAX)
        id = id_of(request, identity)
        async with self._database.begin() as connection:
            await workspaces.create(connection, id, wanted.name, identity.actor)
            made = next(one for one in await workspaces.of(connection, identity.actor.id) if one.id == id)
        return answers.json(made, 201, {"Location": f"/v1/workspaces/{id}"})

    async def get(self, request: Request, identity: Identity) -> Response:
        return answers.json(await self._seen(_id(request), identity))

    async def rename(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, WantedWorkspace, BODY_MAX)
        async with self._database.begin() as connection:
            await workspaces.take(connection, _id(request), identity.actor.id, access.least(request))
            await workspaces.rename(connection, _id(request), wanted.name, identity.actor)
        return answers.json(await self._seen(_id(request), identity))

    async def delete(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            await workspaces.take(connection, _id(request), identity.actor.id, access.least(request))
            await workspaces.remove(connection, _id(request), identity.actor)
        return answers.empty()

    async def transfer(self, request: Request, identity: Identity) -> Response:
        heir = await bodies.json(request, Heir, BODY_MAX)
        async with self._database.begin() as connection:
            await workspaces.take(connection, _id(request), identity.actor.id, access.least(request))
            await workspaces.transfer(connection, _id(request), heir.id, identity.actor)
        return answers.json(await self._seen(_id(request), identity))

    async def projects(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            role = await workspaces.require(connection, _id(request), identity.actor.id, access.least(request))
            found = await workspaces.projects(connection, _id(request), identity.actor.id, role)
        return answers.json(WorkspaceProjects(found))

    # Who is in it

    async def members(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            await workspaces.require(connection, _id(request), identity.actor.id, access.least(request))
            return answers.json(Members(await workspaces.members(connection, _id(request))))

    async def set_role(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, WantedRole, BODY_MAX)
        member: UUID = request.path_params["member"]
        async with self._database.begin() as connection:
            await workspaces.take(connection, _id(request), identity.actor.id, access.least(request))
            await workspaces.set_role(connection, _id(request), member, wanted.role, identity.actor)
            found = await workspaces.members(connection, _id(request))
        return answers.json(next(one for one in found if one.id == member))

    async def remove(self, request: Request, identity: Identity) -> Response:
        """Takes somebody out of the workspace and of its projects; a bot, which belongs to it, out of all. Sent again, it does what is left."""
        workspace, user, by = _id(request), request.path_params["member"], identity.actor
        async with self._database.begin() as connection:
            await workspaces.take(connection, workspace, by.id, access.least(request))
            await _may_remove(connection, workspace, user, by.id)
            gone = await workspaces.take_out(connection, workspace, user, by)
            bot = gone is not None and gone.kind == "bot"
            if bot:
                await accounts.end_access(connection, user)
            projects = await memberships.among(connection, user, None if bot else workspace)
        if gone is None and not projects:
            raise NotFound(NO_MEMBER)
        await remove_from(self._services.executor, projects, user, by)
        return answers.empty()

    async def audit(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, AuditQuery)
        async with self._database.begin() as connection:
            await workspaces.require(connection, _id(request), identity.actor.id, access.least(request))
            found = await audit.of_workspace(connection, _id(request), before=asked.before, limit=asked.limit)
        more = str(found[-1].id) if len(found) == asked.limit else None
        link = {"Link": f'<{request.scope["path"]}?before={more}&limit={asked.limit}>; rel="next"'} if more else {}
        return answers.json(AuditPage(found, more), headers=link)

    async def _seen(self, id: UUID, identity: Identity) -> Workspace:
        async with self._database.begin() as connection:
            found = next((one for one in await workspaces.of(connection, identity.actor.id) if one.id == id), None)
        if found is None:
            raise NotFound(workspaces.NO_WORKSPACE)
        return found


def _id(request: Request) -> UUID:
    id: UUID = request.path_params["workspace"]
    return id


async def _may_remove(connection: AsyncConnection, workspace: UUID, user: UUID, by: UUID) -> None:
    """Oneself, but from no project that would be left without an admin; others as an admin."""
    if user != by:
        await workspaces.require(connection, workspace, by, "admin")
        return
    led = await memberships.solely_led(connection, user, workspace)
    if led:
        raise Conflict("You are the last admin of projects in here.", current={"projects": led})
