"""Hints between the web processes, over Redis pub/sub. An accelerator only: every message may be lost, doubled or reordered.

broadcaster carries the messages, on a backend of our own: its Redis backend goes deaf for ever after a dropped connection. One owner
subscribes, one task publishes in pipelines, a canary tells whether what we send comes back. Not here: what the messages mean (rooms).
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import msgspec
import structlog
from broadcaster import Broadcast, Event
from broadcaster._backends.base import BroadcastBackend
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from server.realtime.presence import Elsewhere
from server.telemetry import Telemetry

log = structlog.get_logger()

CHANNEL = "lockstep:relay"
INLINE_BYTES = 16 * 1024
"""Announcements above this size carry only where the log stands; rooms read the rest from it."""

QUEUE_MESSAGES = 2_000
PIPELINE = 200
CANARY_SECONDS = 2.0
DEAF_SECONDS = 6.0
"""Age of the last canary above which the connection is taken for dead."""

BACKOFF_SECONDS = 5.0
REOPENED = "reopened"


class Announcement(msgspec.Struct, frozen=True, tag="changes"):
    """Changes of a project, numbered from `first`; without `messages` only that they exist."""

    process: UUID
    project: UUID
    epoch: UUID
    first: int
    messages: list[bytes]
    count: int = 0

    @property
    def last(self) -> int:
        return self.first + (self.count or len(self.messages)) - 1


class _Wired(msgspec.Struct, frozen=True, tag="changes"):
    """An announcement as it travels: the messages are JSON already and are not quoted again."""

    process: UUID
    project: UUID
    epoch: UUID
    first: int
    messages: list[msgspec.Raw]
    count: int


class _Presence(msgspec.Struct, frozen=True, tag="presence"):
    news: Elsewhere


class _Canary(msgspec.Struct, frozen=True, tag="canary"):
    relay: str
    at: float


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Wired | _Presence | _Canary).decode

Hear = Callable[["Announcement | Elsewhere | None"], None]


class Relay:
    """Tells the other processes, and hears them."""

    def __init__(self, redis_url: str, telemetry: Telemetry) -> None:
        self._backend = _Supervised(redis_url)
        self._broadcast = Broadcast(backend=self._backend)
        self._name = random.randbytes(8).hex()
        self._heard_canary = time.monotonic()
        telemetry.relay_canary_age.set_function(lambda: time.monotonic() - self._heard_canary)

    @property
    def healthy(self) -> bool:
        """Whether our own messages come back."""
        return time.monotonic() - self._heard_canary < DEAF_SECONDS

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keeps the connection and the canary."""
        async with self._broadcast:
            canary = asyncio.create_task(self._sing(), name="relay canary")
            try:
                yield
            finally:
                canary.cancel()

    def announce(self, news: Announcement) -> None:
        """Queues an announcement; never blocks, drops when the relay cannot keep up."""
        inline = sum(map(len, news.messages)) <= INLINE_BYTES
        messages = [msgspec.Raw(message) for message in news.messages] if inline else []
        wired = _Wired(news.process, news.project, news.epoch, news.first, messages, len(news.messages))
        self._backend.offer(CHANNEL, _encode(wired).decode())

    def tell(self, news: Elsewhere) -> None:
        self._backend.offer(CHANNEL, _encode(_Presence(news)).decode())

    async def listen(self, hear: Hear) -> None:
        """Hands everything heard to `hear`; None after a gap. Runs until cancelled; the one owner of the subscription."""
        async with self._broadcast.subscribe(CHANNEL) as subscriber:
            async for event in subscriber:  # type: ignore[union-attr]
                if event is None or event.message == REOPENED:
                    hear(None)
                    continue
                try:
                    self._take(event.message, hear)
                except msgspec.DecodeError:
                    log.warning("relay message not understood", size=len(event.message))
                except Exception:
                    log.exception("relay message not taken")

    def _take(self, text: str, hear: Hear) -> None:
        match _decode(text):
            case _Wired(process, project, epoch, first, messages, count):
                hear(Announcement(process, project, epoch, first, [bytes(one) for one in messages], count))
            case _Presence(news):
                hear(news)
            case _Canary(relay, at) if relay == self._name:
                self._heard_canary = max(self._heard_canary, at)

    async def _sing(self) -> None:
        while True:
            self._backend.offer(CHANNEL, _encode(_Canary(self._name, time.monotonic())).decode())
            await asyncio.sleep(CANARY_SECONDS)
            if not self.healthy:
                self._backend.reopen()


class _Supervised(BroadcastBackend):
    """A Redis connection that is opened anew, with everything subscribed again, whenever it fails or falls silent."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._channels: set[str] = set()
        self._incoming: asyncio.Queue[Event] = asyncio.Queue(QUEUE_MESSAGES)
        self._outgoing: asyncio.Queue[tuple[str, str]] = asyncio.Queue(QUEUE_MESSAGES)
        self._pubsub: PubSub | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._reader: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self._tasks = [
            asyncio.create_task(self._forever("listen", self._read), name="relay reader"),
            asyncio.create_task(self._forever("publish", self._write), name="relay writer"),
        ]

    async def disconnect(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def subscribe(self, group: str) -> None:
        self._channels.add(group)
        self.reopen()

    async def unsubscribe(self, group: str) -> None:
        self._channels.discard(group)

    async def publish(self, channel: str, message: Any) -> None:
        self.offer(channel, message)

    def offer(self, channel: str, message: str) -> None:
        """Queues a message to publish; when Redis is away or slow the newest are dropped, and rooms read the log."""
        with suppress(asyncio.QueueFull):
            self._outgoing.put_nowait((channel, message))

    async def next_published(self) -> Event:
        return await self._incoming.get()

    def reopen(self) -> None:
        """Ends the present connection; the supervisor opens the next one."""
        if self._reader is not None:
            self._reader.cancel()

    async def _forever(self, what: str, attempt: Callable[[], Any]) -> None:
        """Runs `attempt` again whenever it ends, with back-off and jitter while it fails."""
        failures = 0
        while True:
            started = time.monotonic()
            self_task = asyncio.ensure_future(attempt())
            if what == "listen":
                self._reader = self_task
            try:
                await asyncio.wait([self_task])
            finally:
                self_task.cancel()
            failures = 0 if time.monotonic() - started > BACKOFF_SECONDS else failures + 1
            if not self_task.cancelled() and self_task.exception() is not None:
                level = log.warning if failures < 4 else log.debug
                level("relay connection lost", part=what, reason=repr(self_task.exception()))
            await asyncio.sleep(min(BACKOFF_SECONDS, 0.05 * 2**failures) * random.uniform(0.5, 1.0))

    async def _read(self) -> None:
        if not self._channels:
            await asyncio.sleep(BACKOFF_SECONDS)
            return
        async with _client(self._url) as client, client.pubsub() as pubsub:
            await pubsub.subscribe(*self._channels)
            for channel in self._channels:
                self._take(Event(channel, REOPENED))
            while True:
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=1.0)
                if message is not None and message["type"] == "message":
                    with suppress(UnicodeDecodeError):
                        self._take(Event(message["channel"].decode(), message["data"].decode()))

    def _take(self, event: Event) -> None:
        """Bounded: what does not fit is dropped and told as a gap, so that rooms read the log."""
        try:
            self._incoming.put_nowait(event)
        except asyncio.QueueFull:
            while not self._incoming.empty():
                self._incoming.get_nowait()
            self._incoming.put_nowait(Event(event.channel, REOPENED))

    async def _write(self) -> None:
        async with _client(self._url) as client:
            while True:
                waiting = [await self._outgoing.get()]
                while len(waiting) < PIPELINE and not self._outgoing.empty():
                    waiting.append(self._outgoing.get_nowait())
                async with client.pipeline(transaction=False) as pipeline:
                    for channel, message in waiting:
                        pipeline.publish(channel, message)
                    await pipeline.execute()


def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=5.0, socket_connect_timeout=2.0, single_connection_client=False)
