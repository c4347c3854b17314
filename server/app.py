"""Composition root of web: settings → database, relay, rooms, executor → the Starlette application, and uvicorn that serves it."""

import asyncio
import gc
import resource
import socket as tcp
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import NamedTuple

import uvicorn
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.api.api_tokens import Bearers
from server.api.auth import Auth
from server.api.greeting import Reception
from server.api.limits import Commands, Speed
from server.api.passwords import Passwords
from server.api.pictures import Pictures
from server.api.provider import Provider
from server.api.quotas import REDIS_SECONDS, Quotas
from server.api.routes import EXCEPTION_HANDLERS, middleware, routes
from server.api.services import Services
from server.api.socket import socket
from server.api.websocket_protocol import WireProtocol
from server.commands.executor import Executor
from server.heartbeat import Heartbeats
from server.realtime.numbers import Numbers
from server.realtime.relay import Relay
from server.realtime.revocations import Revocations
from server.realtime.rooms import Rooms
from server.realtime.sessions import Sessions
from server.settings import Settings
from server.storage import draft
from server.storage.accounts import Accounts
from server.storage.api_tokens import ApiTokens
from server.storage.engine import Database, Limits
from server.storage.files import Files
from server.storage.idempotency import Answers
from server.storage.identity import keep_identity
from server.storage.postbox import Postbox
from server.storage.schema import current_head, expected_head
from server.storage.sign_ins import SignIns
from server.storage.snapshots import Snapshots
from server.storage.statistics import Counts
from server.storage.vault import Vault
from server.storage.watch import watch
from server.tasks import end
from server.telemetry import Telemetry, configure_logging

STOP_SECONDS = 6
"""How long, after the drain, requests may take to be answered and peers to close."""

PENS = 6
"""Connections to write with: one a lane, and some for projects that are waited for."""

BACKLOG = 4096
GARBAGE = (50_000, 20, 100)
"""Thresholds of the cycle collector, far above the defaults: records and messages cannot form cycles and are not even tracked."""


def create_app(settings: Settings) -> Starlette:
    """The application; its lifespan opens and closes everything it works with."""
    telemetry = Telemetry()
    pools = Pools.of(settings, telemetry)
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    relay = Relay(settings.redis_url, telemetry) if settings.redis_url else None
    counting = _counting(settings.redis_url) if settings.redis_url else None
    services = _services(settings, telemetry, pools, relay, Heartbeats(redis) if redis else None, counting)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as open_:
            for pool in (pools.requests, pools.reads, pools.pens):
                open_.push_async_callback(pool.close)
            open_.callback(services.passwords.close)
            open_.callback(services.pictures.close)
            for client in (redis, counting):
                if client is not None:
                    open_.push_async_callback(client.aclose)
            await _refuse_other_schema(pools.requests)
            await keep_identity(pools.requests)
            if relay is not None:
                await open_.enter_async_context(relay.running())
            await open_.enter_async_context(services.rooms.running())
            await open_.enter_async_context(services.numbers.running())
            await open_.enter_async_context(services.executor.running())
            gc.freeze()  # what lives as long as the process need not be looked at again
            gc.set_threshold(*GARBAGE)
            yield

    async def endpoint(websocket: WebSocket) -> None:
        await socket(services, websocket)

    app = Starlette(
        routes=[WebSocketRoute("/v1/socket", endpoint), *routes(services)],
        middleware=middleware(services),
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
    app.state.drain = partial(services.sessions.drain, settings.drain_seconds)
    return app


class Pools(NamedTuple):
    """Ways to the same database that do not wait for one another: what requests ask, what rooms and snapshots read, what is written."""

    requests: Database
    reads: Database
    pens: Database

    @classmethod
    def of(cls, settings: Settings, telemetry: Telemetry) -> "Pools":
        url = settings.database_url
        pools = cls(
            requests=Database(url, _limits(settings, settings.db_pool), name="lockstep-web"),
            reads=Database(url, _limits(settings, settings.db_read_pool), name="lockstep-web-reads"),
            pens=Database(url, _limits(settings, PENS), name="lockstep-web-pens", writing=True),
        )
        for name, pool in pools._asdict().items():
            watch(pool, name, telemetry, settings.slow_statement_ms / 1000)
        return pools


def _services(
    settings: Settings,
    telemetry: Telemetry,
    pools: Pools,
    relay: Relay | None,
    heartbeats: Heartbeats | None,
    counting: Redis | None,
) -> Services:
    sessions = Sessions()
    revocations = Revocations(sessions, settings.access_token_seconds)
    rooms = Rooms(pools.reads, relay, telemetry, revocations, sessions)
    accounts = Accounts(pools.requests)
    counts = Counts(pools.reads)
    vault = Vault(settings.keys)
    auth = _auth(settings, pools, revocations)
    return Services(
        settings=settings,
        database=pools.requests,
        accounts=accounts,
        sign_ins=SignIns(pools.requests),
        answers=Answers(pools.requests),
        auth=auth,
        passwords=Passwords(),
        provider=Provider(settings, vault) if settings.oidc_issuer else None,
        pictures=Pictures(),
        quotas=Quotas(settings, counting),
        commands=Commands(Speed.of(settings.limit_commands) if settings.rate_limits else None),
        vault=vault,
        postbox=Postbox(vault),
        files=Files(settings.files),
        reception=Reception(auth, accounts),
        executor=_executor(settings, telemetry, pools, rooms),
        snapshots=Snapshots(pools.reads),
        counts=counts,
        numbers=Numbers(counts),
        rooms=rooms,
        sessions=sessions,
        telemetry=telemetry,
        heartbeats=heartbeats,
    )


def _executor(settings: Settings, telemetry: Telemetry, pools: Pools, rooms: Rooms) -> Executor:
    return Executor(
        pools.pens,
        rooms.announce,
        telemetry,
        limits=draft.Limits(settings.max_tasks, settings.max_unarchived_tasks),
        pending_max=settings.lane_pending_max,
    )


def _counting(url: str) -> Redis:
    """A client that rather gives up than keeps a request waiting."""
    return Redis.from_url(
        url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, retry=Retry(NoBackoff(), 0)
    )


def _auth(settings: Settings, pools: Pools, revocations: Revocations) -> Auth:
    bearers = Bearers(ApiTokens(pools.requests))
    return Auth(settings.secret, settings.access_token_seconds, revocations.ended, bearers)


class Web(uvicorn.Server):
    """uvicorn, that sees its sessions off before it closes its doors: until then it answers `/readyz` with 503 and new sockets with 4200."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._drain: Callable[[], Coroutine[None, None, None]] = app.state.drain

    async def shutdown(self, sockets: list[tcp.socket] | None = None) -> None:
        draining = asyncio.create_task(self._drain(), name="drain")
        while not (draining.done() or self.force_exit):  # set by a second Ctrl-C
            await asyncio.wait([draining], timeout=0.1)
        await end(draining)
        await super().shutdown(sockets)


class WrongSchema(Exception):
    """The database stands at another migration than this code expects."""


async def _refuse_other_schema(database: Database) -> None:
    present, expected = await current_head(database), expected_head()
    if present != expected:
        raise WrongSchema(f"The database stands at {present or 'no migration'}, not {expected}. Run: lockstep migrate")


async def _refuse_unfit_database(settings: Settings) -> None:
    database = Database(settings.database_url, _limits(settings, pool=1), name="lockstep-web-start")
    try:
        await _refuse_other_schema(database)
    finally:
        await database.close()


def serve(settings: Settings, *, fd: int | None = None) -> None:
    """Serves until SIGTERM; blocking. With `fd`, an open listening socket, instead of binding host and port.

    Raises `WrongSchema`, and `Unavailable` when the database does not answer.
    """
    configure_logging(settings.log_level, settings.log_format)
    _raise_file_limit()
    app = create_app(settings)
    config = uvicorn_config(settings, app)
    server = Web(config, app)
    listening = [tcp.socket(fileno=fd)] if fd is not None else None
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_refuse_unfit_database(settings))  # here, for uvicorn would wrap it in a traceback
        runner.run(server.serve(sockets=listening))
    if not server.started:
        raise SystemExit(3)


def uvicorn_config(settings: Settings, app: Starlette) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws=WireProtocol,
        ws_max_size=settings.frame_in_max_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        loop="uvloop",
        lifespan="on",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def _limits(settings: Settings, pool: int) -> Limits:
    return Limits(
        pool=pool,
        pool_timeout=settings.db_pool_timeout_seconds,
        connect_timeout=settings.db_connect_timeout_seconds,
        statement_timeout=settings.db_statement_timeout_seconds,
        lock_timeout=settings.db_lock_timeout_seconds,
    )


def _raise_file_limit() -> None:
    """Each connection is a file: allow as many as the system lets us."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
