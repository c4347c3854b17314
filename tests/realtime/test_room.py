"""A room delivers each change once and in order, whatever the hints do on their way (G3)."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.domain.changes import Actor, Committed
from server.realtime import history, session
from server.realtime import room as rooms
from server.realtime.presence import Presence
from server.realtime.room import Room
from server.realtime.session import Session
from server.storage import log
from server.telemetry import Telemetry
from tests.helpers.board import Board


class Recorder:
    """A wire with room for everything, unless it is `full`."""

    def __init__(self) -> None:
        self.full = False
        self.messages: list[dict[str, Any]] = []
        self._more = asyncio.Event()

    def write(self, frame: bytes) -> None:
        self.messages += json.loads(frame[frame.index(b"[") :])
        self._more.set()

    def buffered(self) -> int:
        return session.WIRE_BYTES if self.full else 0

    def close(self, code: int, reason: str) -> None:
        raise AssertionError((code, reason))

    async def until(self, seq: int) -> list[int]:
        """The seqs of the changes received, once `seq` is the last of them."""
        async with asyncio.timeout(10):
            while seq not in self.seqs:
                self._more.clear()
                await self._more.wait()
        return self.seqs

    @property
    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.messages if message["type"] == "change"]


@pytest.fixture
async def room(board: Board) -> AsyncIterator[Room]:
    presence = Presence(board.project, uuid4(), lambda _: None)
    room = Room(board.project, board.database, presence, Telemetry())
    await room.load()
    yield room
    await room.close()


async def enter(room: Room, actor: Actor, since: int | None = None) -> Recorder:
    wire = Recorder()
    await room.join(Session(uuid4(), actor, None, wire, 512 * 1024), since, None)
    return wire


async def commit(board: Board, count: int) -> list[Committed]:
    """Changes that are durable and that no room has heard of."""
    board.announced.clear()
    for n in range(count):
        await board.task(str(n))
    return list(board.announced)


def tell(room: Room, *committed: Committed) -> None:
    """One announcement of changes that follow one another."""
    room.offer(committed[0].epoch, committed[0].change.seq, [one.message for one in committed])


async def test_announced_changes_are_delivered_as_they_are(board: Board, room: Room) -> None:
    wire = await enter(room, board.actor)
    first, second, third = await commit(board, 3)
    tell(room, first)
    tell(room, second, third)
    assert await wire.until(4) == [2, 3, 4]
    changes = [message for message in wire.messages if message["type"] == "change"]
    assert changes == [json.loads(one.message) for one in (first, second, third)]


async def test_a_doubled_announcement_is_delivered_once(board: Board, room: Room) -> None:
    wire = await enter(room, board.actor)
    first, second, third = await commit(board, 3)
    for told in ([first, second], [first, second], [second, third], [first], [third]):
        tell(room, *told)
    assert await wire.until(4) == [2, 3, 4]


async def test_swapped_announcements_wait_for_one_another_without_the_log(board: Board, room: Room) -> None:
    wire = await enter(room, board.actor)
    first, second, third = await commit(board, 3)
    tell(room, third)
    tell(room, second)
    tell(room, first)
    assert await wire.until(4) == [2, 3, 4]
    assert room.seq == 4


async def test_a_dropped_announcement_is_read_from_the_log(board: Board, room: Room) -> None:
    wire = await enter(room, board.actor)
    _, _, third = await commit(board, 3)
    tell(room, third)
    assert await wire.until(4) == [2, 3, 4]


async def test_a_hint_without_messages_is_read_from_the_log(board: Board, room: Room) -> None:
    wire = await enter(room, board.actor)
    await commit(board, 3)
    room.hint(4)
    assert await wire.until(4) == [2, 3, 4]


async def test_a_hint_that_comes_while_the_log_is_read_is_not_forgotten(
    board: Board, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = await enter(room, board.actor)
    await commit(board, 1)
    read, again = log.read, asyncio.Event()

    async def read_then_commit(*args: Any) -> Any:
        page = await read(*args)
        if not again.is_set():
            again.set()
            await commit(board, 1)
            room.hint(3)
        return page

    monkeypatch.setattr(log, "read", read_then_commit)
    room.hint(2)
    assert await wire.until(3) == [2, 3]


async def test_a_hint_beyond_the_head_of_the_log_does_not_make_a_room_read_for_ever(board: Board, room: Room) -> None:
    wire = await enter(room, board.actor)
    await commit(board, 1)
    room.hint(99)
    assert await wire.until(2) == [2]
    await commit(board, 1)
    room.hint(3)
    assert await wire.until(3) == [2, 3]


@pytest.mark.parametrize("seed", range(5))
async def test_any_mixture_of_lost_doubled_and_reordered_announcements_ends_in_one_order(
    board: Board, room: Room, seed: int
) -> None:
    chance = random.Random(seed)
    early = await enter(room, board.actor)
    committed = await commit(board, 40)
    starts = [start for start in range(40) for _ in range(chance.choice((0, 1, 1, 2)))]
    announcements = [committed[start : start + chance.randint(1, 5)] for start in starts]
    announcements.sort(key=lambda told: told[0].change.seq + chance.uniform(0, 8))
    late: Recorder | None = None
    for n, told in enumerate(announcements):
        tell(room, *told)
        if n == len(announcements) // 2:
            late = await enter(room, board.actor, since=1)
        if chance.random() < 0.3:
            await asyncio.sleep(0)
    room.hint(41)  # what the sweep says in the end
    assert late is not None
    for wire in (early, late):
        assert await wire.until(41) == list(range(2, 42))


async def test_announcements_that_come_before_a_room_has_loaded_are_kept(board: Board) -> None:
    room = Room(board.project, board.database, Presence(board.project, uuid4(), lambda _: None), Telemetry())
    loading = asyncio.create_task(room.load())
    committed = await commit(board, 3)
    for one in committed:
        tell(room, one)
    await loading
    wire = await enter(room, board.actor, since=1)
    assert await wire.until(4) == [2, 3, 4]
    await room.close()


async def test_announcements_of_another_history_are_ignored(board: Board, room: Room) -> None:
    wire = await enter(room, board.actor)
    first, second = await commit(board, 2)
    stale = UUID(int=1)
    room.offer(stale, 2, [b'{"type":"change","seq":2}'])
    room.offer(stale, 3, [b'{"type":"change","seq":3}'])
    tell(room, first)
    tell(room, second)
    assert await wire.until(3) == [2, 3]
    assert all("ops" in message for message in wire.messages if message["type"] == "change")


async def test_a_room_keeps_what_it_remembers_within_bounds(
    board: Board, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "RING_CHANGES", 5)
    monkeypatch.setattr(rooms, "EARLY_MAX", 5)
    monkeypatch.setattr(rooms, "GAP_SECONDS", 60.0)
    for one in await commit(board, 20):
        tell(room, one)
    wire = await enter(room, board.actor, since=10)  # partly from the log again
    assert await wire.until(21) == list(range(11, 22))
    for one in await commit(board, 20):
        room.offer(one.epoch, one.change.seq + 100, [one.message])
    assert len(room._early) <= 5


async def test_p3_what_comes_while_a_slow_session_is_caught_up_from_the_log_follows_without_a_gap(
    board: Board, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "RING_CHANGES", 5)
    monkeypatch.setattr(session, "LAGGING_BYTES", 1)
    wire = Recorder()
    slow = Session(uuid4(), board.actor, None, wire, 512 * 1024)
    await room.join(slow, None, None)
    wire.full = True
    for one in await commit(board, 20):
        tell(room, one)
    read, again = log.read, asyncio.Event()

    async def read_then_commit(*args: Any) -> Any:
        page = await read(*args)
        if not again.is_set():
            again.set()
            tell(room, *await commit(board, 2))
        return page

    monkeypatch.setattr(log, "read", read_then_commit)
    wire.full = False
    slow.flush()
    assert await wire.until(23) == list(range(2, 24))
    assert not slow.lagging
