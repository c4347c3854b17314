"""The documents that programs read to learn of this server. Not here: what is in them (protocol)."""

from starlette.requests import Request
from starlette.responses import Response

from server.api import answers
from server.protocol import asyncapi


class DocumentRoutes:
    """The handler of `/v1/asyncapi.json`; the document is printed once."""

    def __init__(self) -> None:
        self._asyncapi = asyncapi.document()
        self._tag = answers.tag_of(self._asyncapi)

    async def asyncapi(self, request: Request) -> Response:
        return answers.tagged(request, self._tag, self._asyncapi)
