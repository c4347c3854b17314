"""After PostgreSQL was restarted the connections that a pool kept are dead; the first requests must not be the ones to find out."""

import asyncio

import pytest
from sqlalchemy import text

from server.storage.engine import Database
from tests.helpers.garden import Garden

END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'lockstep-web%' AND datname = current_database()"


async def all_are_ended(database: Database) -> None:
    """As a restart does: every connection of the server's is ended while it is idle."""
    async with database.begin() as connection:
        await connection.execute(text(END_ALL))
    counted = text(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'lockstep-web%' AND datname = current_database()"
    )
    async with asyncio.timeout(5):
        while True:
            async with database.begin() as connection:
                if await connection.scalar(counted) == 0:
                    return


@pytest.mark.parametrize(
    "path",
    ["/v1/projects", "/v1/me", "/v1/projects/{p}/snapshot", "/v1/projects/{p}/changes?since=0", "/v1/projects/{p}"],
)
async def test_the_first_read_after_a_restart_of_the_database_is_answered(garden: Garden, path: str) -> None:
    path = path.format(p=garden.project)
    assert (await garden.ann.rest("GET", path)).status_code == 200
    await all_are_ended(garden.board.database)
    answers = [await garden.ann.rest("GET", path) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200] * 4


async def test_the_first_write_after_a_restart_of_the_database_is_answered_and_counts_once(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        assert (await socket.submit(garden.project, garden.create()))["type"] == "ack"
        await all_are_ended(garden.board.database)
        answer = await socket.submit(garden.project, garden.create())
    assert (answer["type"], answer.get("seq")) == ("ack", 3)
