"""Boards of these tests keep to projects of their own; the other tests here get a database each."""

from collections.abc import AsyncIterator

import pytest

from server.storage.engine import Database


@pytest.fixture
async def shared_database(shared_database_url: str) -> AsyncIterator[Database]:
    database = Database(shared_database_url, writing=True)
    yield database
    await database.close()
