"""Working copies between batches: a process that edits a board again need not read it again.

A copy is true as long as the head is where the copy was left, which the write itself checks; so nothing here needs to hear of others' edits.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from server.storage.pen import Head
from server.storage.rows import Rows

CLOCK_SECONDS = 60.0
"""How long a working copy goes without asking the database's clock again."""

HELD_ROWS = 100_000
"""Rows kept over all projects; about 1 KB each."""


class Copy(msgspec.Struct):
    """A project's working copy between batches: true as long as the head is where it was left.

    `now` was the database's clock at `read_at` on the monotonic one.
    """

    head: Head
    rows: Rows
    now: datetime
    read_at: float

    def clock(self) -> datetime | None:
        """The database's clock, told by ours since it was last asked; None when that is too long ago."""
        passed = time.monotonic() - self.read_at
        return self.now + timedelta(seconds=passed) if passed < CLOCK_SECONDS else None


class Copies:
    """The most recently used copies, up to `HELD_ROWS`."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, Copy] = OrderedDict()
        self._rows = 0

    @property
    def roomy(self) -> bool:
        """Whether there is room to hold boards whole, and not only what of them was edited."""
        return self._rows < HELD_ROWS // 2

    def take(self, projects: Iterable[UUID]) -> dict[UUID, Copy]:
        """The copies for a batch; while it runs nobody else has them."""
        copies = {project: self._held.pop(project) for project in projects if project in self._held}
        self._rows -= sum(len(copy.rows) for copy in copies.values())
        return copies

    def hold(self, copies: Mapping[UUID, Copy]) -> None:
        """Keeps what a batch left behind."""
        for project, copy in copies.items():
            if not copy.rows.worn:
                self._held[project] = copy
                self._rows += len(copy.rows)
        while self._rows > HELD_ROWS:
            _, dropped = self._held.popitem(last=False)
            self._rows -= len(dropped.rows)
