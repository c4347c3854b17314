"""Lines between clients and a web process that can be cut, slowed down, or go dead without anybody's being told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

End = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


class Lines:
    """Passes bytes from a free port to `target` and back; `delay` is what each piece takes, in seconds."""

    def __init__(self, target: int) -> None:
        self.delay = 0.0
        self._target = target
        self._port = 0
        self._ends: set[End] = set()
        self._left: dict[bool, int] = {}
        self._alive = asyncio.Event()
        self._alive.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Lines"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut()
            await server.wait_closed()

    def cut(self) -> None:
        """Ends all lines at once."""
        for end in list(self._ends):
            _abort(end)

    def cut_within(self, size: int, *, up: bool = False) -> None:
        """Ends all lines once so many more bytes have gone to clients, or up to the server, which may be in the middle of a frame."""
        self._left[up] = size

    @asynccontextmanager
    async def dead(self) -> AsyncIterator[None]:
        """Meanwhile nothing is passed on and nobody is told, as when a laptop leaves the network; old lines do not come back."""
        self._alive.clear()
        stuck = list(self._ends)
        try:
            yield
        finally:
            for end in stuck:
                _abort(end)
            self._alive.set()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            to_client.transport.abort()
            return
        end = (to_client, to_server)
        self._ends.add(end)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._pass(client, to_server, end, up=True))
            both.create_task(self._pass(server, to_client, end, up=False))
        self._ends.discard(end)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, end: End, *, up: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                await self._alive.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                passed = data[: self._left.get(up)]
                last = self._uses_up(up, len(data))
                writer.write(passed)
                await writer.drain()
                if last:
                    await asyncio.sleep(0)  # an abort throws away what is not sent yet
                    self.cut()
        _abort(end)

    def _uses_up(self, up: bool, size: int) -> bool:
        """Takes `size` from what may still be passed before the cut; whether nothing is left of it."""
        if up not in self._left:
            return False
        self._left[up] -= size
        last = self._left[up] <= 0
        if last:
            del self._left[up]
        return last


def _abort(end: End) -> None:
    for each in end:
        each.transport.abort()
