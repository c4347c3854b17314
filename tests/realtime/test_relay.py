"""The relay notices when it hears nothing any more, opens anew, and never holds anybody up."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from broadcaster import Broadcast, Event

from server.embedded.valkey import Valkey
from server.realtime import relay as module
from server.realtime.presence import Elsewhere
from server.realtime.relay import Announcement, News, Relay
from server.telemetry import Telemetry

Heard = asyncio.Queue[News | None]


@asynccontextmanager
async def running(url: str) -> AsyncIterator[tuple[Relay, Heard]]:
    """A relay that is subscribed, and what it has heard since."""
    heard: Heard = asyncio.Queue()
    relay = Relay(url, Telemetry())
    async with relay.running():
        listening = asyncio.create_task(relay.listen(heard.put_nowait))
        assert await after_a_gap(heard)
        try:
            yield relay, heard
        finally:
            listening.cancel()


async def after_a_gap(heard: Heard) -> bool:
    """Waits until the relay says that it may have missed something: it has just subscribed, anew."""
    while await following(heard) is not None:
        pass
    return True


async def following(heard: Heard) -> News | None:
    return await asyncio.wait_for(heard.get(), 20)


async def until(relay: Relay, *, healthy: bool) -> None:
    async with asyncio.timeout(20):
        while relay.healthy != healthy:  # noqa: ASYNC110  health is an age: it comes with time alone
            await asyncio.sleep(0.01)


def news(*messages: bytes) -> Announcement:
    return Announcement.of(uuid4(), uuid4(), 7, list(messages))


async def test_what_is_told_arrives_at_the_others_as_it_was_and_not_at_home(redis_url: str) -> None:
    told = [news(b'{"n":1}', b'{"text":"\\u00e4\xc3\xa4"}'), news(b"1")]
    async with running(redis_url) as (one, at_home), running(redis_url) as (_, heard):
        for each in told:
            one.tell(each)
        assert [await following(heard), await following(heard)] == told
        assert at_home.empty()


async def test_who_hears_of_nobody_keeps_changes_to_itself_until_another_one_comes(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPANY_SECONDS", 0.0)
    published: list[str] = []
    publish = Broadcast.publish

    async def noted(broadcast: Broadcast, channel: str, message: str) -> None:
        published.append(message)
        await publish(broadcast, channel, message)

    monkeypatch.setattr(Broadcast, "publish", noted)
    async with running(redis_url) as (one, _):
        assert one.alone
        one.tell(news(b"1"))
        async with running(redis_url) as (_, heard):
            async with asyncio.timeout(20):
                while one.alone:  # noqa: ASYNC110  told by what the other one publishes when it comes
                    await asyncio.sleep(0.01)
            one.tell(told := news(b"2"))
            assert await following(heard) == told
    assert sum('"type":"changes"' in packet for packet in published) == 1


async def test_what_is_large_arrives_as_a_mention(redis_url: str) -> None:
    large = news(b'"' + b"x" * module.INLINE_BYTES + b'"', b"2")
    async with running(redis_url) as (one, _), running(redis_url) as (_, heard):
        one.tell(large)
        mention = await following(heard)
    assert isinstance(mention, Announcement)
    assert (mention.first, mention.last, mention.messages) == (7, 8, ())


async def test_what_waits_travels_in_packets_and_keeps_its_order(redis_url: str) -> None:
    told = [news(str(n).encode()) for n in range(module.PACKET_NEWS * 3 + 1)]
    async with running(redis_url) as (one, _), running(redis_url) as (_, heard):
        for each in told:
            one.tell(each)
        assert [await following(heard) for _ in told] == told


async def test_a_redis_that_falls_silent_is_noticed_and_heard_again_once_it_speaks(
    own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.DEAF_SECONDS <= 6.0
    monkeypatch.setattr(module, "CANARY_SECONDS", 0.02)
    monkeypatch.setattr(module, "DEAF_SECONDS", 0.3)
    process = own_valkey._process
    assert process is not None
    async with running(own_valkey.url) as (one, _), running(own_valkey.url) as (two, heard):
        os.kill(process.pid, signal.SIGSTOP)
        try:
            await until(two, healthy=False)
        finally:
            os.kill(process.pid, signal.SIGCONT)
        assert await after_a_gap(heard)
        for relay in (one, two):
            await until(relay, healthy=True)
        one.tell(news(b"1"))
        assert isinstance(await following(heard), Announcement)


async def test_telling_never_waits_and_never_grows_while_redis_is_away() -> None:
    relay = Relay("redis://127.0.0.1:1", Telemetry())
    async with relay.running():
        for _ in range(module.NEWS_MAX * 2):
            relay.tell(news(b"1"))
        assert len(relay._waiting) <= module.NEWS_MAX


async def test_presence_goes_last_and_is_dropped_first(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    present = [Elsewhere(uuid4(), uuid4(), (), whole=False) for _ in range(module.PRESENCE_MAX * 3)]
    told = [news(str(n).encode()) for n in range(module.PACKET_NEWS * 3)]
    async with running(redis_url) as (one, _), running(redis_url) as (_, heard):
        mixed: list[News] = [*present, *told]
        for each in mixed:
            one.tell(each)
        assert [await following(heard) for _ in told] == told
        kept = present[-module.PRESENCE_MAX :]
        assert [await following(heard) for _ in kept] == kept


async def test_a_flood_that_is_not_taken_in_time_is_told_as_a_gap(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PACKETS_MAX", 10)
    async with running(redis_url) as (relay, heard):
        for n in range(25):
            relay._backend._take(Event(module.CHANNEL, f"noise {n}"))
        assert await after_a_gap(heard)
