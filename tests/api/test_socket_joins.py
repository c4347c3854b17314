"""Joining, resuming, leaving and being shown out: every session sees a project's changes in one order without gaps (P3, P4, G3, G6)."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from sqlalchemy import text

from server.api import joins
from server.domain.commands import RemoveMember
from server.realtime import history, room, rooms
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Person, Socket, changes
from tests.helpers.replica import Replica


async def work(garden: Garden, count: int, person: Person | None = None) -> None:
    """Commits `count` changes through the server."""
    async with (person or garden.ann).socket() as socket:
        for n in range(count):
            await socket.submit(garden.project, garden.create(f"Task {n}"))


async def epoch(garden: Garden) -> str:
    return str((await garden.board.snapshot()).epoch)


@pytest.fixture
def restless_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms are compared with the log all the time. Name it before the garden: the sweep begins with the server."""
    assert rooms.SWEEP_SECONDS <= 1.5
    monkeypatch.setattr(rooms, "SWEEP_SECONDS", 0.005)


# Modes


async def test_p3_a_join_without_since_is_live_and_changes_follow_by_one(garden: Garden) -> None:
    await work(garden, 3)
    async with garden.ann.socket() as socket:
        joined = await socket.join(garden.project)
        assert joined == {
            "type": "joined",
            "project": garden.project,
            "epoch": await epoch(garden),
            "seq": 4,
            "mode": "live",
        }
        await work(garden, 3)
        assert changes(await socket.settle()) == [5, 6, 7]


@pytest.mark.parametrize("remembered", [True, False], ids=["from memory", "from the log"])
async def test_p4_a_join_with_since_is_sent_what_it_missed(garden: Garden, remembered: bool) -> None:
    if remembered:
        async with garden.ann.socket(garden.project):
            await work(garden, 5)
    else:
        await garden.board.task()
        for _ in range(4):
            await garden.board.task()
    async with garden.ann.socket() as socket:
        joined = await socket.join(garden.project, since=2, epoch=await epoch(garden))
        assert (joined["mode"], joined["seq"]) == ("resumed", 2)
        await work(garden, 1)
        assert changes(await socket.settle()) == [3, 4, 5, 6, 7]


async def test_p4_a_join_at_the_head_misses_nothing(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        joined = await socket.join(garden.project, since=1)
        assert (joined["mode"], joined["seq"]) == ("resumed", 1)
        assert changes(await socket.settle()) == []


async def test_p4_a_since_that_only_the_log_knows_of_yet_is_caught_up_with(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as watcher:
        await garden.board.task()  # committed by another process that did not say so
        async with garden.ann.socket() as socket:
            assert (await socket.join(garden.project, since=2))["mode"] == "resumed"
        assert (await watcher.expect("change"))["seq"] == 2


async def test_p4_what_cannot_be_resumed_is_told_to_resync_and_is_not_joined(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    await work(garden, 9)
    monkeypatch.setattr(room, "RESUME_MAX", 5)
    async with garden.ann.socket() as socket:
        for asked in ({"since": 11}, {"since": 10, "epoch": str(uuid4())}, {"since": 4}):
            joined = await socket.join(garden.project, **asked)
            assert (joined["mode"], joined["seq"]) == ("resync", 10), asked
        await work(garden, 1)
        assert await socket.settle() == []
        assert (await socket.join(garden.project, since=10))["mode"] == "resumed"
        assert (await socket.expect("change"))["seq"] == 11


async def test_p4_a_since_below_the_floor_of_the_log_is_told_to_resync(garden: Garden) -> None:
    for _ in range(4):
        await garden.board.task()
    async with garden.board.database.begin() as connection:
        await connection.execute(text("UPDATE head SET floor_seq = 3"))
        await connection.execute(text("DELETE FROM change WHERE seq <= 3"))
    async with garden.ann.socket() as socket:
        assert (await socket.join(garden.project, since=2))["mode"] == "resync"
        assert (await socket.join(garden.project, since=3))["mode"] == "resumed"
        assert changes(await socket.settle()) == [4, 5]


async def test_p4_a_gap_of_more_bytes_than_a_snapshot_is_worth_is_told_to_resync(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(6):
        await garden.board.task(description=str(n) * 10_000)
    monkeypatch.setattr(history, "RESUME_BYTES", 40_000)
    async with garden.ann.socket() as socket:
        assert (await socket.join(garden.project, since=1))["mode"] == "resync"
        assert (await socket.join(garden.project, since=4))["mode"] == "resumed"


async def test_p4_whoever_is_told_to_resync_has_left_an_earlier_join(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as socket, ben.socket(garden.project) as other:
        assert (await socket.join(garden.project, since=99))["mode"] == "resync"
        await work(garden, 2)
        assert changes(await socket.settle()) == []
        assert len(changes(await other.settle())) == 2


async def test_p4_a_snapshot_and_the_changes_after_it_are_the_next_snapshot(garden: Garden) -> None:
    ben = await garden.member("Ben")
    stale = await garden.board.snapshot()
    async with garden.ann.socket() as socket, asyncio.TaskGroup() as writers:
        for person in (garden.ann, ben):
            writers.create_task(work(garden, 20, person))
        await socket.join(garden.project, since=stale.seq, epoch=str(stale.epoch))
        replica = Replica.of_snapshot(stale)
        while replica.seq < stale.seq + 40:
            replica.apply(await socket.expect("change"))
    assert replica.records == {**replica.records, **Replica.of_snapshot(await garden.board.snapshot()).records}


# Order


@pytest.mark.usefixtures("restless_sweep")
async def test_g3_everybody_sees_the_changes_of_all_writers_in_one_order_without_gaps(garden: Garden) -> None:
    writers = [garden.ann, *[await garden.member(name) for name in ("Ben", "Cid", "Dee")]]
    first = (await garden.board.snapshot()).seq
    async with AsyncExitStack() as open_:
        early, pace, late = [await open_.enter_async_context(each.socket()) for each in writers[:3]]
        for each in (early, pace):
            await each.join(garden.project, since=first)
        async with asyncio.TaskGroup() as tasks:
            for person in writers:
                tasks.create_task(work(garden, 15, person))
            await pace.expect("change", seq=first + 20)
            await late.join(garden.project, since=first)
        await work(garden, 1)
        seen = [[each for each in await socket.settle() if each["type"] != "presence"] for socket in (early, late)]
    assert changes(seen[0]) == list(range(first + 1, first + 62))
    assert seen[0] == seen[1]


@pytest.mark.usefixtures("restless_sweep")
async def test_g3_changes_that_nobody_announced_are_found_by_the_sweep(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        for _ in range(5):
            await garden.board.task()
        assert [(await socket.expect("change"))["seq"] for _ in range(5)] == [2, 3, 4, 5, 6]


# Again, and away


async def test_p12_a_second_join_replaces_the_first(garden: Garden) -> None:
    await work(garden, 3)
    async with garden.ann.socket(garden.project) as socket:
        assert (await socket.join(garden.project, since=2))["mode"] == "resumed"
        await work(garden, 2)
        assert changes(await socket.settle()) == [3, 4, 5, 6]


async def test_p12_a_join_that_replaces_one_still_reading_the_log_ends_in_one_that_works(garden: Garden) -> None:
    for _ in range(5):
        await garden.board.task()
    async with garden.ann.socket() as socket:
        async with garden.board.database.begin() as lock:
            await lock.execute(text("LOCK TABLE change"))
            for since in (1, 2, 3):
                await socket.send({"type": "join", "project": garden.project, "since": since})
                await socket.settle()
        assert (await socket.expect("joined"))["seq"] == 3
        await work(garden, 1)
        assert changes(await socket.settle()) == [4, 5, 6, 7]


async def test_p12_leave_is_answered_and_nothing_follows_it(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        await socket.send({"type": "leave", "project": garden.project})
        assert (await socket.expect("left", project=garden.project))["reason"] == "left"
        await socket.settle()
        await work(garden, 2)
        assert await socket.settle() == []
        await socket.send({"type": "leave", "project": garden.project})
        await socket.expect("left", reason="left")


async def test_p12_leave_gives_a_join_up_that_is_under_way(garden: Garden) -> None:
    await work(garden, 1)
    async with garden.ann.socket() as socket:
        await socket.send(
            {"type": "join", "project": garden.project, "since": 1}, {"type": "leave", "project": garden.project}
        )
        await socket.expect("left", reason="left")
        await work(garden, 1)
        assert await socket.settle() == []


async def test_p18_a_session_joins_so_many_projects_and_no_more(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joins, "JOINS_MAX", 2)
    others = [await garden.ann.project(f"Bed {n}") for n in range(2)]
    async with garden.ann.socket(garden.project, others[0]) as socket:
        await socket.send({"type": "join", "project": others[1]})
        assert (await socket.expect("error", re="join", project=others[1]))["code"] == "rate"
        await socket.send({"type": "leave", "project": others[0]})
        await socket.join(others[1])
        await socket.join(garden.project)


# Losing access


async def removal(garden: Garden, person: Person, by: Person | None = None) -> int:
    async with (by or garden.ann).socket() as socket:
        return int((await socket.submit(garden.project, {"type": "remove_member", "id": person.id}))["seq"])


async def test_g6_a_removed_member_is_told_and_receives_nothing_later(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with ben.socket(garden.project) as socket, ben.socket(garden.project) as second, ben.socket() as apart:
        seq = await removal(garden, ben)
        await work(garden, 2)
        for each in (socket, second):
            assert (await each.expect("left"))["reason"] == "removed"
            assert changes(await each.settle()) == [seq]
        await refused_everything(garden, socket)
        assert await apart.settle() == []


async def refused_everything(garden: Garden, socket: Socket) -> None:
    await socket.send({"type": "join", "project": garden.project})
    assert (await socket.expect("error", re="join"))["code"] == "not_found"
    assert (await socket.submit(garden.project, garden.create()))["code"] == "not_found"
    await socket.send({"type": "presence", "project": garden.project, "state": {}})
    assert (await socket.expect("error", re="presence"))["code"] == "not_found"


async def test_g6_whoever_leaves_the_project_is_shown_out_like_any_other(garden: Garden) -> None:
    ben = await garden.member("Ben", "viewer")
    async with ben.socket(garden.project) as socket:
        await removal(garden, ben, by=ben)
        await socket.expect("left", reason="removed")
        await refused_everything(garden, socket)


@pytest.mark.usefixtures("restless_sweep")
async def test_g6_a_removal_by_another_process_is_found_by_the_sweep(garden: Garden) -> None:
    ben = await garden.board.member("Ben")
    person = await garden.person(ben)
    async with person.socket(garden.project) as socket:
        await garden.board.submit(RemoveMember(id=ben.id))
        await garden.board.task()
        assert (await socket.expect("left"))["reason"] == "removed"
        assert len(changes(await socket.settle())) == 1


async def test_g6_a_removal_reaches_a_join_that_is_still_reading_the_log(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as admin, ben.socket() as socket:
        async with garden.board.database.begin() as lock:
            await lock.execute(text("LOCK TABLE change IN ACCESS EXCLUSIVE MODE NOWAIT"))
            await socket.send({"type": "join", "project": garden.project, "since": 0})
            await admin.send(_submit(garden, {"type": "remove_member", "id": ben.id}))
            await socket.settle()
            await admin.settle()
        await admin.expect("ack")
        await work(garden, 1)
        told = [message for message in await socket.settle() if message["type"] in ("left", "error")]
        assert len(told) == 1
        await work(garden, 1)
        assert changes(await socket.settle()) == []


def _submit(garden: Garden, *commands: Message) -> Message:
    return {"type": "submit", "id": str(uuid4()), "project": garden.project, "commands": commands}


async def test_a_member_who_comes_back_may_join_again(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with ben.socket(garden.project) as socket, garden.ann.socket() as admin:
        await removal(garden, ben)
        await socket.expect("left")
        await admin.submit(garden.project, {"type": "add_member", "user_id": ben.id, "role": "viewer"})
        assert (await socket.join(garden.project))["mode"] == "live"


async def test_a_stranger_who_becomes_a_member_may_join_the_running_room(garden: Garden) -> None:
    eve = await garden.stranger()
    async with garden.ann.socket(garden.project) as admin, eve.socket() as socket:
        await socket.send({"type": "join", "project": garden.project})
        await socket.expect("error", re="join", code="not_found")
        await admin.submit(garden.project, {"type": "add_member", "email": eve.email, "role": "viewer"})
        await socket.join(garden.project)


async def test_p14_deleting_a_project_ends_its_joins_and_restoring_it_lets_them_resume(garden: Garden) -> None:
    ben = await garden.member("Ben")
    path = f"/v1/projects/{garden.project}"
    async with garden.ann.socket(garden.project) as socket, ben.socket(garden.project) as other:
        assert (await garden.ann.rest("DELETE", path)).status_code == 204
        (last,) = await shown_out(garden, socket)
        assert await shown_out(garden, other) == [last]
        assert (await garden.ann.rest("POST", path + "/restore")).status_code == 200
        assert (await socket.join(garden.project, since=last))["mode"] == "resumed"
        restored = await socket.expect("change")
        assert (restored["seq"], restored["kind"]) == (last + 1, "restore_project")


async def shown_out(garden: Garden, socket: Socket) -> list[int]:
    """The changes that came before the end."""
    assert (await socket.expect("left", project=garden.project))["reason"] == "deleted"
    found = changes(await socket.settle())
    await refused_everything(garden, socket)
    return found


@pytest.mark.usefixtures("restless_sweep")
async def test_p14_another_history_of_the_project_ends_its_joins_with_resync(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        await work(garden, 3)
        async with garden.board.database.begin() as connection:
            await connection.execute(text("UPDATE head SET epoch = gen_random_uuid()"))
        assert (await socket.expect("joined"))["mode"] == "resync"
        fresh = await epoch(garden)
        assert (await socket.join(garden.project, since=4, epoch=fresh)) == {
            "type": "joined",
            "project": garden.project,
            "epoch": fresh,
            "seq": 4,
            "mode": "resumed",
        }
