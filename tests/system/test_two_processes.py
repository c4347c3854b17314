"""`lockstep up --web 2`: one port, two web processes, one board."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import psutil
from websockets.exceptions import ConnectionClosed

from tests.helpers.people import Message, Person, Server, Socket
from tests.system.test_up import Up, start  # noqa: F401  a fixture

ATTEMPTS = 50
"""Connections tried until the kernel hands one to the process that is wanted; each time the odds are even."""


@asynccontextmanager
async def at_process(person: Person, project: str, pid: int) -> AsyncIterator[Socket]:
    """A socket that the process `pid` serves."""
    for _ in range(ATTEMPTS):
        async with person.socket(project) as socket:
            if serves(pid, socket):
                yield socket
                return
    raise AssertionError(f"none of {ATTEMPTS} connections was served by {pid}")


def serves(pid: int, socket: Socket) -> bool:
    ours = socket.connection.local_address[1]
    open_ = (each for each in psutil.Process(pid).net_connections("tcp") if each.status == psutil.CONN_ESTABLISHED)
    return any(each.raddr.port == ours for each in open_)


def create(column: str, title: str) -> Message:
    return {"type": "create_task", "id": str(uuid4()), "column_id": column, "title": title}


async def test_a_board_works_across_two_processes_and_outlives_one_of_them(start: Callable[..., Up]) -> None:  # noqa: F811
    up = start("--no-demo", "--web", "2")
    await asyncio.to_thread(up.until_ready)
    first, second = up.running()["web 1"], up.running()["web 2"]
    ann, ben = [await Server(f"http://127.0.0.1:{up.port}").sign_up(name) for name in ("Ann", "Ben")]
    project = await ann.project()
    await ann.let_in(ben, project)
    column = (await ann.snapshot(project))["columns"][0]["id"]
    async with at_process(ann, project, first) as a, at_process(ben, project, second) as b:
        await both_see(a, b, project, [create(column, f"Task {n}") for n in range(10)])
        await each_knows_of_the_other(a, b, project)
        os.kill(first, signal.SIGKILL)
        last = (await b.submit(project, create(column, "While one is down")))["seq"]
        await cut_off(a)
        async with ann.socket() as again:
            assert (await again.join(project, since=last - 1))["mode"] == "resumed"
            assert await again.expect("change") == await b.expect("change", seq=last)
            await both_see(again, b, project, [create(column, "Together again")])


async def both_see(a: Socket, b: Socket, project: str, commands: list[Message]) -> None:
    """Edits at either end arrive at both as the same change."""
    for n, command in enumerate(commands):
        ack = await (a if n % 2 else b).submit(project, command)
        assert ack["type"] == "ack", ack
        assert await a.expect("change", seq=ack["seq"]) == await b.expect("change", seq=ack["seq"])


async def each_knows_of_the_other(a: Socket, b: Socket, project: str) -> None:
    for one, other in ((a, b), (b, a)):
        state = {"task": str(uuid4())}
        await one.send({"type": "presence", "project": project, "state": state})
        while state not in [each["state"] for each in (await other.expect("presence"))["sessions"]]:
            pass


async def cut_off(socket: Socket) -> None:
    try:
        await socket.expect("nothing")
    except ConnectionClosed:
        return
