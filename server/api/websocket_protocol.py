"""uvicorn's WebSocket protocol, with a wire for sessions: whole frames in and out without a task switch, and no reader waited for.

Leans on uvicorn's internals, so its version is pinned and tests/api/test_websocket_protocol.py holds it to what is used here. Not here:
what the frames mean (socket).
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request

from server.protocol import codes

EXTENSION = "lockstep.wire"
"""The key under which an endpoint finds its `WireProtocol` in the scope's extensions."""

CLOSE_SECONDS = 5.0
"""How long a peer may take to answer our close before the connection is dropped."""

PONGS_BYTES = 1024 * 1024
"""Bytes in the transport's buffer above which the transport's pings are not answered."""


class WireProtocol(WebSocketsSansIOProtocol):
    """A `Wire` (realtime.session) once `listen` was called; before that, plain ASGI."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone = asyncio.Event()
        self._on_frame: Callable[[bytes], None] | None = None
        self._on_room: Callable[[], None] = _nothing

    @property
    def close_code(self) -> int:
        """The code that the connection was closed with, by whichever side; 1006 when it broke without one."""
        close = self.conn.close_sent or self.conn.close_rcvd
        return codes.ABNORMAL if close is None else close.code

    # The wire

    def listen(self, on_frame: Callable[[bytes], None], on_room: Callable[[], None]) -> None:
        """From now on hands each text frame to `on_frame`, and calls `on_room` when a full transport has room again."""
        self._on_frame = on_frame
        self._on_room = on_room
        self.resume_reading()
        while not self.queue.empty():
            event = self.queue.get_nowait()
            if event["type"] == "websocket.receive":
                text = event.get("text")
                self._hear("bytes" if text is None else "text", (text or "").encode())

    def pause_reading(self) -> None:
        """Takes nothing more from the peer until `resume_reading`, but for what has arrived already."""
        if not (self.read_paused or self.transport.is_closing()):
            self.read_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def write(self, frame: bytes) -> None:
        if not (self.close_sent or self.transport.is_closing()):
            self.transport.write(frame)

    def buffered(self) -> int:
        return self.transport.get_write_buffer_size()

    def close(self, code: int, reason: str) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        try:
            self.conn.send_close(code, reason)
        except InvalidState:
            self.transport.close()
            return
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.stop_keepalive()
        self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    # What uvicorn does otherwise

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[EXTENSION] = self

    def send_receive_event_to_app(self) -> None:
        if self._on_frame is None:
            super().send_receive_event_to_app()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if not self.close_sent:
            self._hear(self.curr_msg_data_type, bytes(data))

    def _hear(self, kind: str, data: bytes) -> None:
        assert self._on_frame is not None
        if kind == "text":
            self._on_frame(data)
        else:
            self.close(codes.BAD_MESSAGE, "text frames only")

    def handle_ping(self) -> None:
        """Whoever asks and does not read gets no answer: it must not fill our memory."""
        pong = b"".join(self.conn.data_to_send())
        if self.buffered() < PONGS_BYTES:
            self.transport.write(pong)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._on_room()

    def keepalive_timeout(self) -> None:
        """A peer that does not answer pings does not read either: a closing handshake would wait for it for ever."""
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone.set()

    def shutdown(self) -> None:
        """The server goes down: clients come back at once, to whoever serves then."""
        if self._on_frame is None:
            super().shutdown()
        else:
            self.close(codes.DRAIN, "server restarts")


def _nothing() -> None:
    pass
