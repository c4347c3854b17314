"""Files on tasks: bytes come in and go to the store, then a command makes the record; and they go out again. Not here: the store (storage.files)."""

import hashlib
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies, media_types, ranges, uploads
from server.api.api_tokens import Identity
from server.api.board import require_member
from server.api.contract import COMMANDED, Contract
from server.api.downloads import Passed, disposition
from server.api.idempotency import id_of, key_of
from server.api.problems import RangeNotSatisfiable
from server.api.services import Services
from server.api.tasks import pointed
from server.domain import commands as c
from server.domain import text
from server.domain.errors import Forbidden, IdReuse, Invalid, NotFound, Refusal
from server.domain.ids import new_id
from server.domain.records import Attachment
from server.domain.roles import LEAST_ROLE, allows
from server.storage import attachments
from server.storage.engine import AsyncConnection

PATH = "/v1/projects/{project}/tasks/{task}/attachments"
INERT = "sandbox; default-src 'none'"
"""Even as a page of its own a file runs nothing and loads nothing."""


class AttachmentQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` is what the file is called; without it, what the form calls it."""

    name: Annotated[str, Meta(max_length=4 * text.FILE_NAME_MAX)] = ""


class Attachments(msgspec.Struct, frozen=True):
    """Oldest first; a task has so few that this is all."""

    items: list[Attachment]
    next: str | None = None


CONTRACTS = {
    f"POST {PATH}": Contract(
        name="attach",
        says="Put a file on a task. The same name again is its next version.",
        files=("application/octet-stream", uploads.MULTIPART, "*/*"),
        asks=AttachmentQuery,
        once=True,
        answers={201: Attachment},
        sends=("Location",),
        refuses=COMMANDED,
    ),
    f"GET {PATH}": Contract(name="attachments", says="The files on a task.", answers={200: Attachments}, kept=True),
    f"GET {PATH}/{{attachment}}": Contract(
        name="attachment", says="What is known of a file.", answers={200: Attachment}, kept=True
    ),
    f"GET {PATH}/{{attachment}}/content": Contract(
        name="attachment_content",
        says="The file itself, or with `Range` a part of it.",
        answers={200: media_types.ALL, 206: media_types.ALL},
        kept=True,
        sends=("Accept-Ranges", "Content-Disposition", "Content-Range"),
        refuses=(RangeNotSatisfiable,),
    ),
    f"DELETE {PATH}/{{attachment}}": Contract(
        name="delete_attachment",
        says="Take a file off its task; `restore_attachment` brings it back.",
        answers={204: None},
        refuses=COMMANDED,
    ),
}


class AttachmentRoutes:
    """The handlers below `/v1/projects/{project}/tasks/{task}/attachments`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def create(self, request: Request, identity: Identity) -> Response:
        """A repeat with the same key is answered with the same attachment; its file is not looked at."""
        asked = bodies.query(request, AttachmentQuery)
        name = _named(asked.name) if asked.name else ""
        project, task = request.path_params["project"], request.path_params["task"]
        command = id_of(request, identity)
        async with self._services.database.begin() as connection:
            await _require_editor(connection, project, identity)
            await _require_task(connection, project, task)
            known = await attachments.made_by(connection, project, command) if key_of(request) else None
        if known is not None:
            return _made(request, _same(known, task, name))
        return _made(request, await self._attach(request, identity, command, name))

    async def list(self, request: Request, identity: Identity) -> Response:
        project, task = request.path_params["project"], request.path_params["task"]
        async with self._services.database.begin() as connection:
            await require_member(connection, project, identity)
            await _require_task(connection, project, task)
            found = Attachments(await attachments.of_task(connection, project, task))
        return answers.tagged(request, answers.tag_of(found), msgspec.json.encode(found))

    async def get(self, request: Request, identity: Identity) -> Response:
        found = await self._found(request, identity)
        return answers.tagged(request, answers.tag_of(found), msgspec.json.encode(found))

    async def content(self, request: Request, identity: Identity) -> Response:
        found = await self._found(request, identity)
        etag = f'"{found.sha256}"'
        headers = {
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "Accept-Ranges": "bytes",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": INERT,
        }
        if answers.has(request, etag):
            return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        part = ranges.asked(request, found.size, etag)
        start, end = part or (0, found.size)
        key = attachments.key_of(request.path_params["project"], found.id)
        pieces = await self._services.files.open(key, start, end)
        headers |= {"Content-Type": found.media_type, "Content-Disposition": disposition(found.name)}
        headers["Content-Length"] = str(end - start)
        if part is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
        return Passed(pieces, 200 if part is None else 206, headers)

    async def delete(self, request: Request, identity: Identity) -> Response:
        found = await self._found(request, identity)
        await self._submit(request, identity, id_of(request, identity), c.DeleteAttachment(id=found.id))
        return answers.empty()

    async def _attach(self, request: Request, identity: Identity, command: UUID, name: str) -> Attachment:
        """Bytes first, then the record. Bytes that no record came to speak of are deleted here, or by a sweep (storage.attachments)."""
        project: UUID = request.path_params["project"]
        id = new_id()
        key = attachments.key_of(project, id)
        async with uploads.opened(request, self._services.settings.attachment_max_bytes) as upload:
            name = name or _named(upload.name)
            seen = _Seen()
            await self._services.files.put(key, seen.passed(upload.chunks))
        try:
            if seen.size == 0:
                raise Invalid("The file is empty.")
            await self._submit(request, identity, command, seen.told(id, request.path_params["task"], name))
        except Refusal as refusal:
            if refusal.retryable:  # nobody knows what came of it
                raise
            await self._services.files.delete(key)
            if not isinstance(refusal, IdReuse):
                raise
        return await self._result(project, command, request.path_params["task"], name)

    async def _result(self, project: UUID, command: UUID, task: UUID, name: str) -> Attachment:
        """What the command made, perhaps sent by a request with the same key that was faster."""
        async with self._services.database.begin() as connection:
            made = await attachments.made_by(connection, project, command)
        if made is None:
            raise IdReuse("This idempotency key was used for something else.")
        return _same(made, task, name)

    async def _submit(self, request: Request, identity: Identity, id: UUID, command: c.AnyCommand) -> None:
        self._services.commands.take(identity.actor.id, 1)
        project: UUID = request.path_params["project"]
        try:
            await self._services.executor.execute(project, id, (command,), identity.actor, identity.reach)
        except Refusal as refusal:
            raise pointed(refusal) from None

    async def _found(self, request: Request, identity: Identity) -> Attachment:
        project, task = request.path_params["project"], request.path_params["task"]
        async with self._services.database.begin() as connection:
            await require_member(connection, project, identity)
            await _require_task(connection, project, task)
            found = await attachments.find(connection, project, task, request.path_params["attachment"])
        if found is None:
            raise NotFound("There is no such attachment.")
        return found


class _Seen:
    """What passes on its way to the store: how much, its hash, and how it begins."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = hashlib.sha256()
        self._head = b""

    async def passed(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in chunks:
            self.size += len(chunk)
            self._hash.update(chunk)
            self._head += chunk[: max(0, media_types.HEAD_BYTES - len(self._head))]
            yield chunk

    def told(self, id: UUID, task: UUID, name: str) -> c.AddAttachment:
        media_type = media_types.sniffed(self._head)
        hash = self._hash.hexdigest()
        return c.AddAttachment(id=id, task_id=task, name=name, size=self.size, media_type=media_type, sha256=hash)


def _named(given: str) -> str:
    try:
        return text.file_name(given)
    except ValueError as wrong:
        raise Invalid.at("/name", f"`name` {wrong}") from None


def _same(known: Attachment, task: UUID, name: str) -> Attachment:
    if known.task_id != task or (name and known.name != name):
        raise IdReuse("This idempotency key was used for something else.")
    return known


def _made(request: Request, attachment: Attachment) -> Response:
    return answers.json(attachment, 201, {"Location": f"{request.scope['path']}/{attachment.id}"})


async def _require_editor(connection: AsyncConnection, project: UUID, identity: Identity) -> None:
    """Asked before the bytes come; the command asks again."""
    access = await require_member(connection, project, identity)
    if not allows(identity.reach.role(project, access.role), LEAST_ROLE[c.AddAttachment]):
        raise Forbidden("Your role does not allow this.")


async def _require_task(connection: AsyncConnection, project: UUID, task: UUID) -> None:
    if not await attachments.has_task(connection, project, task):
        raise NotFound("There is no such task.")
