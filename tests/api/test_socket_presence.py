"""Who is here and what they are doing: a list on join, then differences, never stored."""

from contextlib import AsyncExitStack

import pytest

from server.api import socket as live
from server.realtime import presence
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Socket


def by_session(message: Message) -> dict[str, Message | None]:
    return {one["session"]: one["state"] for one in message["sessions"]}


async def until(socket: Socket, session: str, state: Message | None) -> list[Message]:
    """Reads presence until it shows `state` for `session`; returns every message on the way."""
    read = []
    while True:
        read.append(await socket.expect("presence"))
        if by_session(read[-1]).get(session, ...) == state:
            return read


def own(socket: Socket) -> str:
    return str(socket.welcome["session"])


async def test_p15_whoever_joins_gets_the_list_and_the_others_the_difference(garden: Garden) -> None:
    ben = await garden.member("Ben", "viewer")
    async with garden.ann.socket(garden.project, client="board") as first:
        assert (await first.expect("presence"))["sessions"] == [
            {"session": own(first), "user": {"id": garden.ann.id, "name": "Ann"}, "client": "board", "state": {}}
        ]
        await first.send(_presence(garden, {"task": "t1", "typing": True}))
        await until(first, own(first), {"task": "t1", "typing": True})
        async with ben.socket(garden.project) as second:
            assert by_session(await second.expect("presence")) == {
                own(first): {"task": "t1", "typing": True},
                own(second): {},
            }
            (difference,) = await until(first, own(second), {})
            assert by_session(difference) == {own(second): {}}
        (gone,) = await until(first, own(second), None)
        assert by_session(gone) == {own(second): None}


def _presence(garden: Garden, state: Message, **fields: str) -> Message:
    return {"type": "presence", "project": garden.project, "state": state, **fields}


async def test_p15_differences_are_gathered_and_the_latest_state_wins(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as watcher, ben.socket(garden.project) as busy:
        await until(watcher, own(busy), {})
        await busy.send(*(_presence(garden, {"task": str(n)}) for n in range(20)))
        assert len(await until(watcher, own(busy), {"task": "19"})) <= 2


async def test_p15_more_than_ten_a_second_are_refused_beyond_a_burst(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        await socket.send(*(_presence(garden, {"task": str(n)}) for n in range(live.PRESENCE_BURST + 5)))
        error = await socket.expect("error", re="presence", project=garden.project)
        assert error["code"] == "rate"
        assert live.PRESENCE_A_SECOND == 10


async def test_p15_a_session_that_leaves_or_drops_is_shown_as_gone(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with (
        garden.ann.socket(garden.project) as watcher,
        ben.socket(garden.project) as leaver,
        ben.socket(garden.project) as dropper,
    ):
        await until(watcher, own(dropper), {})
        await leaver.send({"type": "leave", "project": garden.project})
        await until(watcher, own(leaver), None)
        dropper.connection.transport.abort()
        await until(watcher, own(dropper), None)


async def test_p15_a_removed_member_is_gone_for_the_others(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as admin, ben.socket(garden.project) as socket:
        await until(admin, own(socket), {})
        await admin.submit(garden.project, {"type": "remove_member", "id": ben.id})
        await until(admin, own(socket), None)


async def test_p15_a_state_that_overtakes_its_join_counts_once_it_is_through(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        await socket.send({"type": "join", "project": garden.project}, _presence(garden, {"task": "t1"}))
        await until(socket, own(socket), {"task": "t1"})


async def test_p15_a_state_for_a_project_that_is_not_joined_is_refused(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        await socket.send(_presence(garden, {}))
        assert (await socket.expect("error", re="presence"))["code"] == "not_found"


async def test_p15_joining_again_keeps_one_line_a_session(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as watcher, garden.ann.socket(garden.project) as socket:
        await until(watcher, own(socket), {})
        await socket.send(_presence(garden, {"task": "t1"}))
        await until(watcher, own(socket), {"task": "t1"})
        await socket.settle()
        await socket.join(garden.project)
        assert by_session(await socket.expect("presence")) == {own(watcher): {}, own(socket): {}}
        assert await until(watcher, own(socket), {}) != []


async def test_p15_the_list_is_cut_and_says_how_many_more_there_are(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert presence.LIST_MAX == 100
    monkeypatch.setattr(presence, "LIST_MAX", 2)
    async with (
        garden.ann.socket(garden.project),
        garden.ann.socket(garden.project),
        garden.ann.socket(garden.project),
        garden.ann.socket(garden.project) as last,
    ):
        listed = await last.expect("presence")
        assert (len(listed["sessions"]), listed["more"]) == (2, 2)


async def test_p15_a_crowd_that_changes_at_once_is_told_in_messages_of_bounded_size(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LIST_MAX", 2)
    async with AsyncExitStack() as open_:
        watcher = await open_.enter_async_context(garden.ann.socket(garden.project))
        crowd = [await open_.enter_async_context(garden.ann.socket()) for _ in range(3)]
        for each in crowd:
            await each.join(garden.project)
        seen: set[str] = set()
        while not {own(each) for each in crowd} <= seen:
            message = await watcher.expect("presence")
            assert len(message["sessions"]) <= 2
            seen |= by_session(message).keys()


async def test_p15_presence_is_no_part_of_the_log_or_the_snapshot(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        await socket.send(_presence(garden, {"secret": "rose"}))
        await until(socket, own(socket), {"secret": "rose"})
    path = f"/v1/projects/{garden.project}"
    for found in (path + "/snapshot", path + "/changes?since=0"):
        assert "rose" not in (await garden.ann.rest("GET", found)).text
