"""Lines of a long body, one at a time as they come, and of a long answer, which waits on disk for who reads slowly.

Neither waits for the other: a client may send all it has before it reads the first answer. Not here: what a line says.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.api.bodies import READ_SECONDS
from server.api.problems import BodyTooSlow

MEMORY_MAX = 1024 * 1024
PIECE = 64 * 1024
STALLED_SECONDS = 600.0
"""Whoever takes no piece of the answer for so long, while sending or after it, is given up."""


async def lines(request: Request, most: int) -> AsyncIterator[tuple[int, bytes | None]]:
    """The lines that are not blank, each with its number from 1; None for one of more than `most` bytes, of which nothing is kept.

    Raises `BodyTooSlow` when nothing comes for long, and `ClientDisconnect`.
    """
    number, held, dropped = 1, bytearray(), False
    async for piece in _pieces(request):
        *whole, rest = piece.split(b"\n")
        for end in whole:
            if dropped or len(held) + len(end) > most:
                yield number, None
            elif line := bytes(held + end).strip():
                yield number, line
            number, dropped = number + 1, False
            held.clear()
        dropped = dropped or len(held) + len(rest) > most
        held = bytearray() if dropped else held + rest
    if dropped:
        yield number, None
    elif line := bytes(held).strip():
        yield number, line


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(READ_SECONDS):
                yield await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise BodyTooSlow("The next line took too long to arrive.") from None


class Spool:
    """Bytes that are written before they are read: a mebibyte in memory, more on disk."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(MEMORY_MAX)  # noqa: SIM115  # closed by who reads
        self._read = self._written = 0
        self._ended = False
        self._stirred = asyncio.Event()

    def write(self, data: bytes) -> None:
        self._file.seek(self._written)
        self._file.write(data)
        self._written += len(data)
        self._stirred.set()

    def end(self) -> None:
        self._ended = True
        self._stirred.set()

    async def pieces(self) -> AsyncIterator[bytes]:
        """What is written, as it comes, until the end."""
        while True:
            if self._read < self._written:
                self._file.seek(self._read)
                piece = self._file.read(min(PIECE, self._written - self._read))
                self._read += len(piece)
                if self._read == self._written:
                    self._read = self._written = 0
                yield piece
            elif self._ended:
                return
            else:
                self._stirred.clear()
                await self._stirred.wait()

    def close(self) -> None:
        self._file.close()


class LinesAnswer(Response):
    """NDJSON that `write` writes while the request is still read. Calls `after`, however it ends."""

    media_type = "application/x-ndjson"

    def __init__(self, write: Callable[[Spool], Awaitable[None]], after: Callable[[], None]) -> None:
        super().__init__(None, headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self._write = write
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spool = Spool()
        writing = asyncio.create_task(self._fill(spool))
        try:
            await self._send(spool, writing, send)
        except (OSError, TimeoutError):
            raise ClientDisconnect from None
        finally:
            writing.cancel()
            await asyncio.wait([writing])
            spool.close()
            self._after()

    async def _fill(self, spool: Spool) -> None:
        try:
            await self._write(spool)
        finally:
            spool.end()

    async def _send(self, spool: Spool, writing: "asyncio.Task[None]", send: Send) -> None:
        """Begins with the first piece: by then the client was asked for its body. What fails before is answered as such."""
        begun = False
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        async for piece in spool.pieces():
            if not begun:
                await send(start)
                begun = True
            async with asyncio.timeout(STALLED_SECONDS):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await writing
        if not begun:
            await send(start)
        await send({"type": "http.response.body", "body": b""})
