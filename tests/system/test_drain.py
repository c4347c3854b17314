"""SIGTERM to a real web process under load: everybody is told and closed with 4200, and what it took is answered (P19)."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed

from server.settings import Settings
from tests.conftest import SECRET
from tests.helpers.board import Board
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Person, Server, Socket

ROOT = Path(__file__).parents[2]
DRAIN_SECONDS = 0.8
EXIT_SECONDS = 10.0
"""A process that goes down is gone after this; it takes a second or two."""

IN_FLIGHT = 200


class Web:
    """`lockstep web` on a free port."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "web"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("LOCKSTEP_")}
            | {
                "DATABASE_URL": settings.database_url.replace("postgresql+asyncpg", "postgresql"),
                "LOCKSTEP_SECRET": SECRET,
                "LOCKSTEP_PORT": str(self.port),
                "LOCKSTEP_DATA_DIR": str(folder),
                "LOCKSTEP_DRAIN_SECONDS": str(DRAIN_SECONDS),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def ready(self) -> bool:
        async with httpx.AsyncClient(base_url=self.url) as http:
            try:
                return (await http.get("/readyz")).status_code == 200
            except httpx.TransportError:
                return False


@pytest.fixture
async def web(settings: Settings, tmp_path: Path) -> AsyncIterator[Web]:
    web = Web(settings, tmp_path)
    try:
        async with asyncio.timeout(60):
            while not await web.ready():
                assert web.process.poll() is None
                await asyncio.sleep(0.05)
        yield web
    finally:
        web.process.kill()
        web.process.wait()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_p19_a_process_that_goes_down_answers_what_it_took_tells_everybody_and_closes_with_4200(
    web: Web, settings: Settings, board: Board, sign: signal.Signals
) -> None:
    garden = await Garden.plant(Server(web.url), settings, board)
    submits = [_submit(garden) for _ in range(IN_FLIGHT)]
    async with _sockets(garden, 5) as listeners, garden.ann.socket(garden.project) as author:
        async with board.database.begin() as lock:
            await lock.execute(text("SELECT FROM head FOR NO KEY UPDATE"))
            await author.send(*submits)
            await author.settle()
            web.process.send_signal(sign)
            assert (await author.expect("drain"))["within_ms"] == DRAIN_SECONDS * 1000
            await turned_away_elsewhere(web, garden.ann)
            for listener in listeners:
                await listener.expect("drain")
                assert await listener.closed() == (4200, "server restarts")
        answered = [(await author.expect("ack", "reject")) for _ in submits]
        assert await author.closed() == (4200, "server restarts")
    assert [answer["id"] for answer in answered] == [submit["id"] for submit in submits]
    assert {answer["type"] for answer in answered} == {"ack"}
    async with asyncio.timeout(EXIT_SECONDS):
        await asyncio.to_thread(web.process.wait)
    assert len((await board.snapshot()).tasks) == IN_FLIGHT


async def turned_away_elsewhere(web: Web, person: Person) -> None:
    """Who asks now is sent to another process: load balancers by 503, clients by 4200."""
    async with httpx.AsyncClient(base_url=web.url) as http:
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/healthz")).status_code == 200
    async with person.server.connect() as late:
        assert (await late.closed())[0] == 4200


@asynccontextmanager
async def _sockets(garden: Garden, count: int) -> AsyncIterator[list[Socket]]:
    async with contextlib.AsyncExitStack() as open_:
        yield [await open_.enter_async_context(garden.ann.socket(garden.project)) for _ in range(count)]


def _submit(garden: Garden) -> Message:
    return {"type": "submit", "id": str(uuid4()), "project": garden.project, "commands": [garden.create()]}


async def test_p19_whoever_never_pauses_has_an_answer_to_all_that_was_taken_and_nothing_else_was_committed(
    web: Web, settings: Settings, board: Board
) -> None:
    garden = await Garden.plant(Server(web.url), settings, board)
    tasks: dict[str, str] = {}
    async with garden.ann.socket() as bot:
        with contextlib.suppress(ConnectionClosed):
            while True:
                submit = _submit(garden)
                tasks[submit["id"]] = submit["commands"][0]["id"]
                await bot.send(submit)
                await asyncio.sleep(0)  # so that it reads, too
                if len(tasks) == IN_FLIGHT:
                    web.process.send_signal(signal.SIGTERM)
        assert (await bot.closed())[0] == 4200
        acked = [message["id"] for message in await bot.rest() if message["type"] == "ack"]
    await asyncio.to_thread(web.process.wait)
    assert len(acked) >= IN_FLIGHT
    assert {str(task.id) for task in (await board.snapshot()).tasks} == {tasks[id] for id in acked}
    assert len(acked) == len(set(acked))
