"""Connections: one engine, its pools and their time limits. Not here: any statement but the session's settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from server.domain.errors import Overloaded, Unavailable


class Limits(msgspec.Struct, frozen=True):
    """Sizes and time limits of a pool; times in seconds."""

    pool: int = 8
    pool_timeout: float = 2.0
    connect_timeout: float = 5.0
    statement_timeout: float = 10.0
    lock_timeout: float = 2.0
    idle_timeout: float = 15.0


_BY_INDEX = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}


class Database:
    """The way to PostgreSQL. `url` is a SQLAlchemy URL with the asyncpg driver.

    With `writing` every statement is planned once, and always by index: planning the pen's long statements costs more than running them,
    and a plan made while a table was small must still be right when it is large.
    """

    def __init__(
        self, url: str | URL, limits: Limits = Limits(), *, name: str = "lockstep", writing: bool = False
    ) -> None:
        self.limits = limits
        self.engine: AsyncEngine = create_async_engine(
            make_url(url),
            pool_size=limits.pool,
            max_overflow=0,
            pool_timeout=limits.pool_timeout,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args={
                "timeout": limits.connect_timeout,
                "command_timeout": limits.statement_timeout + 5,
                "server_settings": {
                    "application_name": name,
                    "timezone": "UTC",
                    "jit": "off",
                    **(_BY_INDEX if writing else {}),
                    "statement_timeout": _ms(limits.statement_timeout),
                    "lock_timeout": _ms(limits.lock_timeout),
                    "idle_in_transaction_session_timeout": _ms(limits.idle_timeout),
                },
            },
        )
        event.listen(self.engine.sync_engine, "checkout", _refuse_ended)
        self._alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A READ COMMITTED transaction, committed on the way out.

        Raises `Overloaded` when no connection is free in time and `Unavailable` when the database does not answer.
        """
        async with refusing(), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A read-only REPEATABLE READ transaction: every statement sees the same moment. Raises as `begin` does."""
        async with refusing(), self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[AsyncConnection]:
        """For one statement that only reads: without a transaction around it, a third of the round trips. Raises as `begin` does."""
        async with refusing(), self._alone.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self.engine.dispose()


UNABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,  # no disk, no memory, no connection left
    asyncpg.OperatorInterventionError,  # shut down, starting, or the statement took too long
)
"""The database's ways to say that it cannot now, whatever was asked."""


@asynccontextmanager
async def refusing() -> AsyncIterator[None]:
    """Turns a database that does not answer into a refusal; a statement that is wrong stays an exception."""
    try:
        yield
    except TimeoutError as busy:
        raise Overloaded("The database is busy.", retry_ms=500) from busy
    except (OperationalError, InterfaceError) as gone:
        raise Unavailable("The database does not answer.", retry_ms=1000) from gone
    except DBAPIError as failed:
        if failed.connection_invalidated or isinstance(failed.driver_exception, UNABLE):
            raise Unavailable("The database does not answer.", retry_ms=1000) from failed
        raise
    except (OSError, ConnectionError) as gone:
        raise Unavailable("The database does not answer.", retry_ms=1000) from gone


def _refuse_ended(connection: DBAPIConnection, *_: object) -> None:
    """A connection that ended while nobody used it, as all do when PostgreSQL restarts, is replaced before anything is asked of it.

    Asks nobody: the driver has heard of the end.
    """
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


def _ms(seconds: float) -> str:
    return str(int(seconds * 1000))


__all__ = ["AsyncConnection", "Database", "Limits"]
