"""Order keys that grow long are spread anew, among neighbours that are really the neighbours."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from server.domain import commands as c
from server.domain import ranks
from server.domain.commands import Anchor
from server.domain.ids import new_id
from server.domain.records import Column
from tests.commands.executors import cold
from tests.convergence.imported import task_record
from tests.helpers.board import Board

pytestmark = pytest.mark.usefixtures("held_whole_and_in_part")


async def test_keys_that_grow_long_are_spread_anew_in_the_same_change(board: Board) -> None:
    """Three hundred cards put below the same one: no key stays long, no change carries more than 200 others, order holds."""
    first, last = [await board.task(title) for title in ("first", "last")]
    titles = [f"Task {n:03}" for n in range(300)]
    await asyncio.gather(*(board.task(title, place=Anchor(after=first)) for title in titles))
    assert await board.order() == ["first", *reversed(titles), "last"]
    snapshot = await board.snapshot()
    assert max(len(task.rank) for task in snapshot.tasks) <= ranks.LONG
    sizes = [len(one.change.ops) for one in board.announced if one.change.kind == "create_task"]
    assert 1 < max(sizes) <= 201
    assert sizes.count(1) > 250
    assert last in {task.id for task in snapshot.tasks}


async def test_a_crowd_is_read_where_the_anchor_stands_now(board: Board) -> None:
    """Not where it stood when its crowd was read before: what is not seen must not be jumped over."""
    anchor = await board.task("anchor", place="top")
    crowd = await _crowd(board, 1, 120)
    async with cold(board) as fresh:
        await _exhaust(fresh, 0, anchor)
        await fresh.submit(c.MoveTask(id=anchor, column_id=board.columns[1], place=Anchor(after=crowd[60])))
        below = await _exhaust(fresh, 1, anchor)
    assert await board.order(1) == [*_named(0, 61), "anchor", *reversed(below), *_named(61, 120)]
    await _no_rank_twice(board)


async def test_an_anchor_made_in_the_same_batch_has_a_crowd_too(board: Board) -> None:
    crowd, anchor = await _crowd(board, 0, 120), new_id()
    titles = [f"X{n:03}" for n in range(220)]
    async with cold(board) as fresh:
        await asyncio.gather(
            fresh.submit(
                c.CreateTask(id=anchor, column_id=board.columns[0], title="anchor", place=Anchor(after=crowd[60]))
            ),
            *(fresh.task(title, place=Anchor(after=anchor)) for title in titles),
        )
    assert await board.order() == [*_named(0, 61), "anchor", *reversed(titles), *_named(61, 120)]
    await _no_rank_twice(board)


async def test_a_card_beside_an_imported_one_stands_beside_it(board: Board) -> None:
    """In the batch that imports it, where the database cannot tell its neighbours yet."""
    await _crowd(board, 0, 20)
    imported = _imported(board, 0, "a4V")
    before = _imported(board, 0, "a9V")
    async with cold(board) as fresh:
        await asyncio.gather(
            fresh.task("early", place=Anchor(after=imported.record.id)),
            fresh.submit(c.ImportRecords(import_id=new_id(), records=(imported, before))),
            fresh.task("after", place=Anchor(after=imported.record.id)),
            fresh.task("before", place=Anchor(before=before.record.id)),
            return_exceptions=True,
        )
    order = [*_named(0, 5), "a4V", "after", *_named(5, 10), "before", "a9V", *_named(10, 20)]
    assert await board.order() == order
    await _no_rank_twice(board)


LONG = "a0" + "V" * 31


def _named(first: int, last: int) -> list[str]:
    return [f"Crowd {n:03}" for n in range(first, last)]


async def _crowd(board: Board, column: int, count: int) -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    await board.submit(
        *(
            c.CreateTask(id=id, column_id=board.columns[column], title=title)
            for id, title in zip(ids, _named(0, count), strict=True)
        )
    )
    return ids


def _imported(board: Board, column: int, rank: str) -> c.ImportedTask:
    record = task_record(new_id(), board.columns[column], 0, rank).record
    return c.ImportedTask(msgspec.structs.replace(record, title=rank))


async def _exhaust(board: Board, column: int, anchor: UUID) -> list[str]:
    """Puts cards below `anchor` until keys were spread anew there; returns their titles."""
    titles: list[str] = []
    while len(board.announced[-1].change.ops) == 1:
        titles.append(f"below {len(titles):03}")
        await board.task(titles[-1], column=column, place=Anchor(after=anchor))
    await board.task("end of a run", column=2)
    return titles


async def _no_rank_twice(board: Board) -> None:
    statement = "SELECT rank FROM task WHERE project_id = :project GROUP BY column_id, rank HAVING count(*) > 1"
    async with board.database.begin() as connection:
        assert list(await connection.execute(text(statement), {"project": board.project})) == []


async def test_imported_cards_that_share_one_long_key_do_not_stand_in_the_way(board: Board) -> None:
    """Two crowds, each with one key, and hardly any room between the two: there is nothing to spread, so the key grows."""
    following = LONG[:-1] + "W"
    ids = sorted(new_id() for _ in range(200))  # equal keys stand in the order of their ids
    crowds = [_imported(board, 0, rank) for rank in (LONG, following) for _ in range(100)]
    crowds = [c.ImportedTask(msgspec.structs.replace(one.record, id=id)) for one, id in zip(crowds, ids, strict=True)]
    await board.submit(c.ImportRecords(import_id=new_id(), records=tuple(crowds)))
    for place in (Anchor(after=crowds[50].record.id), Anchor(before=crowds[150].record.id)):
        await board.task("X", place=place)
    assert await board.order() == [LONG] * 100 + ["X"] * 2 + [following] * 100


async def test_columns_and_checklist_items_are_spread_anew_too(board: Board) -> None:
    task = await board.task()
    first = new_id()
    await board.submit(c.AddChecklistItem(id=first, task_id=task, text="first"))
    texts = [f"Item {n:03}" for n in range(250)]
    await asyncio.gather(
        *(
            board.submit(c.AddChecklistItem(id=new_id(), task_id=task, text=said, place=Anchor(after=first)))
            for said in texts
        ),
        *(board.submit(c.CreateColumn(id=new_id(), name=said, place=Anchor(after=board.columns[0]))) for said in texts),
    )
    detail = await board.detail(task)
    assert detail is not None
    assert [item.text for item in sorted(detail.checklist_items, key=_rank)] == ["first", *reversed(texts)]
    columns: list[Column] = sorted((await board.snapshot()).columns, key=_rank)
    assert [column.name for column in columns] == ["To do", *reversed(texts), "In progress", "Done"]
    assert max(len(_rank(one)) for one in (*detail.checklist_items, *columns)) <= ranks.LONG


def _rank(one: Any) -> str:
    rank: str = one.rank
    return rank
