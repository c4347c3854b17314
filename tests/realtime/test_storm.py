"""Many who come back at once: in turn, mostly without the database, and turned away rather than kept for ever (P18)."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import Engine, event, text

from server.api import greeting
from server.domain.errors import Overloaded
from server.realtime import rooms
from server.realtime.admission import Admission
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden
from tests.helpers.people import Person

CROWD = 150


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What any database of this process is asked, but for the pen's statements."""
    said: list[str] = []

    def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", executed)
    yield said
    event.remove(Engine, "before_cursor_execute", executed)


@pytest.fixture
def no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name it before the servers: they begin to sweep when they start."""
    monkeypatch.setattr(rooms, "SWEEP_SECONDS", 3600.0)


async def work(garden: Garden, count: int) -> None:
    async with garden.ann.socket() as socket:
        for n in range(count):
            await socket.submit(garden.project, garden.create(f"Task {n}"))


async def come_back(person: Person, project: str, since: int, last: int) -> None:
    """Says hello and joins in one frame, and is sent what it missed."""
    async with person.server.connect(open_timeout=60) as socket:
        hello = {"type": "hello", "protocol": 1, "token": person.token}
        await socket.send(hello, {"type": "join", "project": project, "since": since})
        assert (await socket.expect("joined", "error"))["mode"] == "resumed"
        seen = [(await socket.expect("change"))["seq"] for _ in range(last - since)]
        assert seen == list(range(since + 1, last + 1))


@pytest.mark.usefixtures("no_sweep")
async def test_resuming_from_memory_asks_the_database_nothing(garden: Garden, statements: list[str]) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project):
        first = (await garden.board.snapshot()).seq
        await work(garden, 5)
        async with ben.socket(garden.project):
            pass
        statements.clear()
        await come_back(ben, garden.project, first, first + 5)
        assert statements == []


@pytest.mark.usefixtures("no_sweep")
async def test_a_crowd_at_a_server_that_has_just_started_is_live_after_a_handful_of_statements(
    settings: Settings, garden: Garden, statements: list[str]
) -> None:
    people = [garden.ann, *[await garden.member(name) for name in ("Ben", "Cid", "Dee", "Eve")]]
    first = (await garden.board.snapshot()).seq
    for _ in range(30):
        await garden.board.task()
    async with serving(settings) as server:
        statements.clear()
        async with asyncio.TaskGroup() as crowd:
            for n in range(CROWD):
                person = garden.elsewhere(people[n % len(people)], server)
                crowd.create_task(come_back(person, garden.project, first, first + 30))
        assert len(statements) < 40


async def test_p18_beyond_those_who_wait_for_a_greeting_others_are_turned_away_with_4110_and_a_time(
    settings: Settings, garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (greeting.PLACES, greeting.WAITING_MAX) == (4, 4_096)
    monkeypatch.setattr(greeting, "PLACES", 2)
    monkeypatch.setattr(greeting, "WAITING_MAX", 3)
    people = [await garden.member(f"Person {n}") for n in range(20)]
    async with serving(settings) as server, AsyncExitStack() as open_:
        sockets = [await open_.enter_async_context(server.connect()) for _ in people]
        async with garden.board.database.begin() as lock:
            await lock.execute(text("LOCK TABLE account"))
            for socket, person in zip(sockets, people, strict=True):
                await socket.send({"type": "hello", "protocol": 1, "token": person.token})
            for socket in sockets[5:]:
                error = await socket.expect("error", re="hello")
                assert error["code"] == "overloaded"
                assert 1_000 <= error["retry_ms"] <= 5_000
                assert (await socket.closed())[0] == 4110
        for socket in sockets[:5]:
            await socket.expect("welcome")


async def test_p18_a_join_that_would_wait_for_too_long_is_refused_and_the_connection_lives_on(
    settings: Settings, garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(rooms, "PLACES", 1)
    other = await garden.ann.project("Cellar")
    async with serving(settings) as server, garden.elsewhere(garden.ann, server).socket() as socket:
        async with garden.board.database.begin() as lock:
            await lock.execute(text("LOCK TABLE head IN ACCESS EXCLUSIVE MODE"))
            joins = ({"type": "join", "project": project} for project in (garden.project, other))
            await socket.send(*joins)
            refused = await socket.expect("error", re="join", project=other)
            assert (refused["code"], refused["retry_ms"] >= 1_000) == ("overloaded", True)
        await socket.expect("joined", project=garden.project)
        await socket.join(other)


async def test_places_are_given_in_the_order_in_which_they_were_asked_for_and_given_back_whatever_happens() -> None:
    admission, order, go_on = Admission(1, 5, 10.0), list[int](), asyncio.Event()

    async def come(n: int) -> None:
        async with admission.place():
            order.append(n)
            await go_on.wait()
            raise ValueError(n)

    coming = [asyncio.create_task(come(n)) for n in range(5)]
    await asyncio.sleep(0)
    coming[2].cancel()
    go_on.set()
    ended = await asyncio.gather(*coming, return_exceptions=True)
    assert order == [0, 1, 3, 4]
    assert [type(one) for one in ended] == [ValueError, ValueError, asyncio.CancelledError, ValueError, ValueError]
    full = Admission(0, 0, 10.0)
    with pytest.raises(Overloaded):
        async with full.place():
            pass
