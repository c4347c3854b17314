"""What is measured: PostgreSQL and Valkey as `lockstep up` runs them, and one web process, all on this machine."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from server.embedded.postgres import Postgres
from server.embedded.valkey import Valkey
from server.settings import load
from server.storage.schema import migrate

_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
_COMMANDS = 200


class Person:
    """An account with its access token."""

    def __init__(self, signed_in: dict[str, Any]) -> None:
        self.id: str = signed_in["user"]["id"]
        self.token: str = signed_in["access_token"]
        self.headers = {"authorization": f"Bearer {self.token}"}


class Stack:
    """A running server. `process` is the web process, `log` what it has to complain of, `environment` what others are started with."""

    def __init__(self, port: int, process: psutil.Process, log: Path, environment: dict[str, str]) -> None:
        self.log = log
        self.environment = environment
        self.url = f"http://127.0.0.1:{port}"
        self.socket_url = f"ws://127.0.0.1:{port}/v1/socket"
        self.process = process
        self.http = httpx.Client(base_url=self.url, timeout=60)

    def register(self, name: str) -> Person:
        account = {"email": f"{name}-{uuid4().hex[:8]}@bench.lockstep", "name": name, "password": secrets.token_hex(8)}
        return Person(self._post("/v1/auth/register", account))

    def make_board(self, owner: Person, commands: list[dict[str, Any]], members: dict[str, str]) -> tuple[str, int]:
        """A board made by `commands`, with the members (user → role) besides its owner; its id and head seq."""
        project = str(uuid4())
        self._post("/v1/projects", {"id": project, "name": "Bench", "columns": []}, owner)
        adding = [{"type": "add_member", "user_id": user, "role": role} for user, role in members.items()]
        everything, seq = adding + commands, 0
        for start in range(0, len(everything), _COMMANDS):
            body = {"id": str(uuid4()), "commands": everything[start : start + _COMMANDS]}
            seq = self._post(f"/v1/projects/{project}/commands", body, owner)["seq"]
        return project, seq

    def cpu_seconds(self) -> float:
        """What the web process has used so far."""
        times = self.process.cpu_times()
        return times.user + times.system

    def _post(self, path: str, body: dict[str, Any], who: Person | None = None) -> dict[str, Any]:
        answer = self.http.post(path, json=body, headers=who.headers if who else {})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def services(folder: Path | None) -> Iterator[dict[str, str]]:
    """Starts PostgreSQL and Valkey in `folder` (a new temporary one by default); yields the environment of web."""
    with ExitStack() as stack:
        data = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lockstep-bench-")))
        postgres, valkey = stack.enter_context(Postgres(data)), stack.enter_context(Valkey(data))
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "LOCKSTEP_SECRET": secrets.token_hex(32),
            "LOCKSTEP_DATA_DIR": str(data),
            "LOCKSTEP_RATE_LIMITS": "false",
            "LOCKSTEP_LOG_LEVEL": "warning",
            "LOCKSTEP_LOG_FORMAT": "json",
        }
        migrate(load(environment).database_url)
        yield environment


@contextmanager
def web(environment: dict[str, str]) -> Iterator[Stack]:
    """Starts a fresh web process, and stops it again."""
    port = _free_port()
    log = Path(environment["LOCKSTEP_DATA_DIR"]) / "web.log"
    with _process({**environment, "LOCKSTEP_PORT": str(port)}, port, log) as process:
        stack = Stack(port, process, log, environment)
        try:
            yield stack
        finally:
            stack.http.close()


@contextmanager
def _process(environment: dict[str, str], port: int, log: Path) -> Iterator[psutil.Process]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "web"], env=environment, stdout=output, stderr=output
        )
    try:
        _await_ready(process, port)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError("The web process did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
