"""What a backup and a restore ask of a database, and the statements around a restored dump. Not here: pg_dump, files (server/backup.py)."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from server.domain.errors import Unavailable
from server.storage.engine import Database
from server.storage.schema import ADVISORY_LOCK, current_head
from server.storage.tables import metadata

NAME = "lockstep-restore"

LOCK_ATTEMPTS = 20
"""How often the tables are locked anew when somebody who reads them in another order stands in the way."""

_OURS = "datname = current_database() AND application_name LIKE 'lockstep-%' AND pid <> pg_backend_pid()"
_RELATIONS = text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
)
_CONNECTED = text(
    f"SELECT DISTINCT split_part(application_name, '-', 2) FROM pg_stat_activity WHERE {_OURS} ORDER BY 1"
)


_FUNCTIONS = (
    "words_of_task_made",
    "words_of_task_changed",
    "words_of_description_made",
    "words_of_description_changed",
)
"""Of triggers, which go with their tables."""


class Found(msgspec.Struct, frozen=True):
    """A database as it stands. `version` is PostgreSQL's major one, `connected` names our processes that work with it."""

    version: int
    schema: str
    revision: str | None
    empty: bool
    connected: tuple[str, ...]


async def look(url: str) -> Found:
    """Raises `Unavailable` when the database does not answer, or turns us away."""
    database = Database(url, name=NAME)
    try:
        async with database.begin() as connection:
            version = await connection.scalar(text("SELECT current_setting('server_version_num')::int / 10000"))
            schema = await connection.scalar(text("SELECT current_schema()::text"))
            relations = await connection.scalar(_RELATIONS)
            connected = tuple((await connection.execute(_CONNECTED)).scalars())
        revision = await current_head(database)
    except DBAPIError as refused:
        raise Unavailable(f"The database turns us away: {refused.driver_exception}.") from refused
    finally:
        await database.close()
    return Found(version, schema, revision, relations == 0, connected)


def opening(schema: str, *, disconnect: bool) -> str:
    """What comes before the dump: a transaction of its own in which nothing of ours is left."""
    terminate = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {_OURS};" if disconnect else ""
    names = ("alembic_version", *metadata.tables)
    tables = ", ".join(f"{_quoted(schema)}.{_quoted(name)}" for name in names)
    functions = ", ".join(f"{_quoted(schema)}.{name}" for name in _FUNCTIONS)
    known = ", ".join("'" + f"{_quoted(schema)}.{_quoted(name)}".replace("'", "''") + "'" for name in names)
    return f"""
BEGIN;
SET LOCAL lock_timeout = '30s';
SELECT pg_advisory_xact_lock({ADVISORY_LOCK});
{terminate}
DO $$
DECLARE present text := (SELECT string_agg(name, ', ') FROM unnest(ARRAY[{known}]) AS name
  WHERE to_regclass(name) IS NOT NULL);
BEGIN
  FOR attempt IN 1..{LOCK_ATTEMPTS} LOOP
    BEGIN
      EXECUTE coalesce('LOCK TABLE ' || present || ' IN ACCESS EXCLUSIVE MODE', 'SELECT');
      RETURN;
    EXCEPTION WHEN deadlock_detected THEN NULL;
    END;
  END LOOP;
  RAISE 'others keep the tables locked';
END $$;
DROP TABLE IF EXISTS {tables};
DROP FUNCTION IF EXISTS {functions};
"""


def closing(schema: str) -> str:
    """What comes after the dump: every project has another epoch, and the database is put on record by the next start."""
    identity = f"{_quoted(schema)}.identity"
    return f"""
UPDATE {_quoted(schema)}.head SET epoch = gen_random_uuid();
DO $$ BEGIN IF to_regclass('{identity}') IS NOT NULL THEN DELETE FROM {identity}; END IF; END $$;
COMMIT;
"""


def libpq(url: str) -> Mapping[str, str]:
    """The variables by which PostgreSQL's own programs find the database; a password has no place on a command line."""
    parsed = make_url(url)
    query = parsed.normalized_query
    hosts = [host.rpartition(":") if ":" in host else (host, "", "") for host in query.get("host", ())]
    given = {
        "PGHOST": ",".join(host or port for host, _, port in hosts) or parsed.host,
        "PGPORT": ",".join(port for _, colon, port in hosts if colon) or parsed.port,
        "PGUSER": parsed.username,
        "PGPASSWORD": parsed.password,
        "PGDATABASE": parsed.database,
        "PGSSLMODE": ",".join(query.get("ssl", ())),
        "PGTARGETSESSIONATTRS": ",".join(query.get("target_session_attrs", ())),
    }
    return {name: str(value) for name, value in given.items() if value}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
