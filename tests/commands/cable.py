"""A line to PostgreSQL that can be cut at any message, before it arrives or after it took effect but before its answer is heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url

Line = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class Cable:
    """Passes bytes between clients of a free port and the database's socket. It is cut once each time it is armed."""

    def __init__(self, target: str) -> None:
        self._url = make_url(target)
        self._lines: set[Line] = set()
        self._deaf: set[Line] = set()
        self._port = 0
        self._left: int | None = None
        self._heard = False
        self.plugged_in = True

    @property
    def url(self) -> str:
        """How a client reaches the database through this cable."""
        url = self._url.set(host="127.0.0.1", port=self._port, query={})
        return url.render_as_string(hide_password=False)

    @property
    def armed(self) -> bool:
        return self._left is not None

    def cut_at(self, message: int, *, heard: bool) -> None:
        """Cuts at the n-th message from now (0 is the next); with `heard` the database gets it and its answer is lost."""
        self._left, self._heard = message, heard

    def unplug(self) -> None:
        """Cuts all lines; new ones are cut at once until `plugged_in` again."""
        self.plugged_in, self._left = False, None
        self._cut_all()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Cable"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self._cut_all()
            await server.wait_closed()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if not self.plugged_in:
            to_client.transport.abort()
            return
        folder = Path(str(self._url.query["host"]))
        database, to_database = await asyncio.open_unix_connection(folder / ".s.PGSQL.5432")
        line = (to_client, to_database)
        self._lines.add(line)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._ask(client, to_database, line))
            both.create_task(self._answer(database, to_client, line))
        self._lines.discard(line)

    async def _ask(
        self,
        client: asyncio.StreamReader,
        to_database: asyncio.StreamWriter,
        line: Line,
    ) -> None:
        """The driver sends one message and waits for its answer, so one piece read here is one message."""
        while data := await _read(client):
            if self._left == 0:
                self._left = None
                if not self._heard:
                    break
                self._deaf.add(line)
            elif self._left is not None:
                self._left -= 1
            to_database.write(data)
        _cut(line)

    async def _answer(
        self,
        database: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        line: Line,
    ) -> None:
        while (data := await _read(database)) and line not in self._deaf:
            to_client.write(data)
        _cut(line)

    def _cut_all(self) -> None:
        for line in list(self._lines):
            _cut(line)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(1 << 20)
    except OSError:
        return b""


def _cut(line: Line) -> None:
    for end in line:
        end.transport.abort()
