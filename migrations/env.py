"""Runs migrations under an advisory lock and time limits, so that several starts at once are safe and none waits for ever.

Who comes second waits for the lock as long as the first may take, then finds nothing to do; a busy table is waited for only shortly,
because everybody else waits behind a migration that waits.

`lockstep migrate` and the tests put a synchronous connection into `config.attributes["connection"]`.
"""

from alembic import context
from sqlalchemy import Connection, text

from server.storage.schema import ADVISORY_LOCK
from server.storage.tables import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
    with context.begin_transaction():
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        connection.execute(text("SET LOCAL lock_timeout = '10min'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        context.run_migrations()


run(context.config.attributes["connection"])
