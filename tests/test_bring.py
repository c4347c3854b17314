"""`lockstep import`: a file into a project from the command line, as a job that can be undone."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from server.settings import Settings
from tests.api.test_imports import FILE, titles, undone
from tests.helpers.garden import Garden

WAIT_SECONDS = 60


def run(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`lockstep import`."""
    return subprocess.run(
        [sys.executable, "-m", "server.cli", "import", *arguments],
        env={**os.environ, "DATABASE_URL": settings.database_url, "LOCKSTEP_SECRET": settings.secret},
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )


async def test_a_file_comes_in_from_the_command_line_and_can_be_undone(
    garden: Garden, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "my board.json"
    file.write_bytes(FILE)
    looked = run(settings, garden.project, str(file), "--dry-run")
    assert looked.returncode == 0, looked.stderr
    assert looked.stdout.startswith("Plans (trello): ") and "3 task" in looked.stdout
    assert (await garden.ann.snapshot(garden.project))["tasks"] == []
    brought = run(settings, garden.project, str(file), "--format", "trello")
    assert brought.returncode == 0, brought.stderr
    assert titles(await garden.ann.snapshot(garden.project)) == ["Beans", "Kale", "Peas"]
    listed = (await garden.ann.rest("GET", f"/v1/projects/{garden.project}/jobs")).json()["items"]
    assert [(one["kind"], one["status"]) for one in listed] == [
        ("import", "completed"), ("import_preview", "completed"),
    ]  # fmt: skip
    assert (await undone(garden, listed[0]["id"]))["deleted"]["task"] == 3
    assert file.read_bytes() == FILE


async def test_what_cannot_come_in_is_refused_with_a_sentence(
    garden: Garden, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "letter.json"
    file.write_text("Dear Ann,")
    for arguments, sentence in (
        ((garden.project, str(file)), "not a board"),
        ((str(uuid4()), str(file)), "There is no such project."),
        ((garden.project, str(tmp_path / "none.json")), "There is no file"),
    ):
        refused = run(settings, *arguments)
        assert refused.returncode == 1 and sentence in refused.stderr
        assert refused.stderr.strip().startswith("lockstep: ") and "Traceback" not in refused.stderr
