"""Files that come in, raw or as the one file of a form, passed on while they arrive. Not here: what is in them, and where they go."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from server.api import bodies
from server.api.problems import UnsupportedMediaType
from server.domain.errors import Invalid

MULTIPART = "multipart/form-data"
PIECE_BYTES = 1024 * 1024


class Upload(NamedTuple):
    """A file as it comes; `name` is what a form calls it, else empty."""

    chunks: AsyncIterator[bytes]
    name: str


@asynccontextmanager
async def opened(request: Request, most: int) -> AsyncIterator[Upload]:
    """The request's file, of at most `most` bytes. Raises `Invalid`, `UnsupportedMediaType` and whatever `bodies.chunks` raises."""
    if "content-encoding" in request.headers:
        raise UnsupportedMediaType("The body must not be compressed.")
    body = bodies.chunks(request, most)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MULTIPART:
        yield Upload(body, "")
    else:
        async with _part(request, body) as part:
            yield Upload(_pieces(part), part.filename or "")


@asynccontextmanager
async def _part(request: Request, body: AsyncGenerator[bytes, None]) -> AsyncIterator[UploadFile]:
    """The one file of a multipart body, as a temporary file for as long as it is used."""
    try:
        form = await MultiPartParser(request.headers, body, max_files=1, max_fields=10).parse()
    except (MultiPartException, KeyError, AssertionError) as wrong:
        raise Invalid(f"The body is not multipart: {getattr(wrong, 'message', wrong)}") from None
    try:
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            raise Invalid.at("/file", "The file is missing.")
        yield upload
    finally:
        await form.close()


async def _pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(PIECE_BYTES):
        yield piece
