"""`lockstep up` from the outside, with everything real: it serves, heals, recovers from a kill and leaves nothing running."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from server.embedded.addresses import answers

ROOT = Path(__file__).parents[2]
VITE = ROOT / "client" / "web" / "node_modules" / "vite"
FIRST_START_SECONDS = 120


class Up:
    """One run of `lockstep up` on its own folder and port. `lines` is what it has said so far."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.data = data
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "up", "--data", str(data), "--port", str(self.port), *options],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("LOCKSTEP_")} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def until_ready(self) -> None:
        eventually(lambda: self.said("ready http") or self.process.poll() is not None, FIRST_START_SECONDS)
        assert self.said(f"ready http://127.0.0.1:{self.port}"), self.output()

    def said(self, words: str) -> bool:
        return any(words in line for line in list(self.lines))

    def output(self) -> str:
        return "\n".join(self.lines)

    def running(self) -> dict[str, int]:
        """The process ids of its children, by name."""
        return {name: pid for name, pid, *_ in json.loads((self.data / "up.json").read_text())}

    def status(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def everything(self) -> list[psutil.Process]:
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def end(self) -> None:
        """SIGTERM, and what a broken run leaves is killed, so that no test disturbs the next."""
        try:
            left = self.everything()
        except psutil.NoSuchProcess:
            left = []
        self.process.terminate()
        try:
            self.process.wait(60)
        finally:
            kill(left)
            self._reader.join(10)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


def eventually(holds: Callable[[], object], seconds: float) -> None:
    """Returns as soon as `holds`; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def begin(*options: str, **environment: str) -> Up:
        started.append(Up(tmp_path / "data", *options, **environment))
        return started[-1]

    yield begin
    for up in started:
        up.end()


def gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def test_it_serves_a_demo_board_alone_on_its_folder_and_a_stop_leaves_nothing_running(start: Callable[..., Up]) -> None:
    up = start("--web", "2")
    up.until_ready()
    assert [up.status(path) for path in ("/healthz", "/readyz")] == [200, 200]
    assert sum("password" in line for line in up.lines) == 2
    assert set(up.running()) == {"PostgreSQL", "Valkey", "web 1", "web 2", "worker", "clock"}
    second = start()
    assert second.process.wait(30) == 1
    eventually(lambda: second.said(f"lockstep: Lockstep already runs on {up.data}: stop it first"), 5)
    everything = up.everything()
    for _ in range(2):  # an impatient person
        up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert all(gone(process) for process in everything)
    assert (up.data / "postgres").is_dir()
    assert not (up.data / "up.json").exists()


def test_whoever_dies_comes_back_while_the_others_serve(start: Callable[..., Up]) -> None:
    up = start("--no-demo", "--web", "2")
    up.until_ready()
    for name in ("web 1", "worker", "clock", "Valkey", "PostgreSQL"):
        before = up.running()
        os.kill(before[name], signal.SIGKILL)
        eventually(lambda name=name, pid=before[name]: up.running()[name] != pid, 2)  # type: ignore[misc]
        assert up.status("/healthz") == 200
        after = up.running()
        assert {other for other in after if after[other] != before[other]} == {name}
    eventually(lambda: up.status("/readyz") == 200, 30)


def test_after_a_kill_the_next_start_recovers_and_says_so(start: Callable[..., Up]) -> None:
    up = start("--no-demo")
    up.until_ready()
    left = up.everything()[1:]
    up.process.kill()
    up.process.wait(10)

    second = start("--no-demo")
    second.until_ready()
    assert second.said("The last run was killed; recovering.")
    assert second.said("Ended what it left running: clock, worker, web 1, Valkey, PostgreSQL.")
    assert all(gone(process) for process in left)
    kill(second.everything())
    second.process.wait(10)

    third = start()
    third.until_ready()
    assert third.said("The last run was killed; recovering.")
    assert third.status("/readyz") == 200
    assert not third.said("Migrating the database")
    assert sum("password" in line for line in third.lines) == 2


@pytest.mark.skipif(not VITE.exists(), reason="the client's packages are not installed")
def test_with_reload_a_saved_file_reaches_whoever_is_looking(start: Callable[..., Up]) -> None:
    up = start("--reload", "--no-demo")
    up.until_ready()
    assert [up.status(path) for path in ("/", "/@vite/client", "/healthz")] == [200, 200, 200]
    before = up.running()
    os.utime(ROOT / "server" / "cli.py")
    eventually(lambda: up.running()["clock"] != before["clock"] and up.running()["web 1"] != before["web 1"], 20)
    eventually(lambda: answers(f"http://127.0.0.1:{up.port}/healthz"), 30)
    assert {name for name, pid in up.running().items() if pid == before[name]} == {"PostgreSQL", "Valkey", "vite"}


def test_a_taken_port_is_refused_with_one_sentence(tmp_path: Path, start: Callable[..., Up]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        up = start("--port", str(port))
        assert up.process.wait(30) == 1
    eventually(
        lambda: up.output() == f"lockstep: Port {port} is taken: stop what uses it, or choose another with --port.", 5
    )


def test_a_wrong_setting_is_refused_with_one_sentence(start: Callable[..., Up]) -> None:
    up = start(LOCKSTEP_LOG_LEVEL="loud")
    assert up.process.wait(30) == 1
    eventually(lambda: up.output() == "lockstep: LOCKSTEP_LOG_LEVEL must be one of debug, error, info, warning.", 5)
