"""Lists of tasks in one project or in many: found by criteria, sorted, a page at a time, by indexes. Not here: what is asked for (criteria).

Whatever its size, a page costs one statement; over many projects one more where people, labels or words are sought.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import text

from server.storage import criteria
from server.storage.criteria import Criteria, Parameters
from server.storage.engine import AsyncConnection
from server.storage.shown import JOINED, SHOWN, ListedTask

SortName = Literal["created_at", "updated_at", "due_at", "priority", "title", "number", "rank", "relevance"]
Direction = Literal["asc", "desc"]
Way = Literal["single", "collected", "merged"]
"""To a page: in one project; by an index of what is sought, through all; the first of each project, merged."""

FEW_PROJECTS = 8
"""So many are simply asked for a page each."""

FEW_FOUND = 5_000
"""So many tasks of all projects are rather sorted than met in their order."""


class Order(NamedTuple):
    """A sort. `key` is SQL, `type` its own; `direction` what is meant when nobody says; `least` below all values, where there is an index."""

    key: str
    type: str
    direction: Direction
    least: str | None = None
    nullable: bool = False


ORDERS: dict[SortName, Order] = {
    "created_at": Order("t.created_at", "timestamptz", "desc", "CAST('-infinity' AS timestamptz)"),
    "updated_at": Order("t.updated_at", "timestamptz", "desc", "CAST('-infinity' AS timestamptz)"),
    "due_at": Order("t.due_at", "text", "asc", "''", nullable=True),
    "priority": Order("t.priority", "int", "asc", "0"),
    "title": Order(criteria.folded("t.title"), "text", "asc"),
    "number": Order("t.number", "int", "asc"),
    "rank": Order("""(c.rank || ' ' || c.id || ' ' || t.rank) COLLATE "C" """, "text", "asc"),
    "relevance": Order("", "float8", "desc"),
}
"""`rank` is a board read column by column; the key of `relevance` follows from what is sought."""

WITHIN_ONE: frozenset[SortName] = frozenset({"title", "number", "rank"})
"""Sorts of one project: over all of them there is no such order, or no index of it."""


class Place(NamedTuple):
    """Where a page ended: a task, and its key as a text; None where it has none."""

    key: str | None
    id: UUID
    project: UUID


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what meets `criteria` in `projects`: up to `limit` tasks after `after`."""

    projects: tuple[UUID, ...]
    criteria: Criteria
    sort: SortName = "created_at"
    direction: Direction = "desc"
    after: Place | None = None
    limit: int = 100


class Found(msgspec.Struct, frozen=True):
    """`next` is where the next page begins; None at the end."""

    items: list[ListedTask]
    next: Place | None


class _Page(msgspec.Struct, frozen=True):
    keys: list[str | int | float | None]
    items: list[ListedTask]


_decode = msgspec.json.Decoder(_Page).decode


async def page(connection: AsyncConnection, wanted: Wanted) -> Found:
    """One page. `limit` is at least 1."""
    if not wanted.projects:
        return Found([], None)
    way = await _way(connection, wanted)
    bound = await _bound(connection, wanted) if way == "merged" and len(wanted.projects) > FEW_PROJECTS else None
    sql, given = statement(wanted, way, bound)
    found = _decode(await connection.scalar(text(sql), given))
    items = found.items[: wanted.limit]
    if len(found.items) == len(items):
        return Found(items, None)
    key, last = found.keys[len(items) - 1], items[-1]
    return Found(items, Place(None if key is None else str(key), last.id, last.project_id))


async def total(connection: AsyncConnection, projects: Sequence[UUID], asked: Criteria) -> int:
    """How many tasks meet the criteria, counted one by one."""
    where, given = criteria.conditions(asked)
    sql = f"""
        SELECT coalesce(sum(k.n), 0)::bigint FROM unnest(CAST(:projects AS uuid[])) AS a(project_id) CROSS JOIN LATERAL (
            SELECT count(*) AS n FROM {_source(asked)} WHERE t.project_id = a.project_id AND {" AND ".join(where)}
        ) k
    """
    return int(await connection.scalar(text(sql), {**given, "projects": list(projects)}) or 0)


async def _way(connection: AsyncConnection, wanted: Wanted) -> Way:
    """Over many projects, what is rare is better collected through its own index than met while each project's order is read.

    The planner knows from its statistics how common words, labels and people are; it is asked for nothing else.
    """
    if len(wanted.projects) == 1:
        return "single"
    where, given = criteria.sought(wanted.criteria)
    if not where or wanted.sort == "relevance":
        return "collected" if where else "merged"
    sought = text(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {_source(wanted.criteria)} WHERE {' AND '.join(where)}")
    (plan,) = await connection.scalar(sought, given)
    return "collected" if plan["Plan"]["Plan Rows"] <= FEW_FOUND else "merged"


async def _bound(connection: AsyncConnection, wanted: Wanted) -> Place | None:
    """What no task of the page comes behind: the last of a page that is made of only a few of each project."""
    if ORDERS[wanted.sort].least is None:
        return None
    sql, given = bound_statement(wanted)
    found = await connection.scalar(text(sql), given)
    return None if found is None else msgspec.json.decode(found, type=Place)


def statement(wanted: Wanted, way: Way, bound: Place | None = None) -> tuple[str, Parameters]:
    """The SQL of a page and its parameters."""
    select, given = _prepared(wanted, way)
    if bound is not None:
        given |= {"bound_id": bound.id, **({} if bound.key is None else {"bound_key": bound.key})}
    found = select.all_at_once() if way == "collected" else select.parts(":most", bound)
    if way == "merged":
        found = f"SELECT p.* FROM {_EACH} CROSS JOIN LATERAL ({found}) p"
    order = select.order
    sql = f"""
        WITH found AS MATERIALIZED (SELECT * FROM ({found}) k ORDER BY {order} LIMIT :most)
        SELECT json_build_object(
            'keys', coalesce(json_agg(k.key ORDER BY {order}), '[]'),
            'items', coalesce(json_agg((SELECT s FROM (SELECT {SHOWN}) s) ORDER BY {order}), '[]')
        )::text
        FROM found k JOIN ({JOINED}) ON t.project_id = k.project_id AND t.id = k.id
    """
    return sql, given


def bound_statement(wanted: Wanted) -> tuple[str, Parameters]:
    """The SQL of a bound, and its parameters: null where a few of each project are less than a page."""
    select, given = _prepared(wanted, "merged")
    sql = f"""
        SELECT json_build_array(CAST(k.key AS text), k.id, k.project_id)::text
        FROM {_EACH} CROSS JOIN LATERAL ({select.parts(":few")}) k ORDER BY {select.order} OFFSET :most - 1 LIMIT 1
    """
    return sql, {**given, "few": max(2, 2 * given["most"] // len(wanted.projects) + 1)}


_EACH = "unnest(CAST(:projects AS uuid[])) AS a(project_id)"
_INSIDE: dict[Way, str] = {
    "single": "t.project_id = :project",
    "collected": "t.project_id = ANY(CAST(:projects AS uuid[]))",
    "merged": "t.project_id = a.project_id",
}


def _prepared(wanted: Wanted, way: Way) -> tuple["_Select", Parameters]:
    where, given = criteria.conditions(wanted.criteria, met=way == "merged")
    inside: Parameters = {"project": wanted.projects[0]} if way == "single" else {"projects": list(wanted.projects)}
    place = wanted.after
    after = {} if place is None else {"after_key": place.key, "after_id": place.id, "after_project": place.project}
    if place is not None and place.key is None:
        del after["after_key"]
    return _Select(wanted, [_INSIDE[way], *where]), {**given, **inside, **after, "most": wanted.limit + 1}


class _Select:
    """The keys of a page's tasks, in SQL."""

    def __init__(self, wanted: Wanted, where: list[str]) -> None:
        self._wanted = wanted
        self._where = where
        self._sort = ORDERS[wanted.sort]
        self._key = _relevance(wanted.criteria) if wanted.sort == "relevance" else self._sort.key
        self._after = wanted.after
        self._keyless_too = self._sort.nullable and not wanted.criteria.is_due
        direction = wanted.direction
        self._beyond, self._upto = (">", "<=") if direction == "asc" else ("<", ">=")
        self.order = f"k.key {direction} NULLS LAST, k.id {direction}, k.project_id {direction}"

    def all_at_once(self) -> str:
        """Where they are sorted anyhow."""
        if self._after is not None and self._after.key is None:
            return self._keyless(":most")
        beyond = [] if self._after is None else [self._beyond_after()]
        more = [f"({one} OR {self._key} IS NULL)" for one in beyond] if self._keyless_too else beyond
        direction = self._wanted.direction
        return self._select(self._key, more, f"{self._key} {direction} NULLS LAST, t.id {direction} LIMIT :most")

    def parts(self, most: str, bound: Place | None = None) -> str:
        """Up to `most` with a key in its order, then so many without one by id: of those there is none before a bound that has a key."""
        after = self._after
        keyless_only = after is not None and after.key is None
        if not self._keyless_too or (bound is not None and bound.key is not None):
            return self._valued(most, bound)
        keyless = self._keyless(most, bounded=bound is not None)
        return keyless if keyless_only else f"({self._valued(most, None)}) UNION ALL ({keyless})"

    def _valued(self, most: str, bound: Place | None) -> str:
        """What is said of the key alone says nothing more, but makes an index of it good for this."""
        direction = self._wanted.direction
        least = self._sort.least
        more = []
        if self._after is not None:
            more.append(self._beyond_after())
            least = self._given("after") if least and direction == "asc" else least
        if bound is not None:
            more.append(f"({self._key}, t.id) {self._upto} ({self._given('bound')}, CAST(:bound_id AS uuid))")
            least = self._given("bound") if direction == "desc" else least
        if least is not None:
            more.append(f"{self._key} >= {least}")
        return self._select(self._key, more, f"{self._key} {direction}, t.id {direction} LIMIT {most}")

    def _beyond_after(self) -> str:
        place = f"({self._given('after')}, CAST(:after_id AS uuid), CAST(:after_project AS uuid))"
        return f"({self._key}, t.id, t.project_id) {self._beyond} {place}"

    def _keyless(self, most: str, *, bounded: bool = False) -> str:
        more = [f"{self._key} IS NULL"]
        if self._after is not None and self._after.key is None:
            more.append(f"(t.id, t.project_id) {self._beyond} (CAST(:after_id AS uuid), CAST(:after_project AS uuid))")
        if bounded:
            more.append(f"t.id {self._upto} CAST(:bound_id AS uuid)")
        return self._select(f"CAST(NULL AS {self._sort.type})", more, f"t.id {self._wanted.direction} LIMIT {most}")

    def _given(self, which: str) -> str:
        """A key that is a parameter: it travels as a text."""
        return f"CAST(CAST(:{which}_key AS text) AS {self._sort.type})"

    def _select(self, key: str, more: list[str], rest: str) -> str:
        source = _source(self._wanted.criteria, with_column=self._wanted.sort == "rank")
        where = " AND ".join([*self._where, *more])
        return f"SELECT t.project_id, t.id, {key} AS key FROM {source} WHERE {where} ORDER BY {rest}"


def _source(asked: Criteria, *, with_column: bool = False) -> str:
    words = " JOIN task_words w ON w.project_id = t.project_id AND w.id = t.id" if asked.seeks else ""
    column = ' JOIN "column" c ON c.project_id = t.project_id AND c.id = t.column_id' if with_column else ""
    return f"task t{words}{column}"


def _relevance(asked: Criteria) -> str:
    """A word in the title weighs four times as much as one in the description, a number that was named most of all."""
    beginnings = [criteria.beginning(n) for n in range(len(asked.words))]
    weighed = [
        f"4 * ts_rank(coalesce(w.title, ''), {one}) + ts_rank(coalesce(w.text, ''), {one})" for one in beginnings
    ]
    return f"CAST({' + '.join(weighed) or '1'} AS float8)"
