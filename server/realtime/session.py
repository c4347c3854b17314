"""One socket of one user: its joins and its bounded outbox. Not here: what arrives from it (api.socket), and order (room)."""

import asyncio
from typing import NamedTuple, Protocol
from uuid import UUID

from server.domain.changes import Actor
from server.protocol import codec, codes
from server.protocol.frames import Down, Heads, Left, User

OUTBOX_BYTES = 4 * 1024 * 1024
"""What may wait for a slow reader: beyond it the socket closes with 4108 and the client resumes from its last seq."""

LAGGING_BYTES = 1024 * 1024
"""Changes that may wait; beyond, they are let go. With what a frame and the transport hold, this bounds a session's memory."""

WIRE_BYTES = 512 * 1024
"""Bytes in the transport's buffer above which the outbox holds back, so that what waits can still be coalesced.

Above the mark (64 KiB) from which a transport tells when it has room again.
"""

STALL_SECONDS = 10.0
"""How long a peer for whom something waits may read nothing at all."""


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


class Source(Protocol):
    """Where a session gets the changes that were let go while it was slow: its project's room."""

    @property
    def project(self) -> UUID: ...

    def catch_up_session(self, session: "Session") -> None:
        """Answers by `Session.caught_up`, now or later, or takes the session out of the room."""


class _Waiting(NamedTuple):
    """What waits to be sent. Changes have a `source`, and the seq of the `first`; what is `fleeting` comes again by itself."""

    chunk: Chunk
    source: Source | None = None
    first: int = 0
    fleeting: bool = False


class Session:
    """What waits is sent in one frame a turn of the loop, up to `frame_bytes`; while the transport is full it waits and coalesces.

    A reader that is slow lags: changes that wait are let go, and handed over as one delta when there is room again. Answers never are.
    """

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
        self._outbox: list[_Waiting] = []
        self._waiting = 0
        self._changes = 0
        """Bytes of `_waiting` that are changes and can be let go."""
        self._behind: dict[UUID, Source] = {}
        """Projects of which changes were let go."""
        self._written = 0
        self._stall: asyncio.TimerHandle | None = None
        self._flushing = False
        self._loop = asyncio.get_running_loop()

    @property
    def user(self) -> User:
        return User(self.actor.id, self.actor.name)

    @property
    def lagging(self) -> bool:
        """Whether it was too slow for the changes, and has not been caught up yet."""
        return bool(self._behind)

    # In

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
        """Queues what must arrive; a session that falls too far behind is closed."""
        self._queue(_Waiting(chunk))

    def deliver(self, chunk: Chunk, source: Source, last: int) -> None:
        """Queues the next changes of a project, up to the seq `last`."""
        if self._behind and source.project in self._behind:
            return
        self.seqs[source.project] = last
        self._changes += chunk.size
        self._queue(_Waiting(chunk, source, last - chunk.count + 1))

    def caught_up(self, source: Source, messages: list[bytes], last: int) -> None:
        """The changes that were let go, up to the seq `last`."""
        if self._behind.pop(source.project, None) is not None:
            self.seqs[source.project] = last
            self.push(Chunk(messages))

    def heartbeat(self, inbox_seq: int) -> None:
        heads = Heads(projects=dict(self.seqs), inbox_seq=inbox_seq)
        self._queue(_Waiting(Chunk([codec.message(heads)]), fleeting=True))

    def left(self, down: Left) -> None:
        self.seqs.pop(down.project, None)
        self.send(down)

    def leave(self, project: UUID) -> None:
        """Nothing more of it follows; what waits is still sent."""
        self.seqs.pop(project, None)
        if self._behind.pop(project, None) is None:
            self._outbox = [one._replace(source=None) if _is_of(one, project) else one for one in self._outbox]
            self._count()

    # Out

    def flush(self) -> None:
        """Sends what waits, as far as the transport has room; called again when it has room anew."""
        self._flushing = False
        while self._outbox and not self.closed and self._wire.buffered() < WIRE_BYTES:
            frame = self._next_frame()
            self._written += len(frame)
            self._wire.write(frame)
        if self.closed or not (self._outbox or self._behind):
            return
        self._watch()
        if not self._outbox and self._wire.buffered() < WIRE_BYTES:
            next(iter(self._behind.values())).catch_up_session(self)

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

    def _queue(self, one: _Waiting) -> None:
        if self.closed:
            return
        self._outbox.append(one)
        self._waiting += one.chunk.size
        if self._changes > LAGGING_BYTES or self._waiting > OUTBOX_BYTES:
            self.flush()
        if self._changes > LAGGING_BYTES or self._waiting > OUTBOX_BYTES:
            self._let_changes_go()
        if self._waiting > OUTBOX_BYTES:
            self.close(codes.TOO_SLOW, "too slow")
        elif not self._flushing:
            self._flushing = True
            self._loop.call_soon(self.flush)

    def _let_changes_go(self) -> None:
        """What else waits stays in order. Heads go too: they may name what has not been sent."""
        for one in self._outbox:
            if one.source is not None and one.source.project not in self._behind:
                self._behind[one.source.project] = one.source
                self.seqs[one.source.project] = one.first - 1
        self._outbox = [one for one in self._outbox if one.source is None and not one.fleeting]
        self._count()

    def _watch(self) -> None:
        """From now on looks whether the peer reads at all."""
        if self._stall is None:
            seen = self._written, self._wire.buffered()
            self._stall = self._loop.call_later(STALL_SECONDS, self._look, *seen)

    def _look(self, written: int, buffered: int) -> None:
        self._stall = None
        if self.closed or not (self._outbox or self._behind):
            return
        if 0 < buffered <= self._wire.buffered() and written == self._written:
            self.close(codes.TOO_SLOW, "too slow")
        else:
            self._watch()

    def _count(self) -> None:
        self._waiting = sum(one.chunk.size for one in self._outbox)
        self._changes = sum(one.chunk.size for one in self._outbox if one.source is not None)

    def _next_frame(self) -> bytes:
        if len(self._outbox) == 1 and self._outbox[0].chunk.size <= self._frame_bytes:
            self._waiting = self._changes = 0
            return self._outbox.pop().chunk.frame
        messages: list[bytes] = []
        size = 1
        for index, one in enumerate(self._outbox):
            for n, message in enumerate(one.chunk.messages):
                size += len(message) + 1
                if size > self._frame_bytes and messages:
                    self._outbox[: index + 1] = [one._replace(chunk=Chunk(one.chunk.messages[n:]), first=one.first + n)]
                    self._count()
                    return codec.frame(messages)
                messages.append(message)
        self._outbox.clear()
        self._waiting = self._changes = 0
        return codec.frame(messages)


def _is_of(one: _Waiting, project: UUID) -> bool:
    return one.source is not None and one.source.project == project
