"""`import_records` of what is deleted: it comes deleted, since when it was, and what belongs to it comes along."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.errors import Invalid, NotFound, Refusal
from server.domain.ids import new_id
from server.domain.records import SNAPSHOT_KINDS, ChecklistItem, Column, Comment, Dependency, Description, Label
from server.storage import trash
from tests.convergence import invariants
from tests.convergence.imported import LONG_AGO, task_record
from tests.helpers.board import Board
from tests.helpers.replica import Replica

GONE = LONG_AGO + timedelta(days=3)


async def bring(board: Board, *records: c.ImportedRecord) -> None:
    await board.submit(c.ImportRecords(import_id=new_id(), records=records))


def task(column: UUID, number: int = 0, deleted_at: datetime | None = GONE) -> c.ImportedTask:
    return c.ImportedTask(task_record(new_id(), column, number, f"a{number % 10}").record, deleted_at=deleted_at)


def comment(task_id: UUID, deleted_at: datetime | None = None) -> c.ImportedComment:
    said = Comment(id=new_id(), task_id=task_id, author_id=None, text="Hi", created_at=LONG_AGO)
    return c.ImportedComment(said, deleted_at=deleted_at)


def item(task_id: UUID, deleted_at: datetime | None = None, rank: str = "a0") -> c.ImportedChecklistItem:
    return c.ImportedChecklistItem(
        ChecklistItem(id=new_id(), task_id=task_id, rank=rank, text="Step", done=True), deleted_at=deleted_at
    )


async def test_deleted_records_are_in_no_snapshot_and_can_be_restored(board: Board) -> None:
    stale = Replica.of_snapshot(await board.snapshot())
    column = c.ImportedColumn(Column(id=new_id(), name="Old", rank="a9"), deleted_at=GONE)
    label = c.ImportedLabel(Label(id=new_id(), name="Old", color="red"), deleted_at=GONE)
    one = task(column.record.id)
    await bring(board, column, label, one)
    await stale.catch_up(board)
    fresh = await board.snapshot()
    assert stale.kinds(*SNAPSHOT_KINDS) == Replica.of_snapshot(fresh).kinds(*SNAPSHOT_KINDS)
    assert {column.record.id, label.record.id, one.record.id}.isdisjoint(
        record.id for records in (fresh.columns, fresh.labels, fresh.tasks) for record in records
    )
    async with board.database.snapshot() as connection:
        (found,) = (await trash.tasks(connection, board.project, cursor=None, limit=10)).items
    assert (found.id, found.deleted_at, found.deleted_by) == (one.record.id, GONE, None)
    await board.submit(
        c.RestoreColumn(id=column.record.id), c.RestoreLabel(id=label.record.id), c.RestoreTask(id=one.record.id)
    )
    assert (await board.get(one.record.id)).column_id == column.record.id
    await invariants.hold(board)


async def test_only_what_is_not_deleted_is_counted(board: Board) -> None:
    alive = task(board.columns[0], 1, None)
    id = alive.record.id
    await bring(board, alive, comment(id), comment(id, GONE), item(id), item(id, GONE, "a1"))
    await bring(board, comment(id, GONE), item(id, GONE, "a2"))
    found = await board.get(id)
    assert (found.comment_count, found.checklist_total, found.checklist_done) == (1, 1, 1)
    await invariants.hold(board)


async def test_parts_of_a_deleted_task_come_along_and_come_back_with_it(board: Board) -> None:
    alive, gone = task(board.columns[0], 1, None), task(board.columns[0], 2)
    link = Dependency(id=new_id(), task_id=alive.record.id, depends_on_id=gone.record.id)
    await bring(board, alive, gone)
    await bring(
        board,
        c.ImportedDescription(Description(id=gone.record.id, text="Words")),
        comment(gone.record.id),
        item(gone.record.id),
        c.ImportedDependency(link),
    )
    assert (await board.snapshot()).dependencies == ()
    await invariants.hold(board)
    await board.submit(c.RestoreTask(id=gone.record.id))
    found = await board.get(gone.record.id)
    assert (found.comment_count, found.checklist_total, found.has_description) == (1, 1, True)
    assert (await board.snapshot()).dependencies == (link,)
    await invariants.hold(board)


async def test_a_deleted_task_stays_as_complete_as_it_was(board: Board) -> None:
    done = c.ImportedTask(replace(task(board.columns[0], 3).record, completed_at=GONE), deleted_at=GONE)
    await bring(board, done)
    async with board.database.snapshot() as connection:
        (found,) = (await trash.tasks(connection, board.project, cursor=None, limit=10)).items
    assert found.completed_at == GONE


NAUGHTY: dict[str, Callable[[UUID], tuple[c.ImportedRecord, type[Refusal]]]] = {
    "a card in a deleted column": lambda column: (task(column, 1, None), NotFound),
    "deleted at a time without zone": lambda column: (task(column, 1, datetime(2021, 1, 1)), Invalid),  # noqa: DTZ001
}


@pytest.mark.parametrize("what", NAUGHTY)
async def test_what_makes_no_sense_is_refused(board: Board, what: str) -> None:
    column = c.ImportedColumn(Column(id=new_id(), name="Old", rank="a9"), deleted_at=datetime.now(UTC))
    await bring(board, column)
    record, refusal = NAUGHTY[what](column.record.id)
    with pytest.raises(refusal) as refused:
        await bring(board, record)
    assert refused.value.errors[0].pointer.startswith("/commands/0")
