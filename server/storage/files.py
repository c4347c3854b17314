"""Files that every process can reach, in a store named by a URL: a folder, or S3, Google Cloud Storage, Azure. Streamed in and out.

Not here: whose a file is and what is in it.
"""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from server.domain.errors import NotFound, Unavailable

PART_BYTES = 5 * 1024 * 1024
"""What is sent at a time; the least that S3 takes."""

AT_ONCE = 2

UPLOADS = "imports"
"""Below it are files that wait to be imported."""

log = structlog.get_logger(__name__)


class Files:
    """`url` is file:///folder, s3://bucket/prefix, gs:// or az://; credentials come from where such programs look for them.

    Opened when it is first needed: a process that never does needs no folder.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _store(self) -> ObjectStore:
        return _local(self._url) if urlsplit(self._url).scheme == "file" else from_url(self._url)

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> int:
        """Stores all chunks under the key and returns their size; nothing is there after a failure.

        Raises `Unavailable`, and whatever `chunks` raises.
        """
        measured = _Measured(chunks)
        store = self._opened()
        try:
            await obstore.put_async(
                store, key, measured.chunks(), use_multipart=True, chunk_size=PART_BYTES, max_concurrency=AT_ONCE
            )
        except BaseException as failure:
            await self.delete(key)
            if measured.failure is not None:
                raise measured.failure from None
            if isinstance(failure, BaseError | OSError):
                raise _unavailable(failure) from failure
            raise
        return measured.size

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """The file, a piece at a time. Raises `NotFound` and `Unavailable`."""
        try:
            found = await obstore.get_async(self._opened(), key)
            async for piece in found.stream():
                yield bytes(piece)
        except FileNotFoundError:
            raise _gone() from None
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure

    async def open(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, a piece at a time; the file is there when this returns. Raises `NotFound` and `Unavailable`."""
        try:
            found = await obstore.get_async(self._opened(), key, options={"range": (start, end)})
        except FileNotFoundError:
            raise _gone() from None
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure
        return _pieces(found.stream())

    async def delete(self, key: str) -> None:
        """Does nothing when it is not there; one that could not be deleted stays, and is only wasted room."""
        try:
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._opened(), key)
        except (BaseError, OSError, Unavailable) as failure:
            log.warning("file not deleted", key=key, reason=str(failure))

    async def purge(self, prefix: str, older_than: timedelta) -> int:
        """Deletes what was stored below `prefix` longer ago than that; returns how many. Raises `Unavailable`."""
        purged = 0
        async for keys in self.older(prefix, older_than):
            for key in keys:
                await self.delete(key)
            purged += len(keys)
        return purged

    async def older(self, prefix: str, than: timedelta) -> AsyncIterator[list[str]]:
        """The keys of what was stored below `prefix` longer ago than that, a page at a time. Raises `Unavailable`."""
        before = datetime.now(UTC) - than
        try:
            async for page in obstore.list(self._opened(), prefix):
                yield [each["path"] for each in page if each["last_modified"] < before]
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure

    def _opened(self) -> ObjectStore:
        """Raises `Unavailable`."""
        try:
            return self._store
        except (BaseError, OSError, ValueError) as failure:
            raise _unavailable(failure) from failure


class _Measured:
    """Counts what passes. The store wraps what its source raises, so the exception itself is kept."""

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self.size = 0
        self.failure: Exception | None = None
        self._chunks = chunks

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._chunks:
                self.size += len(chunk)
                yield chunk
        except Exception as failure:
            self.failure = failure
            raise


async def _pieces(stream: Any) -> AsyncIterator[bytes]:
    try:
        async for piece in stream:
            yield bytes(piece)
    except (BaseError, OSError) as failure:
        raise _unavailable(failure) from failure


def _local(url: str) -> LocalStore:
    """The folder is made, for its owner alone."""
    folder = Path(unquote(urlsplit(url).path))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(folder)


def _gone() -> NotFound:
    return NotFound("The file is not there any more.")


def _unavailable(failure: BaseException) -> Unavailable:
    log.warning("store of files does not answer", reason=str(failure))
    return Unavailable("The store of files does not answer.", retry_ms=5000)
