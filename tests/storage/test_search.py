"""How lists of tasks are read: by index whatever is asked, and in as many statements for a large page as for a small one."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from server.domain.ids import new_id
from server.storage import boards, named, search
from server.storage.accounts import Accounts
from server.storage.criteria import Criteria, Parameters
from server.storage.engine import AsyncConnection, Database, Limits
from server.storage.search import ORDERS, WITHIN_ONE, SortName, Wanted
from tests.helpers.crowd import crowd
from tests.helpers.databases import Databases
from tests.storage.statements import asked

PROJECTS, TASKS = 50, 1_000
SORTS: tuple[SortName, ...] = tuple(ORDERS)


@pytest.fixture(scope="module")
def crowded(databases: Databases) -> Iterator[tuple[str, UUID]]:
    """A database's URL, and who is in all of its projects."""

    async def fill(url: str) -> UUID:
        database = Database(url, Limits(statement_timeout=300))
        try:
            owner = new_id()
            await Accounts(database).create(owner, "crowd@example.org", "Crowd", None)
            await crowd(database, owner, projects=PROJECTS, tasks=TASKS)
            return owner
        finally:
            await database.close()

    with asyncio.Runner() as runner:
        opened = databases.new()
        url = runner.run(opened.__aenter__())
        yield url, runner.run(fill(url))
        runner.run(opened.__aexit__(None, None, None))


async def everything(connection: AsyncConnection, owner: UUID) -> tuple[tuple[UUID, ...], dict[str, Criteria]]:
    """All projects, and a case of every filter."""
    seen, _ = await boards.seen_by(connection, owner)
    projects = tuple(one.id for one in seen)
    found = await named.find(connection, projects, categories=("todo",), labels=("label 2",))
    (label,) = (await named.find(connection, projects[:1], labels=("Label 2",))).labels.values()
    begin, end = datetime.now(UTC) - timedelta(days=9), datetime.now(UTC) - timedelta(days=8)
    return projects, {
        "nothing": Criteria(),
        "columns": Criteria(columns=found.columns),
        "priorities": Criteria(priorities=(1, 2)),
        "label": Criteria(labels=(label,)),
        "label by name": Criteria(labels=tuple(found.labels.values())),
        "assignee": Criteria(assignees=(owner,)),
        "due": Criteria(due_from="2026-01-01", due_to="2026-02-01~"),
        "overdue": Criteria(overdue=True),
        "not overdue": Criteria(overdue=False),
        "completed": Criteria(completed=True),
        "open": Criteria(completed=False, archived=False),
        "archived": Criteria(archived=True),
        "blocked": Criteria(blocked=True),
        "not blocked": Criteria(blocked=False),
        "created": Criteria(created_from=begin, created_before=end),
        "updated": Criteria(updated_from=begin, updated_before=end),
        "title": Criteria(title="word1"),
        "a rare word": Criteria(words=("word17",)),
        "a common word": Criteria(words=("thing1",)),
        "a number": Criteria(numbers=(42,)),
    }


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is few among a million tasks, for as many as there are here."""
    monkeypatch.setattr(search, "FEW_FOUND", search.FEW_FOUND * PROJECTS * TASKS // 1_000_000)


async def test_no_filter_and_no_sort_reads_all_tasks(crowded: tuple[str, UUID]) -> None:
    """The first page and the one after it, of one project and of all: every statement, as PostgreSQL plans it.

    Lists forbid sequential scans, so one that is left has no index to use instead.
    """
    url, owner = crowded
    database = Database(url)
    planned = 0
    async with database.snapshot() as connection:
        projects, cases = await everything(connection, owner)
        for (name, criteria), sort, inside in product(cases.items(), SORTS, (projects, projects[:1])):
            if (len(inside) > 1 and sort in WITHIN_ONE) or (sort == "relevance" and not criteria.seeks):
                continue
            wanted = Wanted(projects=inside, criteria=criteria, sort=sort, direction=ORDERS[sort].direction, limit=3)
            after = (await search.page(connection, wanted)).next
            for page in (wanted, replace(wanted, after=after, limit=100)):
                for sql, given in await statements_of(connection, page):
                    lines = (await connection.execute(text(f"EXPLAIN {sql}"), given)).scalars()
                    plan = "\n".join(lines)
                    assert "Scan" in plan and not re.search(r"Seq Scan on task(_words)?\b", plan), (name, sort, plan)
                    planned += 1
    await database.close()
    assert planned > 400


async def statements_of(connection: AsyncConnection, wanted: Wanted) -> list[tuple[str, Parameters]]:
    """Those that read tasks."""
    way = await search._way(connection, wanted)
    bound = await search._bound(connection, wanted) if way == "merged" else None
    found = [search.statement(wanted, way, bound)]
    return [*found, search.bound_statement(wanted)] if way == "merged" and ORDERS[wanted.sort].least else found


async def test_a_large_page_costs_as_many_statements_as_a_small_one(crowded: tuple[str, UUID]) -> None:
    url, owner = crowded
    database = Database(url)
    async with database.snapshot() as connection:
        projects, cases = await everything(connection, owner)
        for name, inside in product(("nothing", "label by name", "a rare word"), (projects, projects[:1])):
            counts, items = [], []
            for limit in (1, 10, 1_000):
                with asked(database) as said:
                    found = await search.page(connection, Wanted(projects=inside, criteria=cases[name], limit=limit))
                counts.append(len(said))
                items.append(len(found.items))
            assert counts == [counts[0]] * 3 and counts[0] <= 3, (name, counts)
            assert items[0] == 1 and items[2] > items[1], (name, items)
    await database.close()


async def test_what_is_rare_is_collected_and_what_is_common_is_met(crowded: tuple[str, UUID]) -> None:
    url, owner = crowded
    database = Database(url)
    async with database.snapshot() as connection:
        projects, cases = await everything(connection, owner)
        ways = {
            name: await search._way(connection, Wanted(projects=projects, criteria=cases[name]))
            for name in ("nothing", "label", "assignee", "a number", "a common word")
        }
    await database.close()
    assert ways == {
        "nothing": "merged",
        "label": "collected",
        "assignee": "collected",
        "a number": "collected",
        "a common word": "merged",
    }


BY_INDEX: dict[tuple[str, SortName], str] = {
    ("nothing", "created_at"): "ix_task_created",
    ("nothing", "updated_at"): "ix_task_updated",
    ("nothing", "due_at"): "ix_task_due",
    ("nothing", "priority"): "ix_task_priority",
    ("overdue", "due_at"): "ix_task_due_open",
    ("label", "created_at"): "ix_task_sets",
    ("assignee", "updated_at"): "ix_task_sets",
    ("a number", "relevance"): "ix_task_words",
}


@pytest.mark.parametrize(("case", "sort"), BY_INDEX)
async def test_what_has_an_index_is_read_by_it(crowded: tuple[str, UUID], case: str, sort: SortName) -> None:
    url, owner = crowded
    database = Database(url)
    async with database.snapshot() as connection:
        projects, cases = await everything(connection, owner)
        wanted = Wanted(projects=projects, criteria=cases[case], sort=sort, direction=ORDERS[sort].direction, limit=10)
        for sql, given in await statements_of(connection, wanted):
            plan = "\n".join((await connection.execute(text(f"EXPLAIN {sql}"), given)).scalars())
            assert re.search(rf"\b{BY_INDEX[case, sort]}\b", plan), plan
    await database.close()
