"""Files that are made before they are sent: on disk, unseen by others, gone once they are closed. Not here: what is in them.

A file is whole before its first byte goes out. So whoever reads slowly holds a file and no connection to the database, and what fails on
the way is answered as a refusal instead of half a file.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from typing import IO
from urllib.parse import quote
from uuid import UUID

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.domain.errors import RateLimited, Refusal

PIECE = 256 * 1024
STALLED_SECONDS = 60.0
"""Whoever takes no piece for so long is given up."""

RETRY_MS = 5_000


class AtOnce:
    """How many each user may have at the same time of this process. `most` None: any number."""

    def __init__(self, most: int | None, what: str) -> None:
        self._most = most
        self._what = what
        self._counts: dict[UUID, int] = {}

    def enter(self, user: UUID) -> Callable[[], None]:
        """One more; it ends when what is returned is called. Raises `RateLimited`."""
        count = self._counts.get(user, 0)
        if self._most is not None and count >= self._most:
            raise RateLimited(f"At most {self._most} {self._what} at once.", retry_ms=RETRY_MS)
        self._counts[user] = count + 1

        def leave() -> None:
            left = self._counts.pop(user) - 1
            if left:
                self._counts[user] = left

        return leave


class Download(Response):
    """Sends a file from its beginning, closes it and calls `after`, however that ends."""

    def __init__(self, file: IO[bytes], name: str, media_type: str, after: Callable[[], None]) -> None:
        size = file.seek(0, os.SEEK_END)
        headers = {"Content-Disposition": disposition(name), "Cache-Control": "no-store", "Content-Length": str(size)}
        super().__init__(None, headers=headers, media_type=media_type)
        self._file = file
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            self._file.seek(0)
            while scope["method"] != "HEAD" and (piece := await asyncio.to_thread(self._file.read, PIECE)):
                async with asyncio.timeout(STALLED_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except (OSError, TimeoutError):
            raise ClientDisconnect from None
        finally:
            self._file.close()
            self._after()


class Passed(Response):
    """Sends what a store gives, as it comes, with the headers it was made with."""

    def __init__(self, pieces: AsyncIterator[bytes], status: int, headers: Mapping[str, str]) -> None:
        super().__init__(None, status, headers)
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if scope["method"] != "HEAD":
                async for piece in self._pieces:
                    async with asyncio.timeout(STALLED_SECONDS):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except (OSError, TimeoutError, Refusal):
            raise ClientDisconnect from None


def disposition(name: str) -> str:
    """As a file to save under `name` (RFC 6266), with a plain name for who reads no other."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in " ._-()") else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
