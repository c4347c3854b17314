"""From a path and a method to a handler. Not here: the paths themselves."""

import re
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from server.api import access
from server.api.api_tokens import Identity
from server.api.auth import Auth, signed_in
from server.api.problems import MethodNotAllowed
from server.api.quotas import Quotas

Handler = Callable[[Request], Awaitable[Response]]
PrivateHandler = Callable[[Request, Identity], Awaitable[Response]]


def at(path: str, **handlers: Handler) -> Route:
    """The route of `path`, with a handler for each method; any other method is answered 405. Each has its rule in `access.RULES`."""
    plain = re.sub(r":\w+", "", path)
    return Route(path, _Methods(handlers, {method: access.RULES[f"{method} {plain}"] for method in handlers}))


def private(auth: Auth, quotas: Quotas, handler: PrivateHandler) -> Handler:
    """A handler that only somebody with a token reaches."""

    async def handle(request: Request) -> Response:
        identity = await signed_in(request, auth)
        await quotas.user(request, identity)
        access.require(request, identity)
        return await handler(request, identity)

    return handle


def public(quotas: Quotas, handler: Handler) -> Handler:
    """A handler that anybody reaches, as often as an address may."""

    async def handle(request: Request) -> Response:
        await quotas.anonymous(request)
        return await handler(request)

    return handle


class _Methods:
    """An ASGI application, so that one route owns every method of its path."""

    def __init__(self, handlers: dict[str, Handler], rules: dict[str, access.Rule]) -> None:
        self._handlers = {**({"HEAD": handlers["GET"]} if "GET" in handlers else {}), **handlers}
        self._rules = {**({"HEAD": rules["GET"]} if "GET" in rules else {}), **rules}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = self._handlers.get(scope["method"])
        if handler is None:
            raise MethodNotAllowed(", ".join(sorted(self._handlers)))
        scope["rule"] = self._rules[scope["method"]]
        if project := scope["path_params"].get("project"):
            structlog.contextvars.bind_contextvars(project=str(project))
        response = await handler(Request(scope, receive, send))
        await response(scope, receive, send)
