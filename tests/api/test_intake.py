"""No frame holds up everybody else: its messages are taken a slice at a time, in order, and nothing more is read meanwhile."""

import asyncio

import pytest

from server.api import intake
from server.api.intake import Intake
from server.protocol.codec import BadMessage
from server.protocol.frames import Ping, Up


class Peer:
    """A source of frames, and what was done with it."""

    def __init__(self) -> None:
        self.paused = False
        self.taken: list[object] = []

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def take(self, message: Up | BadMessage) -> bool:
        assert isinstance(message, Ping)
        self.taken.append(message.at)
        return bool(message.at != "last")


def pings(*at: object) -> list[Up | BadMessage]:
    return [Ping(at=each) for each in at]


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Peer:
    monkeypatch.setattr(intake, "SLICE_SECONDS", -1.0)  # each slice is one message long
    return Peer()


async def test_p8_messages_are_taken_in_order_and_others_have_the_loop_between(peer: Peer) -> None:
    waiting = Intake(peer, peer.take)
    waiting.add(pings(1, 2, 3))
    waiting.add(pings(4))
    assert (peer.taken, peer.paused) == ([1], True)
    await asyncio.sleep(0)
    assert (peer.taken, peer.paused) == ([1, 2], True)
    for _ in range(5):
        await asyncio.sleep(0)
    assert (peer.taken, peer.paused) == ([1, 2, 3, 4], False)
    waiting.add(pings(5))
    assert peer.taken == [1, 2, 3, 4, 5]


async def test_a_short_frame_is_taken_at_once(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "SLICE_SECONDS", 60.0)
    Intake(peer, peer.take).add(pings(1, 2, 3))
    assert (peer.taken, peer.paused) == ([1, 2, 3], False)


async def test_p19_nothing_is_taken_behind_the_last(peer: Peer) -> None:
    waiting = Intake(peer, peer.take)
    waiting.add(pings(1, "last", 2))
    waiting.add(pings(3))
    for _ in range(5):
        await asyncio.sleep(0)
    assert (peer.taken, peer.paused) == ([1, "last"], False)
