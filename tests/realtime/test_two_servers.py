"""Two servers on one database: what happens at one is seen at the other, through the relay or, without it, by the sweep (G3, G5, G6)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from redis import Redis
from sqlalchemy import text

from server.embedded.valkey import Valkey
from server.realtime import relay, rooms
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.board import Board
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Person, Server, Socket, changes


def states(message: Message) -> dict[str, Any]:
    return {one["session"]: one["state"] for one in message["sessions"]}


# With the relay


@pytest.mark.usefixtures("no_sweep")
async def test_an_edit_at_one_server_is_the_same_change_at_the_other(garden: Garden, other_server: Server) -> None:
    there = garden.elsewhere(garden.ann, other_server)
    async with garden.ann.socket(garden.project) as here, there.socket(garden.project) as observer:
        for command in (garden.create("Small"), garden.create("Large", description="x" * relay.INLINE_BYTES)):
            await here.submit(garden.project, command)
            assert await observer.expect("change") == await here.expect("change")


@pytest.mark.usefixtures("no_sweep")
async def test_a_burst_of_large_edits_crosses_to_its_last_one(garden: Garden, other_server: Server) -> None:
    there = garden.elsewhere(garden.ann, other_server)
    async with garden.ann.socket() as here, there.socket(garden.project) as observer:
        for _ in range(30):
            await here.send(_submit(garden, garden.create(description="x" * 20_000)))
        assert [(await observer.expect("change"))["seq"] for _ in range(30)] == list(range(2, 32))


@pytest.mark.usefixtures("no_sweep")
async def test_g3_writers_at_both_servers_interleave_in_one_order_for_all(garden: Garden, other_server: Server) -> None:
    ben = garden.elsewhere(await garden.member("Ben"), other_server)
    first = (await garden.board.snapshot()).seq
    async with garden.ann.socket(garden.project) as a, ben.socket(garden.project) as b:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_work(garden, garden.ann, 40))
            tasks.create_task(_work(garden, ben, 40))
        seen = [[await each.expect("change", seq=first + n) for n in range(1, 81)] for each in (a, b)]
        assert [each for each in a.waiting + b.waiting if each["type"] == "change"] == []
    assert seen[0] == seen[1]
    authors = [change["actor"]["name"] for change in seen[0]]
    assert authors not in (sorted(authors), sorted(authors, reverse=True))


async def _work(garden: Garden, person: Person, count: int) -> None:
    async with person.socket() as socket:
        for n in range(count):
            await socket.submit(garden.project, garden.create(f"{person.name} {n}"))


def _submit(garden: Garden, *commands: Message) -> Message:
    return {"type": "submit", "id": str(uuid4()), "project": garden.project, "commands": commands}


@pytest.mark.usefixtures("no_sweep")
async def test_p5_an_id_counts_once_whichever_server_hears_it(garden: Garden, other_server: Server) -> None:
    message = _submit(garden, garden.create())
    there = garden.elsewhere(garden.ann, other_server)
    async with garden.ann.socket() as a, there.socket() as b:
        await asyncio.gather(a.send(message), b.send(message))
        answers = [await each.expect("ack") for each in (a, b)]
    assert [answer["seq"] for answer in answers] == [2, 2]
    assert [answer.get("duplicate", False) for answer in answers].count(True) == 1


@pytest.mark.usefixtures("no_sweep")
async def test_p5_repeats_at_two_servers_that_wait_for_the_same_lock_count_once(
    garden: Garden, other_server: Server
) -> None:
    message = _submit(garden, garden.create())
    there = garden.elsewhere(garden.ann, other_server)
    async with garden.ann.socket() as a, there.socket() as b:
        async with garden.board.database.begin() as lock:
            await lock.execute(text("SELECT FROM head FOR NO KEY UPDATE"))
            await asyncio.gather(a.send(message), b.send(message))
            async with asyncio.timeout(10):
                while await lock.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) < 2:
                    pass
        answers = [await each.expect("ack", "reject") for each in (a, b)]
    assert [answer.get("seq") for answer in answers] == [2, 2], answers
    assert [answer.get("duplicate", False) for answer in answers].count(True) == 1


@pytest.mark.usefixtures("no_sweep")
async def test_g6_a_removal_and_a_deletion_at_one_server_end_joins_at_the_other(
    garden: Garden, other_server: Server
) -> None:
    ben = garden.elsewhere(await garden.member("Ben"), other_server)
    there = garden.elsewhere(garden.ann, other_server)
    async with garden.ann.socket() as here, ben.socket(garden.project) as b, there.socket(garden.project) as observer:
        await here.submit(garden.project, {"type": "remove_member", "id": ben.id})
        await b.expect("left", reason="removed")
        await garden.ann.rest("DELETE", f"/v1/projects/{garden.project}")
        await observer.expect("left", reason="deleted")
        assert len(changes(await b.settle())) == 1


@pytest.mark.usefixtures("no_sweep")
async def test_presence_crosses_and_newcomers_learn_of_the_others_at_once(garden: Garden, other_server: Server) -> None:
    ben = garden.elsewhere(await garden.member("Ben"), other_server)
    async with garden.ann.socket(garden.project) as here:
        session = here.welcome["session"]
        await here.send({"type": "presence", "project": garden.project, "state": {"task": "t1"}})
        async with ben.socket(garden.project) as there:
            await _until(there, session, {"task": "t1"})
            await _until(here, there.welcome["session"], {})
            await here.send({"type": "presence", "project": garden.project, "state": {"task": "t2"}})
            await _until(there, session, {"task": "t2"})
        await _until(here, there.welcome["session"], None)
        async with ben.socket(garden.project) as again:
            assert states(await again.expect("presence")).get(session) == {"task": "t2"}


async def _until(socket: Socket, session: str, state: Message | None) -> None:
    while states(await socket.expect("presence")).get(session, ...) != state:
        pass


@pytest.mark.usefixtures("no_sweep")
async def test_noise_on_the_channel_disturbs_nobody(garden: Garden, other_server: Server, redis_url: str) -> None:
    there = garden.elsewhere(garden.ann, other_server)
    async with garden.ann.socket() as here, there.socket(garden.project) as observer:
        await here.submit(garden.project, garden.create())
        assert (await observer.expect("change"))["seq"] == 2
        with Redis.from_url(redis_url) as redis:
            for noise in (b"", b"{", b"\xff\xfe", b'{"type":"changes"}', b'{"type":"dance"}', b"[]", b"00 [3]"):
                redis.publish(relay.CHANNEL, noise)
        await here.submit(garden.project, garden.create())
        assert (await observer.expect("change"))["seq"] == 3


# Without it


@asynccontextmanager
async def pair(settings: Settings, board: Board) -> AsyncIterator[tuple[Garden, Socket, Socket]]:
    """Ann at one server, and Ann at another, where she watches."""
    async with serving(settings) as one, serving(settings) as two:
        garden = await Garden.plant(one, settings, board)
        there = garden.elsewhere(garden.ann, two)
        async with garden.ann.socket() as here, there.socket(garden.project) as observer:
            yield garden, here, observer


async def test_g5_without_redis_edits_arrive_by_the_sweep(settings: Settings, board: Board, own_valkey: Valkey) -> None:
    assert rooms.SWEEP_SECONDS * 1.2 < 2.0  # the longest pause between two sweeps
    settings = msgspec.structs.replace(settings, redis_url=own_valkey.url)
    async with pair(settings, board) as (garden, here, observer):
        await here.submit(garden.project, garden.create("With"))
        await observer.expect("change", seq=2)
        own_valkey.stop()
        for seq in (3, 4):
            await here.submit(garden.project, garden.create("Without"))
            await observer.expect("change", seq=seq)


@pytest.mark.usefixtures("no_sweep")
async def test_g5_a_relay_that_comes_back_tells_what_was_missed_and_goes_on(
    settings: Settings, board: Board, own_valkey: Valkey
) -> None:
    settings = msgspec.structs.replace(settings, redis_url=own_valkey.url)
    async with pair(settings, board) as (garden, here, observer):
        own_valkey.stop()
        await here.submit(garden.project, garden.create("Unheard"))
        own_valkey.start()
        await observer.expect("change", seq=2)
        for seq in range(3, 8):
            await here.submit(garden.project, garden.create("Heard"))
            await observer.expect("change", seq=seq)


async def test_g5_servers_start_and_work_while_redis_is_away(settings: Settings, board: Board) -> None:
    settings = msgspec.structs.replace(settings, redis_url="redis://127.0.0.1:1")
    async with pair(settings, board) as (garden, here, observer):
        await here.submit(garden.project, garden.create())
        await observer.expect("change", seq=2)
