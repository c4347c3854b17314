"""The data folder of one `lockstep up`: one owner at a time, the secret, and who was running when it was last seen."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from server.embedded.program import StartError, kill_group
from server.embedded.service import make_folder

_END_SECONDS = 20


class Taken(StartError):
    """Another process has the data folder."""


class Running(NamedTuple):
    """A process as it was recorded; `created` (seconds since 1970) tells it from a later one with the same id."""

    name: str
    pid: int
    created: float
    stop_signal: int

    @classmethod
    def of(cls, name: str, pid: int, stop_signal: int) -> "Running | None":
        """The record of a live process; None when it is gone already."""
        try:
            return cls(name, pid, psutil.Process(pid).create_time(), stop_signal)
        except psutil.NoSuchProcess:
            return None

    @property
    def alive(self) -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            return process.create_time() == self.created and process.status() != psutil.STATUS_ZOMBIE
        return False


class DataFolder:
    """`path` with what `up` keeps there: `up.lock`, `up.json` and `secret`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @contextlib.contextmanager
    def owned(self) -> Iterator[None]:
        """Holds the folder for this process alone. Raises `Taken` when another has it, `StartError` when it cannot be written."""
        make_folder(self.path, 0o711)
        try:
            descriptor = os.open(self.path / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as refused:
            raise StartError(
                f"Cannot write to {self.path} ({refused.strerror}): choose another data folder with --data."
            ) from None
        try:
            self._lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def secret(self) -> str:
        """The key that signs tokens, made on the first start; only its owner can read the file."""
        file = self.path / "secret"
        with contextlib.suppress(FileNotFoundError):
            return file.read_text().strip()
        secret = secrets.token_hex(32)
        unfinished = file.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
            output.write(secret + "\n")
        unfinished.replace(file)
        return secret

    def remember(self, running: Iterable[Running]) -> None:
        """Writes down what is running, for a next start that finds us killed. A full disk ends nothing that runs."""
        unfinished = self._record.with_suffix(".new")
        with contextlib.suppress(OSError):
            unfinished.write_text(json.dumps(list(running)))
            unfinished.replace(self._record)

    def forget(self) -> None:
        """Everything ended in order."""
        self._record.unlink(missing_ok=True)

    def recover(self) -> list[str] | None:
        """Ends what a killed run has left running and returns the names; None when the last run ended in order."""
        try:
            recorded = [Running(*entry) for entry in json.loads(self._record.read_text())]
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):  # cut off in the middle of a write by a power failure
            recorded = []
        left = [running for running in reversed(recorded) if running.alive]
        for running in left:
            _end(running)
        return [running.name for running in left]

    @property
    def _record(self) -> Path:
        return self.path / "up.json"

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken(
                f"Lockstep already runs on {self.path}: stop it first, or choose another data folder with --data."
            ) from None


def _end(running: Running) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, running.stop_signal)
    deadline = time.monotonic() + _END_SECONDS
    while running.alive and time.monotonic() < deadline:
        time.sleep(0.05)
    if running.alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGKILL)
    kill_group(running.pid)
