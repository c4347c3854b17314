"""A project's past, for those who missed some of it: the last changes in memory as they are sent, and what is older from the log."""

from collections import deque
from itertools import islice
from uuid import UUID

from server.storage import log as project_log
from server.storage.engine import Database
from server.telemetry import Telemetry

RING_CHANGES = 1_000
RING_BYTES = 1024 * 1024
RESUME_BYTES = 3 * 1024 * 1024
"""Bytes that one is sent at most; less than an outbox holds, or whoever is that far behind could never catch up."""
PAGE = 200


class History:
    """Whoever was away for a moment needs no database: `ring`."""

    def __init__(self, project: UUID, database: Database, telemetry: Telemetry) -> None:
        self.ring = Ring()
        self._project = project
        self._database = database
        self._telemetry = telemetry

    async def between(self, since: int, upto: int, epoch: UUID) -> list[bytes] | None:
        """The changes after `since` up to `upto`: from the ring when it reaches back that far, else from the log.

        None when the log does not hold them any more, or when a snapshot is smaller. What was read is remembered for the next.
        """
        remembered = self.ring.between(since, upto)
        if remembered is not None:
            return remembered
        found: list[bytes] = []
        size = 0
        async with self._database.begin() as connection:
            while (at := since + len(found)) < upto:
                page = await project_log.read(connection, self._project, at, min(PAGE, upto - at))
                if page is None or page.epoch != epoch or page.floor > since or not page.messages:
                    return None
                found += (message.encode() for message in page.messages)
                size += sum(map(len, page.messages))
                if size > RESUME_BYTES:
                    return None
        self._telemetry.gap_fills.labels("join").inc(len(found))
        self.ring.add_before(upto, found)
        return found


class Ring:
    """Changes that follow one another, the oldest forgotten first."""

    def __init__(self) -> None:
        self._changes: deque[bytes] = deque()
        self._bytes = 0
        self._last = 0

    @property
    def first(self) -> int:
        """The seq of the oldest; one more than the last when there is none."""
        return self._last - len(self._changes) + 1

    def add(self, seq: int, message: bytes) -> None:
        """The next change."""
        self._changes.append(message)
        self._last = seq
        self._bytes += len(message)
        while len(self._changes) > RING_CHANGES or self._bytes > RING_BYTES:
            self._bytes -= len(self._changes.popleft())

    def add_before(self, last: int, messages: list[bytes]) -> None:
        """Changes up to `last`, read from the log: those that reach up to ours, as far as there is room."""
        if not self._changes:
            self._last = last
        if last != self.first - 1:
            return
        for message in reversed(messages):
            if len(self._changes) >= RING_CHANGES or self._bytes + len(message) > RING_BYTES:
                return
            self._changes.appendleft(message)
            self._bytes += len(message)

    def between(self, since: int, upto: int) -> list[bytes] | None:
        """The changes after `since` up to `upto`; None when they do not reach back that far."""
        if since >= upto:
            return []
        if not self._changes or since + 1 < self.first or upto > self._last:
            return None
        return list(islice(self._changes, since + 1 - self.first, upto + 1 - self.first))
