"""`Idempotency-Key`: a request sent again with the same key gets the first one's answer instead of a second effect."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from server.api import bodies, problems
from server.api.api_tokens import Identity
from server.api.dispatch import PrivateHandler
from server.domain.errors import Conflict, Invalid, Refusal
from server.domain.ids import child_id, new_id
from server.storage.idempotency import Answers, KeptAnswer

HEADER = "idempotency-key"
KEY_MAX = 255
WAIT_SECONDS = 10.0
POLL_SECONDS = 0.05
NOT_KEPT_HEADERS = ("content-length",)

log = structlog.get_logger(__name__)


def idempotent(answers: Answers, body_max: int, handler: PrivateHandler) -> PrivateHandler:
    """A handler that honours the key; `body_max` is the most bytes it reads. Adds `Conflict` and `IdReuse`."""

    async def handle(request: Request, identity: Identity) -> Response:
        key = key_of(request)
        if key is None:
            return await handler(request, identity)
        body = await bodies.read(request, body_max)
        digest = hashlib.sha256(f"{request.method} {request.scope['path']}\n".encode() + body).digest()
        again = _replayed(request, body)
        return await _once(answers, identity.actor.id, key, digest, lambda: _answer(again, handler(again, identity)))

    return handle


def key_of(request: Request) -> str | None:
    """The request's key, if it has one. Raises `Invalid`."""
    key = request.headers.get(HEADER)
    if key is not None and not 1 <= len(key) <= KEY_MAX:
        raise Invalid(f"Idempotency-Key must have 1 to {KEY_MAX} characters.")
    return key


def id_of(request: Request, identity: Identity) -> UUID:
    """An id for what the request makes: the same for the same user and key, new without a key."""
    key = key_of(request)
    return new_id() if key is None else child_id(identity.actor.id, key)


async def _once(
    answers: Answers, owner: UUID, key: str, digest: bytes, first: Callable[[], Awaitable[Response]]
) -> Response:
    """Runs `first`, unless somebody else does or did: then waits for that answer."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not await answers.claim(owner, key, digest):
        if kept := await answers.find(owner, key):
            return Response(kept.body, kept.status, {**kept.headers, "Idempotent-Replayed": "true"})
        if time.monotonic() > deadline:
            raise Conflict("The first request with this idempotency key is still running.", retry_ms=1000)
        await asyncio.sleep(POLL_SECONDS)
    try:
        response = await first()
    except BaseException:
        await asyncio.shield(answers.release(owner, key))
        raise
    await _keep(answers, owner, key, response)
    return response


async def _answer(request: Request, handled: Awaitable[Response]) -> Response:
    """What the client is told: a refusal that will be the same next time is an answer like any other."""
    try:
        return await handled
    except Refusal as refusal:
        if refusal.retryable:
            raise
        return problems.answer(request, refusal)


async def _keep(answers: Answers, owner: UUID, key: str, response: Response) -> None:
    """Failing to keep an answer does not spoil it: what a repeat makes has the same id, so it takes effect once."""
    headers = {name: value for name, value in response.headers.items() if name not in NOT_KEPT_HEADERS}
    try:
        await answers.keep(owner, key, KeptAnswer(response.status_code, headers, bytes(response.body)))
    except Refusal as refusal:
        log.warning("answer not kept", code=refusal.code)


def _replayed(request: Request, body: bytes) -> Request:
    """The request with its body, which has been read, to be read again."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
