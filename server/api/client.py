"""The built web client: its page for every path of its own, its assets, compressed where the build did so."""

import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Receive, Scope, Send

from server.api.answers import accepts
from server.api.problems import MethodNotAllowed
from server.domain.errors import NotFound

PAGE = "index.html"
HASHED = "assets"
"""The folder of files whose names change with their content."""

MEDIA_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}
"""What browsers insist on, and what not every system's table knows."""

CODINGS = {"br": ".br", "gzip": ".gz"}
"""What a browser may accept → how the build names it, best first."""

SECURITY_POLICY = (
    "default-src 'self'; connect-src 'self'; img-src 'self' data: blob:; media-src blob:; frame-src blob:; style-src-attr 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Of the page, and of its service worker, which fetches for it."""


class WebClient:
    """ASGI application for every path that is not the API's. `dist` may be built while the server runs."""

    def __init__(self, dist: Path) -> None:
        self._dist = dist
        self._files = _Files(directory=dist, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (scope["path"] + "/").startswith("/v1/"):
            raise NotFound("There is nothing at this path.")
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed("GET, HEAD")
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        path = self._files.get_path(scope)
        if "." not in path.rpartition("/")[2] or path == ".":
            path = PAGE  # a view's address: the client reads it
        try:
            return await self._files.get_response(path, scope)
        except HTTPException:
            if path == PAGE:
                return PlainTextResponse("The web client is not built yet: run `./dev up`, which builds it.\n", 503)
            raise NotFound("There is nothing at this path.") from None


class _Files(StaticFiles):
    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path = Path(full_path)
        coding, chosen = _variant(path, Headers(scope=scope).get("accept-encoding", ""))
        media_type = MEDIA_TYPES.get(path.suffix) or FileResponse(path, stat_result=stat_result).media_type
        response = FileResponse(
            chosen, status_code, {**_headers(path), **coding}, media_type, stat_result=chosen.stat()
        )
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def _variant(path: Path, accept_encoding: str) -> tuple[dict[str, str], Path]:
    """The best form of the file that the browser accepts, and the headers that say which it is."""
    for coding, ending in CODINGS.items():
        compressed = path.with_name(path.name + ending)
        if accepts(accept_encoding, coding) and compressed.is_file():
            return {"Content-Encoding": coding}, compressed
    return {}, path


def _headers(path: Path) -> dict[str, str]:
    lasting = path.parent.name == HASHED
    return {
        "Vary": "Accept-Encoding",
        "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        "Content-Security-Policy": SECURITY_POLICY,
    }
