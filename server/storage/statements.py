"""The SQL texts of the edit path, put together once from the tables' definitions; nothing of a request ever enters a text.

They are texts, not expressions, because they run on the driver itself: three statements through the expression layer cost more than the
whole transaction (docs/benchmarks.md). JSON passes as text, past the driver's own codecs.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

from server.domain.records import KINDS, Kind
from server.storage.reads import RANKED, WHOLE, Reads
from server.storage.tables import RECORD_TABLES, change

CROWD = 100
"""Rows read on each side of a place where order keys have grown too long."""

TASKS_OF_MAX = 4_001
"""Enough to see that a column holds more tasks than one change may carry, though as many as two batches have commands just left it."""


def _quoted(kind: Kind) -> str:
    return f'"{kind}"'


def lock(*, wait: bool) -> str:
    return _LOCK_WAITING if wait else _LOCK_PASSING


_KNOWN = "json_build_object('project_id', c.project_id, 'id', c.command_id, 'seq', c.seq, 'digest', encode(c.digest, 'base64'))"

_LOCK = """
WITH locked AS MATERIALIZED (
  SELECT * FROM head WHERE project_id = ANY($1::uuid[]) ORDER BY project_id FOR NO KEY UPDATE{passing}
)
SELECT coalesce(json_agg(json_build_object('head', to_json(l), 'now', clock_timestamp(), 'seen', (
  SELECT h.seq FROM head h WHERE h.project_id = l.project_id
), 'known', (
  SELECT coalesce(json_agg({known}), '[]')
  FROM change c WHERE c.project_id = l.project_id AND c.command_id = ANY($2::uuid[])
))), '[]')::text FROM locked l
"""
_LOCK_PASSING = _LOCK.format(known=_KNOWN, passing=" SKIP LOCKED")
_LOCK_WAITING = _LOCK.format(known=_KNOWN, passing="")


EXISTING = "SELECT project_id FROM head WHERE project_id = ANY($1::uuid[])"

OPEN = """
WITH made AS (INSERT INTO head (project_id, epoch, seq) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING RETURNING *)
SELECT json_build_object('head', to_json(m), 'now', clock_timestamp(), 'known', '[]'::json)::text FROM made m
"""


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
        f"SELECT json_agg({_row(kind)}) FROM {_quoted(kind)} t JOIN {{asked}} ON t.project_id = asked.project_id AND t.id = asked.key",
    )


def _edges_of(kind: Kind) -> Load:
    table, inside = _quoted(kind), RANKED[kind]
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
    table, inside = _quoted(kind), RANKED[kind]
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
    table, inside = _quoted(kind), RANKED[kind]
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
        f"SELECT json_agg({_row(kind)}) FROM {_quoted(kind)} t JOIN {{asked}} ON t.project_id = asked.project_id",
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
    _ACCOUNTS,
)


class Part(NamedTuple):
    """Rows of one kind in a write: all of them made by it, or all of them there before."""

    kind: Kind
    made: bool


PARTS = tuple(Part(kind, made) for kind in KINDS for made in (True, False))
FEW_PARTS = 2
"""Writes of more parts use the one statement with all of them, so that there are few statements to plan."""


@cache
def write(parts: tuple[Part, ...]) -> str:
    """The statement that writes heads ($1), the log ($2 to $10) and rows by `parts` (one parameter each from $13).

    It touches only projects whose head still is where it is `expected` and that nobody else holds, so without any transaction around it a
    batch is applied to the very state it was made for, or not at all. It yields those projects, and what the log knows of the command
    ids asked for ($11, $12).
    """
    rows = (f"w{n} AS ({_rows_written(part, n + 13)})" for n, part in enumerate(parts))
    return f"WITH {', '.join((_NEW, _MINE, _HEADS, *rows, _LOG))} {_WRITTEN}"


_HEAD_FIELDS = ("seq", "last_number", "task_count", "open_count", "deleted_at")

_NEW = (
    "new AS MATERIALIZED (SELECT * FROM json_to_recordset($1::text::json) AS n(project_id uuid, epoch uuid, expected bigint, "
    "seq bigint, last_number int, task_count int, open_count int, deleted_at timestamptz))"
)

_MINE = (
    "mine AS MATERIALIZED (SELECT h.project_id FROM head h JOIN new n USING (project_id) "
    "WHERE h.seq = n.expected AND h.epoch = n.epoch FOR NO KEY UPDATE OF h SKIP LOCKED)"
)

_IS_MINE = "{}.project_id = ANY (ARRAY(SELECT project_id FROM mine))"
"""An array, for a join of what is written with what is mine would be a loop in a loop: both are as long as the batch has projects."""

_HEADS = (
    f"heads AS (UPDATE head h SET {', '.join(f'{name} = n.{name}' for name in _HEAD_FIELDS)} "
    f"FROM new n WHERE {_IS_MINE.format('n')} AND h.project_id = n.project_id RETURNING h.project_id)"
)

_WRITTEN = (
    "SELECT json_build_object('projects', coalesce((SELECT json_agg(project_id) FROM heads), '[]'), 'known', coalesce((SELECT json_agg("
    f"{_KNOWN}) FROM change c JOIN "
    "unnest($11::uuid[], $12::uuid[]) AS asked(project_id, id) ON c.project_id = asked.project_id AND c.command_id = asked.id), '[]'))::text"
)

_LOG_TYPES = {
    "project_id": "uuid",
    "seq": "bigint",
    "command_id": "uuid",
    "digest": "bytea",
    "actor_id": "uuid",
    "at": "timestamptz",
    "kind": "text",
    "message": "text",
    "was": "text",
}

_LOG = (
    f"log AS (INSERT INTO {change.name} ({', '.join(_LOG_TYPES)}) SELECT l.* FROM unnest("
    + ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(_LOG_TYPES.values(), start=2))
    + f") AS l({', '.join(_LOG_TYPES)}) WHERE {_IS_MINE.format('l')})"
)


def _rows_written(part: Part, parameter: int) -> str:
    """Made rows are inserted, so that an id that was used after all makes the whole write fail; others are replaced."""
    table = _quoted(part.kind)
    names = [f'"{column.name}"' for column in RECORD_TABLES[part.kind].columns]
    source = f"json_populate_recordset(null::{table}, ${parameter}::text::json) r WHERE {_IS_MINE.format('r')}"
    if part.made:
        return (
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(f'r.{name}' for name in names)} FROM {source}"
        )
    changed = ", ".join(f"{name} = r.{name}" for name in names if name not in ('"project_id"', '"id"'))
    return f"UPDATE {table} t SET {changed} FROM {source} AND t.project_id = r.project_id AND t.id = r.id"
