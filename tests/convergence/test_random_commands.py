"""G3, G4 for anything people may send: random submits, in random batches, over two executors that share the database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlalchemy import text

from server.commands import batch, queues
from server.commands import executor as executor_module
from server.commands.executor import Executor
from server.commands.submission import Outcome
from server.domain.changes import Actor
from server.domain.errors import Conflict, Internal, Refusal, Unavailable
from server.domain.ids import new_id
from server.domain.records import SNAPSHOT_KINDS
from server.storage.accounts import Accounts
from server.storage.engine import Database
from server.storage.pen import Pen
from server.storage.pens import WriteInterrupted, WriteRefused
from server.telemetry import Telemetry
from tests.commands.cable import Cable
from tests.convergence import invariants
from tests.convergence.strategies import FURNITURE, PEOPLE, Submit, submits
from tests.helpers.board import Board
from tests.helpers.replica import Replica

ACTORS = [Actor(id, f"Person {n}") for n, id in enumerate(PEOPLE)]
Answer = Outcome | Refusal


@pytest.fixture(autouse=True, params=["whole", "in part"])
def _held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small boards are held whole; large ones in part, here also in small batches, so that one is begun while another is written."""
    if request.param == "in part":
        monkeypatch.setattr(batch, "WHOLE_TASKS", -1)
        monkeypatch.setattr(queues, "BATCH_SUBMITS", 2)


@pytest.fixture(autouse=True)
async def _people(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The accounts behind `PEOPLE`; and nobody waits long for a lock."""
    monkeypatch.setattr(executor_module, "PATIENCE_SECONDS", 0.001)
    for actor in ACTORS:
        with contextlib.suppress(Conflict):
            await Accounts(database).create(actor.id, f"{actor.id.hex}@example.org", actor.name, None)


def groups_of(most: int) -> SearchStrategy[list[Submit]]:
    return st.lists(submits(), min_size=1, max_size=most)


@given(groups=st.lists(groups_of(9), min_size=1, max_size=6))
async def test_g4_random_submits_over_two_executors_keep_every_rule(
    database: Database, groups: list[list[Submit]]
) -> None:
    async with executor_of(database) as first, executor_of(database) as second:
        board = await furnished(first, database)
        stale = Replica.of_snapshot(await board.snapshot())
        for group in groups:
            answers = await asyncio.gather(
                *(send(replace_executor(board, (first, second)[one.executor]), one) for one in group)
            )
            assert not [answer for answer in answers if isinstance(answer, Internal)]
        await stale.catch_up(board)
        fresh = Replica.of_snapshot(await board.snapshot())
        assert stale.kinds(*SNAPSHOT_KINDS) == fresh.kinds(*SNAPSHOT_KINDS)
        await invariants.hold(board)
        await invariants.details_hold(board)


@given(cuts=st.lists(st.tuples(groups_of(5), st.integers(0, 12), st.booleans()), min_size=1, max_size=4))
async def test_g2_random_cuts_of_the_line_lose_and_double_nothing(
    database: Database, database_url: str, cuts: list[tuple[list[Submit], int, bool]]
) -> None:
    """Every submit that was acknowledged is in the log once, every other one is not."""
    async with Cable(database_url).running() as cable:
        fragile = Database(cable.url, writing=True)
        async with executor_of(fragile) as executor:
            board = await furnished(executor, database)
            acknowledged: set[UUID] = set()
            for group, point, heard in cuts:
                ids = [new_id() for _ in group]
                cable.cut_at(point, heard=heard)
                answers = await asyncio.gather(*(send(board, one, id) for one, id in zip(group, ids, strict=True)))
                acknowledged |= {
                    id
                    for id, answer in zip(ids, answers, strict=True)
                    if isinstance(answer, Outcome) and not answer.noop
                }
                assert not [answer for answer in answers if isinstance(answer, Internal | Unavailable)]
        await fragile.close()
        await invariants.hold(board)
        logged = await logged_ids(replace(board, database=database))
    assert sorted(logged) == sorted(acknowledged)


Fault = tuple[type[Exception], bool] | None
"""What goes wrong with a statement, if anything, and whether it does so only after the statement was heard."""

faults = st.none() | st.tuples(st.sampled_from([WriteRefused, WriteInterrupted, ZeroDivisionError]), st.booleans())
groups_with_faults = st.lists(
    st.tuples(st.lists(st.tuples(submits(), st.integers(0, 1)), min_size=1, max_size=8), st.lists(faults, max_size=8)),
    min_size=1,
    max_size=5,
)


@given(groups=groups_with_faults)
async def test_g1_whatever_fails_at_any_statement_what_was_acknowledged_is_there_and_what_was_refused_is_not(
    database: Database, groups: list[tuple[list[tuple[Submit, int]], list[Fault]]]
) -> None:
    """Two projects share batches; their statements are refused, lost before or after they took effect, or met by a bug."""
    plan: list[Fault] = []
    acknowledged: list[set[UUID]] = [set(), set()]
    refused: list[set[UUID]] = [set(), set()]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("load", "write", "lock"):
            patch.setattr(Pen, name, failing(getattr(Pen, name), plan))
        async with executor_of(database) as executor:
            boards = [await furnished(executor, database) for _ in acknowledged]
            for group, planned in groups:
                plan[:] = planned
                ids = [new_id() for _ in group]
                sent = (send(boards[where], one, id) for id, (one, where) in zip(ids, group, strict=True))
                for id, (_, where), answer in zip(ids, group, await asyncio.gather(*sent), strict=True):
                    if isinstance(answer, Outcome) and not answer.noop:
                        acknowledged[where].add(id)
                    elif isinstance(answer, Refusal) and not isinstance(answer, Internal | Unavailable):
                        refused[where].add(id)
            plan.clear()
    for n, board in enumerate(boards):
        await invariants.hold(board)
        await invariants.details_hold(board)
        logged = await logged_ids(board)
        assert acknowledged[n] <= set(logged)
        assert not refused[n] & set(logged)


def failing(method: Callable[..., Awaitable[Any]], plan: list[Fault]) -> Callable[..., Awaitable[Any]]:
    """A method of the pen that goes wrong as planned."""

    async def run(*arguments: Any, **options: Any) -> Any:
        fault, heard = (plan.pop(0) if plan else None) or (None, True)
        result = await method(*arguments, **options) if heard else None
        if fault is not None:
            raise fault
        return result

    return run


async def logged_ids(board: Board) -> list[UUID]:
    """The ids in the log behind the board's furniture."""
    statement = text("SELECT command_id FROM change WHERE project_id = :project AND seq > 2")
    async with board.database.begin() as connection:
        return list((await connection.execute(statement, {"project": board.project})).scalars())


@given(script=st.lists(submits(), min_size=1, max_size=25))
async def test_one_batch_of_many_submits_does_what_as_many_batches_of_one_do(
    database: Database, script: list[Submit]
) -> None:
    """The same commands with the same ids: in one batch, one by one on a working copy that stays warm, and each on a cold one."""
    async with executor_of(database) as executor:
        together = await furnished(executor, database)
        at_once = await asyncio.gather(*(send(together, one) for one in script))
        warm = await furnished(executor, database)
        in_turn = [await send(warm, one) for one in script]
    async with executor_of(database) as executor:
        cold = await furnished(executor, database)
    alone = []
    for one in script:
        async with executor_of(database) as executor:
            alone.append(await send(replace_executor(cold, executor), one))
    assert said(at_once) == said(in_turn) == said(alone)
    assert await seen(together) == await seen(warm) == await seen(cold)


@asynccontextmanager
async def executor_of(database: Database) -> AsyncIterator[Executor]:
    executor = Executor(database, lambda committed: None, Telemetry())
    async with executor.running():
        yield executor


async def furnished(executor: Executor, database: Database) -> Board:
    """A new project of the first person's with some cards on it."""
    board = Board(executor, database, [], new_id(), ACTORS[0])
    await executor.create_project(ACTORS[0], board.project, "Random", default_columns=False)
    await board.submit(*FURNITURE)
    return board


def replace_executor(board: Board, executor: Executor) -> Board:
    return replace(board, executor=executor)


async def send(board: Board, one: Submit, id: UUID | None = None) -> Answer:
    try:
        return await board.submit(*one.commands, actor=ACTORS[one.person], id=id)
    except Refusal as refusal:
        return refusal


def said(answers: Sequence[Answer]) -> list[Any]:
    """How submits were answered. Whether a move changed a rank may depend on which ranks were known."""
    return ["ok" if isinstance(answer, Outcome) else (answer.code, answer.errors) for answer in answers]


DETAILS = """
    SELECT 'description', id, to_jsonb(d) FROM description d WHERE project_id = :project UNION ALL
    SELECT 'comment', id, to_jsonb(c) FROM comment c WHERE project_id = :project UNION ALL
    SELECT 'item', id, to_jsonb(i) || jsonb_build_object('nth', row_number() OVER (PARTITION BY task_id ORDER BY rank))
    FROM checklist_item i WHERE project_id = :project ORDER BY 1, 2"""


async def seen(board: Board) -> dict[str, Any]:
    """What people see: everything but the ranks and moments themselves."""
    snapshot = msgspec.to_builtins(await board.snapshot())
    tasks = sorted(snapshot["tasks"], key=lambda one: (one["column_id"], one["rank"], one["id"]))
    columns = sorted(snapshot["columns"], key=lambda one: one["rank"])
    async with board.database.begin() as connection:
        details = list(await connection.execute(text(DETAILS), {"project": board.project}))
    return {
        "details": [_plain(record) for _, _, record in details],
        "tasks": [_plain(one) for one in tasks],
        "columns": [_plain(one) for one in columns],
        **{kind: snapshot[kind] for kind in ("members", "labels", "dependencies")},
        "name": snapshot["project"]["name"],
    }


HIDDEN = ("rank", "project_id", "field_seq")


def _plain(value: Any) -> Any:
    """Without ranks; moments become whether they are set."""
    if isinstance(value, dict):
        return {
            name: bool(one) if name.endswith("_at") and name not in ("start_at", "due_at") else _plain(one)
            for name, one in value.items()
            if name not in HIDDEN
        }
    return [_plain(one) for one in value] if isinstance(value, list) else value
