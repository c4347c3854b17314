"""People who use the API: each has a browser of their own, signed in."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from httpx import ASGITransport
from starlette.applications import Starlette

from tests.api.people import PASSWORD, Person, SignUp
from tests.helpers.documented import documented


@pytest.fixture
async def sign_up(app: Starlette) -> AsyncIterator[SignUp]:
    """Makes an account and returns its owner."""
    async with AsyncExitStack() as open_until_the_end:

        async def sign_up(name: str) -> Person:
            person = await open_until_the_end.enter_async_context(_browser(app))
            person.email = f"{name.lower()}.{uuid4().hex[:8]}@example.org"
            answer = await person.post(
                "/v1/auth/register", json={"email": person.email, "name": name, "password": PASSWORD}
            )
            assert answer.status_code == 201, answer.text
            person.id = answer.json()["user"]["id"]
            person.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            return person

        yield sign_up


@pytest.fixture
async def ann(sign_up: SignUp) -> Person:
    return await sign_up("Ann")


@pytest.fixture
async def ben(sign_up: SignUp) -> Person:
    return await sign_up("Ben")


def _browser(app: Starlette) -> Person:
    return Person(transport=ASGITransport(app), base_url="http://testserver", event_hooks={"response": [documented]})
