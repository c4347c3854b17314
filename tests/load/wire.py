"""A WebSocket client that costs little: the handshake is done by `websockets`, frames are cut out of the stream by hand.

Only what our server sends is understood: whole, unmasked text frames, pings and closes.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from websockets.client import ClientProtocol
from websockets.http11 import Response
from websockets.uri import parse_uri

_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_OPEN_SECONDS = 20.0


class Wire(asyncio.Protocol):
    """One connection. `on_text` is called with each text frame, `on_lost` when it has ended."""

    def __init__(self, url: str, on_text: Callable[[bytes], None], on_lost: Callable[[], None]) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: str | None = None
        """Why the connection ended, if it did."""
        self._on_text = on_text
        self._on_lost = on_lost
        self._handshake: ClientProtocol | None = ClientProtocol(parse_uri(url))
        self._rest = b""
        self._transport: asyncio.Transport

    @classmethod
    async def connect(
        cls, url: str, on_text: Callable[[bytes], None], on_lost: Callable[[], None] = lambda: None
    ) -> "Wire":
        """Opens a connection to `url` (ws://host:port/path)."""
        uri = parse_uri(url)
        _, wire = await asyncio.get_running_loop().create_connection(
            lambda: cls(url, on_text, on_lost), uri.host, uri.port
        )
        await asyncio.wait_for(wire.opened, _OPEN_SECONDS)
        return wire

    def send(self, *messages: Any) -> None:
        """Sends messages as one array frame."""
        payload = msgspec.json.encode(messages)
        self._transport.write(_header(_TEXT, len(payload)) + payload)

    def close(self) -> None:
        self._transport.abort()

    def stall(self) -> None:
        """Leaves unread whatever comes."""
        self._transport.pause_reading()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert self._handshake is not None
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports are no subclasses
        self._handshake.send_request(self._handshake.connect())
        self._transport.write(b"".join(self._handshake.data_to_send()))

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = self.closed or f"connection lost ({exc})"
        self._on_lost()
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(self.closed))

    def data_received(self, data: bytes) -> None:
        if self._handshake is not None:
            self._shake_hands(data)
            return
        data = self._rest + data if self._rest else data
        at, end = 0, len(data)
        while end - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            elif length == 127:
                length, start = int.from_bytes(data[start : start + 8], "big"), start + 8
            if start + length > end or start > end:
                break
            self._take(data[at] & 0x0F, data[start : start + length])
            at = start + length
        self._rest = data[at:]

    def _shake_hands(self, data: bytes) -> None:
        assert self._handshake is not None
        self._handshake.receive_data(data)
        for event in self._handshake.events_received():
            if isinstance(event, Response):
                if self._handshake.handshake_exc is None:
                    self.opened.set_result(None)
                else:
                    self.opened.set_exception(self._handshake.handshake_exc)
                self._handshake = None  # our server speaks only after the hello, so nothing is lost
                return

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            self._on_text(payload)
        elif opcode == _PING:
            self._transport.write(_header(_PONG, len(payload)) + payload)
        elif opcode == _CLOSE:
            self.closed = f"closed with {int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}"


def _header(opcode: int, length: int) -> bytes:
    """A final, masked frame's header; the mask is zero, so the payload needs no masking."""
    if length < 126:
        size = bytes([0x80 | length])
    elif length < 65_536:
        size = bytes([0x80 | 126]) + length.to_bytes(2, "big")
    else:
        size = bytes([0x80 | 127]) + length.to_bytes(8, "big")
    return bytes([0x80 | opcode]) + size + b"\0\0\0\0"
