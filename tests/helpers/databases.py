"""Databases for tests: clones of one migrated template, each dropped after its test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from server.settings import load
from server.storage import schema

TEMPLATE = "template_migrated"


class Databases:
    """Of one server, reached at `url`."""

    def __init__(self, url: str) -> None:
        self._numbers = count()
        self._url = make_url(load({"DATABASE_URL": url, "LOCKSTEP_SECRET": "x" * 40}).database_url)
        self._migrated = False

    @asynccontextmanager
    async def new(self, template: str = TEMPLATE) -> AsyncIterator[str]:
        """A database of its own; its URL as SQLAlchemy takes it."""
        if template == TEMPLATE and not self._migrated:
            await self._execute(f"CREATE DATABASE {TEMPLATE}")
            await schema.migrate_in_loop(self._of(TEMPLATE))
            self._migrated = True
        name = f"test_{next(self._numbers)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield self._of(name)
        await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    async def _execute(self, statement: str) -> None:
        engine = create_async_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()
