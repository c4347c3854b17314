"""What a database was asked, statement by statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from server.storage.engine import Database


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """The statements sent while this is open, BEGIN and COMMIT included. Connections opened before are not heard in full."""
    said: list[str] = []

    def connected(connection: Any, _record: object) -> None:
        connection.driver_connection.add_query_logger(lambda query: said.append(query.query))

    def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)  # prepared by the expression layer, which the driver's own listeners do not hear

    engine = database.engine.sync_engine
    event.listen(engine, "connect", connected)
    event.listen(engine, "before_cursor_execute", executed)
    try:
        yield said
    finally:
        event.remove(engine, "connect", connected)
        event.remove(engine, "before_cursor_execute", executed)
