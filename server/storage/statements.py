"""How the edit path locks and writes: SQL texts, put together once from the tables' definitions; nothing of a request ever enters a text.

They are texts, not expressions, because they run on the driver itself: three statements through the expression layer cost more than the
whole transaction (docs/benchmarks.md). JSON passes as text, past the driver's own codecs. Not here: reading (loads).
"""

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

_HEAD_FIELDS = {
    "seq": "bigint",
    "last_number": "int",
    "task_count": "int",
    "open_count": "int",
    "deleted_at": "timestamptz",
}

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

_TYPES = ("text", *(f"{type_}[]" for type_ in _LOG_TYPES.values()), "uuid[]", "uuid[]", *("text" for _ in PARTS))
_FIRST_PART = len(_TYPES) - len(PARTS) + 1


def write_steps(mine: str) -> dict[str, str]:
    """What a write does, by name: of heads ($1), log ($2 to $10) and rows by `PARTS` ($13 and on) that which belongs to the projects `mine`."""
    log = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(_LOG_TYPES.values(), start=2))
    names = ", ".join(_LOG_TYPES)
    return {
        **{_name(part): _rows_written(part, n, mine) for n, part in enumerate(PARTS, start=_FIRST_PART)},
        "heads": f"UPDATE head h SET {', '.join(f'{name} = n.{name}' for name in _HEAD_FIELDS)} "
        f"FROM {_heads(_HEAD_FIELDS)} WHERE n.project_id = ANY({mine}) AND h.project_id = n.project_id",
        "log": f"INSERT INTO {change.name} ({names}) SELECT l.* FROM unnest({log}) AS l({names}) WHERE l.project_id = ANY({mine})",
    }


def _name(part: Part) -> str:
    return f"{part.kind} {'made' if part.made else 'changed'}"


def _heads(fields: dict[str, str]) -> str:
    columns = ", ".join(f"{name} {type_}" for name, type_ in fields.items())
    return f"json_to_recordset($1::json) AS n(project_id uuid, {columns})"


def _rows_written(part: Part, parameter: int, mine: str) -> str:
    """Made rows are inserted, so that an id that was used after all makes the whole write fail; others are replaced."""
    table = quoted(part.kind)
    names = [f'"{column.name}"' for column in RECORD_TABLES[part.kind].columns]
    source = f"json_populate_recordset(null::{table}, ${parameter}::json) r WHERE r.project_id = ANY({mine})"
    if part.made:
        return (
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(f'r.{name}' for name in names)} FROM {source}"
        )
    changed = ", ".join(f"{name} = r.{name}" for name in names if name not in ('"project_id"', '"id"'))
    return f"UPDATE {table} t SET {changed} FROM {source} AND t.project_id = r.project_id AND t.id = r.id"


MINE = (
    f"SELECT h.project_id FROM head h JOIN {_heads({'epoch': 'uuid', 'expected': 'bigint'})} USING (project_id) "
    "WHERE h.seq = n.expected AND h.epoch = n.epoch FOR NO KEY UPDATE OF h SKIP LOCKED"
)

KNOWN = (
    f"SELECT coalesce(json_agg({_KNOWN}), '[]') FROM change c "
    "JOIN unnest($11::uuid[], $12::uuid[]) AS asked(project_id, id) ON c.project_id = asked.project_id AND c.command_id = asked.id"
)


def _function() -> str:
    steps = write_steps("mine")
    rows = (
        f"IF ${n} IS NOT NULL THEN {steps.pop(_name(part))}; END IF;" for n, part in enumerate(PARTS, start=_FIRST_PART)
    )
    return f"""
CREATE OR REPLACE FUNCTION pg_temp.write_batch({", ".join(_TYPES)}) RETURNS text LANGUAGE plpgsql AS $write$
DECLARE
  mine uuid[] := ARRAY({MINE});
  known json := '[]';
BEGIN
  IF $11 IS NOT NULL THEN known := ({KNOWN}); END IF;
  {" ".join(rows)}
  {"; ".join(steps.values())};
  RETURN json_build_object('projects', to_json(mine), 'known', known);
END $write$
"""


WRITE_FUNCTION = _function()
"""Made by each connection for itself: what it says is this process's own, whatever version of us others run.

A function and not one statement with a part for each kind, because parts that have nothing to do would cost as much as the others.
It touches only projects whose head still is where it is `expected` and that nobody else holds, so without any transaction around it a batch
is applied to the very state it was made for, or not at all. It yields those projects, and what the log knows of the command ids asked for
($11, $12).
"""

WRITE = f"SELECT pg_temp.write_batch({', '.join(f'${n}' for n in range(1, len(_TYPES) + 1))})"
