"""Which database this is. When it is not the one on record, its past may lack what clients have seen: every project gets a new epoch.

That is so for a promoted replica, for a copy of the database, and for a dump that other tools have restored elsewhere. Not here: restoring
a backup, which renews the epochs itself (server/backup.py).
"""

import structlog
from sqlalchemy import delete, func, insert, select, text, update

from server.storage.engine import AsyncConnection, Database
from server.storage.tables import head, identity

ADVISORY_LOCK = 0x10C57EA
"""One number for all processes that look at the same time."""

log = structlog.get_logger(__name__)

_MAY_ASK = text("""SELECT has_function_privilege('pg_control_system()', 'EXECUTE'),
    has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE') AND has_function_privilege('pg_current_wal_lsn()', 'EXECUTE')""")
_DATABASE = text("SELECT oid::text FROM pg_database WHERE datname = current_database()")
_SYSTEM = text("SELECT system_identifier::text FROM pg_control_system()")
_TIMELINE = text("SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)")
"""Where the log is written now; pg_control tells of a promotion only after the next checkpoint."""


async def keep_identity(database: Database) -> bool:
    """Compares the database with the one on record and records it; True when it was another one. Several processes at once are safe.

    A database that was never recorded is only put on record. Raises `Unavailable` and `Overloaded`.
    """
    async with database.begin() as connection:
        await connection.execute(
            text("SET LOCAL lock_timeout = 0")
        )  # who comes second waits as long as a statement may
        await connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
        on_record = await connection.scalar(select(identity.c.database))
        present = await _present(connection)
        if present == on_record:
            return False
        await connection.execute(delete(identity))
        await connection.execute(insert(identity).values(database=present))
        if on_record is None:
            return False
        renewed = await renew_epochs(connection)
    log.error(
        "this is not the database on record: clients resync", present=present, on_record=on_record, projects=renewed
    )
    return True


async def renew_epochs(connection: AsyncConnection) -> int:
    """Gives every project a new epoch, so that no client goes on from what it holds; tells how many there are."""
    return (await connection.execute(update(head).values(epoch=func.gen_random_uuid()))).rowcount


async def _present(connection: AsyncConnection) -> str:
    """Cluster, timeline and database. What a provider does not let us ask is left out, and the rest must do."""
    may_system, may_timeline = (await connection.execute(_MAY_ASK)).one()
    parts = [
        ("system", _SYSTEM if may_system else None),
        ("timeline", _TIMELINE if may_timeline else None),
        ("database", _DATABASE),
    ]
    return ", ".join([f"{name} {await connection.scalar(ask)}" for name, ask in parts if ask is not None])
