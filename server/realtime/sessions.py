"""All sessions of this process: what is for one person, those whose grants end, and all of them before it goes down. Not here: one session (session), rooms (rooms)."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from server.protocol import codes
from server.protocol.frames import Drain
from server.realtime.session import Chunk, Session
from server.storage.revocations import Grant

ANSWER_SECONDS = 3.0
"""How much longer than the drain a session may take to be answered and to close."""


class Sessions:
    """`draining`: this process takes no session any more."""

    def __init__(self) -> None:
        self.draining = False
        self._open: dict[Session, Grant] = {}
        self._changed = asyncio.Event()

    def add(self, session: Session, grant: Grant) -> None:
        """Somebody came in, or goes on with another token."""
        self._open[session] = grant

    def remove(self, session: Session) -> None:
        self._open.pop(session, None)
        self._changed.set()

    def tell(self, account: UUID, message: bytes) -> None:
        """An encoded message for every session of the account."""
        chunk = Chunk([message])
        for session, grant in self._open.items():
            if grant.account == account:
                session.push(chunk)

    def revoke(self, accounts: set[UUID], ended: Callable[[Grant], bool]) -> None:
        """Closes the sessions of these accounts whose grants have ended."""
        for session, grant in list(self._open.items()):
            if grant.account in accounts and ended(grant):
                session.close(codes.TOKEN_EXPIRED, "signed out")

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
