"""Runs migrations under an advisory lock and time limits, so that several starts at once are safe and none waits for ever on a busy table.

`lockstep migrate` and the tests put a synchronous connection into `config.attributes["connection"]`.
"""

from alembic import context
from sqlalchemy import Connection, text

from server.storage.tables import metadata

ADVISORY_LOCK = 0x10C57E9
"""One number for all who migrate this database."""


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        context.run_migrations()


run(context.config.attributes["connection"])
