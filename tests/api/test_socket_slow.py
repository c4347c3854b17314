"""Readers that are slow: they lag and are caught up, or they stop and are closed; nobody waits for them (P6, G7)."""

import asyncio
import json
import socket as tcp
from collections import Counter
from typing import Any

import pytest
from websockets.frames import Opcode

from server.api import websocket_protocol
from server.api.websocket_protocol import WireProtocol
from server.realtime import history, session
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Socket, changes
from tests.helpers.raw import Raw, hello, text_frame

COUNT = 100
SIZE = 3_000
"""Bytes of each change: all of them are several times what anybody below holds for a reader."""


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels that take in little, and sessions that hold little."""
    connection_made = WireProtocol.connection_made

    def with_a_small_buffer(wire: WireProtocol, transport: Any) -> None:
        transport.get_extra_info("socket").setsockopt(tcp.SOL_SOCKET, tcp.SO_SNDBUF, 4096)
        connection_made(wire, transport)

    assert (session.OUTBOX_BYTES, session.LAGGING_BYTES) == (4 * 1024 * 1024, 1024 * 1024)
    monkeypatch.setattr(WireProtocol, "connection_made", with_a_small_buffer)
    monkeypatch.setattr(session, "WIRE_BYTES", 70_000)
    monkeypatch.setattr(session, "LAGGING_BYTES", 20_000)


async def flood(garden: Garden, socket: Socket) -> None:
    """Commits `COUNT` changes."""
    for _ in range(0, COUNT, 10):
        creates = [garden.create(description="x" * SIZE) for _ in range(10)]
        await socket.send(*(garden.submit(create) for create in creates))
        for _ in creates:
            await socket.expect("ack")


async def until_metric(garden: Garden, line: str) -> None:
    async with asyncio.timeout(20):
        while line not in (await garden.ann.rest("GET", "/metrics")).text.splitlines():
            pass


async def metric(garden: Garden, name: str) -> float:
    lines = (await garden.ann.rest("GET", "/metrics")).text.splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(name)), 0.0)


async def read_until(raw: Raw, seq: int, *, or_mode: str = "") -> list[Message]:
    """Everything up to the change `seq`, or up to a `joined` of this mode, and to what is told at once after it."""
    found: list[Message] = []
    while seq not in changes(found) and or_mode not in [message.get("mode") for message in found]:
        opcode, payload = await raw.frame()
        assert opcode == Opcode.TEXT, (opcode, payload)
        found += json.loads(payload)
    return found


# Lagging


@pytest.mark.parametrize("remembered", [True, False], ids=["from memory", "from the log"])
async def test_p6_p3_g7_a_slow_reader_is_given_what_it_missed_without_a_gap_and_every_answer(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, remembered: bool
) -> None:
    if not remembered:
        monkeypatch.setattr(history, "RING_CHANGES", 5)
    ben = await garden.member("Ben")
    first = (await garden.board.snapshot()).seq + 1
    async with garden.ann.socket(garden.project) as quick, Raw.connect(garden.server) as slow:
        await slow.send(hello(ben, {"type": "join", "project": garden.project}))
        await until_metric(garden, "lockstep_joined_sessions 2.0")
        await flood(garden, quick)
        mine = [garden.submit(garden.create("Mine")) for _ in range(3)]
        await slow.send(text_frame(*mine))
        last = first + COUNT + 2
        await quick.expect("change", seq=last)
        assert changes(await quick.settle()) == list(range(first, last))
        found = await read_until(slow, last)
    assert changes(found) == list(range(first, last + 1))
    assert [message["id"] for message in found if message["type"] == "ack"] == [one["id"] for one in mine]
    assert [message["mode"] for message in found if message["type"] == "joined"] == ["live"]
    assert (
        await metric(garden, 'lockstep_gap_fills_total{source="lag"}')
        + await metric(garden, 'lockstep_gap_fills_total{source="join"}')
        > COUNT / 2
    )


async def test_p6_whoever_lags_further_than_a_snapshot_is_worth_is_told_to_resync(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "RING_CHANGES", 5)
    monkeypatch.setattr(history, "RESUME_BYTES", 20_000)
    async with garden.ann.socket() as quick, Raw.connect(garden.server) as slow:
        await slow.send(hello(garden.ann, {"type": "join", "project": garden.project}))
        await until_metric(garden, "lockstep_joined_sessions 1.0")
        await flood(garden, quick)
        found = await read_until(slow, COUNT + 1, or_mode="resync")
        seen = changes(found)
        assert seen == list(range(2, len(seen) + 2))
        assert len(seen) < COUNT
        await until_metric(garden, "lockstep_joined_sessions 0.0")
        await slow.send(text_frame({"type": "join", "project": garden.project, "since": COUNT + 1}))
        again = await read_until(slow, 0, or_mode="resumed")
        assert changes(again) == []


async def test_presence_is_not_told_to_whoever_lags_and_its_latest_is_told_afterwards(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as quick, Raw.connect(garden.server) as slow:
        await slow.send(hello(ben, {"type": "join", "project": garden.project}))
        await until_metric(garden, "lockstep_joined_sessions 2.0")
        await flood(garden, quick)
        for n in range(20):
            await quick.send({"type": "presence", "project": garden.project, "state": {"task": str(n)}})
            while (await quick.expect("presence"))["sessions"][-1]["state"] != {"task": str(n)}:
                pass
            if n == 3:
                break
        found = await read_until(slow, COUNT + 2)
        while {"task": "3"} not in (states := _states(found, quick.welcome["session"])):
            found += json.loads((await slow.frame())[1])
    assert states[-1] == {"task": "3"}
    assert Counter(str(state) for state in states)[str({"task": "1"})] == 0


def _states(messages: list[Message], session: str) -> list[Any]:
    told = [one for message in messages if message["type"] == "presence" for one in message["sessions"]]
    return [one["state"] for one in told if one["session"] == session]


# Stopping


@pytest.fixture
def closing(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set as soon as the server closes a connection."""
    closing, close = asyncio.Event(), WireProtocol.close

    def told(wire: WireProtocol, code: int, reason: str) -> None:
        close(wire, code, reason)
        closing.set()

    monkeypatch.setattr(WireProtocol, "close", told)
    return closing


async def test_p6_g7_a_reader_that_stops_is_closed_with_4108_delays_nobody_and_resumes(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, closing: asyncio.Event
) -> None:
    assert session.STALL_SECONDS == 10.0
    monkeypatch.setattr(session, "STALL_SECONDS", 0.2)
    monkeypatch.setattr(websocket_protocol, "CLOSE_SECONDS", 60.0)
    join = {"type": "join", "project": garden.project}
    async with garden.ann.socket(garden.project) as quick, Raw.connect(garden.server) as stalled:
        await stalled.send(hello(garden.ann, join))
        await until_metric(garden, "lockstep_joined_sessions 2.0")
        await flood(garden, quick)
        assert changes(await quick.settle()) == list(range(2, COUNT + 2))
        await closing.wait()
        messages, code, _ = await stalled.rest()
        assert code == 4108
    seen = changes(messages)
    assert seen == list(range(2, len(seen) + 2))
    assert len(seen) < COUNT
    async with garden.ann.socket() as again:
        assert (await again.join(garden.project, since=len(seen) + 1))["mode"] == "resumed"
        assert changes(await again.settle()) == list(range(len(seen) + 2, COUNT + 2))


async def test_p6_g7_a_reader_that_never_reads_again_is_dropped(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert websocket_protocol.CLOSE_SECONDS == 5.0
    monkeypatch.setattr(session, "STALL_SECONDS", 0.2)
    monkeypatch.setattr(websocket_protocol, "CLOSE_SECONDS", 0.01)
    async with garden.ann.socket() as author, Raw.connect(garden.server) as stalled:
        await stalled.send(hello(garden.ann, {"type": "join", "project": garden.project}))
        await until_metric(garden, "lockstep_joined_sessions 1.0")
        await flood(garden, author)
        await until_metric(garden, "lockstep_joined_sessions 0.0")
        await until_metric(garden, "lockstep_socket_connections 1.0")
        await until_metric(garden, 'lockstep_socket_closes_total{code="4108"} 1.0')


async def test_p6_g7_answers_that_nobody_reads_are_bounded(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, closing: asyncio.Event
) -> None:
    monkeypatch.setattr(session, "OUTBOX_BYTES", 100_000)
    ping = text_frame(*({"type": "ping", "at": "x" * 1000} for _ in range(50)))
    async with Raw.connect(garden.server) as stalled:
        await stalled.send(hello(garden.ann))
        assert b"welcome" in (await stalled.frame())[1]
        for _ in range(20):
            if not closing.is_set():
                await stalled.send(ping)
        await closing.wait()
        assert (await stalled.rest())[1] == 4108
