"""Many tasks in one request: NDJSON in, a result a line out, a chunk of lines as one change. Not here: how lines come and go (lines).

A chunk's lines are cut by what they hold and not by when they come, and under a key its id and those of its tasks follow from the key: a
request that broke off is sent again whole, and what had taken effect is found in the log.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from server.api import bodies, references
from server.api.api_tokens import Identity
from server.api.board import require_role
from server.api.contract import Contract
from server.api.downloads import AtOnce
from server.api.idempotency import id_of, key_of
from server.api.lines import LinesAnswer, Spool, lines
from server.api.problems import BodyTooLarge, BodyTooSlow, NotJson, Problem, problem
from server.api.references import Waits
from server.api.services import Services
from server.api.tasks import pointed
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.errors import Forbidden, Invalid, RateLimited, Refusal, TooLarge
from server.domain.ids import child_id, new_id
from server.storage import log

MEDIA_TYPES = ("application/x-ndjson", "application/jsonl", "application/ndjson")

CHUNK_LINES = 100
CHUNK_BYTES = 64 * 1024
CHUNK_PARTS = 250
"""Labels and dependencies that are named; with a task and a description a line they stay below what one change holds."""


class BulkCreate(c.WholeTask, frozen=True, kw_only=True, tag_field="op", tag="create"):
    """As `POST …/tasks` takes it."""

    id: UUID | None = None
    depends_on: Waits = ()


class BulkUpdate(c.TaskEdit, frozen=True, kw_only=True, tag_field="op", tag="update"):
    """As `PATCH …/tasks/{task}` takes it."""

    id: UUID
    depends_on: Waits | UnsetType = UNSET


class BulkDelete(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="delete"):
    id: UUID


BulkLine = BulkCreate | BulkUpdate | BulkDelete
STATUSES: dict[type[BulkLine], int] = {BulkCreate: 201, BulkUpdate: 200, BulkDelete: 204}


class BulkResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a line: the `id` of its task, or a problem."""

    line: int
    status: int
    id: UUID | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET


class Read(msgspec.Struct):
    """A line as it was understood, or why not."""

    number: int
    said: BulkLine | None = None
    refusal: Refusal | None = None
    command: c.AnyCommand | None = None


CONTRACTS = {
    "POST /v1/projects/{project}/tasks/bulk": Contract(
        name="bulk",
        says="Makes, changes and deletes tasks, a line each (NDJSON), and answers each with a line.",
        files=MEDIA_TYPES,
        keyed=True,
        answers={200: "application/x-ndjson"},
        refuses=(Forbidden,),
    ),
}

_decode = msgspec.json.Decoder(BulkLine).decode
_encode = msgspec.json.Encoder().encode


class BulkRoutes:
    """The handler of `…/tasks/bulk`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings
        self._at_once = AtOnce(settings.limit_bulk if settings.rate_limits else None, "bulk requests")

    async def bulk(self, request: Request, identity: Identity) -> Response:
        bodies.require_type(request, *MEDIA_TYPES)
        key_of(request)
        project: UUID = request.path_params["project"]
        async with self._services.database.statement() as connection:
            await require_role(connection, project, identity, "editor")
        leave = self._at_once.enter(identity.actor.id)
        return LinesAnswer(_Bulk(self._services, request, identity).write, leave)


class _Bulk:
    """One request on its way."""

    def __init__(self, services: Services, request: Request, identity: Identity) -> None:
        self._services = services
        self._request = request
        self._identity = identity
        self._project: UUID = request.path_params["project"]
        self._key = None if key_of(request) is None else child_id(id_of(request, identity), "bulk")
        self._base = self._key or new_id()

    async def write(self, spool: Spool) -> None:
        """Reads to the end; a line that cannot be understood has its place among the results, and stops nothing."""
        chunk: list[Read] = []
        size = parts = number = 0
        try:
            async for number, line in lines(self._request, self._services.settings.frame_in_max_bytes):
                read = _read(number, line)
                length, more = len(line or b""), _parts(read.said)
                if chunk and (len(chunk) == CHUNK_LINES or size + length > CHUNK_BYTES or parts + more > CHUNK_PARTS):
                    spool.write(await self._results(chunk))
                    chunk, size, parts = [], 0, 0
                chunk.append(read)
                size, parts = size + length, parts + more
        except BodyTooSlow as slow:
            chunk.append(Read(number + 1, refusal=slow))
        if chunk:
            spool.write(await self._results(chunk))

    async def _results(self, chunk: list[Read]) -> bytes:
        try:
            await self._name(chunk)
            if good := [read for read in chunk if read.command is not None]:
                await self._commit(child_id(self._base, f"chunk {chunk[0].number}"), good)
        except Refusal as refusal:  # of all that it holds
            for read in chunk:
                read.refusal = read.refusal or refusal
        return b"".join(_encode(self._result(read)) + b"\n" for read in chunk)

    async def _name(self, chunk: list[Read]) -> None:
        """Makes commands of what the lines say."""
        said = [name for read in chunk for name in _waits(read.said)]
        ids = await references.ids_of(self._services.database, self._project, self._identity, said)
        for read in chunk:
            if read.said is not None:
                try:
                    read.command = self._command(read.number, read.said, ids)
                except Invalid as wrong:
                    read.refusal = wrong

    def _command(self, number: int, said: BulkLine, ids: dict[int, UUID]) -> c.AnyCommand:
        match said:
            case BulkCreate():
                id = said.id or (child_id(self._base, f"line {number}") if self._key else new_id())
                waits = references.resolved(said.depends_on, ids)
                return c.MakeTask(id=id, task=replace(said, id=None, depends_on=()), depends_on=waits)
            case BulkUpdate():
                after = UNSET if said.depends_on is UNSET else references.resolved(said.depends_on, ids)
                return c.EditTask(id=said.id, task=replace(said, depends_on=UNSET), depends_on=after)
            case BulkDelete():
                return c.DeleteTask(id=said.id)

    async def _commit(self, id: UUID, reads: Sequence[Read]) -> None:
        """One change of what is not refused. Whatever cannot be told from it is tried, or found done, alone."""
        try:
            outcome = await self._submit(id, reads, atomic=False)
        except TooLarge:
            alone: Sequence[Read] = reads
        else:
            alone = ()
            for place, refused in outcome.refused.items():
                reads[place].refusal = pointed(refused)
            if outcome.duplicate:
                async with self._services.database.statement() as connection:
                    done = await log.tasks_of(connection, self._project, id)
                alone = [read for read in reads if _id(read) not in done]
        for read in alone:
            try:
                await self._submit(child_id(id, f"line {read.number}"), [read], atomic=True)
            except Refusal as refusal:
                read.refusal = pointed(refusal)

    async def _submit(self, id: UUID, reads: Sequence[Read], *, atomic: bool) -> Outcome:
        commands = tuple(read.command for read in reads if read.command is not None)
        while True:
            try:
                self._services.commands.take(self._identity.actor.id, len(commands))
                break
            except RateLimited as fast:  # whoever sends a long file has time
                await asyncio.sleep((fast.retry_ms or 1000) / 1000)
        return await self._services.executor.execute(
            self._project, id, commands, self._identity.actor, self._identity.reach, atomic=atomic
        )

    def _result(self, read: Read) -> BulkResult:
        if read.refusal is None and read.said is not None:
            return BulkResult(read.number, STATUSES[type(read.said)], id=_id(read))
        assert read.refusal is not None
        scope = self._request.scope
        told = problem(read.refusal, instance=scope["path"], request_id=scope.get("request_id", ""))
        return BulkResult(read.number, told.status, problem=told)


def _read(number: int, line: bytes | None) -> Read:
    if line is None:
        return Read(number, refusal=BodyTooLarge("The line is too long."))
    try:
        return Read(number, said=_decode(line))
    except msgspec.ValidationError as wrong:
        return Read(number, refusal=bodies.invalid(wrong))
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return Read(number, refusal=NotJson("The line is not JSON."))


def _id(read: Read) -> UUID:
    assert read.command is not None
    id: UUID = read.command.id  # type: ignore[union-attr]
    return id


def _waits(said: BulkLine | None) -> Waits:
    return () if said is None or isinstance(said, BulkDelete) else said.depends_on or ()


def _parts(said: BulkLine | None) -> int:
    return len(_waits(said)) + (len(said.labels or ()) if isinstance(said, BulkCreate | BulkUpdate) else 0)
