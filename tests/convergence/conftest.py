"""These tests keep to projects of their own, so one database serves them all. How long they look for surprises is a profile:

HYPOTHESIS_PROFILE=long pytest tests/convergence looks for new ones for some minutes; without it the same few are tried each time.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

_CALM = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("short", max_examples=15, derandomize=True, deadline=None, suppress_health_check=_CALM)
settings.register_profile("long", max_examples=2_000, deadline=None, suppress_health_check=_CALM, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


@pytest.fixture
def database_url(shared_database_url: str) -> str:
    return shared_database_url
