"""A command finds the database of a data folder whether `lockstep up` runs on it, has ended, or was killed."""

import json
import os
import signal
from pathlib import Path

import psutil
import pytest

from server.embedded.database import database
from server.embedded.folder import DataFolder, Running
from server.embedded.postgres import Postgres
from server.embedded.program import StartError
from tests.embedded.test_services import query


def names(folder: Path) -> dict[str, str]:
    return {"LOCKSTEP_DATA_DIR": str(folder)}


def processes(folder: Path) -> list[psutil.Process]:
    """PostgreSQL's own."""
    return Postgres(folder)._inside()


def test_a_database_that_does_not_run_is_started_for_as_long_as_it_is_needed(tmp_path: Path) -> None:
    with database(names(tmp_path), make=True) as environment:
        assert query(environment["DATABASE_URL"], "SELECT 42") == 42
        with pytest.raises(StartError, match="already runs"), DataFolder(tmp_path).owned():
            pass
    assert processes(tmp_path) == []
    assert not (tmp_path / "up.json").exists()


def test_the_database_of_an_up_that_runs_is_used(tmp_path: Path) -> None:
    with DataFolder(tmp_path).owned(), Postgres(tmp_path, durable=False):
        running = len(processes(tmp_path))
        with database(names(tmp_path), make=False) as environment:
            assert query(environment["DATABASE_URL"], "SELECT 42") == 42
        assert len(processes(tmp_path)) >= running - 1  # a client's may come and go
        assert query(Postgres(tmp_path).url, "SELECT 42") == 42


def test_what_a_killed_up_left_running_is_ended_first(tmp_path: Path) -> None:
    folder, killed = DataFolder(tmp_path), Postgres(tmp_path)
    with folder.owned():
        program = killed.program()
        process = program.spawn()
        program.await_serving(process, 60)
        running = Running.of(program.name, process.pid, signal.SIGINT)
        assert running is not None
        folder.remember([running])
    with database(names(tmp_path), make=False) as environment:
        assert query(environment["DATABASE_URL"], "SELECT 42") == 42
    process.wait()
    assert (tmp_path / "up.json").exists()  # the next `up` clears away the rest


def test_a_process_that_is_killed_leaves_a_record_of_what_it_started(tmp_path: Path) -> None:
    with database(names(tmp_path), make=True):
        (pid,) = [entry[1] for entry in json.loads((tmp_path / "up.json").read_text())]
        assert os.getpgid(pid) == pid
