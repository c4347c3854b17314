"""Everything that goes wrong, one function each: it disturbs the stack for a while, and puts right what would not recover by itself.

What must hold afterwards is the checker's to say.
"""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from subprocess import TimeoutExpired

from redis.asyncio import Redis
from sqlalchemy import text

from tests.soak.play import Board
from tests.soak.stack import Part
from tests.soak.web import POINTS

Fault = Callable[[Board, random.Random, float], Awaitable[None]]
"""Lasts about as many seconds as it is told."""

POINT_SECONDS = 10.0
"""How long a process may take to come to a fault point; then nobody writes there."""


async def web_dies(point: str, board: Board, chance: random.Random, seconds: float) -> None:
    """A web process dies at a fault point of an edit."""
    web = chance.choice(board.stack.webs)
    web.arm(point)
    try:
        code = await asyncio.to_thread(web.died, POINT_SECONDS)
    except TimeoutExpired as never:
        raise NotReached(point) from never
    finally:
        web.disarm(point)
    assert code == -signal.SIGKILL, code
    await asyncio.sleep(seconds)
    await asyncio.to_thread(web.start)


class NotReached(Exception):
    """Nobody came to the fault point."""


async def web_is_replaced(board: Board, chance: random.Random, seconds: float) -> None:
    """A web process is told to end, and starts anew."""
    web = chance.choice(board.stack.webs)
    await asyncio.to_thread(web.stop)
    await asyncio.to_thread(web.start)


async def webs_are_replaced(board: Board, chance: random.Random, seconds: float) -> None:
    """As when a new version is rolled out: one after the other, each once the one before it serves again."""
    for web in board.stack.webs:
        await asyncio.to_thread(web.stop)
        await asyncio.to_thread(web.start)


async def web_freezes(board: Board, chance: random.Random, seconds: float) -> None:
    with frozen(chance.choice(board.stack.webs)):
        await asyncio.sleep(seconds)


async def redis_dies(board: Board, chance: random.Random, seconds: float) -> None:
    await asyncio.to_thread(board.stack.redis.kill)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(board.stack.redis.start)


async def redis_restarts(board: Board, chance: random.Random, seconds: float) -> None:
    await asyncio.to_thread(board.stack.redis.stop)
    await asyncio.to_thread(board.stack.redis.start)


async def redis_freezes(board: Board, chance: random.Random, seconds: float) -> None:
    with frozen(board.stack.redis):
        await asyncio.sleep(seconds)


async def redis_drops_subscribers(board: Board, chance: random.Random, seconds: float) -> None:
    """Again and again the lines on which processes hear of each other are closed."""
    until = asyncio.get_running_loop().time() + seconds
    async with Redis.from_url(board.stack.redis_url) as redis:
        while asyncio.get_running_loop().time() < until:
            await redis.client_kill_filter(_type="pubsub", skipme=False)
            await asyncio.sleep(0.2)


async def postgres_restarts(board: Board, chance: random.Random, seconds: float) -> None:
    await board.database.close()  # ours are no part of the test
    await asyncio.to_thread(board.stack.database.stop)
    await asyncio.to_thread(board.stack.database.start)


async def postgres_crashes(board: Board, chance: random.Random, seconds: float) -> None:
    """It ends without a checkpoint and comes back from its log."""
    await board.database.close()
    await asyncio.to_thread(board.stack.database.stop, signal.SIGQUIT)
    await asyncio.to_thread(board.stack.database.start)


async def postgres_loses_backends(board: Board, chance: random.Random, seconds: float) -> None:
    """Again and again some of its connections to web processes are ended, whatever they are doing."""
    some = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'lockstep-web%' AND random() < 0.5"
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        async with board.database.begin() as connection:
            await connection.execute(text(some))
        await asyncio.sleep(0.2)


async def lines_are_cut(board: Board, chance: random.Random, seconds: float) -> None:
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        chance.choice(board.lines).cut()
        await asyncio.sleep(chance.uniform(0.1, 0.5))


async def lines_are_slow(board: Board, chance: random.Random, seconds: float) -> None:
    lines = chance.choice(board.lines)
    lines.delay = 0.2
    await asyncio.sleep(seconds)
    lines.delay = 0.0


async def lines_go_dead(board: Board, chance: random.Random, seconds: float) -> None:
    async with chance.choice(board.lines).dead():
        await asyncio.sleep(seconds)


async def all_come_back_at_once(board: Board, chance: random.Random, seconds: float) -> None:
    losses = [client.losses for client in board.clients]
    for lines in board.lines:
        lines.cut()
    async with asyncio.timeout(15):
        await asyncio.gather(*(client.until_live(n + 1) for client, n in zip(board.clients, losses, strict=True)))


FAULTS: dict[str, Fault] = {
    **{f"web dies {point.replace('_', ' ')}": partial(web_dies, point) for point in POINTS},
    "web is replaced": web_is_replaced,
    "replacement of all web processes": webs_are_replaced,
    "web freezes": web_freezes,
    "Redis dies": redis_dies,
    "Redis restarts": redis_restarts,
    "Redis freezes": redis_freezes,
    "Redis drops its subscribers": redis_drops_subscribers,
    "PostgreSQL restarts": postgres_restarts,
    "PostgreSQL crashes": postgres_crashes,
    "PostgreSQL loses backends": postgres_loses_backends,
    "lines are cut": lines_are_cut,
    "lines are slow": lines_are_slow,
    "lines go dead": lines_go_dead,
    "all come back at once": all_come_back_at_once,
}


@contextmanager
def frozen(part: Part) -> Iterator[None]:
    part.freeze()
    try:
        yield
    finally:
        part.thaw()
