"""The data folder: one owner, one secret, and what a killed run left behind is found and ended, nothing else."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.embedded.folder import DataFolder, Running
from server.embedded.program import StartError

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEPER, start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def record(process: subprocess.Popen[bytes]) -> Running:
    running = Running.of("sleeper", process.pid, 15)
    assert running is not None
    return running


def test_one_run_owns_the_folder_at_a_time(folder: DataFolder) -> None:
    with (
        folder.owned(),
        pytest.raises(StartError, match=r"already runs on .*: stop it first, or choose another"),
        DataFolder(folder.path).owned(),
    ):
        pass
    with folder.owned():
        pass


def test_the_secret_is_made_once_and_only_its_owner_reads_it(folder: DataFolder) -> None:
    secret = folder.secret()
    assert len(secret) == 64
    assert DataFolder(folder.path).secret() == secret
    assert stat.S_IMODE((folder.path / "secret").stat().st_mode) == 0o600


def test_after_an_orderly_end_there_is_nothing_to_recover(folder: DataFolder) -> None:
    assert folder.recover() is None
    folder.remember([])
    folder.forget()
    assert folder.recover() is None


def test_what_a_killed_run_left_running_is_ended(folder: DataFolder, sleeper: subprocess.Popen[bytes]) -> None:
    folder.remember([record(sleeper)])
    assert folder.recover() == ["sleeper"]
    assert sleeper.wait(5) == -15


def test_a_later_process_with_the_same_id_is_left_alone(folder: DataFolder, sleeper: subprocess.Popen[bytes]) -> None:
    folder.remember([record(sleeper)._replace(created=1.0)])
    assert folder.recover() == []
    assert sleeper.poll() is None


def test_a_record_cut_off_by_a_power_failure_is_no_obstacle(folder: DataFolder) -> None:
    (folder.path / "up.json").write_text('[["web", 12')
    assert folder.recover() == []
