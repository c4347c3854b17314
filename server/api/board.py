"""One board over REST: its snapshot, its changes, commands to it. Only members find it. Not here: its tasks one by one (tasks)."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies, pictures
from server.api.api_tokens import Identity
from server.api.contract import VERBS, Contract
from server.api.idempotency import id_of
from server.api.problems import Resync
from server.api.services import Services
from server.domain.changes import Change, Snapshot
from server.domain.commands import COMMANDS_MAX, Command, Seq
from server.domain.errors import Forbidden, Invalid, NotFound, Overloaded, TooLarge
from server.domain.records import Role
from server.domain.roles import allows
from server.protocol.schemas import reference
from server.storage import boards, log, past
from server.storage.boards import Access
from server.storage.engine import AsyncConnection
from server.storage.log import LogPage

CHANGES_STEP = 50
CHANGES_BYTES = 4 * 1024 * 1024


class SnapshotQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`stale_ok` takes a snapshot up to 2 s older than the head."""

    stale_ok: bool = False


class ChangesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: Seq
    epoch: UUID | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None


class ActivityQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cursor` is the `next` of the page before."""

    cursor: Annotated[int, Meta(ge=1, le=2**53 - 1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class MemberAvatar(msgspec.Struct, frozen=True):
    """`id` is the member's, `avatar` the path of their picture."""

    id: UUID
    avatar: str


class Avatars(msgspec.Struct, frozen=True):
    items: list[MemberAvatar]
    next: str | None = None


class Changes(msgspec.Struct, frozen=True):
    """What `changes` answers, put together there from texts."""

    epoch: UUID
    head: int
    changes: list[Change]


class Activity(msgspec.Struct, frozen=True):
    """Changes with those of their ops that are about the task."""

    epoch: UUID
    items: Annotated[list[dict[str, Any]], Meta(extra_json_schema={"items": reference(Change)})]
    next: str | None


class Submission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    commands: Annotated[tuple[Command, ...], Meta(min_length=1, max_length=COMMANDS_MAX)]
    id: UUID | None = None


class Submitted(msgspec.Struct, frozen=True, omit_defaults=True):
    """As an `ack` on the socket."""

    id: UUID
    seq: int
    duplicate: bool = False
    noop: bool = False


CONTRACTS = {
    "GET /v1/projects/{project}/snapshot": Contract(
        name="snapshot",
        says="The whole board at one seq, without the tasks' long texts.",
        asks=SnapshotQuery,
        answers={200: Snapshot},
        kept=True,
        refuses=(Overloaded,),
    ),
    "GET /v1/projects/{project}/changes": Contract(
        name="changes",
        says="What happened after a seq, oldest first.",
        asks=ChangesQuery,
        answers={200: Changes},
        refuses=(Resync,),
    ),
    "GET /v1/projects/{project}/avatars": Contract(
        name="avatars", says="The pictures of those who are in the project.", answers={200: Avatars}, kept=True
    ),
    "POST /v1/projects/{project}/commands": Contract(
        name="submit",
        says="Commands that take effect together or not at all, as one change.",
        takes=Submission,
        once=True,
        answers={200: Submitted},
        refuses=VERBS,
    ),
    "GET /v1/projects/{project}/tasks/{task}/activity": Contract(
        name="task_activity",
        says="What happened to one task, the latest first.",
        asks=ActivityQuery,
        answers={200: Activity},
        sends=("Link",),
    ),
}


class BoardRoutes:
    """The handlers below `/v1/projects/{project}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def snapshot(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, SnapshotQuery)
        project: UUID = request.path_params["project"]
        async with self._services.database.statement() as connection:
            access = await require_member(connection, project, identity)
        cached = await self._services.snapshots.get(project, at=access.at, stale_ok=asked.stale_ok)
        if cached is None:
            raise _absent()
        return answers.tagged(request, cached.etag, cached.body, cached.gzip)

    async def changes(self, request: Request, identity: Identity) -> Response:
        """What came after `since`: at most `limit`, fewer when they are large. Ask again until `head` is reached."""
        asked = bodies.query(request, ChangesQuery)
        limit = self._page_size(asked.limit)
        project: UUID = request.path_params["project"]
        async with self._services.database.snapshot() as connection:
            await require_member(connection, project, identity)
            page = await _read(connection, project, asked, limit)
        body = f'{{"epoch":"{page.epoch}","head":{page.head},"changes":[{",".join(page.messages)}]}}'
        return answers.raw(body.encode())

    async def avatars(self, request: Request, identity: Identity) -> Response:
        """The pictures of those who are in the project: who is in it as well is told their addresses, and nobody else."""
        project: UUID = request.path_params["project"]
        async with self._services.database.statement() as connection:
            await require_member(connection, project, identity)
            found = await boards.avatars_of(connection, project)
        listed = Avatars([MemberAvatar(member, f"{pictures.address(avatar)}") for member, avatar in found])
        return answers.tagged(request, answers.tag_of(listed), msgspec.json.encode(listed))

    def _page_size(self, asked: int | None) -> int:
        most = self._services.settings.page_size_max
        if asked is not None and asked > most:
            raise Invalid.at("/limit", f"A page has at most {most} items.")
        return asked or min(self._services.settings.page_size_default, most)

    async def submit(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, Submission, self._services.settings.frame_in_max_bytes)
        most = self._services.settings.commands_per_submit
        if len(wanted.commands) > most:
            raise TooLarge(f"A submit has at most {most} commands.")
        id = wanted.id or id_of(request, identity)
        project: UUID = request.path_params["project"]
        self._services.commands.take(identity.actor.id, len(wanted.commands))
        outcome = await self._services.executor.execute(project, id, wanted.commands, identity.actor, identity.reach)
        return answers.json(Submitted(id, outcome.seq, outcome.duplicate, outcome.noop))

    async def activity(self, request: Request, identity: Identity) -> Response:
        """What happened to one task, deleted or not, the latest first."""
        asked = bodies.query(request, ActivityQuery)
        project: UUID = request.path_params["project"]
        async with self._services.database.snapshot() as connection:
            at = (await require_member(connection, project, identity)).at
            page = await past.read(
                connection,
                project,
                request.path_params["task"],
                before=asked.cursor or at.seq + 1,
                floor=at.floor,
                limit=asked.limit,
            )
        if page is None:
            raise NotFound("There never was such a task.")
        next = None if page.next is None else str(page.next)
        body = Activity(at.epoch, page.changes, next)
        return answers.json(body, headers=_link(request, next, f"limit={asked.limit}"))


def _link(request: Request, next: str | None, query: str) -> dict[str, str]:
    """Where the list goes on (RFC 8288)."""
    return {} if next is None else {"Link": f'<{request.url.path}?{query}&cursor={next}>; rel="next"'}


async def require_member(connection: AsyncConnection, project: UUID, identity: Identity) -> Access:
    """What the caller may do in the project. Raises `NotFound` when it is not theirs to see."""
    access = await boards.access_of(connection, project, identity.actor.id)
    if access is None:
        raise _absent()
    return access


async def require_role(connection: AsyncConnection, project: UUID, identity: Identity, least: Role) -> None:
    """Raises `NotFound` when the project is not the caller's to see, `Forbidden` when they have less than that role there."""
    access = await require_member(connection, project, identity)
    role = identity.reach.role(project, access.role)
    if not allows(role, least):
        raise Forbidden(f"This takes the role {least}; yours is {role}.")


async def _read(connection: AsyncConnection, project: UUID, asked: ChangesQuery, limit: int) -> LogPage:
    """The log after `since`, in steps, so that large changes never fill the memory. Raises `Resync`."""
    messages: list[str] = []
    size = 0
    while True:
        step = min(CHANGES_STEP, limit - len(messages))
        page = await log.read(connection, project, asked.since + len(messages), step)
        if page is None:
            raise _absent()
        if asked.epoch not in (None, page.epoch) or not page.floor <= asked.since <= page.head:
            raise Resync("The log does not hold these changes: fetch the snapshot again.")
        messages += page.messages
        size += sum(map(len, page.messages))
        if not page.messages or len(messages) == limit or size >= CHANGES_BYTES:
            return msgspec.structs.replace(page, messages=messages)


def _absent() -> NotFound:
    return NotFound("There is no such project.")
