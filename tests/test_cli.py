"""The command line: a start that cannot succeed ends with one sentence; migrating is safe from many places at once."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest
from sqlalchemy import make_url

ROOT = Path(__file__).parents[1]
SECONDS = 60


async def lockstep(*arguments: str, **environment: str) -> tuple[int | None, str]:
    """Runs one command with nothing but `environment` set for Lockstep; returns its exit code and all it said."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LOCKSTEP_", "DATABASE_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.cli",
        *arguments,
        cwd=ROOT,
        env=inherited | environment,
        stdout=PIPE,
        stderr=STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    return process.returncode, output.decode().strip()


@pytest.mark.parametrize("command", ["web", "worker", "clock", "migrate", "demo"])
async def test_a_command_without_a_database_names_the_setting(command: str) -> None:
    code, said = await lockstep(command)
    assert code == 1
    assert said.startswith("lockstep: DATABASE_URL is not set: ")
    assert "\n" not in said


@pytest.mark.parametrize("command", ["migrate", "demo"])
async def test_a_command_on_a_database_that_does_not_answer_says_so(command: str) -> None:
    code, said = await lockstep(command, DATABASE_URL="postgresql://u@127.0.0.1:1/none", LOCKSTEP_SECRET="s" * 32)
    assert (code, said) == (1, "lockstep: The database does not answer.")


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"database": "nowhere"}, 'database "nowhere" does not exist'),
        ({"username": "eve"}, 'role "eve" does not exist'),
    ],
)
async def test_a_backup_of_a_database_that_turns_us_away_says_why(
    database_url: str, part: dict[str, str], sentence: str
) -> None:
    url = make_url(database_url).set(**part).render_as_string(hide_password=False)  # type: ignore[arg-type]
    code, said = await lockstep("backup", "x.dump", DATABASE_URL=url, LOCKSTEP_SECRET="s" * 32)
    assert (code, said) == (1, f"lockstep: The database turns us away: {sentence}.")


async def test_a_backup_works_where_the_embedded_servers_are_not_installed() -> None:
    without = "import sys; sys.modules['psutil'] = None; from server.cli import main; main()"
    environment = {"DATABASE_URL": "postgresql://u@127.0.0.1:1/none", "LOCKSTEP_SECRET": "s" * 32}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        without,
        "backup",
        "x.dump",
        cwd=ROOT,
        env=os.environ | environment,
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    assert said.decode() == "lockstep: The database does not answer.\n"


async def test_a_backup_of_a_folder_without_a_database_makes_none(tmp_path: Path) -> None:
    code, said = await lockstep("backup", str(tmp_path / "board.dump"), "--data", str(tmp_path / "none"))
    assert (code, said) == (
        1,
        f"lockstep: There is no database in {tmp_path}/none: set DATABASE_URL, or name the data folder with --data.",
    )
    assert os.listdir(tmp_path) == []


async def test_a_restore_of_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    code, said = await lockstep("restore", str(tmp_path / "board.dump"), "--data", str(tmp_path / "none"))
    assert (code, said) == (1, f"lockstep: There is no file {tmp_path}/board.dump.")
    assert os.listdir(tmp_path) == []


async def test_a_backup_goes_to_another_machine_by_the_command_line(database_url: str, tmp_path: Path) -> None:
    """Out of one database, into a data folder that was empty, and out of that again."""
    first, second, folder = tmp_path / "first.dump", tmp_path / "second.dump", str(tmp_path / "data")
    code, said = await lockstep("backup", str(first), DATABASE_URL=database_url, LOCKSTEP_SECRET="s" * 32)
    assert (code, said.splitlines()[-1][:6]) == (0, "Wrote ")
    code, said = await lockstep("restore", str(first), "--data", folder)
    assert (code, said.splitlines()[-1]) == (0, "Restored. Clients fetch their boards afresh.")
    code, said = await lockstep("restore", str(first), "--data", folder)
    assert code == 1
    assert said.splitlines()[-1].startswith("lockstep: The database is not empty: ")
    code, said = await lockstep("backup", str(second), "--data", folder)
    assert (code, said.splitlines()[-1][:6]) == (0, "Wrote ")


async def test_migrating_several_times_at_once_is_safe(empty_database_url: str) -> None:
    environment = {"DATABASE_URL": empty_database_url, "LOCKSTEP_SECRET": "s" * 32}
    ends = await asyncio.gather(*(lockstep("migrate", **environment) for _ in range(4)))
    assert ends == [(0, "")] * 4
