"""Every example of docs/rest.md, run against a real server, and every route has one."""

import asyncio
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from tests.helpers.people import Server

PAGE = Path(__file__).parents[2] / "docs" / "rest.md"
BLOCK = re.compile(r"^```sh( refused)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CURL = 'curl() { command curl --silent --show-error --max-time 20 %s "$@"; }\n'

REFUSED = ["invalid", "resync", "invalid", "precondition_failed", "conflict"]
"""What the page's bad examples are told, in their order."""


def script() -> str:
    """All blocks in order; one that is not marked `refused` fails on any refusal."""
    text = "set -euo pipefail\n"
    for refused, block in BLOCK.findall(PAGE.read_text()):
        if refused:
            text += (
                CURL % ""
                + "refusal=$(\n"
                + block
                + ')\nprintf "\\nrefused %s\\n" "$(printf %s "$refusal" | field code)"\n'
            )
        else:
            text += CURL % "--fail-with-body" + block
    return text


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_the_examples_do_what_the_page_says(server: Server, tmp_path: Path) -> None:
    run = await asyncio.to_thread(
        subprocess.run,
        ["bash", "-c", script()],
        cwd=tmp_path,
        env={**os.environ, "URL": server.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr
    assert re.findall(r"^refused (\w+)$", run.stdout, re.MULTILINE) == REFUSED


def test_every_route_is_on_the_page(app: Starlette) -> None:
    text = PAGE.read_text()
    paths = [re.sub(r":\w+", "", route.path) for route in app.routes if isinstance(route, Route)]
    assert [path for path in paths if f"{path}`" not in text and f"{path}?" not in text] == ["/{path}"]
