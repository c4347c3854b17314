"""Where things come to stand: every place, every kind of anchor, in warm and cold working copies, and when keys grow long."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from server.commands import batch
from server.commands.executor import Executor
from server.domain import commands as c
from server.domain import ranks
from server.domain.commands import Anchor, Place
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.records import Column
from server.telemetry import Telemetry
from tests.convergence.imported import task_record
from tests.helpers.board import Board


@pytest.fixture(autouse=True, params=["whole", "in part"])
def _held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small boards are held whole, large ones in part; what holds for the one must hold for the other."""
    if request.param == "in part":
        monkeypatch.setattr(batch, "WHOLE_TASKS", -1)


@asynccontextmanager
async def cold(board: Board) -> AsyncIterator[Board]:
    """The same project through an executor that knows nothing of it yet."""
    executor = Executor(board.database, board.announced.extend, Telemetry())
    async with executor.running():
        yield replace(board, executor=executor)


async def tasks(board: Board, *titles: str) -> list[UUID]:
    return [await board.task(title) for title in titles]


@pytest.mark.parametrize(
    ("place", "order"),
    [
        (lambda ids: "top", "XABC"),
        (lambda ids: "bottom", "ABCX"),
        (lambda ids: Anchor(after=ids[0]), "AXBC"),
        (lambda ids: Anchor(before=ids[0]), "XABC"),
        (lambda ids: Anchor(after=ids[2]), "ABCX"),
        (lambda ids: Anchor(before=ids[2]), "ABXC"),
    ],
)
async def test_a_task_comes_to_stand_where_its_place_says(
    board: Board, place: Callable[[list[UUID]], Place], order: str
) -> None:
    ids = await tasks(board, *"ABC")
    made = await board.task("X", place=place(ids))
    assert await board.order() == list(order)
    await board.submit(c.MoveTask(id=made, column_id=board.columns[1], place="top"))
    await board.submit(c.MoveTask(id=made, column_id=board.columns[0], place=place(ids)))
    assert await board.order() == list(order)


@pytest.mark.parametrize("place", ["after", "before"])
async def test_a_task_placed_beside_itself_stays_where_it_is(board: Board, place: str) -> None:
    ids = await tasks(board, *"ABC")
    outcome = await board.submit(c.MoveTask(id=ids[1], column_id=board.columns[0], place=Anchor(**{place: ids[1]})))
    assert outcome.noop
    assert await board.order() == list("ABC")


async def test_a_task_placed_beside_itself_in_another_column_goes_to_the_bottom(board: Board) -> None:
    ids = await tasks(board, *"AB")
    await board.task("C", column=1)
    await board.submit(c.MoveTask(id=ids[0], column_id=board.columns[1], place=Anchor(after=ids[0])))
    assert await board.order(1) == ["C", "A"]


async def test_an_anchor_that_left_or_was_deleted_means_the_bottom(board: Board) -> None:
    ids = await tasks(board, *"ABC")
    await board.submit(c.MoveTask(id=ids[0], column_id=board.columns[1], place="top"), c.DeleteTask(id=ids[1]))
    await board.task("X", place=Anchor(before=ids[0]))
    await board.task("Y", place=Anchor(before=ids[1]))
    assert await board.order() == ["C", "X", "Y"]


async def test_an_archived_anchor_still_stands_where_it_is(board: Board) -> None:
    ids = await tasks(board, *"ABC")
    await board.submit(c.ArchiveTask(id=ids[1]))
    await board.task("X", place=Anchor(before=ids[1]))
    assert await board.order() == ["A", "X", "B", "C"]


async def test_an_anchor_never_known_is_not_found(board: Board) -> None:
    task = await board.task()
    for command in (
        c.CreateTask(id=new_id(), column_id=board.columns[0], title="X", place=Anchor(after=new_id())),
        c.MoveTask(id=task, column_id=board.columns[0], place=Anchor(before=new_id())),
        c.MoveTask(id=task, column_id=board.columns[0], place=Anchor(before=board.columns[0])),
        c.MoveColumn(id=board.columns[0], place=Anchor(after=task)),
        c.AddChecklistItem(id=new_id(), task_id=task, text="X", place=Anchor(after=task)),
    ):
        with pytest.raises(NotFound):
            await board.submit(command)


async def test_a_restored_task_stands_where_it_stood(board: Board) -> None:
    ids = await tasks(board, *"ABC")
    await board.submit(c.DeleteTask(id=ids[1]))
    await board.task("X", place=Anchor(after=ids[0]))
    await board.submit(c.RestoreTask(id=ids[1]))
    assert sorted(await board.order()) == list("ABCX")
    assert len({task.rank for task in (await board.snapshot()).tasks}) == 4


async def test_a_move_to_where_the_task_stands_already_is_a_noop(board: Board) -> None:
    ids = await tasks(board, *"ABC")
    here = board.columns[0]
    async with cold(board) as fresh:
        for place, id in (
            ("top", ids[0]),
            ("bottom", ids[2]),
            (Anchor(after=ids[0]), ids[1]),
            (Anchor(before=ids[2]), ids[1]),
        ):
            outcome = await fresh.submit(c.MoveTask(id=id, column_id=here, place=place))  # type: ignore[arg-type]
            assert outcome.noop, place


# What a working copy believes of neighbours it did not read


async def test_a_noop_move_does_not_make_the_neighbours_known(board: Board) -> None:
    ids = await tasks(board, *"ABCD")
    here = board.columns[0]
    async with cold(board) as fresh:
        await fresh.submit(c.MoveTask(id=ids[3], column_id=here, place="bottom"))
        await fresh.task("X", place=Anchor(before=ids[3]))
    async with cold(board) as fresh:
        await fresh.submit(c.MoveTask(id=ids[1], column_id=here, place=Anchor(after=ids[0])))
        await fresh.task("Y", place=Anchor(after=ids[1]))
    assert await board.order() == ["A", "B", "Y", "C", "X", "D"]


async def test_a_refused_move_does_not_make_the_neighbours_known(board: Board) -> None:
    ids = await tasks(board, *"ABCD")
    async with cold(board) as fresh:
        with pytest.raises(NotFound):
            await fresh.submit(
                c.MoveTask(id=ids[0], column_id=board.columns[1], place="top"), c.DeleteTask(id=new_id())
            )
        await fresh.task("X", place=Anchor(after=ids[0]))
    assert await board.order() == ["A", "X", "B", "C", "D"]


async def test_a_refused_move_between_two_good_ones_leaves_the_order_alone(board: Board) -> None:
    """All in one batch, so that the working copy is the only one to know."""
    ids = await tasks(board, *"ABCD")
    here, there = board.columns[:2]
    async with cold(board) as fresh:
        await asyncio.gather(
            fresh.submit(c.MoveTask(id=ids[0], column_id=here, place=Anchor(after=ids[1]))),
            fresh.submit(c.MoveTask(id=ids[0], column_id=there, place="top"), c.DeleteTask(id=new_id())),
            fresh.task("X", place=Anchor(after=ids[0])),
            fresh.task("Y", place=Anchor(before=ids[0])),
            return_exceptions=True,
        )
    assert await board.order() == ["B", "Y", "A", "X", "C", "D"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
async def test_random_places_give_the_order_a_list_would_have(board: Board, seed: int, warm: bool) -> None:
    """Moves among 30 tasks against a plain list, some submits refused at their end."""
    rng = random.Random(seed)
    titles = [f"T{n:02}" for n in range(30)]
    ids = dict(zip(titles, await tasks(board, *titles), strict=True))
    expected = list(titles)
    async with cold(board) as fresh:
        for step in range(40):
            title, other = rng.sample(titles, 2)
            place, moved = _somewhere(rng, expected, title, other, ids)
            commands: list[c.Command] = [c.MoveTask(id=ids[title], column_id=board.columns[0], place=place)]
            refused = rng.random() < 0.3
            if refused:
                commands.append(c.DeleteTask(id=new_id()))
            else:
                expected = moved
            if warm:
                await asyncio.gather(fresh.submit(*commands), return_exceptions=True)
            else:
                async with cold(board) as one:
                    await asyncio.gather(one.submit(*commands), return_exceptions=True)
            assert await board.order() == expected, step


def _somewhere(
    rng: random.Random, order: list[str], title: str, other: str, ids: dict[str, UUID]
) -> tuple[Place, list[str]]:
    rest = [one for one in order if one != title]
    at = rest.index(other)
    places: list[tuple[Place, int]] = [
        ("top", 0),
        ("bottom", len(rest)),
        (Anchor(after=ids[other]), at + 1),
        (Anchor(before=ids[other]), at),
    ]
    place, index = rng.choice(places)
    return place, [*rest[:index], title, *rest[index:]]


# Long keys


async def test_keys_that_grow_long_are_spread_anew_in_the_same_change(board: Board) -> None:
    """Three hundred cards put below the same one: no key stays long, no change carries more than 200 others, order holds."""
    first, last = await tasks(board, "first", "last")
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
