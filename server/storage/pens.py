"""The edit path's own connections: as many as may write at a time, kept open from one write to the next.

Going through the pool for each write costs a twentieth of a busy process. Not here: what is asked of them (pen).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg

from server.domain.errors import Overloaded, Unavailable
from server.storage import statements
from server.storage.engine import UNABLE, AsyncConnection, Database, refusing
from server.storage.pen import Pen

TRANSACTION_SECONDS = 20.0
"""Above every time limit of the server's own: only a dead connection gets here."""


class WriteRefused(Exception):
    """The database refused a statement: nothing of the transaction took effect."""


class WriteInterrupted(Exception):
    """The connection or the time ran out, perhaps during COMMIT: whether the transaction took effect is unknown."""


class _Open(NamedTuple):
    connection: AsyncConnection
    driver: asyncpg.Connection


class Pens:
    """Taking one raises `WriteRefused`, `WriteInterrupted`, and `Overloaded` when none is free in time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._free: asyncio.LifoQueue[_Open | None] = asyncio.LifoQueue()
        """Open connections, and below them None for each that may still be opened."""
        for _ in range(database.limits.pool):
            self._free.put_nowait(None)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Pen]:
        """A transaction to write in; leaving without an exception commits."""
        async with self._driver() as driver, driver.transaction():
            yield Pen(driver)

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Pen]:
        """A pen without a transaction: each statement commits by itself."""
        async with self._driver() as driver:
            yield Pen(driver)

    async def aclose(self) -> None:
        """Closes those that are free: all, once nobody writes any more."""
        while not self._free.empty():
            if (free := self._free.get_nowait()) is not None:
                await free.connection.close()

    @asynccontextmanager
    async def _driver(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection without the expression layer; its failures told as ours."""
        pen = await self._take()
        healthy = False
        try:
            if pen is not None and pen.driver.is_closed():
                await _drop(pen.connection)
                pen = None
            pen = pen or await self._open()
            async with asyncio.timeout(TRANSACTION_SECONDS):
                yield pen.driver
            healthy = True
        except (*_INTERRUPTED, Unavailable) as lost:
            raise WriteInterrupted from lost
        except asyncpg.PostgresError as refused:
            healthy = True
            raise WriteRefused from refused
        except Exception:
            healthy = True
            raise
        finally:
            self._free.put_nowait(pen if healthy else None)
            if pen is not None and not healthy:
                await _drop(pen.connection)

    async def _take(self) -> _Open | None:
        """An open one if there is, else the right to open one."""
        try:
            async with asyncio.timeout(self._database.limits.pool_timeout):
                return await self._free.get()
        except TimeoutError as busy:
            raise Overloaded("The database is busy.", retry_ms=500) from busy

    async def _open(self) -> _Open:
        async with refusing():
            connection = await self._database.engine.connect()
        try:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            await driver.execute(statements.WRITE_FUNCTION)
        except BaseException:
            await _drop(connection)
            raise
        return _Open(connection, driver)


async def _drop(connection: AsyncConnection) -> None:
    await connection.invalidate()
    await connection.close()


_INTERRUPTED = (
    *UNABLE,
    asyncpg.InterfaceError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # what it leads to is no longer the one that takes writes
    OSError,
    TimeoutError,
)
