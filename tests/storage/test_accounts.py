"""Accounts in the database: one spelling of an address, one account each."""

import asyncio
from datetime import timedelta

import pytest

from server.domain.errors import Conflict
from server.domain.ids import new_id
from server.storage.accounts import Accounts, normal_email
from server.storage.engine import Database

LIFETIME = timedelta(days=30)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("ann@example.org", "ann@example.org"),
        (" ANN@Example.ORG\n", "ann@example.org"),
        ("ａnn@example.org", "ann@example.org"),
        ("o'brien+tag@example.org", "o'brien+tag@example.org"),
        ("jörg@exämple.org", "jörg@exämple.org"),
        ("JO\u0308RG@exämple.org", "jörg@exämple.org"),
    ],
)
def test_an_address_has_one_spelling(value: str, normal: str) -> None:
    assert normal_email(value) == normal
    assert normal_email(normal) == normal


@pytest.mark.parametrize(
    "value", ["", "@", "a@", "@b", "a b@c", "a@b@c", "a\u0000@b", "a\u200b@b", "<a@b>", "a@b" * 99]
)
def test_what_is_no_address(value: str) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        normal_email(value)


async def test_of_two_who_take_an_address_at_once_one_gets_it(accounts: Accounts) -> None:
    made = await asyncio.gather(
        *(accounts.create(new_id(), "ann@example.org", "Ann", None) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(one, Conflict) for one in made) == 4
