"""A process that only holds joined connections; it may stop reading them."""

import asyncio
import resource
from contextlib import suppress
from multiprocessing.connection import Connection

import uvloop

from tests.load.watchers import Watcher


def main(pipe: Connection, url: str, token: str, project: str, connections: int, *, stalled: bool = False) -> None:
    """Runs in its own process: joins that often, says "ready", and stays until the pipe is closed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.run(_stay(pipe, url, token, project, connections, stalled))


async def _stay(pipe: Connection, url: str, token: str, project: str, connections: int, stalled: bool) -> None:
    watchers = [Watcher(project, n) for n in range(connections)]
    for start in range(0, connections, 50):
        await asyncio.gather(*(watcher.join(url, token) for watcher in watchers[start : start + 50]))
    for watcher in watchers if stalled else ():
        watcher.stall()
    pipe.send("ready")
    await asyncio.get_running_loop().run_in_executor(None, _until_closed, pipe)


def _until_closed(pipe: Connection) -> None:
    with suppress(EOFError):
        pipe.recv()
