"""The schema's version: migrate, and tell whether the database stands where the code expects it."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from server.storage.engine import Database

ROOT = Path(__file__).parents[2]


def migrate(url: str, revision: str = "head") -> None:
    """Brings the database at `url` to `revision`; blocking. Safe when several run at once: the later ones wait and find nothing to do."""
    asyncio.run(migrate_in_loop(url, revision))


async def migrate_in_loop(url: str, revision: str = "head") -> None:
    """`migrate`, where a loop runs already."""
    database = Database(url, name="lockstep-migrate")
    try:
        async with database.begin() as connection:
            await connection.run_sync(to_revision, revision)
    finally:
        await database.close()


def to_revision(connection: Connection, revision: str = "head") -> None:
    """Migrates up, or down where `revision` is below the present one (`base` = empty)."""
    config = _config()
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    known = {entry.revision for entry in script.walk_revisions("base", present)} if present else set()
    below = revision == "base" or (revision in known and revision != present)
    (command.downgrade if below else command.upgrade)(config, revision)


async def current_head(database: Database) -> str | None:
    """The revision that the database stands at; None when it was never migrated."""
    async with database.begin() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def expected_head() -> str:
    """The revision that this code was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
