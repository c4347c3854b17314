"""A client below the level of libraries: one that stops reading, never answers, or sends what no library would."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from websockets.frames import Frame, Opcode

from tests.helpers.people import WAIT_SECONDS, Message, Person, Server

UPGRADE = (
    "GET /v1/socket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def text_frame(*messages: Message) -> bytes:
    return Frame(Opcode.TEXT, json.dumps(messages).encode()).serialize(mask=True)


def hello(person: Person, *messages: Message) -> bytes:
    """The greeting as one frame, with what is said in the same breath."""
    return text_frame({"type": "hello", "protocol": 1, "token": person.token}, *messages)


class Raw:
    """A TCP connection after the upgrade. It reads only when told to, and its kernel takes in little."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._unread = b""

    @classmethod
    @asynccontextmanager
    async def connect(cls, server: Server) -> AsyncIterator["Raw"]:
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.setblocking(False)
            raw = cls(connection)
            url = urlsplit(server.url)
            await raw._loop.sock_connect(connection, (url.hostname, url.port))
            await raw.send(UPGRADE.format(host=url.netloc).encode())
            head, _, raw._unread = (await raw._read_until(b"\r\n\r\n")).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101"), head
            yield raw

    async def send(self, data: bytes) -> None:
        await self._loop.sock_sendall(self._connection, data)

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: its opcode and payload. Raises `EOFError` at the end."""
        head = await self._read(2)
        size = head[1] & 0x7F
        if size > 125:
            size = int.from_bytes(await self._read(2 if size == 126 else 8), "big")
        return head[0] & 0x0F, await self._read(size)

    async def rest(self) -> tuple[list[Message], int | None, int]:
        """All messages until the connection ends, the code it was closed with, and the size of the largest frame."""
        messages: list[Message] = []
        code, largest = None, 0
        while True:
            try:
                opcode, payload = await self.frame()
            except (EOFError, ConnectionError):
                return messages, code, largest
            if opcode == Opcode.TEXT:
                messages += json.loads(payload)
                largest = max(largest, len(payload))
            elif opcode == Opcode.CLOSE:
                code = int.from_bytes(payload[:2], "big")
                await self.answer_close(payload)

    async def answer_close(self, payload: bytes) -> None:
        """Says the same; the peer may be gone by now."""
        with suppress(OSError):
            await self.send(masked(Opcode.CLOSE, payload))

    def send_no_more(self) -> None:
        """The peer hears the end, and may still say something."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)

    async def _read(self, size: int) -> bytes:
        while len(self._unread) < size:
            self._unread += await self._more()
        found, self._unread = self._unread[:size], self._unread[size:]
        return found

    async def _read_until(self, mark: bytes) -> bytes:
        found = b""
        while mark not in found:
            found += await self._more()
        return found

    async def _more(self) -> bytes:
        async with asyncio.timeout(WAIT_SECONDS):
            more = await self._loop.sock_recv(self._connection, 65_536)
        if not more:
            raise EOFError
        return more


def masked(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    """Any frame, as a client sends it."""
    return Frame(opcode, data, fin).serialize(mask=True)
