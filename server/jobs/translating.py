"""Starts translations, each in a process of its own, and reads what they say. Not here: what they do (formats.apart)."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import structlog

from server.domain.errors import REFUSALS, Internal
from server.formats import apart
from server.formats.apart import Chunk, Failure, Line, Opening, Order

LINE_BYTES_MAX = 8 * 1024 * 1024
"""Far above a chunk, and above the report of a file that has much to tell."""

log = structlog.get_logger(__name__)

_decode = msgspec.json.Decoder(Line).decode
_CODES = {refusal.code: refusal for refusal in REFUSALS}


class Translating:
    """A translation that goes on: its opening, then its chunks as fast as they are taken."""

    def __init__(self, opening: Opening, lines: asyncio.StreamReader) -> None:
        self.opening = opening
        self._lines = lines

    async def chunks(self) -> AsyncIterator[Chunk]:
        """Raises `Internal` when the process ends before its time."""
        left = self.opening.records
        while left:
            line = await _next(self._lines)
            assert isinstance(line, Chunk)
            left -= len(line.command.records)
            yield line


@asynccontextmanager
async def translating(order: Order, file: AsyncIterator[bytes]) -> AsyncIterator[Translating]:
    """The file's translation; its process ends with the context. Raises the refusal of a file that is no board."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        apart.__name__,
        msgspec.json.encode(order).decode(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        await _feed(process.stdin, file)
        match await _next(process.stdout):
            case Opening() as opening:
                yield Translating(opening, process.stdout)
            case Failure(code, message, errors):
                raise _CODES[code](message, errors=errors)
            case Chunk():
                raise Internal("A translation began in the middle.")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _feed(into: asyncio.StreamWriter, file: AsyncIterator[bytes]) -> None:
    """A process that is gone says why by what it says last, so its end is no error here."""
    async for piece in file:
        with suppress(ConnectionError):
            into.write(piece)
            await into.drain()
    into.close()


async def _next(lines: asyncio.StreamReader) -> Line:
    line = await lines.readline()
    if not line.endswith(b"\n"):
        log.error("translation ended early", said=len(line))
        raise Internal("The file could not be translated.")
    said: Line = _decode(line)
    return said
