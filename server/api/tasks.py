"""One task over REST: made, read, edited, replaced, deleted, restored, in words that need no look-up. Not here: lists (board), many at once."""

import re
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies, references
from server.api.api_tokens import Identity
from server.api.board import require_member
from server.api.contract import VERBS, Contract
from server.api.idempotency import id_of, key_of
from server.api.references import Waits
from server.api.services import Services
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.errors import Invalid, NotFound, Refusal
from server.domain.ids import child_id, new_id
from server.storage import shown
from server.storage.shown import Tagged, TaskDetail


class NewTask(c.WholeTask, frozen=True, kw_only=True):
    """`id` is the client's choice; `depends_on` are ids or numbers of tasks, such as `#42`."""

    id: UUID | None = None
    depends_on: Waits = ()


class TaskPatch(c.TaskEdit, frozen=True, kw_only=True):
    """What is left out stays, null is the default. Sets are said whole."""

    depends_on: Waits | UnsetType = UNSET


class TaskReplacement(c.WholeTask, frozen=True, kw_only=True):
    """What is left out is as in a new task; but the task stays in its column, and waits for what it waits for."""

    depends_on: Waits | UnsetType = UNSET


PATH = "/v1/projects/{project}/tasks"

CONTRACTS = {
    f"POST {PATH}": Contract(
        name="create_task",
        says="Makes a task.",
        takes=NewTask,
        once=True,
        answers={201: TaskDetail},
        sends=("Location", "ETag"),
        refuses=VERBS,
    ),
    f"GET {PATH}/{{task}}": Contract(
        name="task", says="One task with all that belongs to it.", answers={200: TaskDetail}, kept=True
    ),
    f"PATCH {PATH}/{{task}}": Contract(
        name="edit_task",
        says="Changes what is sent of a task, all of it or nothing.",
        takes=TaskPatch,
        guarded=True,
        answers={200: TaskDetail},
        sends=("ETag",),
        refuses=VERBS,
    ),
    f"PUT {PATH}/{{task}}": Contract(
        name="replace_task",
        says="Replaces a task, or makes it where there never was one.",
        takes=TaskReplacement,
        guarded=True,
        answers={200: TaskDetail, 201: TaskDetail},
        sends=("Location", "ETag"),
        refuses=VERBS,
    ),
    f"DELETE {PATH}/{{task}}": Contract(
        name="delete_task", says="To the trash.", guarded=True, answers={204: None}, refuses=(*VERBS, Invalid)
    ),
    f"POST {PATH}/{{task}}/restore": Contract(
        name="restore_task",
        says="From the trash. A task that is not in it stays as it is.",
        once=True,
        answers={200: TaskDetail},
        sends=("ETag",),
        refuses=VERBS,
    ),
}


class TaskRoutes:
    """The handlers of one task."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def create(self, request: Request, identity: Identity) -> Response:
        said = await bodies.json(request, NewTask, self._services.settings.frame_in_max_bytes)
        project: UUID = request.path_params["project"]
        command = id_of(request, identity)
        id = said.id or (new_id() if key_of(request) is None else child_id(command, "task"))
        waits = await self._waits(project, identity, said.depends_on)
        task = c.MakeTask(id=id, task=replace(said, id=None, depends_on=()), depends_on=waits)
        await self._submit(request, identity, task, id=command)
        made = await self._shown(project, id)
        return _told(made, 201, {"Location": f"/v1/projects/{project}/tasks/{id}"})

    async def get(self, request: Request, identity: Identity) -> Response:
        project: UUID = request.path_params["project"]
        async with self._services.database.statement() as connection:
            await require_member(connection, project, identity)
            found = await shown.task(connection, project, request.path_params["task"])
        if found is None:
            raise _absent()
        return answers.tagged(request, f'"{found.tag}"', msgspec.json.encode(found.detail))

    async def edit(self, request: Request, identity: Identity) -> Response:
        said = await bodies.json(request, TaskPatch, self._services.settings.frame_in_max_bytes)
        project, id = request.path_params["project"], request.path_params["task"]
        waits = UNSET if said.depends_on is UNSET else await self._waits(project, identity, said.depends_on)
        edit = c.EditTask(id=id, task=replace(said, depends_on=UNSET), depends_on=waits)
        await self._submit(request, identity, edit, *_expected(request, id))
        return _told(await self._shown(project, id))

    async def replace(self, request: Request, identity: Identity) -> Response:
        said = await bodies.json(request, TaskReplacement, self._services.settings.frame_in_max_bytes)
        project, id = request.path_params["project"], request.path_params["task"]
        waits = UNSET if said.depends_on is UNSET else await self._waits(project, identity, said.depends_on)
        whole = c.ReplaceTask(id=id, task=replace(said, depends_on=UNSET), depends_on=waits)
        outcome = await self._submit(request, identity, whole, *_expected(request, id))
        found = await self._shown(project, id)
        if found.made == outcome.seq and not outcome.noop:
            return _told(found, 201, {"Location": request.scope["path"]})
        return _told(found)

    async def delete(self, request: Request, identity: Identity) -> Response:
        id = request.path_params["task"]
        await self._submit(request, identity, c.DeleteTask(id=id), *_expected(request, id))
        return answers.empty()

    async def restore(self, request: Request, identity: Identity) -> Response:
        project, id = request.path_params["project"], request.path_params["task"]
        await self._submit(request, identity, c.RestoreTask(id=id))
        return _told(await self._shown(project, id))

    async def _waits(self, project: UUID, identity: Identity, said: Waits) -> tuple[UUID, ...]:
        return references.resolved(said, await references.ids_of(self._services.database, project, identity, said))

    async def _submit(
        self, request: Request, identity: Identity, *commands: c.AnyCommand, id: UUID | None = None
    ) -> Outcome:
        """One change, or a refusal whose pointers lead into the body."""
        self._services.commands.take(identity.actor.id, len(commands))
        try:
            return await self._services.executor.execute(
                request.path_params["project"],
                id or id_of(request, identity),
                commands,
                identity.actor,
                identity.reach,
            )
        except Refusal as refusal:
            raise pointed(refusal) from None

    async def _shown(self, project: UUID, id: UUID) -> Tagged:
        async with self._services.database.statement() as connection:
            found = await shown.task(connection, project, id)
        if found is None:
            raise NotFound("Somebody deleted the task just now.")
        return found


def pointed(refusal: Refusal) -> Refusal:
    """The refusal of a submit of one command, with pointers into that command."""
    inner = (replace(error, pointer=_COMMAND.sub("", error.pointer)) for error in refusal.errors)
    refusal.errors = tuple(error for error in inner if error.pointer)
    return refusal


_COMMAND = re.compile(r"^/commands/\d+")
_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')


def _expected(request: Request, id: UUID) -> tuple[c.ExpectTask, ...]:
    """What `If-Match` and `If-None-Match: *` ask for. A weak tag is equal to none (RFC 9110, 13.1.1)."""
    given = request.headers.get("if-match")
    if given is not None:
        tags = None if given.strip() == "*" else tuple(tag[1] for tag in _TAG.finditer(given) if "W/" not in tag[0])
        return (c.ExpectTask(id=id, tags=tags),)
    if request.headers.get("if-none-match", "").strip() == "*":
        return (c.ExpectTask(id=id, absent=True),)
    return ()


def _told(found: Tagged, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return answers.json(found.detail, status, {"ETag": f'"{found.tag}"', **(headers or {})})


def _absent() -> NotFound:
    return NotFound("There is no such task.")
