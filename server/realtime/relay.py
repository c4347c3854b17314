"""Hints between the web processes, over Redis pub/sub. An accelerator only: every packet may be lost, doubled or reordered.

What waits travels together as one packet, `<process> [news, …]`. A process that hears of no other keeps its changes to itself. broadcaster carries it, on a backend of our own: its Redis backend goes
deaf for ever after a dropped connection. One owner subscribes, one task publishes, and our own packets coming back tell that the line
is alive. Not here: what the news mean (rooms).
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import msgspec
import structlog
from broadcaster import Broadcast, Event
from broadcaster._backends.base import BroadcastBackend
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.domain.ids import new_id
from server.realtime.presence import Elsewhere
from server.tasks import end
from server.telemetry import Telemetry

log = structlog.get_logger()

CHANNEL = "lockstep:relay"
INLINE_BYTES = 16 * 1024
"""Announcements above this size carry only where the log stands; rooms read the rest from it."""

NEWS_MAX = 2_000
"""Announcements that wait to be published; when Redis is away or slow the oldest are dropped, and rooms read the log."""

PRESENCE_MAX = 200
"""News of presence that wait; they go last and are dropped first, for they are all told again."""

PACKET_NEWS = 200
PACKETS_MAX = 500
CANARY_SECONDS = 2.0
DEAF_SECONDS = 6.0
"""Silence after which the line is taken for dead: our own packets should have come back."""

COMPANY_SECONDS = 3.0
"""How long others are taken to be there after the line was opened; longer than their canaries let wait."""

BACKOFF_SECONDS = 5.0
REOPENED = ""


class Announcement(msgspec.Struct, frozen=True, tag="changes"):
    """`count` changes of a project, numbered from `first`; without `messages` only that they exist."""

    project: UUID
    epoch: UUID
    first: int
    count: int
    messages: tuple[msgspec.Raw, ...] = ()

    @property
    def last(self) -> int:
        return self.first + self.count - 1

    @classmethod
    def of(cls, project: UUID, epoch: UUID, first: int, messages: list[bytes]) -> "Announcement":
        inline = sum(map(len, messages)) <= INLINE_BYTES
        return cls(project, epoch, first, len(messages), tuple(map(msgspec.Raw, messages)) if inline else ())


class Personal(msgspec.Struct, frozen=True, tag="personal"):
    """A message for every session of one account; who is away does without."""

    account: UUID
    message: msgspec.Raw


News = Announcement | Elsewhere | Personal
Hear = Callable[[News | None], None]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[News]).decode


class Relay:
    """Tells the other processes, and hears them. `process` names this one."""

    def __init__(self, redis_url: str, telemetry: Telemetry) -> None:
        self.process = new_id()
        self._backend = _Supervised(redis_url)
        self._broadcast = Broadcast(backend=self._backend)
        self._waiting: deque[News] = deque(maxlen=NEWS_MAX)
        self._presence: deque[News] = deque(maxlen=PRESENCE_MAX)
        self._some = asyncio.Event()
        self._heard_own = time.monotonic()
        self._company_until = time.monotonic() + COMPANY_SECONDS
        telemetry.relay_canary_age.set_function(lambda: time.monotonic() - self._heard_own)

    @property
    def healthy(self) -> bool:
        """Whether our own packets come back."""
        return time.monotonic() - self._heard_own < DEAF_SECONDS

    @property
    def alone(self) -> bool:
        """Whether no other process is there, as far as can be heard."""
        return time.monotonic() > self._company_until

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keeps the line and publishes."""
        async with self._broadcast:
            publisher = asyncio.create_task(self._publish(), name="relay publisher")
            try:
                yield
            finally:
                await end(publisher)

    def tell(self, news: News) -> None:
        """Queues news for the other processes; never blocks. Whoever comes just when nobody was there finds changes by its sweep."""
        if isinstance(news, Elsewhere):
            self._presence.append(news)
        elif self.alone:
            return
        else:
            self._waiting.append(news)
        self._some.set()

    async def listen(self, hear: Hear) -> None:
        """Hands everything heard from others to `hear`; None after a gap. Runs until cancelled; the one owner of the subscription."""
        async with self._broadcast.subscribe(CHANNEL) as subscriber:
            async for event in subscriber:  # type: ignore[union-attr]
                if event is None or event.message == REOPENED:
                    self._company_until = max(self._company_until, time.monotonic() + COMPANY_SECONDS)
                    self._some.set()  # others learn at once that we are there
                    hear(None)
                    continue
                try:
                    self._take(event.message, hear)
                except msgspec.DecodeError:
                    log.warning("relay packet not understood", size=len(event.message))
                except Exception:
                    log.exception("relay packet not taken")

    def _take(self, packet: str, hear: Hear) -> None:
        process, _, news = packet.partition(" ")
        if process == self.process.hex:
            self._heard_own = time.monotonic()
            return
        self._company_until = time.monotonic() + DEAF_SECONDS
        for one in _decode(news):
            hear(one)

    def _packet(self) -> list[News]:
        """What is published next: announcements, and presence as far as there is room beside them."""
        packet: list[News] = []
        for waiting in (self._waiting, self._presence):
            while waiting and len(packet) < PACKET_NEWS:
                packet.append(waiting.popleft())
        return packet

    async def _publish(self) -> None:
        """One packet after the other; an empty one when there is nothing to tell, to hear whether it comes back."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CANARY_SECONDS):
                    await self._some.wait()
            packet = self._packet()
            if not (self._waiting or self._presence):
                self._some.clear()
            try:
                await self._broadcast.publish(CHANNEL, f"{self.process.hex} {_encode(packet).decode()}")
            except (RedisError, OSError) as lost:
                log.debug("relay packet lost", news=len(packet), reason=repr(lost))
                await asyncio.sleep(random.uniform(0.1, 0.5))
            if not self.healthy:
                self._backend.reopen()


class _Supervised(BroadcastBackend):
    """A subscription that is opened anew, with a fresh connection, whenever it fails; and a connection to publish with."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._channels: set[str] = set()
        self._incoming: asyncio.Queue[Event] = asyncio.Queue(PACKETS_MAX)
        self._publisher = _client(url)
        self._supervisor: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._reopened_at = 0.0

    async def connect(self) -> None:
        self._supervisor = asyncio.create_task(self._supervise(), name="relay supervisor")

    async def disconnect(self) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        await self._publisher.aclose()

    async def subscribe(self, group: str) -> None:
        self._channels.add(group)
        self._restart()

    async def unsubscribe(self, group: str) -> None:
        self._channels.discard(group)
        self._restart()

    async def publish(self, channel: str, message: Any) -> None:
        await self._publisher.publish(channel, message)

    async def next_published(self) -> Event:
        return await self._incoming.get()

    def reopen(self) -> None:
        """Ends the present connection, unless it is young: it may not have had the time to prove itself."""
        if time.monotonic() - self._reopened_at > DEAF_SECONDS:
            self._restart()

    def _restart(self) -> None:
        self._reopened_at = time.monotonic()
        if self._reader is not None:
            self._reader.cancel()

    async def _supervise(self) -> None:
        """Keeps a reader running, with back-off and jitter while it fails."""
        failures = 0
        while True:
            started = time.monotonic()
            self._reader = asyncio.create_task(self._read(), name="relay reader")
            try:
                await asyncio.wait([self._reader])
            finally:
                self._reader.cancel()
            failures = 0 if time.monotonic() - started > BACKOFF_SECONDS else failures + 1
            if not self._reader.cancelled() and self._reader.exception() is not None:
                log.warning("relay lost", tries=failures, reason=repr(self._reader.exception()))
            await asyncio.sleep(min(BACKOFF_SECONDS, 0.05 * 2 ** min(failures, 8)) * random.uniform(0.5, 1.0))

    async def _read(self) -> None:
        if not self._channels:
            await asyncio.Event().wait()
        async with _client(self._url) as client, client.pubsub() as pubsub:
            await pubsub.subscribe(*self._channels)
            while True:
                message = await pubsub.get_message(timeout=1.0)
                if message is not None:
                    self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        """Once Redis has confirmed a subscription, and not before, whatever is published arrives: what was missed until then is a gap."""
        channel = message["channel"].decode()
        if message["type"] == "subscribe":
            self._take(Event(channel, REOPENED))
        elif message["type"] == "message":
            with suppress(UnicodeDecodeError):
                self._take(Event(channel, message["data"].decode()))

    def _take(self, event: Event) -> None:
        """Bounded: what does not fit is dropped and told as a gap, so that rooms read the log."""
        try:
            self._incoming.put_nowait(event)
        except asyncio.QueueFull:
            while not self._incoming.empty():
                self._incoming.get_nowait()
            self._incoming.put_nowait(Event(event.channel, REOPENED))


def _client(url: str) -> Redis:
    """One retry, because a pooled socket that Redis has closed fails once."""
    return Redis.from_url(url, socket_timeout=5.0, socket_connect_timeout=2.0, retry=Retry(NoBackoff(), 1))
