"""Lists of tasks over many projects and in one, asked by one client, each answer awaited before the next question."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from server.settings import load
from server.storage.engine import Database, Limits
from tests.helpers.crowd import crowd
from tests.load.stack import Person, Stack

PROJECTS = 200
_FILL_SECONDS = 3_600.0

QUERIES = (
    "",
    "sort=updated_at",
    "sort=due_at&completed=false",
    "sort=priority",
    "assignee=me&completed=false&sort=due_at",
    "overdue=true&sort=due_at",
    "status=in_progress&archived=false",
    "priority=1-2",
    "label=label%202",
    "q=word17",
    "q=word17%20term&sort=relevance",
    "q=thing1",
    "q=%2342",
    "blocked=true",
)


class Asked(NamedTuple):
    """A list, and how long each answer took, in milliseconds."""

    what: str
    milliseconds: list[float]


def lists(stack: Stack, tasks: int, seconds: float) -> Iterator[Asked]:
    """Every query over all projects and in one of them, then what is at hand already; so many seconds each."""
    owner = stack.register("owner")
    asyncio.run(_fill(stack, UUID(owner.id), tasks))
    first = stack.http.get("/v1/tasks?limit=1", headers=owner.headers).json()["items"][0]
    for path in ("/v1/tasks", f"/v1/projects/{first['project_id']}/tasks"):
        where = "one project" if "projects" in path else "all projects"
        for query in QUERIES:
            yield Asked(f"{where}: {query or 'the newest'}", _ask(stack, owner, f"{path}?{query}", {}, 200, seconds))
        tag = {"If-None-Match": stack.http.get(path, headers=owner.headers).headers["etag"]}
        yield Asked(f"{where}: at hand", _ask(stack, owner, path, tag, 304, seconds))


async def _fill(stack: Stack, owner: UUID, tasks: int) -> None:
    url = load(stack.environment).database_url
    database = Database(url, Limits(statement_timeout=_FILL_SECONDS))
    await crowd(database, owner, projects=PROJECTS, tasks=max(1, tasks // PROJECTS))
    await database.close()


def _ask(stack: Stack, who: Person, path: str, headers: dict[str, Any], status: int, seconds: float) -> list[float]:
    taken: list[float] = []
    stack.http.get(path, headers=who.headers)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.perf_counter()
        answer = stack.http.get(path, headers={**who.headers, **headers})
        taken.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == status, answer.text
    return taken
