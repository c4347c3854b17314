"""What a refusal looks like from outside: an RFC 9457 problem over HTTP, a frame on the socket. Mapped only here.

Refusals that only a transport can give (no token, not JSON, wrong method) are declared here too.
"""

import math
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.commands.expectations import PreconditionFailed
from server.domain.errors import (
    Blocked,
    Conflict,
    Cycle,
    Forbidden,
    IdReuse,
    Internal,
    Invalid,
    NotFound,
    Overloaded,
    RateLimited,
    Refusal,
    TooLarge,
    Unavailable,
)
from server.protocol import frames


class NotJson(Refusal):
    """The body is not what its content type says; nothing of it was read."""

    code = "not_json"


class TokenInvalid(Refusal):
    """No access token, or one that is not ours."""

    code = "token_invalid"


class TokenExpired(Refusal):
    """The access token was good once: refresh it."""

    code = "token_expired"


class WrongCredentials(Refusal):
    """No account has this e-mail and this password."""

    code = "wrong_credentials"


class SecondFactorNeeded(Refusal):
    """The password was right; a code is missing, or wrong."""

    code = "second_factor"


class MethodNotAllowed(Refusal):
    """The path is there, the method is not. `allow` are the methods that are."""

    code = "method_not_allowed"

    def __init__(self, allow: str) -> None:
        super().__init__(f"This path takes {allow}.")
        self.allow = allow


class BodyTooLarge(Refusal):
    code = "body_too_large"


class BodyTooSlow(Refusal):
    code = "body_too_slow"


class UnsupportedMediaType(Refusal):
    code = "unsupported_media_type"


class RangeNotSatisfiable(Refusal):
    """The file has no such bytes; it has `size`."""

    code = "range"

    def __init__(self, size: int) -> None:
        super().__init__(f"The file has {size} bytes.")
        self.size = size


class Resync(Refusal):
    """The log no longer, or never, holds what was asked for: fetch the snapshot again."""

    code = "resync"


class _Status(NamedTuple):
    status: int
    title: str


STATUSES: dict[type[Refusal], _Status] = {
    NotJson: _Status(400, "Not readable"),
    TokenInvalid: _Status(401, "Not signed in"),
    TokenExpired: _Status(401, "Token expired"),
    WrongCredentials: _Status(401, "Wrong e-mail or password"),
    SecondFactorNeeded: _Status(401, "Second factor needed"),
    Forbidden: _Status(403, "Not allowed"),
    NotFound: _Status(404, "Not found"),
    MethodNotAllowed: _Status(405, "Method not allowed"),
    BodyTooSlow: _Status(408, "Body too slow"),
    Conflict: _Status(409, "Conflict"),
    Blocked: _Status(409, "Blocked by unfinished tasks"),
    Cycle: _Status(409, "Dependencies in a circle"),
    Resync: _Status(410, "Fetch the snapshot again"),
    PreconditionFailed: _Status(412, "Not as expected"),
    BodyTooLarge: _Status(413, "Body too large"),
    UnsupportedMediaType: _Status(415, "Unsupported content type"),
    RangeNotSatisfiable: _Status(416, "No such range"),
    Invalid: _Status(422, "Not valid"),
    TooLarge: _Status(422, "Over a limit"),
    IdReuse: _Status(422, "Id used for something else"),
    RateLimited: _Status(429, "Too fast"),
    Internal: _Status(500, "Internal error"),
    Overloaded: _Status(503, "Overloaded"),
    Unavailable: _Status(503, "Not available"),
}


class ProblemField(msgspec.Struct, frozen=True):
    """One wrong field of the body or the query, by its JSON Pointer."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457, with the stable `code` that programs should read."""

    media_type: ClassVar[str] = "application/problem+json"

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    timestamp: datetime
    request_id: str
    errors: tuple[ProblemField, ...] | UnsetType = UNSET
    current: dict[str, Any] | UnsetType = UNSET


def problem(refusal: Refusal, *, instance: str, request_id: str) -> Problem:
    """The problem that tells `refusal`. `instance` is the path that was asked."""
    status, title = STATUSES[type(refusal)]
    return Problem(
        type=f"urn:problem-type:lockstep:{refusal.code}",
        title=title,
        status=status,
        detail=refusal.message,
        instance=instance,
        code=refusal.code,
        timestamp=datetime.now(UTC),
        request_id=request_id,
        errors=tuple(ProblemField(e.pointer, e.message) for e in refusal.errors) or UNSET,
        current=UNSET if refusal.current is None else refusal.current,
    )


def answer(request: Request, refusal: Refusal) -> Response:
    """The HTTP answer to a refused request."""
    told = problem(refusal, instance=request.scope["path"], request_id=request.scope.get("request_id", ""))
    return Response(
        msgspec.json.encode(told),
        status_code=told.status,
        headers={"Cache-Control": "no-store", **_headers(refusal, told.status)},
        media_type=Problem.media_type,
    )


def _headers(refusal: Refusal, status: int) -> dict[str, str]:
    match refusal, status:
        case MethodNotAllowed(allow=allow), _:
            return {"Allow": allow}
        case RangeNotSatisfiable(size=size), _:
            return {"Content-Range": f"bytes */{size}"}
        case TokenExpired(), _:
            return {
                "WWW-Authenticate": 'Bearer realm="lockstep", error="invalid_token", error_description="token expired"'
            }
        case _, 401:
            return {"WWW-Authenticate": 'Bearer realm="lockstep"'}
        case _, 429 | 503:
            return {"Retry-After": str(max(1, math.ceil((refusal.retry_ms or 1000) / 1000)))}
        case _:
            return {}


def reject(id: UUID, project: UUID, refusal: Refusal) -> frames.Reject:
    """The socket's answer to a refused submit."""
    return frames.Reject(
        id=id,
        project=project,
        code=refusal.code,
        message=refusal.message,
        retryable=refusal.retryable,
        retry_ms=UNSET if refusal.retry_ms is None else refusal.retry_ms,
        errors=refusal.errors or UNSET,
        current=UNSET if refusal.current is None else refusal.current,
    )


def error(refusal: Refusal, re: str | None = None, project: UUID | None = None) -> frames.Error:
    """The socket's answer to any other refused message. `re` is the type of that message."""
    return frames.Error(
        code=refusal.code,
        message=refusal.message,
        retry_ms=UNSET if refusal.retry_ms is None else refusal.retry_ms,
        re=UNSET if re is None else re,
        project=UNSET if project is None else project,
        errors=refusal.errors or UNSET,
    )


def internal() -> Internal:
    """What is told of a bug: nothing. The traceback goes to the log."""
    return Internal("Something went wrong on our side.")
