"""Following the files of a developer."""

import os
from pathlib import Path

import pytest

from server.embedded.program import StartError
from server.embedded.reload import Changes, vite


def test_a_saved_added_or_removed_file_is_noticed_once(tmp_path: Path) -> None:
    noticed: list[int] = []
    file = tmp_path / "deep" / "module.py"
    file.parent.mkdir()
    file.touch()
    changes = Changes(lambda: noticed.append(1), tmp_path)

    def looked() -> int:
        changes._next_look = 0.0
        changes.look()
        return len(noticed)

    assert looked() == 0
    os.utime(file, ns=(1, 1))
    assert (looked(), looked()) == (1, 1)
    (tmp_path / "new.py").touch()
    assert looked() == 2
    file.unlink()
    assert looked() == 3
    (tmp_path / "notes.txt").touch()
    assert looked() == 3


def test_vite_without_its_packages_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        StartError, match=r"Vite is not installed in .*: run npm ci there, or start with ./dev up --reload"
    ):
        vite("127.0.0.1", 8000, "http://127.0.0.1:1", {}, client=tmp_path)
