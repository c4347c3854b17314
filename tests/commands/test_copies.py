"""Working copies between batches: kept while they are of use, within their bounds."""

import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from server.commands import copies as copies_module
from server.commands.copies import Copies, Copy
from server.domain import commands as c
from server.domain import ranks
from server.domain.ids import new_id
from server.domain.records import Label
from server.storage import rows as rows_module
from server.storage.pen import Head
from server.storage.rows import Row, Rows
from tests.commands.executors import fresh
from tests.helpers.board import Board


def copy_of(project: UUID, labels: int = 1) -> Copy:
    rows = Rows(project)
    for _ in range(labels):
        label = Label(id=new_id(), name="", color="red")
        rows.load("label", Row(label))
    return Copy(Head(project, new_id(), 1, 0, 0, 0, None), rows, datetime.now(UTC), time.monotonic())


def test_a_copy_that_is_taken_is_nobody_elses_until_it_is_held_again() -> None:
    held, project = Copies(), new_id()
    held.hold({project: (copy := copy_of(project))})
    assert held.take([project, new_id()]) == {project: copy}
    assert held.take([project]) == {}


def test_the_copies_longest_unused_go_when_there_are_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies_module, "HELD_ROWS", 10)
    held, projects = Copies(), [new_id() for _ in range(4)]
    for project in projects[:3]:
        held.hold({project: copy_of(project, labels=3)})
    held.hold(held.take([projects[0]]))
    held.hold({projects[3]: copy_of(projects[3], labels=3)})
    assert set(held.take(projects)) == {projects[2], projects[0], projects[3]}
    held.hold({projects[0]: copy_of(projects[0], labels=11)})
    assert held.take(projects) == {}


def test_a_copy_that_left_too_many_ranks_behind_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "BOUNDS_MAX", 10)
    held, project = Copies(), new_id()
    copy = copy_of(project)
    for rank in ranks.spread(None, None, 11):
        copy.rows.note_rank("task", project, rank)
    held.hold({project: copy})
    assert held.take([project])
    copy.rows.note_rank("task", project, "zzzzz")
    held.hold({project: copy})
    assert held.take([project]) == {}


def test_the_databases_clock_is_told_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = copy_of(new_id())
    at = copy.clock()
    assert at is not None
    assert at >= copy.now
    monkeypatch.setattr(copies_module, "CLOCK_SECONDS", 0.0)
    assert copy.clock() is None


async def test_cards_moved_until_the_copy_is_worn_out_keep_their_order(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "BOUNDS_MAX", 5)
    titles = list("ABCD")
    async with fresh(board) as (one, _):
        ids = [await one.task(title) for title in titles]
        for n in range(30):
            await one.submit(c.MoveTask(id=ids[n % 4], column_id=board.columns[0], place="top"))
    assert await board.order() == ["B", "A", "D", "C"]
