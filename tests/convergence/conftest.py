"""These tests keep to projects of their own, so one database serves them all."""

import pytest


@pytest.fixture
def database_url(shared_database_url: str) -> str:
    return shared_database_url
