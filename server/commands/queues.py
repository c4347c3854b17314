"""Submits that wait for their batch: a queue a project, first come first served, one batch in flight a project."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from uuid import UUID

from server.commands.submission import Submission

BATCH_SUBMITS = 256
BATCH_COMMANDS = 1_000
BATCH_BYTES = 1024 * 1024

Work = dict[UUID, list[Submission]]


class Queues:
    """Bounded by who adds. A project is ready while submits of it wait and none are in flight."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, deque[Submission]] = {}
        self._ready: OrderedDict[UUID, None] = OrderedDict()
        self._in_flight: set[UUID] = set()
        self._some = asyncio.Event()
        self._behind = asyncio.Event()

    def add(self, submission: Submission) -> None:
        self._waiting.setdefault(submission.project, deque()).append(submission)
        if submission.project not in self._in_flight:
            self._ready[submission.project] = None
            self._some.set()
        else:
            self._behind.set()

    @property
    def somebody_waits(self) -> bool:
        """Whether a project is ready that nobody has taken."""
        return bool(self._ready)

    async def take(self) -> Work:
        """The next batch: projects that have waited longest first, each with its submits in order. They are in flight until `finish`."""
        while not self._ready:
            self._some.clear()
            await self._some.wait()
        work: Work = {}
        draw = Draw()
        while self._ready and draw.more:
            project, _ = self._ready.popitem(last=False)
            self._in_flight.add(project)
            work[project] = draw.from_(self._waiting[project])
        return work

    async def stirred(self) -> None:
        """Returns when another submit of a project in flight has come, or somebody stirs."""
        self._behind.clear()
        await self._behind.wait()

    def stir(self, *_: object) -> None:
        self._behind.set()

    def take_following(self, projects: Iterable[UUID], draw: "Draw") -> Work:
        """The next submits of projects that are in flight."""
        work = {project: draw.from_(self._waiting[project]) for project in projects}
        return {project: submits for project, submits in work.items() if submits}

    def put_back(self, work: Mapping[UUID, list[Submission]]) -> None:
        """To the head of their queues, while the projects are in flight."""
        for project, submits in work.items():
            self._waiting[project].extendleft(reversed(submits))

    def finish(self, projects: Iterable[UUID]) -> None:
        """Lets the projects' next submits take their turn."""
        for project in projects:
            self._in_flight.discard(project)
            if self._waiting[project]:
                self._ready[project] = None
            else:
                del self._waiting[project]
        if self._ready:
            self._some.set()


class Draw:
    """Takes submits from queues up to the size of a batch."""

    def __init__(self) -> None:
        self._submits = self._commands = self._bytes = 0

    @property
    def more(self) -> bool:
        return self._submits < BATCH_SUBMITS and self._commands < BATCH_COMMANDS and self._bytes < BATCH_BYTES

    def from_(self, queue: deque[Submission]) -> list[Submission]:
        taken = []
        while queue and self.more:
            submission = queue.popleft()
            taken.append(submission)
            self._submits += 1
            self._commands += len(submission.commands)
            self._bytes += submission.size
        return taken
