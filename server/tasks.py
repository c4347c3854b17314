"""Ending tasks for good. Imports nothing of ours."""

import asyncio
from typing import Any

AGAIN_SECONDS = 0.1


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancels tasks until they are done, and returns then; how they ended is theirs to know.

    Once is not enough: before Python 3.12 `asyncio.wait_for`, through which redis-py sends, returns normally when a
    cancellation comes in the same turn as its result (python/cpython#86296), and a loop around it goes on for ever.
    """
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=AGAIN_SECONDS)
