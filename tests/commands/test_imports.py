"""`import_records`: full records put in as they are, if they make sense."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.errors import Conflict, Cycle, Forbidden, Invalid, NotFound, Refusal, TooLarge
from server.domain.ids import new_id
from server.domain.records import SNAPSHOT_KINDS, ChecklistItem, Column, Comment, Dependency, Description, Label, Member
from server.storage.draft import Limits
from tests.commands.executors import fresh
from tests.commands.scene import stored
from tests.convergence.imported import LONG_AGO, imported_records, task_record
from tests.helpers.board import Board
from tests.helpers.replica import Replica


async def bring(board: Board, *records: c.ImportedRecord) -> None:
    await board.submit(c.ImportRecords(import_id=new_id(), records=records))


def task(board: Board, number: int = 0, rank: str = "a7", **fields: Any) -> c.ImportedTask:
    record: Any = task_record(new_id(), board.columns[0], number, rank).record
    return c.ImportedTask(replace(record, **fields))


def comment(task_id: UUID, **fields: Any) -> c.ImportedComment:
    about = {"id": new_id(), "author_id": None, "text": "Hi", "created_at": LONG_AGO, **fields}
    return c.ImportedComment(Comment(task_id=task_id, **about))


def item(task_id: UUID, *, done: bool = False) -> c.ImportedChecklistItem:
    return c.ImportedChecklistItem(ChecklistItem(id=new_id(), task_id=task_id, rank="a0", text="Step", done=done))


def link(task_id: UUID, depends_on_id: UUID) -> c.ImportedDependency:
    return c.ImportedDependency(Dependency(id=new_id(), task_id=task_id, depends_on_id=depends_on_id))


async def test_records_keep_their_authors_times_and_order(board: Board) -> None:
    await bring(board, *imported_records(board.actor.id))
    tasks = sorted((await board.snapshot()).tasks, key=lambda task: task.rank)
    assert [(task.number, task.title, task.created_at) for task in tasks] == [
        (40, "Old task 40", LONG_AGO),
        (41, "Old task 41", LONG_AGO),
    ]
    detail = await board.detail(tasks[0].id)
    assert detail is not None
    assert detail.description is not None
    assert detail.description.text == "From elsewhere"
    assert detail.comments[0].created_at == LONG_AGO


async def test_a_number_is_kept_above_all_others_and_given_anew_otherwise(board: Board) -> None:
    await board.task("First")
    records = [task(board, number) for number in (40, 7, 40, 0, 41, 90)]
    await bring(board, *records)
    numbers = {task.id: task.number for task in (await board.snapshot()).tasks}
    assert [numbers[one.record.id] for one in records] == [40, 41, 42, 43, 44, 90]
    assert (await board.get(await board.task("Next"))).number == 91


async def test_counters_are_counted_from_the_children_whatever_the_record_says(board: Board) -> None:
    one = task(board, comment_count=9, checklist_total=9, checklist_done=9)
    id = one.record.id
    await bring(board, one, comment(id), item(id, done=True), item(id))
    await bring(board, comment(id), item(id, done=True))
    found = await board.get(id)
    assert (found.comment_count, found.checklist_total, found.checklist_done) == (2, 3, 2)


async def test_whether_a_task_is_described_follows_from_what_comes_with_it_and_after_it(board: Board) -> None:
    said, empty, later = task(board), task(board, has_description=True), task(board)
    await bring(board, said, empty, later, words(said.record.id), words(empty.record.id, ""))
    assert [await described(board, one) for one in (said, empty, later)] == [True, False, False]
    await bring(board, words(later.record.id), comment(said.record.id))
    assert [await described(board, one) for one in (said, later)] == [True, True]


def words(id: UUID, text: str = "Words") -> c.ImportedDescription:
    return c.ImportedDescription(Description(id=id, text=text))


async def described(board: Board, one: c.ImportedTask) -> bool:
    return (await board.get(one.record.id)).has_description


async def test_a_task_is_completed_where_its_column_says_so(board: Board) -> None:
    moment = LONG_AGO + timedelta(days=1)
    open_, timed, untimed = (
        task(board, completed_at=moment),
        task(board, completed_at=moment, column_id=board.columns[2]),
        task(board, column_id=board.columns[2]),
    )
    await bring(board, open_, timed, untimed)
    found = [(await board.get(one.record.id)).completed_at for one in (open_, timed, untimed)]
    assert found == [None, moment, LONG_AGO]


async def test_a_completed_task_may_come_with_unfinished_dependencies(board: Board) -> None:
    done, waiting = task(board, column_id=board.columns[2]), task(board)
    await bring(board, waiting, done, link(done.record.id, waiting.record.id))
    assert (await board.get(done.record.id)).completed_at is not None


async def test_times_are_kept_as_the_moments_they_name(board: Board) -> None:
    """Whatever zone a file says: what is announced is what a snapshot says later (G4)."""
    berlin = datetime(2021, 3, 4, 6, 6, 7, tzinfo=timezone(timedelta(hours=1)))
    stale = Replica.of_snapshot(await board.snapshot())
    one = task(board, created_at=berlin, updated_at=berlin, archived_at=berlin)
    await bring(board, one, comment(one.record.id, created_at=berlin, edited_at=berlin))
    await stale.catch_up(board)
    fresh = Replica.of_snapshot(await board.snapshot())
    assert stale.kinds(*SNAPSHOT_KINDS) == fresh.kinds(*SNAPSHOT_KINDS)
    assert (await board.get(one.record.id)).created_at == datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)


async def test_archived_tasks_do_not_count_as_open(board: Board) -> None:
    async with fresh(board, limits=Limits(tasks=3, open_tasks=1)) as (small, _):
        archived = [task(board, archived_at=LONG_AGO) for _ in range(2)]
        await bring(small, task(board), *archived)
        for more in (task(board), task(board, archived_at=LONG_AGO)):
            with pytest.raises(TooLarge):
                await bring(small, more)


NAUGHTY: dict[str, Callable[[Board], tuple[c.ImportedRecord, type[Refusal]]]] = {
    "NUL in a title": lambda b: (task(b, title="a\0b"), Invalid),
    "NUL in a description": lambda b: (c.ImportedDescription(Description(id=_some(b), text="a\0b")), Invalid),
    "NUL in a comment": lambda b: (comment(_some(b), text="a\0b"), Invalid),
    "NUL in a member's name": lambda b: (member(name="a\0b"), Invalid),
    "NUL in a label's name": lambda b: (c.ImportedLabel(Label(id=new_id(), name="a\0b", color="red")), Invalid),
    "NUL in a column's name": lambda b: (c.ImportedColumn(Column(id=new_id(), name="a\0b", rank="a0")), Invalid),
    "a nameless member": lambda b: (member(name=" "), Invalid),
    "a title of 201": lambda b: (task(b, title="x" * 201), Invalid),
    "no colour": lambda b: (c.ImportedLabel(Label(id=new_id(), name="", color="infrared")), Invalid),
    "a malformed rank": lambda b: (task(b, rank="a 0"), Invalid),
    "a rank with a tail of zeros": lambda b: (task(b, rank="a00"), Invalid),
    "an endless rank": lambda b: (task(b, rank="a0" + "V" * 5_000), Invalid),
    "a huge WIP limit": lambda b: (
        c.ImportedColumn(Column(id=new_id(), name="C", rank="a0", wip_limit=2**40)),
        Invalid,
    ),
    "a priority of 11": lambda b: (task(b, priority=11), Invalid),
    "a huge number": lambda b: (task(b, 2**31 - 1), Invalid),
    "a negative number": lambda b: (task(b, -1), Invalid),
    "a day that does not exist": lambda b: (task(b, due_at="2026-02-30"), Invalid),
    "a time without zone": lambda b: (task(b, created_at=datetime(2021, 1, 1)), Invalid),  # noqa: DTZ001
    "a time before time": lambda b: (
        task(b, created_at=datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))),
        Invalid,
    ),
    "an unknown column": lambda b: (task(b, column_id=new_id()), NotFound),
    "a comment on nothing": lambda b: (comment(new_id()), NotFound),
    "an item of nothing": lambda b: (item(new_id()), NotFound),
    "a description of nothing": lambda b: (c.ImportedDescription(Description(id=new_id(), text="")), NotFound),
    "a dependency on nothing": lambda b: (link(_some(b), new_id()), NotFound),
    "an unknown author": lambda b: (comment(_some(b), author_id=new_id()), NotFound),
    "an unknown creator": lambda b: (task(b, created_by=new_id()), NotFound),
    "an unknown assignee": lambda b: (task(b, assignee_ids=(new_id(),)), NotFound),
    "a dependency on itself": lambda b: (link(_some(b), _some(b)), Cycle),
    "a member that is there": lambda b: (member(id=b.actor.id), Conflict),
    "a role for nobody": lambda b: (member(role="admin"), Invalid),
    "a user under another id": lambda b: (member(user_id=b.actor.id, role="admin"), Invalid),
}


def _some(board: Board) -> UUID:
    """The task that every test here starts with: it came first."""
    change: Any = board.announced[-1].change
    id: UUID = change.ops[0].record.id
    return id


def member(**fields: Any) -> c.ImportedMember:
    about: dict[str, Any] = {"id": new_id(), "user_id": None, "name": "Ghost", "role": None, **fields}
    return c.ImportedMember(Member(**about))


async def test_what_makes_no_sense_is_refused_whole_and_points_at_its_record(board: Board) -> None:
    await board.task("Here")
    before = await stored(board)
    for what, naughty in NAUGHTY.items():
        record, refusal = naughty(board)
        with pytest.raises(refusal) as refused:
            await bring(board, task(board), record)
        assert refused.value.errors[0].pointer.startswith("/commands/0"), what
        assert type(refused.value) is refusal, what
        assert await stored(board) == before, what
    with pytest.raises(Invalid) as refused:
        await bring(board, task(board), task(board, title=""))
    assert refused.value.errors[0].pointer == "/commands/0/records/1/record/title"


async def test_a_user_without_an_account_cannot_be_brought_in(board: Board) -> None:
    stranger = new_id()
    with pytest.raises(NotFound):
        await bring(board, member(id=stranger, user_id=stranger, role="editor"))
    account = await board.account("Real")
    await bring(board, member(id=account.id, user_id=account.id, role="editor"))
    await board.submit(c.CreateLabel(id=new_id(), name="Mine", color="red"), actor=account)


async def test_dependencies_of_an_import_keep_the_rules(board: Board) -> None:
    ids = [await board.task(title) for title in "ABC"]
    await bring(board, link(ids[0], ids[1]), link(ids[1], ids[2]))
    with pytest.raises(Cycle):
        await bring(board, link(ids[2], ids[0]))
    with pytest.raises(Conflict):
        await bring(board, link(ids[0], ids[1]))
    one, two = task(board), task(board)
    with pytest.raises(Cycle):
        await bring(board, one, two, link(one.record.id, two.record.id), link(two.record.id, one.record.id))


async def test_an_id_that_was_used_before_is_a_conflict_even_within_the_same_import(board: Board) -> None:
    one = task(board)
    with pytest.raises(Conflict):
        await bring(board, one, one)
    await bring(board, one)
    with pytest.raises(Conflict):
        await bring(board, one)
    await board.submit(c.DeleteTask(id=one.record.id))
    with pytest.raises(Conflict):
        await bring(board, one)


async def test_a_record_comes_after_what_it_refers_to(board: Board) -> None:
    one = task(board)
    with pytest.raises(NotFound):
        await bring(board, comment(one.record.id), one)
    with pytest.raises(NotFound):
        await bring(board, task(board, column_id=(column := new_id())), _column(column))
    await bring(board, _column(column), task(board, column_id=column), one, comment(one.record.id))


def _column(id: UUID) -> c.ImportedColumn:
    return c.ImportedColumn(Column(id=id, name="Old", rank="a9"))


async def test_sets_that_name_something_twice_name_it_once(board: Board) -> None:
    label = new_id()
    one = task(board, label_ids=(label, label), assignee_ids=(board.actor.id,) * 2)
    await bring(board, one)
    found = await board.get(one.record.id)
    assert (found.label_ids, found.assignee_ids) == ((label,), (board.actor.id,))


async def test_only_an_admin_imports(board: Board) -> None:
    editor = await board.member("Ed", "editor")
    with pytest.raises(Forbidden):
        await board.submit(c.ImportRecords(import_id=new_id(), records=(task(board),)), actor=editor)


def test_an_import_is_never_empty_nor_longer_than_its_limit() -> None:
    for count in (0, 501):
        said = {"type": "import_records", "import_id": str(new_id()), "records": [_a_label() for _ in range(count)]}
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(said, c.ImportRecords)


def _a_label() -> dict[str, Any]:
    return {"kind": "label", "record": {"id": str(new_id()), "name": "L", "color": "red"}}
