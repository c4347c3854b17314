"""How the edit path reads: one part for each thing that `Reads` can name, put together to one statement for all that a batch lacks.

Like the other texts of the edit path (statements) these are made from the tables' definitions, and nothing of a request enters one.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

from server.domain.records import KINDS, Kind
from server.storage.reads import RANKED, WHOLE, Reads

CROWD = 100
"""Rows read on each side of a place where order keys have grown too long."""

TASKS_OF_MAX = 4_001
"""Enough to see that a column holds more tasks than one change may carry, though as many as two batches have commands just left it."""


def quoted(kind: Kind) -> str:
    """A kind's table."""
    return f'"{kind}"'


class Load(NamedTuple):
    """One part of a load. `sql` takes two parameters, `{projects}` and `{keys}`; it yields one JSON text."""

    kind: Kind
    yields: Literal["rows", "ranks", "accounts"]
    keys: Callable[[Reads], Iterable[UUID | str]]
    key_type: Literal["uuid", "text"]
    sql: str

    def wanted(self, reads: Iterable[Reads]) -> bool:
        return any(True for read in reads for _ in self.keys(read))


def load(fragments: list[Load], reads: Mapping[UUID, Reads]) -> tuple[str, list[Any]]:
    """One statement that yields a column for each fragment, and its arguments."""
    arguments: list[Any] = []
    for fragment in fragments:
        asked = [(project, key) for project, read in reads.items() for key in fragment.keys(read)]
        arguments += [[project for project, _ in asked], [key for _, key in asked]]
    return _load_text(tuple(LOADS.index(fragment) for fragment in fragments)), arguments


@cache
def _load_text(indices: tuple[int, ...]) -> str:
    parts = (
        LOADS[index].sql.format(
            asked=f"unnest(${2 * n + 1}::uuid[], ${2 * n + 2}::{LOADS[index].key_type}[]) AS asked(project_id, key)"
        )
        for n, index in enumerate(indices)
    )
    return "SELECT " + ", ".join(f"({part})::text" for part in parts)


def _row(kind: Kind, alias: str = "t") -> str:
    """A row as JSON: `{project_id, row: {record, deleted_at, field_seq}}`."""
    fields = ", ".join(f"'{field}', {alias}.\"{field}\"" for field in KINDS[kind].__struct_fields__)
    return (
        f"json_build_object('project_id', {alias}.project_id, 'row', json_build_object("
        f"'record', json_build_object({fields}), 'deleted_at', {alias}.deleted_at, 'field_seq', {alias}.field_seq))"
    )


def _rows_of(kind: Kind) -> Load:
    return Load(
        kind,
        "rows",
        lambda reads: (id for wanted, id in reads.rows if wanted == kind),
        "uuid",
        f"SELECT json_agg({_row(kind)}) FROM {quoted(kind)} t JOIN {{asked}} ON t.project_id = asked.project_id AND t.id = asked.key",
    )


def _edges_of(kind: Kind) -> Load:
    table, inside = quoted(kind), RANKED[kind]
    within = f"FROM {table} t WHERE t.project_id = asked.project_id AND t.{inside} = asked.key ORDER BY t.rank"
    return Load(
        kind,
        "ranks",
        lambda reads: (id for wanted, id in reads.edges if wanted == kind),
        "uuid",
        "SELECT json_agg(json_build_object('project_id', asked.project_id, 'container', asked.key, 'ranks', "
        f"json_build_array((SELECT t.rank {within} LIMIT 1), (SELECT t.rank {within} DESC LIMIT 1)))) FROM {{asked}}",
    )


def _neighbours_of(kind: Kind) -> Load:
    table, inside = quoted(kind), RANKED[kind]
    beside = f"FROM {table} n WHERE n.project_id = t.project_id AND n.{inside} = t.{inside} AND n.rank"
    return Load(
        kind,
        "ranks",
        lambda reads: (id for wanted, id in reads.neighbours if wanted == kind),
        "uuid",
        f"SELECT json_agg(json_build_object('project_id', t.project_id, 'container', t.{inside}, 'place', t.rank, 'ranks', json_build_array("
        f"(SELECT n.rank {beside} < t.rank ORDER BY n.rank DESC LIMIT 1), (SELECT n.rank {beside} > t.rank ORDER BY n.rank LIMIT 1)))) "
        f"FROM {table} t JOIN {{asked}} ON t.project_id = asked.project_id AND t.id = asked.key",
    )


def _crowds_of(kind: Kind) -> Load:
    table, inside = quoted(kind), RANKED[kind]
    side = (
        f"(SELECT n.* FROM {table} n WHERE n.project_id = asked.project_id AND n.{inside} = split_part(asked.key, ' ', 1)::uuid "
        "AND n.rank {compare} split_part(asked.key, ' ', 2) COLLATE \"C\" ORDER BY n.rank {order} LIMIT {most})"
    )
    near = (
        side.format(compare="<=", order="DESC", most=CROWD)
        + " UNION ALL "
        + side.format(compare=">", order="", most=CROWD)
    )
    return Load(
        kind,
        "rows",
        lambda reads: (f"{container} {rank}" for wanted, container, rank in reads.crowds if wanted == kind),
        "text",
        f"SELECT json_agg({_row(kind, 'near')}) FROM {{asked}}, LATERAL ({near}) near",
    )


def _all_of(kind: Kind) -> Load:
    return Load(
        kind,
        "rows",
        lambda reads: (UUID(int=0) for _ in range(kind in reads.all_of or (reads.whole and kind in WHOLE))),
        "uuid",
        f"SELECT json_agg({_row(kind)}) FROM {quoted(kind)} t JOIN {{asked}} ON t.project_id = asked.project_id",
    )


_LINKS = Load(
    "dependency",
    "rows",
    lambda reads: reads.links,
    "uuid",
    f"SELECT json_agg({_row('dependency')}) FROM dependency t JOIN {{asked}} ON t.project_id = asked.project_id "
    "AND (t.task_id = asked.key OR t.depends_on_id = asked.key)",
)

_LINKED_TASKS = Load(
    "task",
    "rows",
    lambda reads: reads.links,
    "uuid",
    f"SELECT json_agg({_row('task')}) FROM {{asked}} JOIN dependency d ON d.project_id = asked.project_id "
    "AND (d.task_id = asked.key OR d.depends_on_id = asked.key) JOIN task t ON t.project_id = d.project_id "
    "AND t.id = CASE d.task_id WHEN asked.key THEN d.depends_on_id ELSE d.task_id END",
)

_CLOSURES = Load(
    "dependency",
    "rows",
    lambda reads: reads.closures,
    "uuid",
    "WITH RECURSIVE walk(project_id, key) AS (SELECT asked.project_id, asked.key FROM {asked} UNION "
    "SELECT d.project_id, d.depends_on_id FROM dependency d JOIN walk w ON d.project_id = w.project_id AND d.task_id = w.key "
    f"AND d.deleted_at IS NULL) SELECT json_agg({_row('dependency')}) FROM dependency t JOIN walk "
    "ON t.project_id = walk.project_id AND t.task_id = walk.key",
)

_TASKS_OF = Load(
    "task",
    "rows",
    lambda reads: reads.tasks_of,
    "uuid",
    f"SELECT json_agg({_row('task', 'near')}) FROM {{asked}}, LATERAL (SELECT t.* FROM task t WHERE t.project_id = asked.project_id "
    f"AND t.column_id = asked.key AND t.deleted_at IS NULL ORDER BY t.rank LIMIT {TASKS_OF_MAX}) near",
)

_ATTACHMENTS_OF = Load(
    "attachment",
    "rows",
    lambda reads: reads.attachments_of,
    "uuid",
    f"SELECT json_agg({_row('attachment')}) FROM attachment t JOIN {{asked}} ON t.project_id = asked.project_id AND t.task_id = asked.key",
)

_UUID = "^[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$"
"""An id as we write it; an address, which has an `@`, never looks like one."""

_ACCOUNTS = Load(
    "member",
    "accounts",
    lambda reads: reads.accounts,
    "text",
    "SELECT json_agg(json_build_object('asked', asked.key, 'id', a.id, 'name', a.name, 'kind', a.kind)) FROM account a JOIN {asked} "
    f"ON lower(a.email) = asked.key OR a.id = CASE WHEN asked.key ~ '{_UUID}' THEN asked.key::uuid END",
)

LOADS: tuple[Load, ...] = (
    *(_rows_of(kind) for kind in KINDS),
    *(_edges_of(kind) for kind in RANKED),
    *(_neighbours_of(kind) for kind in RANKED),
    *(_crowds_of(kind) for kind in RANKED),
    *(_all_of(kind) for kind in WHOLE),
    _LINKS,
    _LINKED_TASKS,
    _CLOSURES,
    _TASKS_OF,
    _ATTACHMENTS_OF,
    _ACCOUNTS,
)
