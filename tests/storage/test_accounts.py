"""Accounts and sign-ins in the database: one spelling of an address, one holder of a refresh token."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from server.domain.errors import Conflict
from server.domain.ids import new_id
from server.storage.accounts import Accounts, normal_email
from server.storage.engine import Database

LIFETIME = timedelta(days=30)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


@pytest.fixture
async def sign_in(accounts: Accounts) -> UUID:
    """A sign-in whose token's hash is `a`."""
    owner = await accounts.create(new_id(), "ann@example.org", "Ann", None)
    id = new_id()
    await accounts.open_sign_in(id, owner.id, b"a", LIFETIME, "a browser")
    return id


async def later(database: Database, seconds: int) -> None:
    """Lets time pass for sign-ins."""
    async with database.begin() as connection:
        await connection.execute(
            text("UPDATE sign_in SET rotated_at = rotated_at - make_interval(secs => :s)"), {"s": seconds}
        )


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


async def test_a_token_is_replaced_when_it_is_used(accounts: Accounts, sign_in: UUID) -> None:
    account = await accounts.rotate(sign_in, b"a", b"b", LIFETIME)
    assert account is not None and account.email == "ann@example.org"
    assert await accounts.rotate(sign_in, b"b", b"c", LIFETIME) == account


async def test_within_the_grace_the_last_token_still_finds_its_successor(
    accounts: Accounts, sign_in: UUID, database: Database
) -> None:
    await accounts.rotate(sign_in, b"a", b"b", LIFETIME)
    await later(database, 9)
    assert await accounts.rotate(sign_in, b"a", b"b", LIFETIME) is not None
    assert await accounts.rotate(sign_in, b"b", b"c", LIFETIME) is not None


@pytest.mark.parametrize("seconds", [11, 3600])
async def test_after_the_grace_a_used_token_ends_the_sign_in(
    accounts: Accounts, sign_in: UUID, database: Database, seconds: int
) -> None:
    await accounts.rotate(sign_in, b"a", b"b", LIFETIME)
    await later(database, seconds)
    assert await accounts.rotate(sign_in, b"a", b"b", LIFETIME) is None
    assert await accounts.rotate(sign_in, b"b", b"c", LIFETIME) is None


@pytest.mark.parametrize("presented", [b"unknown", b""])
async def test_an_unknown_token_ends_the_sign_in(accounts: Accounts, sign_in: UUID, presented: bytes) -> None:
    assert await accounts.rotate(sign_in, presented, b"x", LIFETIME) is None
    assert await accounts.rotate(sign_in, b"a", b"b", LIFETIME) is None


async def test_a_slow_refresh_does_not_undo_a_later_one(accounts: Accounts, sign_in: UUID, database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE sign_in SET previous_hash = 'a', token_hash = 'c'"))  # a → b → c
        slow = asyncio.create_task(accounts.rotate(sign_in, b"a", b"b", LIFETIME))
        await waiting_for_a_lock(database)
    assert await slow is None


async def waiting_for_a_lock(database: Database) -> None:
    """Returns once another connection waits for a row."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(10):
        while True:
            async with database.begin() as connection:
                if await connection.scalar(text(waiting)):
                    return


async def test_a_use_extends_the_sign_in(accounts: Accounts, sign_in: UUID, database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE sign_in SET expires_at = now() + interval '1 minute'"))
    await accounts.rotate(sign_in, b"a", b"b", LIFETIME)
    async with database.begin() as connection:
        assert await connection.scalar(text("SELECT expires_at > now() + interval '29 days' FROM sign_in"))


async def test_a_sign_in_ends_by_either_token_and_no_other(accounts: Accounts, sign_in: UUID) -> None:
    await accounts.rotate(sign_in, b"a", b"b", LIFETIME)
    await accounts.close_sign_in(sign_in, b"x")
    assert await accounts.rotate(sign_in, b"a", b"b", LIFETIME) is not None
    await accounts.close_sign_in(sign_in, b"a")
    assert await accounts.rotate(sign_in, b"b", b"c", LIFETIME) is None
