"""Pages on which people read the OpenAPI document and try it: Swagger UI at `/docs`, Redoc at `/redoc`, and their files, all from here.

Not here: the document (openapi).
"""

import asyncio
import gzip
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from server.api import answers
from server.api.contract import Contract
from server.domain.errors import NotFound

_OURS = Path(__file__).with_name("pages")


def _theirs() -> Path:
    """Where the package with both programs keeps them. It is found, not imported: it would ask for Django, of which nothing is used."""
    spec = find_spec("drf_spectacular_sidecar")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "static" / "drf_spectacular_sidecar"


FILES: dict[str, Path] = {
    "swagger.js": _OURS / "swagger.js",
    "swagger-ui.css": _theirs() / "swagger-ui-dist" / "swagger-ui.css",
    "swagger-ui-bundle.js": _theirs() / "swagger-ui-dist" / "swagger-ui-bundle.js",
    "redoc.js": _OURS / "redoc.js",
    "redoc.standalone.js": _theirs() / "redoc" / "bundles" / "redoc.standalone.js",
}

MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}

ELSEWHERE = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
"""A picture that Redoc would fetch from its makers."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""No script but these files runs. Both programs write styles into the page while they run, which takes `'unsafe-inline'` for styles."""


CONTRACTS = {
    "GET /docs": Contract(
        name="swagger", says="A page to try these routes on.", answers={200: "text/html"}, kept=True, counted=False
    ),
    "GET /redoc": Contract(
        name="redoc", says="A page to read of them.", answers={200: "text/html"}, kept=True, counted=False
    ),
    "GET /docs/{file}": Contract(
        name="reference_file",
        says="The files of both.",
        answers={200: ("text/css", "text/javascript")},
        kept=True,
        counted=False,
    ),
}


class ReferencePages:
    """The handlers of `/docs`, `/redoc` and `/docs/{file}`. A file is read and compressed when it is first asked for, and kept like that."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[str, bytes]] = {}

    async def swagger(self, request: Request) -> Response:
        return await self._answer(request, _OURS / "swagger.html")

    async def redoc(self, request: Request) -> Response:
        return await self._answer(request, _OURS / "redoc.html")

    async def file(self, request: Request) -> Response:
        name: str = request.path_params["file"]
        if name not in FILES:
            raise NotFound("There is nothing at this path.")
        return await self._answer(request, FILES[name])

    async def _answer(self, request: Request, path: Path) -> Response:
        if path not in self._kept:
            body = (await asyncio.to_thread(path.read_bytes)).replace(ELSEWHERE, b"/icon.svg")
            self._kept[path] = answers.tag_of(body), await asyncio.to_thread(gzip.compress, body)
        tag, gzipped = self._kept[path]
        headers = {
            "ETag": tag,
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
            "Content-Security-Policy": POLICY,
        }
        if answers.has(request, tag):
            return Response(status_code=304, headers=headers)
        media_type = MEDIA_TYPES[path.suffix]
        if answers.accepts(request.headers.get("accept-encoding", ""), "gzip"):
            return Response(gzipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=media_type)
        return Response(await asyncio.to_thread(gzip.decompress, gzipped), headers=headers, media_type=media_type)
