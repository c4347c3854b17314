"""The documents that programs read to learn of this server. Not here: what is in them (protocol)."""

import gzip
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from server.api import answers
from server.api.contract import Contract
from server.protocol import asyncapi

CONTRACTS = {
    "GET /v1/openapi.json": Contract(
        name="openapi", says="This document.", answers={200: answers.JSON}, kept=True, counted=False
    ),
    "GET /v1/asyncapi.json": Contract(
        name="asyncapi", says="The same of the socket.", answers={200: answers.JSON}, kept=True, counted=False
    ),
}


class DocumentRoutes:
    """The handlers of `/v1/openapi.json`, which is handed in, and `/v1/asyncapi.json`; each is printed once."""

    def __init__(self, openapi: bytes) -> None:
        self._openapi, self._asyncapi = _printed(openapi), _printed(asyncapi.document())

    async def openapi(self, request: Request) -> Response:
        return self._openapi.answer(request)

    async def asyncapi(self, request: Request) -> Response:
        return self._asyncapi.answer(request)


@cache
def _printed(body: bytes) -> "_Printed":
    return _Printed(body)


class _Printed:
    """A document with its tag, and compressed once."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._gzipped = gzip.compress(body, mtime=0)
        self._tag = answers.tag_of(body)

    def answer(self, request: Request) -> Response:
        return answers.tagged(request, self._tag, self._body, self._gzipped)
