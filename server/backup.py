"""`lockstep backup` and `lockstep restore`: pg_dump's custom format, which other tools can read, written and read whole or not at all.

Not here: SQL (storage/backups.py), and where the database is (the command line, embedded).
"""

import asyncio
import os
import re
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from server.storage import backups, schema

CONNECT_SECONDS = "10"
LAST_WORDS = 20
_TABLE = re.compile(r'(?:dumping contents of|processing data for) table "(?:.*\.)?(\w+)"')

Say = Callable[[str], None]


class BackupError(Exception):
    """Why there is no backup, or nothing was restored: one sentence for the operator."""


class Place(NamedTuple):
    """A database, PostgreSQL's programs in order of preference (None: those on the PATH), and the environment to run them in."""

    url: str
    programs: tuple[Path | None, ...]
    environment: Mapping[str, str]


def backup(place: Place, file: Path, say: Say) -> None:
    """Writes everything at one moment to `file`, while people edit; blocking. `file` is there when it is whole, and not before.

    Raises `BackupError`, and `Unavailable` when the database does not answer.
    """
    found = asyncio.run(backups.look(place.url))
    if found.revision is None:
        raise BackupError("There is nothing to back up: the database was never migrated.")
    say(f"Backing up to {file}")
    command = [
        _program(place, "pg_dump", found.version),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--verbose",
    ]
    with _replacing(file) as unfinished:
        command += ["--lock-wait-timeout=10s", "--schema", f'"{found.schema}"', "--file", str(unfinished)]
        _Run(place, command, subprocess.DEVNULL, say).end()
    say(f"Wrote {file.stat().st_size:,} bytes")


def restore(place: Place, file: Path, *, replace: bool, disconnect: bool, say: Say) -> None:
    """Puts the backup in place in one transaction, with another epoch for every project, and migrates it; blocking.

    Raises `BackupError`, and a `Refusal` when the database does not answer or the migration is refused.
    """
    found = asyncio.run(backups.look(place.url))
    tool = _program(place, "pg_restore", found.version)
    say(f"Checking {file}")
    _check(place, tool, file)
    _refuse(found, replace=replace, disconnect=disconnect)
    say("Restoring")
    _replay(place, found, tool, file, disconnect, say)
    schema.migrate(place.url)
    say("Restored. Clients fetch their boards afresh.")


def _check(place: Place, tool: str, file: Path) -> None:
    """Reads the backup to its end before anything is touched."""
    try:
        version = _output(place, [tool, "--data-only", "--table=alembic_version", "--file=-", str(file)])
        _Run(place, [tool, "--file=-", str(file)], subprocess.DEVNULL).end()
    except BackupError as broken:
        raise BackupError(f"{file} is no whole backup: {broken}") from None
    revision = re.search(r"^COPY .*alembic_version .*;\n(\w+)$", version, re.MULTILINE)
    if revision is None:
        raise BackupError(f"{file} is no backup of Lockstep.")
    if revision[1] not in schema.revisions():
        raise BackupError(f"{file} stands at {revision[1]}, which this version does not know: it is of a newer one.")


def _refuse(found: backups.Found, *, replace: bool, disconnect: bool) -> None:
    if not found.empty and not replace:
        raise BackupError("The database is not empty: give --replace to put the backup in place of what is there.")
    if found.revision is not None and found.revision not in schema.revisions():
        raise BackupError(
            f"The database stands at {found.revision}, which this version does not know: it is of a newer one."
        )
    if found.connected and not disconnect:
        names = ", ".join(found.connected)
        raise BackupError(f"Lockstep runs on this database ({names}): stop it, or give --disconnect to cut it off.")


def _replay(place: Place, found: backups.Found, tool: str, file: Path, disconnect: bool, say: Say) -> None:
    """pg_restore prints, psql runs; only our COMMIT at the end makes it true."""
    psql = [
        _program(place, "psql", found.version),
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--output",
        os.devnull,
    ]
    running = _Run(place, [*psql, "--file=-"], subprocess.DEVNULL, stdin=subprocess.PIPE)
    script = running.process.stdin
    assert script is not None
    options = ["--no-owner", "--no-privileges", "--schema", found.schema, "--verbose", "--file=-"]
    try:
        script.write(backups.opening(found.schema, disconnect=disconnect).encode())
        printing = _Run(place, [tool, *options, str(file)], subprocess.PIPE, say)
        assert printing.process.stdout is not None
        try:
            shutil.copyfileobj(printing.process.stdout, script, 1 << 20)
        finally:
            printing.process.stdout.close()
        printing.end()
        script.write(backups.closing(found.schema).encode())
        script.close()
    except BrokenPipeError:  # psql met an error and left; it says which
        with suppress(BrokenPipeError):
            script.close()
    except BaseException:
        running.process.kill()
        raise
    running.end()


class _Run:
    """One of PostgreSQL's programs at work. Its complaints are kept for the end; tables that it names are progress."""

    def __init__(
        self,
        place: Place,
        command: list[str],
        stdout: int | IO[bytes],
        say: Say | None = None,
        *,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        environment = {**place.environment, **backups.libpq(place.url)}
        environment |= {"LC_ALL": "C", "PGAPPNAME": backups.NAME, "PGCONNECT_TIMEOUT": CONNECT_SECONDS}
        self.process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=environment)
        self._name = Path(command[0]).name
        self._say = say
        self._last: deque[str] = deque(maxlen=LAST_WORDS)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def end(self) -> None:
        """Waits for the end. Raises `BackupError` with what it complained of."""
        code = self.process.wait()
        self._reader.join()
        if code != 0:
            errors = [line for line in self._last if re.search(r"\b(error|ERROR|FATAL):", line)]
            words = re.sub(r"^.*?\b(?:error|ERROR|FATAL):\s*", "", (errors or [*self._last] or ["it said nothing"])[0])
            raise BackupError(f"{self._name} failed: {words}")

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            said = line.decode(errors="replace").strip()
            self._last.append(said)
            if self._say is not None and (table := _TABLE.search(said)):
                self._say(f"  {table[1]}")


def _output(place: Place, command: list[str]) -> str:
    running = _Run(place, command, subprocess.PIPE)
    assert running.process.stdout is not None
    with running.process.stdout as stdout:
        said = stdout.read().decode(errors="replace")
    running.end()
    return said


def _program(place: Place, name: str, version: int) -> str:
    """The first of its kind that is not older than the server, which it could not understand."""
    paths = [None if folder is None else str(folder) for folder in place.programs]
    found = [path for each in paths if (path := shutil.which(name, path=each))]
    versions = dict(_versions(place, found))
    for path, own in versions.items():
        if own >= version:
            return path
    has = f"is of PostgreSQL {max(versions.values())}" if versions else "is not installed"
    raise BackupError(f"{name} {has}, the server of {version}: install the client programs of PostgreSQL {version}.")


def _versions(place: Place, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    for path in paths:
        if said := re.search(r"\(PostgreSQL\) (\d+)", _output(place, [path, "--version"])):
            yield path, int(said[1])


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file beside `file`, for our eyes only, that takes its name once it is whole and on disk."""
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield unfinished
        with open(unfinished, "rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)
    except OSError as refused:
        raise BackupError(f"Cannot write {file}: {refused.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
