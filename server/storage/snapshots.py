"""Snapshots as they are sent: bytes, compressed once, kept while nothing newer was committed. The caller authorises first."""

import asyncio
import gzip
import time
from collections import OrderedDict
from uuid import UUID
from weakref import WeakValueDictionary

import msgspec
from msgspec.structs import replace

from server.storage import boards, log
from server.storage.engine import Database
from server.storage.log import LogHead

FORMAT = 1
"""Part of the ETag: raise it when the same state would be written differently."""

CACHED_BYTES = 64 * 1024 * 1024
STALE_SECONDS = 2.0
COMPRESSION = 1
"""gzip's quickest level: about a sixth of the size for a third of the time of the default."""

_encode = msgspec.json.Encoder().encode


class CachedSnapshot(msgspec.Struct, frozen=True):
    """A snapshot's bytes, plain and gzipped. `read_at` is on the monotonic clock."""

    epoch: UUID
    seq: int
    etag: str
    body: bytes
    gzip: bytes
    read_at: float

    @property
    def size(self) -> int:
        return len(self.body) + len(self.gzip)


class Snapshots:
    """The newest snapshot of each project asked for, up to `CACHED_BYTES`; one build at a time a project."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cached: OrderedDict[UUID, CachedSnapshot] = OrderedDict()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def get(self, project: UUID, *, at: LogHead | None = None, stale_ok: bool = False) -> CachedSnapshot | None:
        """A snapshot at least as new as the head was when this was called, or when it was seen `at`; with `stale_ok` up to two seconds older.

        None when the project is absent or deleted.
        """
        cached = self._cached.get(project)
        if cached is not None and (
            (at is not None and (cached.epoch, cached.seq) == (at.epoch, at.seq))
            or (stale_ok and time.monotonic() - cached.read_at < STALE_SECONDS)
        ):
            self._cached.move_to_end(project)
            return cached
        asked_at = time.monotonic()
        turn = self._turns.get(project)
        if turn is None:
            turn = self._turns[project] = asyncio.Lock()
        async with turn:
            cached = self._cached.get(project)
            if cached is None or cached.read_at < asked_at:
                cached = await self._refreshed(project, cached)
                self._keep(project, cached)
            return cached

    async def _refreshed(self, project: UUID, cached: CachedSnapshot | None) -> CachedSnapshot | None:
        read_at = time.monotonic()
        if cached is not None and await self._is_current(project, cached):
            return replace(cached, read_at=read_at)
        return await self._build(project)

    async def _is_current(self, project: UUID, cached: CachedSnapshot) -> bool:
        async with self._database.statement() as connection:
            at = await log.head_of(connection, project)
        return at is not None and not at.deleted and (at.epoch, at.seq) == (cached.epoch, cached.seq)

    async def _build(self, project: UUID) -> CachedSnapshot | None:
        read_at = time.monotonic()
        async with self._database.snapshot() as connection:
            found = await boards.snapshot(connection, project)
        if found is None:
            return None
        body = _encode(found)
        packed = await asyncio.to_thread(gzip.compress, body, COMPRESSION, mtime=0)
        etag = f'"{FORMAT}-{found.epoch}-{found.seq}"'
        return CachedSnapshot(found.epoch, found.seq, etag, body, packed, read_at)

    def _keep(self, project: UUID, built: CachedSnapshot | None) -> None:
        self._cached.pop(project, None)
        if built is not None:
            self._cached[project] = built
        while sum(one.size for one in self._cached.values()) > CACHED_BYTES and len(self._cached) > 1:
            self._cached.popitem(last=False)
