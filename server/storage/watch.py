"""Watches a database's connections: how many are in use, and which statements take too long."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExecutionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from server.storage.engine import Database
from server.telemetry import Telemetry


def watch(database: Database, name: str, telemetry: Telemetry, slow_s: float) -> None:
    """Reports the pool of `database` under `name`, and each statement that takes longer than `slow_s` seconds."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    telemetry.watch_pool(name, pool.size(), pool.checkedout)
    _report_slow(database.engine, slow_s, telemetry.slow_statement)


def _report_slow(engine: AsyncEngine, threshold_s: float, report: Callable[[str, float], None]) -> None:
    """Sees the statements of SQLAlchemy and, through the driver, those that go there directly."""

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
