"""What is sent, how much at once, and to whom no longer: frames, heartbeats, going down."""

import asyncio
import json
from typing import Any

import msgspec
import pytest

from server.api import intake
from server.domain.commands import UpdateTask
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden
from tests.helpers.people import Message, changes
from tests.helpers.raw import Raw, hello

# Frames


async def test_p17_five_thousand_missed_changes_come_in_frames_of_at_most_512_kib(garden: Garden) -> None:
    task = await garden.board.task("0")
    await asyncio.gather(*(garden.board.submit(UpdateTask(id=task, title=str(n))) for n in range(1, 5_001)))
    async with Raw.connect(garden.server) as raw:
        await raw.send(hello(garden.ann, {"type": "join", "project": garden.project, "since": 2}))
        missing, sizes = set(range(3, 5_003)), []
        while missing:
            _, payload = await raw.frame()
            sizes.append(len(payload))
            missing -= set(changes(json.loads(payload)))
    assert max(sizes) <= 512 * 1024
    assert len(sizes) <= 12  # and they are full


@pytest.mark.parametrize("limit", [1024, 5_000])
async def test_p17_no_frame_is_larger_than_the_limit_that_the_welcome_tells(
    settings: Settings, garden: Garden, limit: int
) -> None:
    for n in range(30):
        await garden.board.task("x" * (1 + n * 5 % 60))
    small = msgspec.structs.replace(settings, frame_out_max_bytes=limit)
    async with serving(small) as server, Raw.connect(server) as raw:
        await raw.send(hello(garden.ann, {"type": "join", "project": garden.project, "since": 1}))
        seen: list[int] = []
        while len(seen) < 30:
            _, payload = await raw.frame()
            messages = json.loads(payload)
            assert len(payload) <= limit or len(messages) == 1
            seen += changes(messages)
    assert seen == list(range(2, 32))


async def test_p17_what_is_sent_in_the_same_moment_travels_in_one_frame(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SLICE_SECONDS", 60)  # all of them are one moment, however slow the machine
    async with garden.ann.socket() as socket:
        await socket.send(*({"type": "ping", "at": n} for n in range(50)))
        assert len(json.loads(await socket.connection.recv())) == 50


# Heartbeats


async def test_p16_heads_come_with_every_heartbeat_and_name_what_was_sent_before(
    settings: Settings, garden: Garden
) -> None:
    quick: dict[str, Any] = {"heartbeat_seconds": 0.01}
    async with serving(msgspec.structs.replace(settings, **quick)) as server:
        ann = garden.elsewhere(garden.ann, server)
        other = await ann.project("Cellar")
        async with ann.socket(garden.project, other) as watcher, ann.socket() as author:
            for n in range(30):
                await author.submit(garden.project, garden.create(str(n)))
            await watcher.send({"type": "leave", "project": other})
            await watcher.expect("left")
            heads = await watcher.expect("heads", projects={garden.project: 31})
            assert heads["inbox_seq"] == 0
            never_ahead(watcher.waiting, {garden.project: 1, other: 1})


def never_ahead(messages: list[Message], sent: dict[str, int]) -> None:
    assert any(message["type"] == "heads" for message in messages)
    for message in messages:
        if message["type"] == "change":
            sent[message["project"]] = message["seq"]
        elif message["type"] == "heads":
            assert message["projects"].items() <= sent.items()


async def test_a_ping_is_answered_with_its_at(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        await socket.send({"type": "ping", "at": {"n": 1}}, {"type": "ping"})
        assert await socket.expect("pong") == {"type": "pong", "at": {"n": 1}}
        assert await socket.expect("pong") == {"type": "pong", "at": None}


# Going down


async def test_p19_a_server_that_goes_down_closes_with_4200_after_it_has_committed_what_it_took(
    settings: Settings, garden: Garden
) -> None:
    message = garden.submit(garden.create("Kept"))
    async with serving(settings) as server:
        open_ = garden.elsewhere(garden.ann, server).socket(garden.project)
        socket = await open_.__aenter__()
        greeting = server.connect()
        stranger = await greeting.__aenter__()
        await socket.send(message)
        await socket.settle()
    assert await socket.closed() == (4200, "server restarts")
    assert (await stranger.closed())[0] == 4200
    await open_.__aexit__(None, None, None)
    await greeting.__aexit__(None, None, None)
    async with garden.ann.socket() as again:
        await again.send(message)
        assert (await again.expect("ack"))["seq"] == 2
