"""PostgreSQL's own programs find the very database that the settings name, whatever the spelling."""

import pytest

from server.settings import load
from server.storage.backups import closing, libpq, opening


def variables(url: str) -> dict[str, str]:
    given = load({"DATABASE_URL": url, "LOCKSTEP_SECRET": "s" * 32})
    return {name.removeprefix("PG").lower(): value for name, value in libpq(given.database_url).items()}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://ann:p%40ss%2Fword@db.example.org:6432/board?sslmode=verify-full",
            {
                "host": "db.example.org",
                "port": "6432",
                "user": "ann",
                "password": "p@ss/word",
                "database": "board",
                "sslmode": "verify-full",
            },
        ),
        (
            "postgresql://ann@/board?host=/var/run/postgresql",
            {"host": "/var/run/postgresql", "user": "ann", "database": "board"},
        ),
        (
            "postgresql://ann@/board?host=one:5432&host=two:5433&target_session_attrs=primary",
            {
                "host": "one,two",
                "port": "5432,5433",
                "user": "ann",
                "database": "board",
                "targetsessionattrs": "primary",
            },
        ),
        ("postgresql://localhost/board", {"host": "localhost", "database": "board"}),
    ],
)
def test_a_url_becomes_the_variables_of_libpq(url: str, expected: dict[str, str]) -> None:
    assert variables(url) == expected


def test_nothing_of_ours_outside_its_schema_is_touched() -> None:
    """A schema may have any name, also one that must be quoted."""
    before, after = opening('our "own"', disconnect=False), closing('our "own"')
    assert '"our ""own"""."task"' in before
    assert "pg_terminate_backend" not in before
    assert 'UPDATE "our ""own""".head SET epoch' in after
    assert after.rstrip().endswith("COMMIT;")
