"""Coming back: how long a client that lost its connection waits until it is live again, and what a whole crowd of them waits."""

import asyncio
import resource
import time
from multiprocessing.connection import Connection
from uuid import uuid4

import uvloop

from tests.load.edits import Board
from tests.load.rows import client, receive
from tests.load.stack import Stack
from tests.load.watchers import Watcher

_SEED = 20_262
_STORM_SECONDS = 60.0


def resumes(stack: Stack, *, missed: int, seconds: float) -> list[float]:
    """Milliseconds from opening a connection until the `missed` changes were decoded, one client after another."""
    owner = stack.register("owner")
    project, _ = stack.make_board(owner, Board(_SEED).first(), {})
    head = 0
    for n in range(missed):
        edit = {"id": str(uuid4()), "commands": [{"type": "update_project", "name": f"Bench {n}"}]}
        answer = stack.http.post(f"/v1/projects/{project}/commands", json=edit, headers=owner.headers)
        head = answer.raise_for_status().json()["seq"]
    with client(_come_back, stack.socket_url, owner.token, project, head, missed, seconds) as pipe:
        found: list[float] = receive(pipe)
    return found


def storm(stack: Stack, *, connections: int) -> list[float]:
    """Milliseconds until each of `connections` that were lost at one moment is joined again; all of them try at once."""
    owner = stack.register("owner")
    project, _ = stack.make_board(owner, Board(_SEED).first(), {})
    with client(_storm, stack.socket_url, owner.token, project, connections) as pipe:
        found: list[float] = receive(pipe)
    return found


def _come_back(pipe: Connection, url: str, token: str, project: str, head: int, missed: int, seconds: float) -> None:
    pipe.send(uvloop.run(_resume(url, token, project, head, missed, seconds)))


async def _resume(url: str, token: str, project: str, head: int, missed: int, seconds: float) -> list[float]:
    stay = Watcher(project, 0)
    await stay.join(url, token)  # a room that somebody is in is warm
    taken = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.perf_counter()
        watcher = Watcher(project, 0)
        await watcher.join(url, token, since=head - missed)
        await watcher.reach(head)
        taken.append((time.perf_counter() - started) * 1000)
        watcher.close()
    return taken


def _storm(pipe: Connection, url: str, token: str, project: str, connections: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pipe.send(uvloop.run(_all_come_back(url, token, project, connections)))


async def _all_come_back(url: str, token: str, project: str, connections: int) -> list[float]:
    watchers = [Watcher(project, n) for n in range(connections)]
    for start in range(0, connections, 50):
        await asyncio.gather(*(watcher.join(url, token) for watcher in watchers[start : start + 50]))
    for watcher in watchers:
        watcher.close()
    started = time.perf_counter()

    async def back(watcher: Watcher) -> float:
        """Tries until it is let in, as every client does that is turned away."""
        while True:
            again = Watcher(project, 0)
            try:
                await again.join(url, token, since=watcher.seq)
                return (time.perf_counter() - started) * 1000
            except (OSError, TimeoutError):
                await asyncio.sleep(0.25)

    async with asyncio.timeout(_STORM_SECONDS):
        return list(await asyncio.gather(*(back(watcher) for watcher in watchers)))
