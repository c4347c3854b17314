"""One socket of one user: its joins and its bounded outbox. Not here: what arrives from it (api.socket), and order (room)."""

import asyncio
from typing import Protocol
from uuid import UUID

from server.domain.changes import Actor
from server.protocol import codec, codes
from server.protocol.frames import Down, Heads, Left, User

OUTBOX_BYTES = 4 * 1024 * 1024
"""What may wait for a slow reader: beyond it the socket closes with 4108 and the client resumes from its last seq."""

WIRE_BYTES = 512 * 1024
"""Bytes in the transport's buffer above which the outbox holds back, so that what waits can still be coalesced."""


class Wire(Protocol):
    """What a session needs of its transport. Nothing here blocks."""

    def write(self, frame: bytes) -> None:
        """Hands over a whole frame; nothing happens once the transport is closing."""

    def buffered(self) -> int:
        """Bytes handed over and not yet taken by the kernel."""

    def close(self, code: int, reason: str) -> None:
        """Closes with the closing handshake; a peer that does not answer it is dropped."""


class Chunk:
    """Encoded messages for many sessions; framed once, whoever sends it alone first."""

    __slots__ = ("_frame", "count", "messages", "size")

    def __init__(self, messages: list[bytes]) -> None:
        self.messages = messages
        self.count = len(messages)
        self.size = sum(map(len, messages)) + self.count + 1  # commas and brackets
        self._frame: bytes | None = None

    @property
    def frame(self) -> bytes:
        if self._frame is None:
            self._frame = codec.frame(self.messages)
        return self._frame


class Session:
    """What waits is sent in one frame a turn of the loop, up to `frame_bytes`; while the transport is full it waits and coalesces."""

    def __init__(self, id: UUID, actor: Actor, client: str | None, wire: Wire, frame_bytes: int) -> None:
        self.id = id
        self.actor = actor
        self.client = client
        self.seqs: dict[UUID, int] = {}
        """Project → last seq handed over, of the projects joined now."""
        self.closed = False
        self.due = 0
        """Submits that were taken and are not answered yet."""
        self.finishing: tuple[int, str] | None = None
        """Takes nothing more: how it closes once what is due was answered."""
        self._wire = wire
        self._frame_bytes = frame_bytes
        self._outbox: list[Chunk] = []
        self._waiting = 0
        self._flushing = False
        self._loop = asyncio.get_running_loop()

    @property
    def user(self) -> User:
        return User(self.actor.id, self.actor.name)

    def send(self, down: Down) -> None:
        """A message for this session alone."""
        self.push(Chunk([codec.message(down)]))

    def answer(self, down: Down) -> None:
        """The answer to a submit."""
        self.due -= 1
        self.send(down)
        if self.finishing is not None and not self.due:
            self.close(*self.finishing)

    def push(self, chunk: Chunk) -> None:
        """Queues a chunk; a session that falls too far behind is closed."""
        if self.closed:
            return
        self._outbox.append(chunk)
        self._waiting += chunk.size
        if self._waiting > OUTBOX_BYTES:
            self.flush()
        if self._waiting > OUTBOX_BYTES:
            self.close(codes.TOO_SLOW, "too slow")
        elif not self._flushing:
            self._flushing = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Sends what waits, as far as the transport has room; called again when it has room anew."""
        self._flushing = False
        while self._outbox and not self.closed and self._wire.buffered() < WIRE_BYTES:
            self._wire.write(self._next_frame())

    def heartbeat(self, inbox_seq: int) -> None:
        self.send(Heads(projects=dict(self.seqs), inbox_seq=inbox_seq))

    def left(self, down: Left) -> None:
        self.seqs.pop(down.project, None)
        self.send(down)

    def finish(self, code: int, reason: str) -> None:
        """Takes nothing more, and closes as soon as what was taken is answered."""
        self.finishing = code, reason
        if not self.due:
            self.close(code, reason)

    def close(self, code: int, reason: str) -> None:
        """Sends what waits as far as the transport has room, then closes."""
        if self.closed:
            return
        self.flush()
        self.closed = True
        self._outbox.clear()
        self._wire.close(code, reason)

    def _next_frame(self) -> bytes:
        if len(self._outbox) == 1 and self._outbox[0].size <= self._frame_bytes:
            self._waiting = 0
            return self._outbox.pop().frame
        messages: list[bytes] = []
        size = 1
        for index, chunk in enumerate(self._outbox):
            for n, one in enumerate(chunk.messages):
                size += len(one) + 1
                if size > self._frame_bytes and messages:
                    self._outbox[: index + 1] = [Chunk(chunk.messages[n:])]
                    self._waiting = sum(left.size for left in self._outbox)
                    return codec.frame(messages)
                messages.append(one)
        self._outbox.clear()
        self._waiting = 0
        return codec.frame(messages)
