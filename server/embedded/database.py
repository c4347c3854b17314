"""The database of a data folder, for one command: that of the `lockstep up` that runs, or one started for as long as it is needed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from server.embedded.folder import DataFolder, Running, Taken
from server.embedded.postgres import Postgres
from server.embedded.program import StartError
from server.embedded.service import leave_socket_folder

_SERVE_SECONDS = 600  # it may have to replay its log after a crash


@contextmanager
def database(environment: Mapping[str, str], *, make: bool) -> Iterator[dict[str, str]]:
    """`environment` with the address and the secret of its data folder. With `make` a folder that has no database gets one. Raises `StartError`."""
    folder = DataFolder(Path(environment.get("LOCKSTEP_DATA_DIR") or ".lockstep").expanduser())
    if not make and not (folder.path / "postgres").is_dir():
        raise StartError(
            f"There is no database in {folder.path}: set DATABASE_URL, or name the data folder with --data."
        )
    with _address(folder) as url:
        secret = environment.get("LOCKSTEP_SECRET") or folder.secret()
        yield {**environment, "DATABASE_URL": url, "LOCKSTEP_SECRET": secret}


@contextmanager
def _address(folder: DataFolder) -> Iterator[str]:
    postgres = Postgres(folder.path)
    owned = folder.owned()
    try:
        owned.__enter__()
    except Taken:
        yield postgres.url
        return
    try:
        with _started(folder, postgres):
            yield postgres.url
    finally:
        owned.__exit__(None, None, None)


@contextmanager
def _started(folder: DataFolder, postgres: Postgres) -> Iterator[None]:
    killed = folder.recover() is not None
    if killed:
        postgres.recover()
    program = postgres.program()
    process = program.spawn()
    running = Running.of(program.name, process.pid, program.stop_signal)
    folder.remember([running] if running else [])
    try:
        program.await_serving(process, _SERVE_SECONDS)
        yield
    finally:
        program.ask_to_end(process)
        program.await_end(process)
        leave_socket_folder(postgres.sockets)
        if killed:
            folder.remember([])  # the next `up` has more to clear away
        else:
            folder.forget()
