"""What a task waits for, over REST: added, taken away, and walked along."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies, references
from server.api.api_tokens import Identity
from server.api.board import require_role
from server.api.contract import VERBS, Contract
from server.api.idempotency import id_of, key_of
from server.api.references import Reference
from server.api.services import Services
from server.api.tasks import pointed
from server.domain import commands as c
from server.domain.errors import Invalid, NotFound, Refusal
from server.domain.ids import child_id, new_id
from server.domain.records import Dependency, Role
from server.storage import dependency_trees
from server.storage.dependency_trees import DependencyTree, Direction

DEPTH_MAX = 20
PATH = "/v1/projects/{project}/tasks/{task}/dependencies"


class NewDependency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The task that is waited for: `depends_on` is its id or its number, `depends_on_id` its id."""

    id: UUID | None = None
    depends_on: Reference | None = None
    depends_on_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.depends_on is None) == (self.depends_on_id is None):
            raise ValueError("`depends_on` or `depends_on_id` says which task is waited for")


class DependencyQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The task that is waited for no longer, by id or number."""

    depends_on: Reference


class TreeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`depth`: how many steps to go."""

    depth: Annotated[int, Meta(ge=1, le=DEPTH_MAX)] = DEPTH_MAX
    direction: Direction = "blocked_by"


CONTRACTS = {
    f"GET {PATH}": Contract(
        name="dependencies",
        says="What the task waits for, or what waits for it, near things first.",
        asks=TreeQuery,
        answers={200: DependencyTree},
        kept=True,
    ),
    f"POST {PATH}": Contract(
        name="add_dependency",
        says="Lets the task wait for another.",
        takes=NewDependency,
        once=True,
        answers={201: Dependency},
        sends=("Location",),
        refuses=VERBS,
    ),
    f"DELETE {PATH}": Contract(
        name="remove_dependency_on",
        says="Lets the task wait for another no longer.",
        asks=DependencyQuery,
        answers={204: None},
        refuses=VERBS,
    ),
    f"DELETE {PATH}/{{dependency}}": Contract(
        name="remove_dependency",
        says="The same, by the id of the dependency, or of the task that is waited for.",
        answers={204: None},
        refuses=(*VERBS, Invalid),
    ),
}


class DependencyRoutes:
    """The handlers of `…/tasks/{task}/dependencies`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def tree(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, TreeQuery)
        found = await self._tree(request, identity, asked.direction, asked.depth)
        tag = answers.tag_of(msgspec.structs.replace(found, seq=0))
        return answers.tagged(request, tag, msgspec.json.encode(found))

    async def add(self, request: Request, identity: Identity) -> Response:
        said = await bodies.json(request, NewDependency, self._services.settings.frame_in_max_bytes)
        command = id_of(request, identity)
        id = said.id or (new_id() if key_of(request) is None else child_id(command, "dependency"))
        end = said.depends_on_id or await self._named(request, identity, said.depends_on or "")
        made = Dependency(id=id, task_id=request.path_params["task"], depends_on_id=end)
        add = c.AddDependency(id=id, task_id=made.task_id, depends_on_id=end)
        await self._submit(request, identity, add, command)
        return answers.json(made, 201, {"Location": f"{request.scope['path']}/{id}"})

    async def remove_on(self, request: Request, identity: Identity) -> Response:
        end = await self._named(request, identity, bodies.query(request, DependencyQuery).depends_on)
        return await self._remove(request, identity, end)

    async def remove(self, request: Request, identity: Identity) -> Response:
        return await self._remove(request, identity, request.path_params["dependency"])

    async def _remove(self, request: Request, identity: Identity, named: UUID) -> Response:
        """Named by its own id or by that of the task it leads to."""
        near = (await self._tree(request, identity, "blocked_by", 1, least="editor")).items
        found = [link.id for link in near if named in (link.id, link.depends_on_id)]
        if not found:
            raise NotFound("The task does not wait for that.")
        await self._submit(request, identity, c.RemoveDependency(id=found[0]), id_of(request, identity))
        return answers.empty()

    async def _tree(
        self, request: Request, identity: Identity, direction: Direction, depth: int, *, least: Role = "viewer"
    ) -> DependencyTree:
        project, task = request.path_params["project"], request.path_params["task"]
        async with self._services.database.snapshot() as connection:
            await require_role(connection, project, identity, least)
            found = await dependency_trees.read(connection, project, task, direction, depth)
        if found is None:
            raise NotFound("There is no such task.")
        return found

    async def _named(self, request: Request, identity: Identity, said: str) -> UUID:
        project = request.path_params["project"]
        ids = await references.ids_of(self._services.database, project, identity, [said])
        try:
            return references.resolved([said], ids)[0]
        except Invalid as wrong:
            raise Invalid.at("/depends_on", wrong.message) from None

    async def _submit(self, request: Request, identity: Identity, command: c.Command, id: UUID) -> None:
        self._services.commands.take(identity.actor.id, 1)
        try:
            await self._services.executor.execute(
                request.path_params["project"], id, (command,), identity.actor, identity.reach
            )
        except Refusal as refusal:
            raise pointed(refusal) from None
