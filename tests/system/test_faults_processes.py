"""G1 to G4 while parts die, freeze and lose each other: two web processes, PostgreSQL and Valkey, all real; the checker judges.

The faults are those of the soak, in a short form.
"""

import asyncio
import math
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from tests.helpers.people import Message, Server
from tests.helpers.raw import Raw, text_frame
from tests.history.checker import Acked, Submit
from tests.history.clients import Client
from tests.soak.faults import FAULTS
from tests.soak.play import Board, writing
from tests.soak.stack import Stack, running

SHORT_SECONDS = 0.3
BESIDE_SECONDS = 0.2
"""Writing before and after a fault."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="lockstep-faults-") as folder:
        os.chmod(folder, 0o755)
        with running(Path(folder)) as stack:
            yield stack


@pytest.mark.parametrize("fault", FAULTS)
async def test_g1_g2_g3_g4_nothing_is_lost_doubled_or_different_when(fault: str, stack: Stack) -> None:
    """Two write, each at a process of their own, and turn to the other when theirs is gone; two only look on.

    Every edit is answered for good, too. How long anybody had to wait is the soak's to tell.
    """
    chance = random.Random(fault)
    async with Board.on(stack) as board:
        writers = [await board.client(0, 1), await board.client(1, 0)]
        for web in (0, 1):
            await board.client(web)
        async with writing(writers, chance, pause=0.02):
            await asyncio.sleep(BESIDE_SECONDS)
            await FAULTS[fault](board, chance, SHORT_SECONDS)
            await asyncio.sleep(BESIDE_SECONDS)
        assert await board.quiet() <= 5.0
        assert await board.violations() == []
        assert all(acked(writer) for writer in writers)
        assert all(math.isfinite(took) for writer in writers for took in writer.seconds)


def acked(client: Client) -> int:
    """How many of its edits took effect."""
    return sum(any(isinstance(one, Acked) for one in submit.answers) for submit in client.submits.values())


async def test_g5_while_redis_is_dead_edits_at_one_process_reach_the_other_within_2_5_s(stack: Stack) -> None:
    assert all(web.serves_itself() for web in stack.webs)
    assert stack.webs[0].pid != stack.webs[1].pid
    async with Board.on(stack) as board:
        writer, observer = await board.client(0), await board.client(1)
        await asyncio.to_thread(stack.redis.kill)
        try:
            took = [await until_seen(board, writer, observer) for _ in range(3)]
        finally:
            await asyncio.to_thread(stack.redis.start)
        assert max(took) <= 2.5
        assert await board.violations() == []


async def until_seen(board: Board, writer: Client, observer: Client) -> float:
    """Seconds from an edit's answer at the writer to its change at the observer."""
    answer = await writer.submit(create(writer))
    assert isinstance(answer, Acked) and answer.seq is not None
    begun = time.monotonic()
    await observer.reached(answer.seq)
    return time.monotonic() - begun


def create(client: Client, title: str = "Dig", **fields: object) -> Message:
    column = next(iter(client.replica.records["column"]))
    return {"type": "create_task", "id": str(uuid4()), "column_id": column, "title": title, **fields}


async def test_g2_every_frame_and_every_request_sent_twice_counts_once(stack: Stack) -> None:
    chance = random.Random(2)
    async with Board.on(stack) as board:
        writers = [await board.client(0, twice=True), await board.client(1, twice=True)]
        async with writing(writers, chance, pause=0.01):
            for _ in range(10):
                await request_twice(board, writers[0])
        assert await board.quiet() <= 5.0
        assert await board.violations() == []
        assert all(acked(writer) for writer in writers)


async def request_twice(board: Board, client: Client) -> None:
    """The same edit by REST at once, and again; written down as the client's."""
    id = str(uuid4())
    body = {"id": id, "commands": [create(client)]}
    path = f"/v1/projects/{board.project}/commands"
    answers = await asyncio.gather(*(board.rest("POST", path, body) for _ in range(2)))
    client.submits[id] = Submit(id, 2, [Acked(answer.json()["seq"]) for answer in answers])


async def test_g3_g7_beside_readers_that_stall_everybody_else_goes_on_and_memory_is_bounded(stack: Stack) -> None:
    """Three read nothing, one reads slowly; what is sent is twice what an outbox holds."""
    rss = [psutil.Process(web.pid).memory_info().rss for web in stack.webs]
    async with Board.on(stack) as board, AsyncExitStack() as open_:
        writer, _, slow = await board.client(0), await board.client(1), await board.client(0, pace=0.05)
        for web in (0, 0, 1):
            stalled = await open_.enter_async_context(Raw.connect(Server(stack.webs[web].url)))
            hello = {"type": "hello", "protocol": 1, "token": stack.ann.token}
            await stalled.send(text_frame(hello, {"type": "join", "project": board.project}))
        for _ in range(400):
            await writer.submit(create(writer, description="x" * 20_000))
        assert slow.replica.seq > 1
        assert await board.quiet() <= 5.0
        assert await board.violations() == []
    grown = [psutil.Process(web.pid).memory_info().rss - before for web, before in zip(stack.webs, rss, strict=True)]
    assert max(grown) < 100 * 1024 * 1024, grown


async def test_g3_forty_who_lose_their_lines_at_once_are_back_within_five_seconds(stack: Stack) -> None:
    chance = random.Random(40)
    async with Board.on(stack) as board:
        writers = [await board.client(0, 1), await board.client(1, 0)]
        await asyncio.gather(*(board.client(n % 2, 1 - n % 2) for n in range(40)))
        async with writing(writers, chance, pause=0.02):
            await asyncio.sleep(BESIDE_SECONDS)
            async with asyncio.timeout(5):
                await FAULTS["all come back at once"](board, chance, 0)
        assert all(client.losses for client in board.clients)
        assert await board.quiet() <= 5.0
        assert await board.violations() == []
