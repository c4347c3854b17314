"""PostgreSQL and Valkey from wheels: they start anywhere, keep what they were given and change no folder of others."""

import asyncio
import os
import signal
import stat
from pathlib import Path

import asyncpg
import pytest
import redis

from server.embedded.postgres import Postgres
from server.embedded.program import StartError
from server.embedded.service import Service
from server.embedded.valkey import Valkey


def query(url: str, statement: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(ask())


def kill(service: Service) -> None:
    """SIGKILL to the server, as the kernel does it when memory is short."""
    process = service._process
    assert process is not None
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_postgres_keeps_what_was_committed_from_start_to_start(tmp_path: Path) -> None:
    with Postgres(tmp_path) as postgres:
        query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with Postgres(tmp_path) as postgres:
        assert query(postgres.url, "SELECT answer FROM kept") == 42


def test_postgres_syncs_every_commit_unless_told_otherwise(tmp_path: Path) -> None:
    with Postgres(tmp_path / "durable") as postgres:
        shown = [
            query(postgres.url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes", "jit")
        ]
    assert shown == ["on", "on", "on", "off"]


def test_postgres_is_version_18_and_sorts_by_code_point(tmp_path: Path) -> None:
    with Postgres(tmp_path, durable=False) as postgres:
        assert str(query(postgres.url, "SHOW server_version")).startswith("18")
        assert query(postgres.url, "SELECT 'Z' < 'a' AND lower('ÄÖ') = 'äö'") is True


def test_postgres_recovers_after_it_was_killed(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path)
    query(postgres.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    kill(postgres)
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")  # a stale lock of a process id in use
    after = Postgres(tmp_path)
    after.recover()
    with after:
        assert query(after.url, "SELECT answer FROM kept") == 42


def test_a_cluster_that_was_half_made_is_made_afresh(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "half").touch()
    with Postgres(tmp_path, durable=False) as postgres:
        assert query(postgres.url, "SELECT 1") == 1
    assert not (tmp_path / "postgres.new").exists()


def test_data_of_another_version_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartError, match=r"is of PostgreSQL 16, this is 18: choose another data folder with --data"):
        Postgres(tmp_path).start()


def test_a_folder_that_cannot_be_made_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match=r"Cannot make the folder .*: choose another data folder with --data"):
        Postgres(tmp_path / "file" / "data").start()


def test_no_folder_above_the_data_changes_even_where_others_may_not_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    above = [closed, *closed.parents]
    before = [folder.stat() for folder in above]
    with Postgres(closed / "data", durable=False) as postgres:
        assert query(postgres.url, "SELECT 1") == 1
    after = [folder.stat() for folder in above]
    assert [(at.st_mode, at.st_uid) for at in after] == [(at.st_mode, at.st_uid) for at in before]


def test_only_the_owner_can_open_the_data_and_the_sockets(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as postgres:
        modes = {stat.S_IMODE(folder.stat().st_mode) for folder in (postgres.sockets, tmp_path / "data" / "postgres")}
    assert modes == {0o700}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives rights away")
def test_started_by_root_postgres_runs_as_somebody_else(tmp_path: Path) -> None:
    with Postgres(tmp_path, durable=False) as postgres:
        process = postgres._process
        assert process is not None
        status = Path(f"/proc/{process.pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert "0" not in uids


@pytest.mark.parametrize("name", ["x" * 120, "with space, comma and ünïcode"])
def test_a_path_that_does_not_suit_a_socket_moves_the_sockets_only(tmp_path: Path, name: str) -> None:
    with Postgres(tmp_path / name, durable=False) as postgres, Valkey(tmp_path / name, durable=False) as valkey:
        assert query(postgres.url, "SELECT 1") == 1
        assert redis.Redis.from_url(valkey.url).ping()
        assert postgres.sockets.parent == valkey.sockets.parent == Path("/tmp")
    assert not postgres.sockets.exists()
    assert not valkey.sockets.exists()


def test_valkey_speaks_redis_and_keeps_what_it_was_given(tmp_path: Path) -> None:
    with Valkey(tmp_path) as valkey:
        redis.Redis.from_url(valkey.url).set("kept", "42")
    with Valkey(tmp_path) as valkey:
        assert redis.Redis.from_url(valkey.url).get("kept") == b"42"


def test_a_server_that_cannot_start_says_why_and_where_to_read_on(tmp_path: Path) -> None:
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey" / "appendonlydir").touch()  # a file where it wants a folder
    with pytest.raises(StartError, match=r"Valkey does not start: .*valkey\.log"):
        Valkey(tmp_path).start()
