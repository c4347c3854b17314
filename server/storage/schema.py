"""The schema's version: migrate, and tell whether the database stands where the code expects it."""

import asyncio
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from server.domain.errors import Conflict
from server.storage.engine import Database, Limits

ROOT = Path(__file__).parents[2]

ADVISORY_LOCK = 0x10C57E9
"""One number for all who migrate this database."""

STATEMENT_SECONDS = 660.0
"""Above the limits that migrations/env.py sets itself."""


def migrate(url: str, revision: str = "head") -> None:
    """Brings the database at `url` to `revision`; blocking. Safe when several run at once: the later ones wait and find nothing to do."""
    asyncio.run(migrate_in_loop(url, revision))


async def migrate_in_loop(url: str, revision: str = "head") -> None:
    """`migrate`, where a loop runs already."""
    database = Database(url, Limits(pool=1, statement_timeout=STATEMENT_SECONDS), name="lockstep-migrate")
    try:
        async with database.begin() as connection:
            await connection.run_sync(to_revision, revision)
    finally:
        await database.close()


def to_revision(connection: Connection, revision: str = "head") -> None:
    """Migrates up, or down where `revision` is below the present one (`base` = empty).

    Raises `Conflict` when the database stands at a revision that this version does not know.
    """
    config = _config()
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in revisions():
        raise Conflict(f"The database stands at {present}, which this version does not know: it is of a newer one.")
    passed = {entry.revision for entry in script.walk_revisions("base", present)} if present else set()
    below = revision == "base" or (revision in passed and revision != present)
    (command.downgrade if below else command.upgrade)(config, revision)


async def current_head(database: Database) -> str | None:
    """The revision that the database stands at; None when it was never migrated."""
    async with database.begin() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


@cache
def expected_head() -> str:
    """The revision that this code was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def revisions() -> frozenset[str]:
    """All that this code knows."""
    return frozenset(entry.revision for entry in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
