"""The browser's own synchronisation, without its views, against a real server: client/web/live."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.helpers.people import Server

CLIENT = Path(__file__).parents[2] / "client" / "web"
VITEST = CLIENT / "node_modules" / ".bin" / "vitest"
LIMIT_SECONDS = 120.0


async def test_g4_the_browsers_engine_and_the_server_agree_over_lines_that_break(server: Server) -> None:
    if not VITEST.exists():
        pytest.skip("the web client's packages are not installed: run ./dev test")
    environment = {**os.environ, "LOCKSTEP_URL": server.url, "NODE_OPTIONS": "--experimental-websocket"}
    running = await asyncio.create_subprocess_exec(
        str(VITEST),
        *("run", "--config", "vitest.live.config.ts"),
        cwd=CLIENT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(running.communicate(), LIMIT_SECONDS)
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    assert running.returncode == 0, output.decode()
