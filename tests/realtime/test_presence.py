"""Presence across processes: one that falls silent is forgotten in time, one that is only slow is not (P15)."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.domain.changes import Actor
from server.protocol.frames import PresentSession, User
from server.realtime import presence as module
from server.realtime.presence import Elsewhere, Presence
from server.realtime.session import Session

PROJECT, OURS, THEIRS = uuid4(), uuid4(), uuid4()
SLOWEST_REFRESH = module.REFRESH_SECONDS * 1.2


class Wire:
    """A transport with room for everything."""

    def __init__(self) -> None:
        self.told: dict[UUID, Any] = {}
        self.more = asyncio.Event()

    def write(self, frame: bytes) -> None:
        for message in json.loads(frame[frame.index(b"[") :]):
            self.told.update((UUID(one["session"]), one["state"]) for one in message["sessions"])
        self.more.set()

    def buffered(self) -> int:
        return 0

    def close(self, code: int, reason: str) -> None:
        raise AssertionError((code, reason))

    async def until(self, session: UUID, state: object) -> None:
        async with asyncio.timeout(10):
            while self.told.get(session, ...) != state:
                self.more.clear()
                await self.more.wait()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def of(session: UUID) -> Elsewhere:
    """All that the other process has to tell."""
    one = PresentSession(session=session, user=User(uuid4(), "Ben"), client=None, state={"task": "t1"})
    return Elsewhere(THEIRS, PROJECT, (one,), whole=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(module, "DIFFERENCE_SECONDS", 0.0)
    return Clock()


async def test_p15_a_process_that_falls_silent_is_forgotten_within_thirty_seconds(clock: Clock) -> None:
    wire, ben = Wire(), uuid4()
    presence = Presence(PROJECT, OURS, lambda _: None, clock)
    presence.enter(Session(uuid4(), Actor(uuid4(), "Ann"), None, wire, 512 * 1024))
    presence.hear(of(ben))
    await wire.until(ben, {"task": "t1"})
    clock.now += module.FORGET_SECONDS
    presence.refresh()  # a moment too early: the worst case
    clock.now += SLOWEST_REFRESH
    presence.refresh()
    assert clock.now - 1000.0 <= 30.0
    await wire.until(ben, None)
    presence.hear(of(ben))  # it was only slow after all
    await wire.until(ben, {"task": "t1"})


async def test_p15_a_process_of_which_one_refresh_is_lost_is_still_there(clock: Clock) -> None:
    wire, ben = Wire(), uuid4()
    presence = Presence(PROJECT, OURS, lambda _: None, clock)
    ann = Session(uuid4(), Actor(uuid4(), "Ann"), None, wire, 512 * 1024)
    presence.enter(ann)
    for n in range(4):
        presence.hear(of(ben))
        await wire.until(ben, {"task": "t1"})
        for _ in range(2):
            clock.now += SLOWEST_REFRESH
            presence.refresh()
        presence.set(ann, {"n": n})
        await wire.until(ann.id, {"n": n})
        assert wire.told[ben] == {"task": "t1"}
