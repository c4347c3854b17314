"""Projects in numbers, for the sessions that asked for them: sent when they join, and when they change, at most once a second.

A follower of what the sessions were sent: nothing here is asked on the way of an edit. Not here: how they are counted (storage.statistics).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import structlog

from server.domain.errors import Refusal
from server.protocol import codec
from server.protocol.frames import Stats
from server.realtime.session import Chunk, Session
from server.storage.statistics import Counted, Counts
from server.tasks import end

log = structlog.get_logger()

PAUSE_SECONDS = 1.0


class _Followed:
    """Who follows a project, and what was told last; those who are `fresh` do not know it yet."""

    __slots__ = ("fresh", "sessions", "told")

    def __init__(self) -> None:
        self.sessions: set[Session] = set()
        self.fresh: set[Session] = set()
        self.told: Counted | None = None


class Numbers:
    """`now` is the time by which what is overdue is told."""

    def __init__(self, counts: Counts, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._counts = counts
        self._now = now
        self._followed: dict[UUID, _Followed] = {}

    def follow(self, project: UUID, session: Session) -> None:
        """From here on the session is told, for as long as it is joined."""
        followed = self._followed.setdefault(project, _Followed())
        followed.sessions.add(session)
        followed.fresh.add(session)

    def unfollow(self, project: UUID, session: Session) -> None:
        followed = self._followed.get(project)
        if followed is not None:
            followed.sessions.discard(session)
            followed.fresh.discard(session)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        telling = asyncio.create_task(self._tell(), name="numbers")
        try:
            yield
        finally:
            await end(telling)

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            await self.turn()

    async def turn(self) -> None:
        """Tells every project's numbers to whoever does not know them yet."""
        for project, followed in list(self._followed.items()):
            followed.sessions = {one for one in followed.sessions if project in one.seqs and not one.closed}
            followed.fresh &= followed.sessions
            if not followed.sessions:
                del self._followed[project]
                continue
            try:
                await self._tell_of(project, followed)
            except Refusal as refusal:
                log.warning("numbers not counted", project=str(project), code=refusal.code)  # the next turn comes
            except Exception:
                log.exception("numbers not counted", project=str(project))

    async def _tell_of(self, project: UUID, followed: _Followed) -> None:
        told, now = followed.told, self._now()
        reached = max(one.seqs[project] for one in followed.sessions)
        if told is not None and not followed.fresh and told.statistics.seq >= reached and now < told.until:
            return
        counted = await self._counts.newest(project, now)
        if counted is None:
            return
        known = told is not None and counted.statistics == told.statistics
        chunk = Chunk([codec.message(Stats(project=project, stats=counted.statistics))])
        followed.told = counted
        if not known:
            followed.fresh |= followed.sessions
        for session in [one for one in followed.fresh if not one.lagging]:
            followed.fresh.remove(session)
            if project in session.seqs:
                session.push(chunk)
