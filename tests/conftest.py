"""Real PostgreSQL and Valkey for every test: started once a worker from the wheels, one migrated template, cloned for each test."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import httpx
import pytest
from redis import Redis
from starlette.applications import Starlette

from server.api import passwords
from server.app import Web, create_app, uvicorn_config
from server.commands.executor import Executor
from server.domain.changes import Committed
from server.embedded.postgres import Postgres
from server.embedded.valkey import Valkey
from server.settings import Settings, load
from server.storage.engine import Database
from server.telemetry import Telemetry
from tests.helpers.board import Board
from tests.helpers.databases import Databases
from tests.helpers.documented import documented
from tests.helpers.garden import Garden
from tests.helpers.people import Server

MEMORY = Path("/dev/shm")
MEMORY_BYTES = 8 << 30

SECRET = "a-secret-of-the-tests-and-of-nothing-else"


def pytest_configure() -> None:
    """Temporary files live in memory where there is room: a database is 300 files, copied for each test."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashes of 1 MiB instead of 46: most tests sign somebody up, and few are about that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 1024)
        yield


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A folder that PostgreSQL's own account can reach, too."""
    with tempfile.TemporaryDirectory(prefix="lockstep-tests-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def databases(data_dir: Path) -> Iterator[Databases]:
    """The server's databases, with a migrated template."""
    with Postgres(data_dir, durable=False, connections=300) as postgres:
        yield Databases(postgres.url)


@pytest.fixture(scope="session")
def valkey(data_dir: Path) -> Iterator[Valkey]:
    with Valkey(data_dir / "redis", durable=False) as valkey:
        yield valkey


@pytest.fixture
async def empty_database_url(databases: Databases) -> AsyncIterator[str]:
    """A database of the test's own without any table."""
    async with databases.new(template="template0") as url:
        yield url


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """A migrated database of the test's own."""
    async with databases.new() as url:
        yield url


@pytest.fixture(scope="session")
def shared_database_url(databases: Databases) -> Iterator[str]:
    """A migrated database for all tests of a worker that keep to projects of their own; a folder's conftest opts in."""
    with asyncio.Runner() as runner:
        opened = databases.new()
        yield runner.run(opened.__aenter__())
        runner.run(opened.__aexit__(None, None, None))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, writing=True)
    yield database
    await database.close()


@pytest.fixture
def redis_url(valkey: Valkey) -> Iterator[str]:
    yield valkey.url
    with Redis.from_url(valkey.url) as client:
        client.flushall()


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return load(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "LOCKSTEP_SECRET": SECRET,
            "LOCKSTEP_DATA_DIR": str(tmp_path),
            "LOCKSTEP_WEB_DIST": str(tmp_path / "dist"),
            "LOCKSTEP_SECURE_COOKIES": "off",
            "LOCKSTEP_LOG_LEVEL": "warning",
            "LOCKSTEP_DRAIN_SECONDS": "0.05",
        }
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Starlette]:
    """The application with its lifespan run, in the test's own loop."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    hooks = {"response": [documented]}
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", event_hooks=hooks) as client:
        yield client


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Server]:
    """The application behind the real uvicorn and the real protocol class, on a free port."""
    async with serving(settings) as server:
        yield server


@asynccontextmanager
async def serving(settings: Settings, port: int = 0) -> AsyncIterator[Server]:
    """A web process's worth of server in the test's own loop; call it twice for two that share a database.

    `port` is any that is free, but for a server that must know its own address.
    """
    app = create_app(settings)
    config = uvicorn_config(settings, app)
    config.port = port
    listening = config.bind_socket()
    web = Web(config, app)
    web.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    running = asyncio.create_task(web.serve(sockets=[listening]))
    while not web.started:
        assert not running.done(), running
        await asyncio.sleep(0.005)
    try:
        yield Server(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        web.should_exit = True
        await running


@pytest.fixture
async def board(database: Database) -> AsyncIterator[Board]:
    """An executor and a project of Ann's with the default columns."""
    announced: list[Committed] = []
    executor = Executor(database, announced.extend, Telemetry())
    async with executor.running():
        yield await Board.make(executor, database, announced)


@pytest.fixture
async def garden(server: Server, settings: Settings, board: Board) -> Garden:
    """The board's project behind the server, and Ann signed in."""
    return await Garden.plant(server, settings, board)
