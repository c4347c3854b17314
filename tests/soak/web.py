"""A web process that dies by SIGKILL when it comes to a fault point that is armed: `python -m tests.soak.web FOLDER`.

A point is armed by a file of its name in the folder, which is used up. The product knows nothing of this.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from server.app import serve
from server.commands import batch
from server.commands.executor import Executor
from server.settings import load, read_environment
from server.storage.pen import Pen

POINTS = ("after_lock", "after_insert", "after_commit", "after_announce")
"""Before the rows are read; before the transaction commits; before anybody hears of it; before its author does."""

LINGER_SECONDS = 0.1
"""After an announcement, so that it has really left."""


def install(folder: Path) -> None:
    """Puts the points into the write's way."""
    lock, run_cold, tell, settle = Pen.lock, batch.run_cold, Executor._tell, Executor._settle
    doomed: list[asyncio.TimerHandle] = []

    async def lock_then(pen: Pen, *arguments: Any, **options: Any) -> Any:
        locked = await lock(pen, *arguments, **options)
        if locked:
            _die_at(folder / "after_lock")
        return locked

    async def run_cold_then(*arguments: Any, **options: Any) -> Any:
        done = await run_cold(*arguments, **options)
        if any(applied.entries for applied in done.applied):
            _die_at(folder / "after_insert")
        return done

    def tell_around(executor: Executor, committed: Any) -> None:
        _die_at(folder / "after_commit")
        tell(executor, committed)
        if _used_up(folder / "after_announce"):
            doomed.append(asyncio.get_running_loop().call_later(LINGER_SECONDS, _die))

    def settle_unless_doomed(executor: Executor, *arguments: Any) -> None:
        if not doomed:
            settle(executor, *arguments)

    for owner, name, instead in (
        (Pen, "lock", lock_then),
        (batch, "run_cold", run_cold_then),
        (Executor, "_tell", tell_around),
        (Executor, "_settle", settle_unless_doomed),
    ):
        setattr(owner, name, instead)


def _die_at(armed: Path) -> None:
    if _used_up(armed):
        _die()


def _used_up(armed: Path) -> bool:
    try:
        armed.unlink()
    except FileNotFoundError:
        return False
    return True


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    install(Path(sys.argv[1]))
    serve(load(read_environment()))
