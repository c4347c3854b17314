"""What is disturbed: PostgreSQL and Valkey from wheels and web processes, each of which can be killed, stopped and started by itself.

Not here: the disturbing (faults), and the lines to the clients (lines).
"""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from server.embedded.postgres import Postgres
from server.embedded.program import Program, kill_group
from server.embedded.service import Service
from server.embedded.valkey import Valkey
from server.settings import load
from server.storage.schema import migrate
from tests.helpers.people import Person, Server

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0


class Part:
    """One process of the stack. After a kill, `recover` clears what it left behind."""

    def __init__(self, program: Program, service: Service | None = None) -> None:
        self.name = program.name
        self._program = program
        self._service = service
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Returns once it serves."""
        self._process = self._program.spawn()
        self._program.await_serving(self._process, START_SECONDS)

    def stop(self, by: signal.Signals | None = None) -> None:
        """Asks it to end, and waits until it has."""
        if self._process is None:
            return
        if by is None:
            self._program.ask_to_end(self._process)
        else:
            self._process.send_signal(by)
        self._program.await_end(self._process)
        self._process = None

    def kill(self) -> None:
        """`kill -9`."""
        if self._process is None:
            return
        kill_group(self.pid)
        self.died(START_SECONDS)

    def died(self, seconds: float) -> int:
        """Waits until it has ended by itself; returns its exit code. Raises `TimeoutExpired`."""
        assert self._process is not None
        code = self._process.wait(seconds)
        self._process = None
        if self._service is not None:
            self._service.recover()
        return code

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)


class Web(Part):
    """A web process; `arm` makes it die when it comes to a fault point."""

    def __init__(self, name: str, folder: Path, environment: dict[str, str]) -> None:
        self.port = _free_port()
        self._points = folder / name.replace(" ", "-")
        self._points.mkdir()
        program = Program(
            name=name,
            argv=[sys.executable, "-m", "tests.soak.web", self._points],
            environment={**environment, "LOCKSTEP_PORT": str(self.port)},
            serves=self._ready,
            folder=ROOT,
            log=folder / f"{name}.log",
        )
        super().__init__(program)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def arm(self, point: str) -> None:
        (self._points / point).touch()

    def disarm(self, point: str) -> None:
        (self._points / point).unlink(missing_ok=True)

    def serves_itself(self) -> bool:
        """Whether the process that we started, and no other, listens at the port."""
        return any(
            each.laddr.port == self.port and each.status == psutil.CONN_LISTEN
            for each in psutil.Process(self.pid).net_connections("tcp")
        )

    def _ready(self, _pid: int) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        return False


class Stack:
    """All parts; `database_url` and `redis_url` are for those who look on. Ann has an account."""

    ann: Person

    def __init__(self, postgres: Postgres, valkey: Valkey, webs: Sequence[Web]) -> None:
        self.postgres = postgres
        self.database = Part(postgres.program(), postgres)
        self.redis = Part(valkey.program(), valkey)
        self.webs = webs
        self.database_url = load({"DATABASE_URL": postgres.url, "LOCKSTEP_SECRET": "x" * 40}).database_url
        self.redis_url = valkey.url


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """PostgreSQL, Valkey and two web processes in `folder`, which PostgreSQL's account must be able to reach."""
    postgres, valkey = Postgres(folder), Valkey(folder / "redis", durable=False)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "LOCKSTEP_SECRET": secrets.token_hex(32),
        "LOCKSTEP_DATA_DIR": str(folder),
        "LOCKSTEP_ACCESS_TOKEN_SECONDS": "86400",
        "LOCKSTEP_DRAIN_SECONDS": "0.5",
        "LOCKSTEP_RATE_LIMITS": "false",
        "LOCKSTEP_LOG_LEVEL": "warning",
    }
    stack = Stack(postgres, valkey, [Web(f"web {n}", folder, environment) for n in (1, 2)])
    with ExitStack() as open_:
        for part in (stack.database, stack.redis, *stack.webs):
            open_.callback(part.stop)
            part.start()
            if part is stack.database:
                migrate(stack.database_url)
        stack.ann = asyncio.run(Server(stack.webs[0].url).sign_up("Ann"))
        yield stack


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
