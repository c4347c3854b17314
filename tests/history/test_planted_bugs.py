"""Eight bugs, planted one at a time: the checker names each, and finds nothing in the same scene without it."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace as replaced
from sqlalchemy import text

from server.commands.executor import Executor
from server.domain import ranks
from server.domain.changes import Committed
from server.realtime.room import Room
from server.realtime.session import Chunk, Session
from server.storage import statements
from server.storage.draft import Draft
from server.storage.pen import Pen
from server.storage.pens import WriteInterrupted
from tests.helpers.people import Message
from tests.history.checker import Acked, Refused
from tests.history.conftest import Trial

Plant = Callable[..., bool]


def rename(task: str, title: str) -> Message:
    return {"type": "update_task", "id": task, "title": title}


async def card(trial: Trial, title: str = "Dig") -> str:
    """A card that was there before anybody came."""
    return str(await trial.garden.board.task(title))


async def drop_constraint(trial: Trial, name: str) -> None:
    """Part of some bugs: the database would refuse what they do."""
    async with trial.garden.board.database.begin() as connection:
        await connection.execute(text(f"ALTER TABLE change DROP CONSTRAINT {name}"))


async def test_g2_dedupe_off_is_caught(trial: Trial, plant: Plant) -> None:
    lock = Pen.lock

    async def forget(pen: Pen, *arguments: Any, **options: Any) -> Any:
        locked = await lock(pen, *arguments, **options)
        return {project: replaced(one, known=()) for project, one in locked.items()}

    task, id = await card(trial), str(uuid4())
    if planted := plant((Pen, "lock", forget)):
        await drop_constraint(trial, "uq_change_project_id_command_id")
    here, there = await trial.client(0), await trial.client(1)
    await here.submit(rename(task, "One"), id=id)
    await there.submit(rename(task, "Two"))
    await there.submit(rename(task, "One"), id=id)
    assert await trial.kinds() == ({"doubled"} if planted else set())


async def test_g3_lock_off_is_caught(trial: Trial, plant: Plant) -> None:
    lock, write = statements.lock, statements.WRITE_FUNCTION

    def without(found: str, part: str) -> str:
        assert part in found
        return found.replace(part, "")

    task = await card(trial)
    if planted := plant(
        (statements, "lock", lambda *, wait: without(lock(wait=True), "FOR NO KEY UPDATE")),
        (statements, "WRITE_FUNCTION", without(write, "h.seq = n.expected AND")),
    ):
        await drop_constraint(trial, "pk_change")
    here, there = await trial.client(0), await trial.client(1)
    for title in ("One", "Two"):
        await here.submit(rename(task, title))
    await there.submit(rename(task, "Three"))
    await here.submit(rename(task, "Four"))
    found = await trial.kinds()
    assert "doubled" in found if planted else not found


async def test_g1_announce_before_commit_is_caught(trial: Trial, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    tell, seal, write = Executor._tell, Draft.seal, Pen.write
    executors: list[Executor] = []

    def remember(executor: Executor, committed: list[Committed]) -> None:
        executors.append(executor)
        tell(executor, committed)

    def seal_and_tell(draft: Draft, *arguments: Any) -> Any:
        if (sealed := seal(draft, *arguments)) and executors:
            tell(executors[0], [Committed(draft.head.epoch, *sealed[:2])])
        return sealed

    async def lose_once(pen: Pen, *arguments: Any) -> Any:
        monkeypatch.setattr(Pen, "write", write)
        raise WriteInterrupted

    task, client = await card(trial), await trial.client()
    planted = plant((Executor, "_tell", remember), (Draft, "seal", seal_and_tell))
    await client.submit(rename(task, "One"))
    monkeypatch.setattr(Pen, "write", lose_once)
    assert isinstance(await client.submit(rename(task, "Two")), Acked)
    found = await trial.kinds()
    assert "content" in found if planted else not found


async def test_g3_a_ring_off_by_one_is_caught(trial: Trial, plant: Plant) -> None:
    missed = Room._missed

    async def too_few(room: Room, since: int, upto: int) -> Any:
        return await missed(room, since + 1, upto)

    task, writer, observer = await card(trial), await trial.client(), await trial.client()
    planted = plant((Room, "_missed", too_few))
    await writer.submit(rename(task, "Before"))
    async with observer.offline():
        for n in range(3):
            await writer.submit(rename(task, f"Missed {n}"))
    assert await trial.kinds() == ({"gap"} if planted else set())


async def test_g3_a_join_that_reads_before_it_attaches_is_caught(
    trial: Trial, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed, admit = Room._missed, Room._admit
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def read_slowly(room: Room, since: int, upto: int) -> Any:
        found = await missed(room, since, upto)
        reading.set()
        await go_on.wait()
        return found

    def attach_late(room: Room, join: Any, *arguments: Any) -> None:
        join.held = []
        admit(room, join, *arguments)

    task, writer, observer = await card(trial), await trial.client(), await trial.client()
    planted = plant((Room, "_admit", attach_late))
    monkeypatch.setattr(Room, "_missed", read_slowly)
    async with observer.offline():
        await writer.submit(rename(task, "Read"))
    await reading.wait()
    await writer.submit(rename(task, "Held"))
    go_on.set()
    await observer.until_live()
    await writer.submit(rename(task, "Heard"))
    assert await trial.kinds() == ({"gap"} if planted else set())


async def test_g3_a_dropped_frame_is_caught(trial: Trial, plant: Plant) -> None:
    deliver = Session.deliver
    lost: list[Chunk] = []

    def lose_one(session: Session, chunk: Chunk, source: Any, last: int) -> None:
        if not lost and b'"Lost"' in chunk.messages[0]:
            lost.append(chunk)
        else:
            deliver(session, chunk, source, last)

    task, writer, _ = await card(trial), await trial.client(), await trial.client()
    planted = plant((Session, "deliver", lose_one))
    for title in ("First", "Lost", "Last"):
        await writer.submit(rename(task, title))
    assert await trial.kinds() == ({"gap"} if planted else set())


async def test_a_rank_tie_is_caught(trial: Trial, plant: Plant) -> None:
    between = ranks.between
    planted = plant((ranks, "between", lambda left, right: between(None, None)))
    client = await trial.client()
    for title in ("One", "Two"):
        await client.submit(trial.garden.create(title))
    assert await trial.kinds() == ({"rank"} if planted else set())


async def test_g4_a_forgotten_rollback_is_caught(trial: Trial, plant: Plant) -> None:
    task, client = await card(trial), await trial.client()
    planted = plant((Draft, "rollback", lambda draft: None))
    refused = await client.submit(rename(task, "Half-way"), {"type": "delete_task", "id": str(uuid4())})
    assert refused == Refused("not_found")
    await client.submit({"type": "update_task", "id": task, "priority": 1})
    assert await trial.kinds() == ({"replica", "fold"} if planted else set())
