"""Where things come to stand: every place, every kind of anchor, in warm and cold working copies, and when keys grow long."""

import asyncio
import random
from collections.abc import Callable
from uuid import UUID

import pytest

from server.domain import commands as c
from server.domain.commands import Anchor, Place
from server.domain.errors import NotFound
from server.domain.ids import new_id
from tests.commands.executors import cold
from tests.helpers.board import Board

pytestmark = pytest.mark.usefixtures("held_whole_and_in_part")


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
