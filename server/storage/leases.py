"""One holder at a time among all processes, for as long as its connection lives: PostgreSQL advisory locks."""

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select

from server.storage.engine import AsyncConnection, Database, refusing

NAMESPACE = 0x10C5  # keeps our locks apart from others' in the same database


class Lease:
    """Held since it was given out, unless the connection was lost in the meantime."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def check(self) -> None:
        """Raises `Unavailable` when the connection, and with it the lease, is lost."""
        async with refusing():
            await self._connection.execute(select(1))


@asynccontextmanager
async def hold(database: Database, name: str) -> AsyncIterator[Lease | None]:
    """The lease called `name`, None while another process has it. Raises `Unavailable` and `Overloaded`."""
    key = zlib.crc32(name.encode()) - 2**31
    async with refusing(), database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        mine = await connection.scalar(select(func.pg_try_advisory_lock(NAMESPACE, key)))
        try:
            yield Lease(connection) if mine else None
        finally:
            await connection.invalidate()  # ends the session, and so the lock, whatever state the connection is in
