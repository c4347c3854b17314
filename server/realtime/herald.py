"""What a process without sessions tells those that have some: its changes, and news for one person. It hears nothing.

Only while it has something to do: a web process that hears of another one publishes all its changes. Not here: the line itself (relay).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import groupby

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.domain.changes import Committed
from server.domain.ids import new_id
from server.domain.jobs import Job, JobNotification
from server.protocol import codec
from server.protocol.frames import Notification
from server.realtime.relay import CHANNEL, NEWS_MAX, PACKET_NEWS, Announcement, News, Personal
from server.tasks import end

_encode = msgspec.json.Encoder().encode


class Herald:
    """Everything may be lost: rooms find changes by their sweep, and whoever asks about a job is answered from the database."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._process = new_id()
        self._waiting: deque[News] = deque(maxlen=NEWS_MAX)
        self._some = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Publishes what waits."""
        publisher = asyncio.create_task(self._publish(), name="herald")
        try:
            yield
        finally:
            await end(publisher)

    def announce(self, committed: list[Committed]) -> None:
        """Changes that this process has committed, in seq order within a project."""
        for project, group in groupby(committed, key=lambda one: one.change.project):
            changes = list(group)
            first = changes[0]
            messages = [one.message for one in changes]
            self._tell(Announcement.of(project, first.epoch, first.change.seq, messages))

    def tell_of_job(self, job: Job) -> None:
        """To the job's owner: how far it is, and that it is over."""
        message = codec.message(Notification(notification=JobNotification(job=job)))
        self._tell(Personal(job.owner_id, msgspec.Raw(message)))

    def _tell(self, news: News) -> None:
        self._waiting.append(news)
        self._some.set()

    async def _publish(self) -> None:
        while True:
            await self._some.wait()
            packet = [self._waiting.popleft() for _ in range(min(PACKET_NEWS, len(self._waiting)))]
            if not self._waiting:
                self._some.clear()
            with suppress(RedisError, OSError):
                await self._redis.publish(CHANNEL, f"{self._process.hex} {_encode(packet).decode()}")
