"""The command line: a start that cannot succeed ends with one sentence; migrating is safe from many places at once."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

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


async def test_migrating_several_times_at_once_is_safe(empty_database_url: str) -> None:
    environment = {"DATABASE_URL": empty_database_url, "LOCKSTEP_SECRET": "s" * 32}
    ends = await asyncio.gather(*(lockstep("migrate", **environment) for _ in range(4)))
    assert ends == [(0, "")] * 4
