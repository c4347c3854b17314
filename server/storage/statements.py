"""How the edit path locks and writes: SQL texts, put together once from the tables' definitions; nothing of a request ever enters a text.

They are texts, not expressions, because they run on the driver itself: three statements through the expression layer cost more than the
whole transaction (docs/benchmarks.md). JSON passes as text, past the driver's own codecs. Not here: reading (loads).
"""

from functools import cache
from typing import NamedTuple

from server.domain.records import KINDS, Kind
from server.storage.loads import quoted
from server.storage.tables import RECORD_TABLES, change


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
    table = quoted(part.kind)
    names = [f'"{column.name}"' for column in RECORD_TABLES[part.kind].columns]
    source = f"json_populate_recordset(null::{table}, ${parameter}::text::json) r WHERE {_IS_MINE.format('r')}"
    if part.made:
        return (
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(f'r.{name}' for name in names)} FROM {source}"
        )
    changed = ", ".join(f"{name} = r.{name}" for name in names if name not in ('"project_id"', '"id"'))
    return f"UPDATE {table} t SET {changed} FROM {source} AND t.project_id = r.project_id AND t.id = r.id"
