"""Names the statements that take too long. Sees those of SQLAlchemy and those that go to the driver directly."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExecutionContext
from sqlalchemy.ext.asyncio import AsyncEngine

Report = Callable[[str, float], None]
"""Told the statement, without its values, and its time in seconds."""


def report_slow(engine: AsyncEngine, threshold_s: float, report: Report) -> None:
    """Calls `report` for each statement that takes longer than `threshold_s`, on connections opened from now on."""

    def logged(query: Any) -> None:
        if query.elapsed > threshold_s:
            report(query.query, query.elapsed)

    def connected(connection: DBAPIConnection, _record: object) -> None:
        connection.driver_connection.add_query_logger(logged)

    def before(connection: Connection, *_rest: object) -> None:
        connection.info["started"] = time.perf_counter()

    def after(
        connection: Connection,
        _cursor: DBAPICursor,
        statement: str,
        _parameters: Any,
        _context: ExecutionContext,
        _many: bool,
    ) -> None:
        if (seconds := time.perf_counter() - connection.info["started"]) > threshold_s:
            report(statement, seconds)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
