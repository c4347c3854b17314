"""What is skipped by a later start, and what makes it look again."""

from pathlib import Path

import pytest

from server.embedded.postgres import Postgres
from server.embedded.prepared import Prepared
from server.embedded.valkey import Valkey


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    postgres = Postgres(tmp_path_factory.mktemp("cluster"), durable=False)
    postgres.program()
    return postgres


def put(data_dir: Path, postgres: Postgres) -> Prepared:
    """A folder whose last start succeeded and filled the demo board."""
    (data_dir / "secret").write_text("secret")
    prepared = Prepared(data_dir, postgres)
    prepared.accounts.write_text("ann, ben")
    prepared.put()
    return prepared


def test_after_a_start_that_succeeded_nothing_is_done_again(tmp_path: Path, postgres: Postgres) -> None:
    prepared = put(tmp_path, postgres)
    assert prepared.take()
    assert prepared.accounts.exists()


def test_after_a_start_that_failed_everything_is_looked_at_again(tmp_path: Path, postgres: Postgres) -> None:
    prepared = put(tmp_path, postgres)
    prepared.take()
    assert not prepared.take()
    assert not prepared.accounts.exists()


def test_another_secret_makes_other_accounts(tmp_path: Path, postgres: Postgres) -> None:
    prepared = put(tmp_path, postgres)
    (tmp_path / "secret").write_text("another")
    assert not prepared.take()


def test_another_cluster_is_not_known(tmp_path: Path, postgres: Postgres) -> None:
    put(tmp_path, postgres)
    other = Postgres(tmp_path / "other", durable=False)
    other.program()
    assert not Prepared(tmp_path, other).take()


def test_a_database_from_elsewhere_is_never_known(tmp_path: Path, postgres: Postgres) -> None:
    put(tmp_path, postgres)
    elsewhere = Prepared(tmp_path, None)
    elsewhere.put()
    assert not elsewhere.take()
    assert not Prepared(tmp_path, Valkey(tmp_path)).take()
