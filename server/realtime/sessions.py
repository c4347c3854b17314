"""All sessions of this process: whom it must tell, and see off, before it goes down. Not here: one session (session), rooms (rooms)."""

import asyncio
import random
from contextlib import suppress

from server.protocol import codes
from server.protocol.frames import Drain
from server.realtime.session import Session

ANSWER_SECONDS = 3.0
"""How much longer than the drain a session may take to be answered and to close."""


class Sessions:
    """`draining`: this process takes no session any more."""

    def __init__(self) -> None:
        self.draining = False
        self._open: set[Session] = set()
        self._changed = asyncio.Event()

    def add(self, session: Session) -> None:
        self._open.add(session)

    def remove(self, session: Session) -> None:
        self._open.discard(session)
        self._changed.set()

    async def drain(self, within_s: float) -> None:
        """Tells everybody to go, and closes them one after the other at random, each once it is answered; returns when all have gone.

        At random, so that those who come back do not come all at once. Bounded: whoever is still here in the end is left to the server.
        """
        self.draining = True
        loop = asyncio.get_running_loop()
        for session in self._open:
            session.send(Drain(within_ms=int(within_s * 1000)))
            loop.call_later(random.uniform(0.0, within_s), session.finish, codes.DRAIN, "server restarts")
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s + ANSWER_SECONDS):
                while self._open:
                    self._changed.clear()
                    await self._changed.wait()
