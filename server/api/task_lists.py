"""Lists of tasks over REST: of one project, of all of them, and of the trash. Not here: how they are found (storage.search)."""

from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies, cursors, task_queries
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.cursors import Cursors
from server.api.services import Services
from server.api.task_queries import AllTasksQuery, TasksQuery, TrashQuery
from server.domain.errors import Invalid, NotFound
from server.storage import boards, named, search, trash
from server.storage.boards import Seen
from server.storage.criteria import Criteria
from server.storage.engine import AsyncConnection
from server.storage.search import ORDERS, WITHIN_ONE, Wanted
from server.storage.shown import ListedTask

FORMAT = "1"
"""Part of the ETag: another one when the same tasks would be told otherwise."""


class Tasks(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page. `total` is there when it was asked for; deleted tasks say when and by whom they were deleted."""

    items: list[ListedTask]
    next: str | None
    total: int | None = None


CONTRACTS = {
    "GET /v1/projects/{project}/tasks": Contract(
        name="list_tasks",
        says="Tasks of a project, found, sorted and by pages; or the deleted ones, the last deleted first.",
        asks=TasksQuery,
        answers={200: Tasks},
        kept=True,
        sends=("Link",),
    ),
    "GET /v1/tasks": Contract(
        name="list_all_tasks",
        says="Tasks of all projects that you are in, found, sorted and by pages.",
        asks=AllTasksQuery,
        answers={200: Tasks},
        kept=True,
        sends=("Link",),
    ),
}


class TaskListRoutes:
    """The handlers of `/v1/tasks` and `/v1/projects/{project}/tasks`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._cursors = Cursors(services.settings.secret)

    async def of_project(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, TasksQuery)
        if asked.deleted:
            return await self._trash(request, identity)
        project: UUID = request.path_params["project"]
        async with self._services.database.snapshot() as connection:
            seen, zone = await boards.seen_by(connection, identity.actor.id, project)
            if not seen:
                raise NotFound("There is no such project.")
            return await _List(self._cursors, request, identity, asked, self._limit(asked.limit)).read(
                connection, seen, zone
            )

    async def of_all(self, request: Request, identity: Identity) -> Response:
        asked = bodies.query(request, AllTasksQuery)
        _refuse_unbounded(asked)
        async with self._services.database.snapshot() as connection:
            seen, zone = await boards.seen_by(connection, identity.actor.id)
            mine = [
                one for one in seen if identity.reach.covers(one.id) and (not asked.project or one.id in asked.project)
            ]
            return await _List(self._cursors, request, identity, asked, self._limit(asked.limit)).read(
                connection, mine, zone
            )

    async def _trash(self, request: Request, identity: Identity) -> Response:
        """The deleted ones, the last deleted first."""
        asked = bodies.query(request, TrashQuery)
        limit = self._limit(asked.limit)
        project: UUID = request.path_params["project"]
        async with self._services.database.snapshot() as connection:
            seen, _ = await boards.seen_by(connection, identity.actor.id, project)
            if not seen:
                raise NotFound("There is no such project.")
            page = await trash.tasks(connection, project, cursor=asked.cursor, limit=limit)
        body = msgspec.json.encode(page)
        return answers.tagged(request, answers.tag_of(page), body, headers=cursors.link(request, page.next))

    def _limit(self, asked: int | None) -> int:
        settings = self._services.settings
        if asked is not None and asked > settings.page_size_max:
            raise Invalid.at("/limit", f"A page has at most {settings.page_size_max} items.")
        return asked or min(settings.page_size_default, settings.page_size_max)


def _refuse_unbounded(asked: AllTasksQuery) -> None:
    """What is an order of one project only, and parts of words, which no index finds, among all tasks that there are."""
    if asked.sort in WITHIN_ONE and len(asked.project) != 1:
        raise Invalid.at("/sort", f"`{asked.sort}` is an order within one project: name it as `project`.")
    if asked.title is not None and not (asked.project or asked.q or asked.assignee or asked.label or asked.label_all):
        raise Invalid.at("/title", "`title` needs `project`, `q`, `assignee` or `label` beside it here.")


class _List:
    """One request for a page of tasks."""

    def __init__(
        self, cursors: Cursors, request: Request, identity: Identity, asked: TasksQuery | AllTasksQuery, limit: int
    ) -> None:
        if asked.sort == "relevance" and asked.q is None:
            raise Invalid.at("/sort", "`relevance` needs `q`.")
        self._cursors = cursors
        self._request = request
        self._me = identity.actor.id
        self._asked = asked
        self._limit = limit
        self._direction = asked.order or ORDERS[asked.sort].direction

    async def read(self, connection: AsyncConnection, seen: list[Seen], zone: str) -> Response:
        asked, order = self._asked, (self._asked.sort, self._direction)
        after = None if asked.cursor is None else self._cursors.read(asked.cursor, *order)
        tag = self._version(seen, zone)
        if tag is not None and answers.has(self._request, tag):
            return answers.tagged(self._request, tag, b"")
        projects = tuple(one.id for one in seen)
        said = task_queries.spelled(asked)
        found = await named.find(
            connection, projects, categories=said.categories, labels=said.labels, emails=said.emails
        )
        criteria = task_queries.criteria(asked, found, self._me, zone)
        page = await search.page(
            connection,
            Wanted(
                projects=projects,
                criteria=criteria,
                sort=asked.sort,
                direction=self._direction,
                after=after,
                limit=self._limit,
            ),
        )
        next = None if page.next is None else self._cursors.write(page.next, *order)
        total = await _total(connection, seen, criteria) if asked.count else None
        body = msgspec.json.encode(Tasks(page.items, next, total))
        return answers.tagged(
            self._request, tag or answers.tag_of(msgspec.Raw(body)), body, headers=cursors.link(self._request, next)
        )

    def _version(self, seen: list[Seen], zone: str) -> str | None:
        """An ETag that needs no look at the tasks; None where more than the projects decides what is found: the time, or people's addresses."""
        asked = self._asked
        if asked.overdue is not None or any("@" in person for person in asked.assignee):
            return None
        stands = [(one.id, one.at.epoch, one.at.seq) for one in seen]
        return answers.tag_of((FORMAT, self._me, stands, self._request.url.path, self._request.url.query))


async def _total(connection: AsyncConnection, seen: list[Seen], criteria: Criteria) -> int:
    """Known for each project where hardly anything was asked for, else counted."""
    if criteria == Criteria(zone=criteria.zone):
        return sum(one.tasks for one in seen)
    if criteria == Criteria(zone=criteria.zone, archived=False):
        return sum(one.unarchived for one in seen)
    return await search.total(connection, [one.id for one in seen], criteria)
