"""What was revoked lately, followed in the database by the sweep: open sockets end, and their tokens open no others.

Not here: writing revocations (storage), and losing a project's membership, which is a change like any other (room).
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from server.realtime.sessions import Sessions
from server.storage import revocations
from server.storage.engine import AsyncConnection
from server.storage.revocations import Grant, Revocation

SLACK = timedelta(minutes=5)
"""How much longer than tokens live a revocation is remembered: clocks differ, and tokens have a leeway."""


class Revocations:
    """Remembers for as long as an access token lives, `lifetime_s`."""

    def __init__(self, sessions: Sessions, lifetime_s: float) -> None:
        self._sessions = sessions
        self._lifetime = timedelta(seconds=lifetime_s) + SLACK
        self._last: int | None = None
        self._known: dict[int, Revocation] = {}
        self._of: dict[UUID, set[Revocation]] = {}

    def ended(self, grant: Grant) -> bool:
        """Whether it was revoked, as far as this process has read."""
        return any(one.ends(grant) for one in self._of.get(grant.account, ()))

    async def follow(self, connection: AsyncConnection) -> None:
        """Reads what is new, and closes the sessions whose grants have ended."""
        if self._last is None:
            read = await revocations.younger(connection, self._lifetime)
            self._last = 0
        else:
            read = await revocations.later(connection, self._last)
        fresh = [one for one in read if one.id not in self._known]
        for one in fresh:
            self._known[one.id] = one
            self._of.setdefault(one.account, set()).add(one)
            self._last = max(self._last, one.id)
        if fresh:
            self._sessions.revoke({one.account for one in fresh}, self.ended)
        self._forget(datetime.now(UTC) - self._lifetime, self._last - revocations.WINDOW)

    def _forget(self, before: datetime, last: int) -> None:
        """What is older than any token, and will not be read again."""
        while self._known:
            first = next(iter(self._known.values()))
            if first.at >= before or first.id > last:
                return
            del self._known[first.id]
            self._of[first.account].discard(first)
            if not self._of[first.account]:
                del self._of[first.account]
