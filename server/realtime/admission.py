"""So many at a time, and a queue that ends: what keeps a thousand who come at once from stalling one another.

Not here: how fast one client may be (api.limits), and submits, which the executor queues.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.domain.errors import Overloaded

RETRY_MS = (1_000, 5_000)
"""When those who are turned away come back: spread out, or they would all come at once again."""


class Admission:
    """At most `places` at a time; up to `waiting` more wait their turn, for `patience_s` at most."""

    def __init__(self, places: int, waiting: int, patience_s: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._room = waiting
        self._patience_s = patience_s

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Holds a place, first come first served. Raises `Overloaded` when too many wait, or for too long."""
        if self._room <= 0:
            raise _full()
        self._room -= 1
        try:
            async with asyncio.timeout(self._patience_s):
                await self._places.acquire()
        except TimeoutError:
            raise _full() from None
        finally:
            self._room += 1
        try:
            yield
        finally:
            self._places.release()


def _full() -> Overloaded:
    return Overloaded("Too many are coming in just now.", retry_ms=random.randint(*RETRY_MS))
