"""The demo fills a database with boards that look used, and running it again changes nothing."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from server.api.passwords import Passwords
from server.demo import board, fill
from server.demo.generated import Plan
from server.domain.changes import Snapshot
from server.domain.records import Task
from server.settings import Settings
from server.storage import boards
from server.storage.accounts import Accounts
from server.storage.engine import Database


def quietly(_line: str) -> None:
    pass


async def snapshots(settings: Settings) -> dict[str, Snapshot]:
    """Every board that Ann sees, by name."""
    database = Database(settings.database_url)
    try:
        ann = await Accounts(database).credentials("ann@demo.lockstep")
        assert ann is not None
        async with database.snapshot() as connection:
            found = [
                await boards.snapshot(connection, one.id)
                for one in await boards.projects_of(connection, ann.account.id)
            ]
        return {one.project.name: one for one in found if one is not None}
    finally:
        await database.close()


def test_two_people_share_a_lively_board(settings: Settings) -> None:
    ann, ben = fill(settings, say=quietly)
    (demo,) = asyncio.run(snapshots(settings)).values()
    assert demo.project.name == "Fernway product board"
    assert {member.name: member.role for member in demo.members if member.user_id} == {
        "Ann Larkin": "admin",
        "Ben Okafor": "editor",
    }
    assert len([member for member in demo.members if member.role is None]) == 5
    assert [column.name for column in sorted(demo.columns, key=lambda column: column.rank)] == [
        "Backlog", "To do", "In progress", "Review", "Done"
    ]  # fmt: skip
    assigned = Counter(id for task in demo.tasks for id in task.assignee_ids)
    assert assigned[ann.id] and assigned[ben.id]
    assert sum(task.comment_count for task in demo.tasks) > 30


def test_the_board_looks_used_today(settings: Settings) -> None:
    fill(settings, say=quietly)
    (demo,) = asyncio.run(snapshots(settings)).values()
    now = datetime.now(UTC)
    assert now - timedelta(days=1) <= max(task.updated_at for task in demo.tasks) <= now
    due = sorted(task.due_at for task in demo.tasks if task.due_at and not task.completed_at)
    assert due[0] < now.isoformat() < due[-1]


@pytest.mark.parametrize("days", [0, 1, 400])
def test_time_moves_everything_alike(days: int) -> None:
    first, later = (board.translated(datetime(2026, 4, 1, tzinfo=UTC) + timedelta(days=n)) for n in (0, days))
    for before, after in zip(first.records, later.records, strict=True):
        assert before.record.id == after.record.id
        if isinstance(before.record, Task) and isinstance(after.record, Task):
            assert after.record.created_at - before.record.created_at == timedelta(days=days)


def test_a_second_run_changes_nothing(settings: Settings) -> None:
    first = fill(settings, say=quietly)
    before = asyncio.run(snapshots(settings))
    assert fill(settings, say=quietly) == first
    assert asyncio.run(snapshots(settings)) == before


async def test_the_passwords_work_and_belong_to_the_installation(settings: Settings, database_url: str) -> None:
    accounts = await asyncio.to_thread(fill, settings, say=quietly)
    database, passwords = Database(database_url), Passwords()
    try:
        for account in accounts:
            known = await Accounts(database).credentials(account.email)
            assert known is not None and await passwords.verify(known.password_hash, account.password)
            assert len(account.password) >= 10 and account.password in str(account)
    finally:
        passwords.close()
        await database.close()


def test_generated_boards_have_the_tasks_and_people_asked_for(settings: Settings) -> None:
    said: list[str] = []
    fill(settings, people=12, tasks=6_000, say=said.append)
    made = asyncio.run(snapshots(settings)).values()
    assert sum(len(one.tasks) for one in made) == 6_000
    assert len({member.user_id for one in made for member in one.members}) <= 14
    assert said[-1] == "6,000 tasks on 3 boards, 14 people"
    for one in made:
        assert {task.number for task in one.tasks} == set(range(1, len(one.tasks) + 1))
        done = {column.id for column in one.columns if column.category == "completed"}
        assert all((task.column_id in done) == (task.completed_at is not None) for task in one.tasks)


def test_a_repeated_fill_goes_on_where_it_stopped(settings: Settings) -> None:
    fill(settings, tasks=1_000, say=quietly)
    before = asyncio.run(snapshots(settings))
    fill(settings, tasks=1_000, say=quietly)
    assert asyncio.run(snapshots(settings)) == before


@pytest.mark.parametrize(
    ("tasks", "most"), [(0, 50_000), (1, 50_000), (2_501, 50_000), (1_000_000, 50_000), (1_000, 10)]
)
def test_a_plan_is_uneven_and_exact(tasks: int, most: int) -> None:
    plan = Plan.of(tasks, most)
    assert plan.tasks == tasks
    assert all(0 <= size <= most for size in plan.sizes)
    assert list(plan.sizes) == sorted(plan.sizes, reverse=True) and len(plan.sizes) <= max(
        1, -(-tasks // min(most, 2_500))
    )
