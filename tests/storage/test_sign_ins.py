"""Sign-ins in the database: one holder of a refresh token, and an end to them."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from server.domain.ids import new_id
from server.storage.accounts import Accounts
from server.storage.engine import Database
from server.storage.sign_ins import SignIns

LIFETIME = timedelta(days=30)


@pytest.fixture
def sign_ins(database: Database) -> SignIns:
    return SignIns(database)


@pytest.fixture
async def sign_in(database: Database, sign_ins: SignIns) -> UUID:
    """A sign-in whose token's hash is `a`."""
    owner = await Accounts(database).create(new_id(), "ann@example.org", "Ann", None)
    id = new_id()
    await sign_ins.open(id, owner.id, b"a", LIFETIME, "a browser")
    return id


async def later(database: Database, seconds: int) -> None:
    """Lets time pass for sign-ins."""
    async with database.begin() as connection:
        await connection.execute(
            text("UPDATE sign_in SET rotated_at = rotated_at - make_interval(secs => :s)"), {"s": seconds}
        )


async def test_a_token_is_replaced_when_it_is_used(sign_ins: SignIns, sign_in: UUID) -> None:
    account = await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME)
    assert account is not None and account.email == "ann@example.org"
    assert await sign_ins.rotate(sign_in, b"b", b"c", LIFETIME) == account


async def test_within_the_grace_the_last_token_still_finds_its_successor(
    sign_ins: SignIns, sign_in: UUID, database: Database
) -> None:
    await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME)
    await later(database, 9)
    assert await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME) is not None
    assert await sign_ins.rotate(sign_in, b"b", b"c", LIFETIME) is not None


@pytest.mark.parametrize("seconds", [11, 3600])
async def test_after_the_grace_a_used_token_ends_the_sign_in(
    sign_ins: SignIns, sign_in: UUID, database: Database, seconds: int
) -> None:
    await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME)
    await later(database, seconds)
    assert await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME) is None
    assert await sign_ins.rotate(sign_in, b"b", b"c", LIFETIME) is None


@pytest.mark.parametrize("presented", [b"unknown", b""])
async def test_an_unknown_token_ends_the_sign_in(sign_ins: SignIns, sign_in: UUID, presented: bytes) -> None:
    assert await sign_ins.rotate(sign_in, presented, b"x", LIFETIME) is None
    assert await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME) is None


async def test_a_slow_refresh_does_not_undo_a_later_one(sign_ins: SignIns, sign_in: UUID, database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE sign_in SET previous_hash = 'a', token_hash = 'c'"))  # a → b → c
        slow = asyncio.create_task(sign_ins.rotate(sign_in, b"a", b"b", LIFETIME))
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


async def test_a_use_extends_the_sign_in(sign_ins: SignIns, sign_in: UUID, database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE sign_in SET expires_at = now() + interval '1 minute'"))
    await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME)
    async with database.begin() as connection:
        assert await connection.scalar(text("SELECT expires_at > now() + interval '29 days' FROM sign_in"))


async def test_a_sign_in_ends_by_either_token_and_no_other(sign_ins: SignIns, sign_in: UUID) -> None:
    await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME)
    await sign_ins.close(sign_in, b"x")
    assert await sign_ins.rotate(sign_in, b"a", b"b", LIFETIME) is not None
    await sign_ins.close(sign_in, b"a")
    assert await sign_ins.rotate(sign_in, b"b", b"c", LIFETIME) is None
