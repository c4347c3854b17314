"""These tests keep to projects of their own, so one database serves them all."""

import pytest

from server.commands import batch


@pytest.fixture
def database_url(shared_database_url: str) -> str:
    return shared_database_url


@pytest.fixture(params=["whole", "in part"])
def held_whole_and_in_part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small boards are held whole, large ones in part; what holds for the one must hold for the other."""
    if request.param == "in part":
        monkeypatch.setattr(batch, "WHOLE_TASKS", -1)
