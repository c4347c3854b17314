"""Giving up root's rights: the new process is somebody else and keeps only what it needs to reach its files."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from server.embedded.account import Account, account_for, becoming

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives rights away")


def status_of_a_process(account: Account, folder: Path) -> dict[str, str]:
    """What the kernel says of a process that became `account` and must reach `folder`."""
    command = ["/bin/cat", str(folder / "within"), "/proc/self/status"]
    done = subprocess.run(command, preexec_fn=becoming(account, [folder]), capture_output=True, text=True, check=True)
    return dict(line.split(":\t", 1) for line in done.stdout.splitlines() if ":\t" in line)


@pytest.fixture
def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account("nobody", entry.pw_uid, entry.pw_gid)


@pytest.fixture
def folder(tmp_path: Path, nobody: Account) -> Path:
    """A folder of `nobody` below one that is closed to all but root."""
    tmp_path.chmod(0o700)
    folder = tmp_path / "data" / "postgres"
    folder.mkdir(parents=True)
    (folder / "within").touch()
    os.chown(folder, nobody.uid, nobody.gid)
    return folder


def test_below_a_closed_folder_it_keeps_one_capability_and_no_user_or_group_of_root(
    folder: Path, nobody: Account
) -> None:
    status = status_of_a_process(nobody, folder)
    assert status["Uid"].split() == [str(nobody.uid)] * 4
    assert status["Gid"].split() == status["Groups"].split() * 4 == [str(nobody.gid)] * 4
    assert [int(status[name], 16).bit_count() for name in ("CapEff", "CapPrm", "CapAmb")] == [1, 1, 1]


def test_where_every_folder_is_open_it_keeps_nothing(nobody: Account) -> None:
    done = subprocess.run(
        ["/bin/cat", "/proc/self/status"],
        preexec_fn=becoming(nobody, [Path("/")]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "CapEff:\t0000000000000000" in done.stdout


def test_files_stay_with_who_has_them(folder: Path, tmp_path: Path) -> None:
    existing, fresh = account_for(folder), account_for(tmp_path / "new")
    assert existing is not None
    assert fresh is not None
    assert existing.name == fresh.name == "nobody"
