"""Snapshots as they are sent: never older than promised, built once for many, and the very bytes of the state they name."""

import asyncio
import gzip
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.ids import new_id
from server.storage import snapshots as snapshots_module
from server.storage.log import LogHead
from server.storage.snapshots import Snapshots
from tests.commands.scene import another
from tests.helpers.board import Board
from tests.storage.statements import asked

BUILT = 'FROM "task" t'


async def test_a_snapshot_is_at_least_as_new_as_the_head_when_it_was_asked_for(board: Board) -> None:
    snapshots = Snapshots(board.database)
    for n in range(3):
        await board.task(f"Task {n}")
        found = await snapshots.get(board.project)
        assert found is not None
        assert found.seq == (await board.snapshot()).seq
        assert found.body == msgspec.json.encode(await board.snapshot())


async def test_the_same_state_is_the_same_bytes_under_the_same_tag(board: Board) -> None:
    await board.task("Dig")
    one, two = [await Snapshots(board.database).get(board.project) for _ in range(2)]
    assert one is not None
    assert two is not None
    assert (one.etag, one.body, one.gzip) == (two.etag, two.body, two.gzip)
    assert gzip.decompress(one.gzip) == one.body
    assert one.etag == f'"1-{one.epoch}-{one.seq}"'
    await board.task("Plant")
    three = await Snapshots(board.database).get(board.project)
    assert three is not None
    assert three.etag != one.etag


async def test_many_callers_share_one_build_and_one_look_at_the_head(board: Board) -> None:
    await board.task("Dig")
    await board.database.close()  # so that every connection is heard
    snapshots = Snapshots(board.database)
    with asked(board.database) as said:
        found = await asyncio.gather(*(snapshots.get(board.project) for _ in range(50)))
        assert sum(BUILT in statement for statement in said) == 1
        assert len({one.body for one in found if one is not None}) == 1
        said.clear()
        await asyncio.gather(*(snapshots.get(board.project) for _ in range(50)))
        assert not any(BUILT in statement for statement in said)
        assert sum("FROM head" in statement for statement in said) <= 2  # the first one asked a moment before the rest


async def test_who_knows_where_the_head_is_makes_nobody_look_again(board: Board) -> None:
    await board.task("Dig")
    await board.database.close()
    snapshots = Snapshots(board.database)
    with asked(board.database) as said:
        found = await snapshots.get(board.project)
        assert found is not None
        at = LogHead(found.epoch, found.seq, 0, deleted=False)
        said.clear()
        assert await snapshots.get(board.project, at=at) is found
        assert said == []
        newer = await snapshots.get(board.project, at=replace(at, seq=at.seq + 1))
        assert newer is not None
        assert any("FROM head" in statement for statement in said)


async def test_callers_that_wait_get_what_was_committed_before_they_asked(board: Board) -> None:
    """One asks, a card is made while its snapshot is built, another asks: the other sees the card."""
    snapshots = Snapshots(board.database)
    first = asyncio.create_task(snapshots.get(board.project))
    await asyncio.sleep(0)
    await board.task("Made meanwhile")
    second = await snapshots.get(board.project)
    assert second is not None
    assert b"Made meanwhile" in second.body
    assert await first is not None


async def test_stale_ok_serves_the_last_one_for_a_while(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots = Snapshots(board.database)
    old = await snapshots.get(board.project, stale_ok=True)
    assert old is not None
    await board.task("New")
    monkeypatch.setattr(snapshots_module, "STALE_SECONDS", 3_600.0)
    assert await snapshots.get(board.project, stale_ok=True) is old
    monkeypatch.setattr(snapshots_module, "STALE_SECONDS", 0.0)
    new = await snapshots.get(board.project, stale_ok=True)
    assert new is not None
    assert new.seq > old.seq


async def test_a_project_that_is_absent_or_deleted_has_no_snapshot(board: Board) -> None:
    snapshots = Snapshots(board.database)
    assert await snapshots.get(new_id()) is None
    before = await snapshots.get(board.project)
    await board.submit(c.DeleteProject())
    assert await snapshots.get(board.project) is None
    await board.submit(c.RestoreProject())
    after = await snapshots.get(board.project)
    assert before is not None
    assert after is not None
    assert after.seq == before.seq + 2


async def test_a_caller_that_gives_up_takes_nothing_from_the_others(board: Board) -> None:
    snapshots = Snapshots(board.database)
    impatient, patient = [asyncio.create_task(snapshots.get(board.project)) for _ in range(2)]
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient is not None
    assert (await asyncio.gather(impatient, return_exceptions=True))[0] is not None


async def test_the_cache_keeps_to_its_size(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots_module, "CACHED_BYTES", 1)
    await board.database.close()
    snapshots, other = Snapshots(board.database), await another(board)
    with asked(board.database) as said:

        async def builds(project: UUID) -> int:
            said.clear()
            await snapshots.get(project)
            return sum(BUILT in statement for statement in said)

        assert [await builds(project) for project in (board.project, board.project)] == [1, 0]
        assert [await builds(project) for project in (other.project, other.project)] == [1, 0]
        assert await builds(board.project) == 1


async def test_what_is_asked_for_often_is_forgotten_last(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots = Snapshots(board.database)
    others = [await another(board) for _ in range(2)]
    often = await snapshots.get(board.project)
    assert often is not None
    assert await snapshots.get(others[0].project) is not None
    monkeypatch.setattr(snapshots_module, "CACHED_BYTES", often.size * 5 // 2)  # room for two
    at = LogHead(often.epoch, often.seq, 0, deleted=False)
    assert await snapshots.get(board.project, at=at) is often
    assert await snapshots.get(others[1].project) is not None
    assert await snapshots.get(board.project, at=at) is often
