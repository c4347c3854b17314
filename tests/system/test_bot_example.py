"""The bot of docs/bots.md does what the page says, against a real server, over a connection that breaks."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.helpers.people import PASSWORD, Person, Server

PAGE = Path(__file__).parents[2] / "docs/bots.md"
WAIT_SECONDS = 20.0


class Line:
    """A telephone line between the bot and the server: bytes pass until it is cut."""

    def __init__(self, server: Server) -> None:
        self.url = ""
        self._to = int(server.url.rsplit(":", 1)[1])
        self._open: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Line"]:
        exchange = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{exchange.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            exchange.close()
            self.cut()

    def cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, back}
        await asyncio.gather(_pass(reader, back), _pass(there, writer))
        self._open -= {writer, back}


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


class Bot:
    """The page's program as a process, and what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def says(self, pattern: str) -> None:
        """Waits for a line that matches."""
        assert self._process.stdout is not None
        async with asyncio.timeout(WAIT_SECONDS):
            while line := (await self._process.stdout.readline()).decode():
                if re.search(pattern, line):
                    return
        raise AssertionError(f"the bot ended before it said {pattern}")


@asynccontextmanager
async def running(url: str, project: str, account: Person, folder: Path) -> AsyncIterator[Bot]:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    program = folder / "bot.py"
    program.write_text(code)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        stdout=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "LOCKSTEP_URL": url,
            "LOCKSTEP_PROJECT": project,
            "LOCKSTEP_EMAIL": account.email,
            "LOCKSTEP_PASSWORD": PASSWORD,
        },
    )
    try:
        yield Bot(process)
    finally:
        process.kill()
        await process.wait()


async def test_the_bot_creates_moves_listens_and_survives_a_broken_line(server: Server, tmp_path: Path) -> None:
    ann, robo = await server.sign_up("Ann"), await server.sign_up("Robo")
    project = await ann.project()
    await ann.let_in(robo, project)
    async with Line(server).laid() as line, running(line.url, project, robo, tmp_path) as bot:
        await bot.says("Robo create_task")
        await bot.says("Robo move_task")
        line.cut()
        await bot.says("connection lost")
        await ann.rest(
            "POST",
            f"/v1/projects/{project}/commands",
            json={"commands": [{"type": "update_project", "name": "Orchard"}]},
        )
        await bot.says("Ann update_project")
    board = await ann.snapshot(project)
    (card,) = board["tasks"]
    columns = sorted(board["columns"], key=lambda column: str(column["rank"]))
    assert (card["title"], card["column_id"]) == ("Made by a bot", columns[1]["id"])
    assert board["seq"] == 5, "created, let in, card, move, name: nothing happened twice"
