"""Around every HTTP request: its id, its log line, its metrics, the headers of all answers. Sockets pass untouched."""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api import problems, quotas
from server.telemetry import Telemetry

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of answers that are no pages: whatever one of them holds, a browser that shows it runs and fetches nothing."""

SECURE = {"Strict-Transport-Security": "max-age=31536000"}
"""Of a board that people find by https."""

CLIENT_GONE = 499
QUIET = frozenset(("/healthz", "/readyz", "/metrics", "/{path:path}"))
"""Routes whose successes are not worth a line."""

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

log = structlog.get_logger("server.http")


class Requests:
    """ASGI middleware. A bug is answered as the problem `internal`; its traceback goes to the log only."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry, *, secure: bool) -> None:
        self._app = app
        self._telemetry = telemetry
        self._always = {**ALWAYS, **(SECURE if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = _request_id(scope)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update({**self._always, **quotas.headers(scope), "X-Request-ID": request_id})
                if status != 304:  # it would take the place of the policy that the browser keeps with the page
                    headers.setdefault("Content-Security-Policy", NOTHING)
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except ClientDisconnect:
            status = CLIENT_GONE
        except Exception:
            log.exception("request failed", method=scope["method"], path=_path(scope))
            if status:  # half an answer is out: only closing the connection tells the client
                raise
            await problems.answer(Request(scope), problems.internal())(scope, receive, send_marked)
        finally:
            self._report(scope, status, time.perf_counter() - started)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = getattr(scope.get("route"), "path", "none")
        self._telemetry.requests.labels(method, route, status).inc()
        self._telemetry.request_seconds.labels(method, route).observe(seconds)
        if status >= 400 or route not in QUIET:
            log.info("request", method=method, path=_path(scope), status=status, ms=round(seconds * 1000, 2))


def _path(scope: Scope) -> str:
    """What was asked for; of a path that is a secret only where it leads."""
    route: str = getattr(scope.get("route"), "path", "")
    path: str = route if "{secret}" in route else scope["path"]
    return path


_SANE_ID = re.compile(r"[A-Za-z0-9_.:/+=-]{1,128}")


def _request_id(scope: Scope) -> str:
    """The id that a proxy in front gave, if it is one that cannot break a log line, else our own."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else uuid4().hex
