"""One session's outbox, over a transport that takes as much as the test lets it (P3, P6, P16)."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.domain.changes import Actor
from server.protocol.frames import Left, Pong
from server.realtime import session as sessions
from server.realtime.session import Chunk, Session

PROJECT = UUID(int=7)
BIG = "x" * 1000


class Narrow:
    """A transport that is full until it is told to take everything."""

    def __init__(self) -> None:
        self.full = True
        self.messages: list[Any] = []
        self.closed: int | None = None

    def write(self, frame: bytes) -> None:
        self.messages += json.loads(frame[frame.index(b"[") :])

    def buffered(self) -> int:
        return sessions.WIRE_BYTES if self.full else 0

    def close(self, code: int, reason: str) -> None:
        self.closed = code

    @property
    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.messages if message["type"] == "change"]


class Log:
    """A project's changes."""

    def __init__(self, project: UUID = PROJECT) -> None:
        self.project = project
        self.seq = 0

    def commit(self, session: Session, count: int) -> None:
        for _ in range(count):
            self.seq += 1
            session.deliver(Chunk([change(self.seq)]), self, self.seq)

    def catch_up_session(self, session: Session) -> None:
        missed = range(session.seqs[self.project] + 1, self.seq + 1)
        session.caught_up(self, [change(seq) for seq in missed], self.seq)


def change(seq: int) -> bytes:
    return json.dumps({"type": "change", "seq": seq, "title": BIG}).encode()


@pytest.fixture
def wire() -> Narrow:
    return Narrow()


@pytest.fixture
async def session(wire: Narrow, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(sessions, "LAGGING_BYTES", 10_000)
    monkeypatch.setattr(sessions, "OUTBOX_BYTES", 30_000)
    session = Session(uuid4(), Actor(uuid4(), "Ann"), None, wire, 512 * 1024)
    session.seqs[PROJECT] = 0
    return session


def drain(session: Session, wire: Narrow) -> None:
    """The peer reads everything."""
    wire.full = False
    while session._outbox or session.lagging:
        session.flush()


async def test_p3_changes_that_were_let_go_come_in_order_and_once(session: Session, wire: Narrow) -> None:
    log = Log()
    log.commit(session, 500)
    assert session.lagging
    assert session._waiting <= 10_000 + 2_000
    drain(session, wire)
    log.commit(session, 3)
    drain(session, wire)
    assert wire.seqs == list(range(1, 504))


async def test_p16_heads_never_name_what_was_let_go(session: Session, wire: Narrow) -> None:
    log = Log()
    for _ in range(40):
        log.commit(session, 1)
        session.heartbeat(0)
    drain(session, wire)
    sent = 0
    for message in wire.messages:
        if message["type"] == "heads":
            assert message["projects"][str(PROJECT)] <= sent
        else:
            sent = message["seq"]
    assert sent == 40


async def test_p6_answers_and_left_are_never_let_go(session: Session, wire: Narrow) -> None:
    log = Log()
    for n in range(10):
        log.commit(session, 5)
        session.send(Pong(at=n))
    session.leave(PROJECT)
    session.left(Left(project=PROJECT, reason="removed"))
    drain(session, wire)
    told = [message for message in wire.messages if message["type"] != "change"]
    assert [message.get("at", message["type"]) for message in told] == [*range(10), "left"]
    assert wire.messages[-1]["type"] == "left"
    assert wire.closed is None


async def test_p14_what_waits_when_a_join_ends_is_still_sent_before_left(session: Session, wire: Narrow) -> None:
    log = Log()
    log.commit(session, 9)
    session.leave(PROJECT)
    session.left(Left(project=PROJECT, reason="removed"))
    other = Log(UUID(int=8))
    session.seqs[other.project] = 0
    other.commit(session, 20)
    drain(session, wire)
    assert wire.seqs[:9] == list(range(1, 10))
    assert wire.messages[9]["type"] == "left"
    assert wire.seqs[9:] == list(range(1, 21))


async def test_p6_g7_answers_beyond_the_bound_close_with_4108(session: Session, wire: Narrow) -> None:
    Log().commit(session, 100)
    while wire.closed is None:
        session.send(Pong(at=BIG))
        assert session._waiting <= 30_000 + 2_000
    assert wire.closed == 4108
    assert session._outbox == []
