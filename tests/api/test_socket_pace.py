"""How fast a client may be: a flood is refused with `rate` and a time to wait, and cut off with 4109 when it goes on (P18)."""

import msgspec
import pytest

from server.api import limits
from server.api.limits import Pace, Speed
from server.domain.errors import RateLimited
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden

SPEED = Speed(1_000, 10_000)


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """For those who are strict, twenty messages and then hardly one."""
    strict = request.node.get_closest_marker("usefixtures") is not None
    return msgspec.structs.replace(settings, limit_messages="20/5 hours") if strict else settings


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly any message is allowed, or forgiven. Name it before the sockets: they take what they may when they open."""
    monkeypatch.setattr(limits, "REFUSED_BURST", 30)
    monkeypatch.setattr(limits, "REFUSED_A_SECOND", 0.001)


@pytest.mark.usefixtures("strict")
async def test_p18_a_flood_is_refused_with_a_time_to_wait_and_cut_off_with_4109_when_it_goes_on(
    garden: Garden,
) -> None:
    async with garden.ann.socket() as socket:
        submits = [garden.submit(garden.create()) for _ in range(25)]
        await socket.send(*submits)
        answers = {message["id"]: message for message in [await socket.expect("ack", "reject") for _ in submits]}
        told = [answers[each["id"]] for each in submits]
        assert [answer["type"] for answer in told] == ["ack"] * 20 + ["reject"] * 5
        assert {(answer["code"], answer["retryable"], answer["retry_ms"]) for answer in told[20:]} == {
            ("rate", True, 1000)
        }
        await socket.send({"type": "ping", "at": 1})
        refused = await socket.expect("error", re="ping")
        assert (refused["code"], refused["retry_ms"]) == ("rate", 1000)
        await socket.send(*({"type": "ping"} for _ in range(100)))
        assert await socket.closed() == (4109, "too fast")
    assert len((await garden.board.snapshot()).tasks) == 20


@pytest.mark.usefixtures("strict")
async def test_p18_without_rate_limits_nobody_is_too_fast(settings: Settings, garden: Garden) -> None:
    async with (
        serving(msgspec.structs.replace(settings, rate_limits=False)) as server,
        garden.elsewhere(garden.ann, server).socket(garden.project) as socket,
    ):
        assert "messages_burst" not in socket.welcome["limits"]
        await socket.send(*({"type": "ping", "at": n} for n in range(500)))
        presence = {"type": "presence", "project": garden.project, "state": {}}
        await socket.send(*(presence for _ in range(100)))
        assert "error" not in {message["type"] for message in await socket.settle()}


async def test_p18_the_welcome_names_the_pace_and_a_bots_burst_is_well_within_it(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        told = socket.welcome["limits"]
        assert (told["messages_a_second"], told["messages_burst"]) == (1_000, 10_000)
        for _ in range(5):
            await socket.send(*({"type": "ping", "at": n} for n in range(1_000)))
        assert {message["type"] for message in await socket.settle()} == {"pong"}


def test_p18_whoever_waits_when_told_so_is_forgiven() -> None:
    now = 0.0
    pace = Pace(SPEED, lambda: now)
    for _ in range(SPEED.burst):
        pace.take()
    for _ in range(10):
        for _ in range(limits.REFUSED_BURST // 10):
            with pytest.raises(RateLimited):
                pace.take()
        assert pace.patient
    now = 60.0
    for _ in range(SPEED.burst):
        pace.take()
