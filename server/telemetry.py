"""Metrics and logs: every metric's name and every log line's shape. Not here: who counts, who serves `/metrics`.

Imports nothing of ours. `Telemetry` is made by a root and passed down; its metrics are cheap enough for the hot path.
"""

import json
import logging
import logging.config
import sys
from collections.abc import Callable

import msgspec
import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from structlog.typing import EventDict, Processor, WrappedLogger

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

FAST_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
STATEMENT_MAX = 500

log = structlog.get_logger(__name__)


class Telemetry:
    """The metrics of one process. Seconds are floats; gauges and counters start at zero."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)

        def counter(name: str, doc: str, *labels: str) -> Counter:
            return Counter(name, doc, labels, namespace="lockstep", registry=registry)

        def gauge(name: str, doc: str, *labels: str) -> Gauge:
            return Gauge(name, doc, labels, namespace="lockstep", registry=registry)

        def histogram(name: str, doc: str, *labels: str, buckets: tuple[float, ...] = FAST_SECONDS) -> Histogram:
            return Histogram(name, doc, labels, namespace="lockstep", registry=registry, buckets=buckets)

        # REST
        self.requests = counter("http_requests_total", "Answers to HTTP requests.", "method", "route", "status")
        self.request_seconds = histogram("http_request_seconds", "Time to answer a request.", "method", "route")
        # The socket
        self.connections = gauge("socket_connections", "Open sockets.")
        self.closes = counter("socket_closes_total", "Sockets closed, by close code.", "code")
        self.joins = counter("joins_total", "Answered joins, by mode.", "mode")
        self.joined = gauge("joined_sessions", "Sessions joined to projects now, counted once a project.")
        self.deliveries = counter("deliveries_total", "Changes handed to sessions.")
        self.gap_fills = counter("gap_fills_total", "Changes a room fetched because they did not arrive.", "source")
        # The executor
        self.lane_depth = gauge("lane_depth", "Submits that wait for their commit.")
        self.batch_size = histogram("batch_size", "Submits committed together.", buckets=BATCH_SIZES)
        self.commit_seconds = histogram("commit_seconds", "Time of one batch, from its BEGIN to its COMMIT.")
        self.refusals = counter("refusals_total", "Refused submits, by code.", "code")
        # What stands below
        self.pool_in_use = gauge("db_pool_in_use", "Database connections in use.", "pool")
        self.pool_size = gauge("db_pool_size", "Database connections at most.", "pool")
        self.slow_statements = counter("db_slow_statements_total", "Statements over the threshold.")
        self.relay_canary_age = gauge("relay_canary_age_seconds", "Age of the last own message seen in the relay.")

    def watch_pool(self, name: str, size: int, in_use: Callable[[], int]) -> None:
        """Reports a connection pool. `in_use` is called when metrics are read."""
        self.pool_size.labels(name).set(size)
        self.pool_in_use.labels(name).set_function(in_use)

    def slow_statement(self, statement: str, seconds: float) -> None:
        """Counts and names a statement that took too long; its values are never logged."""
        self.slow_statements.inc()
        log.warning("slow statement", ms=round(seconds * 1000), statement=" ".join(statement.split())[:STATEMENT_MAX])

    def text(self) -> bytes:
        """All metrics in the Prometheus text format."""
        return generate_latest(self.registry)


def configure_logging(level: str = "info", format_: str = "auto") -> None:
    """Sends every log line of the process to stderr (stdout belongs to commands). `auto` is `pretty` on a terminal.

    Lines of libraries pass the same processors as ours, so they carry `request_id`, `user` and `project` too.
    """
    pretty = sys.stderr.isatty() if format_ == "auto" else format_ == "pretty"
    structlog.configure(
        processors=[*_shared(pretty), *_render(pretty)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": _formatter, "pretty": pretty}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": level.upper()},
            "loggers": {
                name: {"level": least, "handlers": [], "propagate": True} for name, least in _LIBRARIES.items()
            },
        }
    )


_LIBRARIES = {
    "uvicorn": "NOTSET",
    "uvicorn.error": "NOTSET",
    **dict.fromkeys(("uvicorn.access", "asyncio", "sqlalchemy", "alembic", "httpx"), "WARNING"),
}
"""Libraries that bring handlers of their own, or whose information is our own lines' business."""

_SECRETS = frozenset(
    ("password", "token", "access_token", "refresh_token", "secret", "authorization", "cookie", "set_cookie")
)


def _shared(pretty: bool) -> list[Processor]:
    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S" if pretty else "iso", utc=not pretty)
    return [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp, _redact]


def _render(pretty: bool) -> list[Processor]:
    if pretty:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    return [structlog.processors.format_exc_info, _json]


def _formatter(pretty: bool) -> logging.Formatter:
    """For the lines of libraries, which log through the standard library."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(pretty), structlog.stdlib.add_logger_name],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_render(pretty)],
    )


def _redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key in event.keys() & _SECRETS:
        event[key] = "[redacted]"
    return event


_encoder = msgspec.json.Encoder(enc_hook=str)


def _json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    try:
        return _encoder.encode(event).decode()
    except (TypeError, ValueError):  # such as a lone surrogate: a line must never be the reason for a failure
        return json.dumps(event, default=repr)
