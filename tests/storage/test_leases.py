"""One holder at a time, until it lets go or its connection dies."""

import pytest
from sqlalchemy import text

from server.domain.errors import Unavailable
from server.storage.engine import Database
from server.storage.leases import hold


@pytest.fixture
def other(database_url: str) -> Database:
    """Another process."""
    return Database(database_url)


async def test_a_lease_has_one_holder(database: Database, other: Database) -> None:
    async with hold(database, "clock") as mine, hold(other, "clock") as theirs, hold(other, "else") as another:
        assert mine is not None and theirs is None and another is not None
        await mine.check()
    async with hold(other, "clock") as theirs:
        assert theirs is not None
    await other.close()


async def test_a_holder_whose_connection_died_learns_of_it_and_another_takes_over(
    database: Database, other: Database
) -> None:
    async with hold(database, "clock") as mine:
        assert mine is not None
        async with other.begin() as connection:
            await connection.execute(
                text("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'")
            )
        async with hold(other, "clock") as theirs:
            assert theirs is not None
        with pytest.raises(Unavailable):
            await mine.check()
    await other.close()


async def test_without_a_database_there_is_no_lease() -> None:
    nowhere = Database("postgresql+asyncpg://nobody@/nowhere?host=/nowhere")
    with pytest.raises(Unavailable):
        async with hold(nowhere, "clock"):
            raise AssertionError
