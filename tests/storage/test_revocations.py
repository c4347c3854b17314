"""What ends a sign-in says so in the same transaction, and whoever follows misses none (G6)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from server.domain.ids import new_id
from server.realtime.revocations import Revocations
from server.realtime.sessions import Sessions
from server.storage import retention, revocations
from server.storage.accounts import Accounts
from server.storage.engine import Database
from server.storage.revocations import Grant, Revocation, revoke
from server.storage.sign_ins import SignIns

LIFETIME = timedelta(days=30)
NOW = datetime.now(UTC)


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database)


@pytest.fixture
async def ann(accounts: Accounts) -> UUID:
    return (await accounts.create(new_id(), "ann@example.org", "Ann", None)).id


@pytest.fixture
async def sign_in(database: Database, ann: UUID) -> UUID:
    """A sign-in whose token's hash is `a`."""
    id = new_id()
    await SignIns(database).open(id, ann, b"a", LIFETIME, "a browser")
    return id


async def everything(database: Database) -> list[tuple[UUID, UUID | None]]:
    async with database.begin() as connection:
        return [(one.account, one.sign_in) for one in await revocations.later(connection, 0)]


async def follow(follower: Revocations, database: Database) -> None:
    async with database.begin() as connection:
        await follower.follow(connection)


async def test_signing_out_is_told_once_and_only_by_whoever_holds_the_token(
    database: Database, ann: UUID, sign_in: UUID
) -> None:
    await SignIns(database).close(sign_in, b"stolen?")
    assert await everything(database) == []
    await SignIns(database).close(sign_in, b"a")
    await SignIns(database).close(sign_in, b"a")
    assert await everything(database) == [(ann, sign_in)]


async def test_a_refresh_token_that_two_hold_ends_the_sign_in_and_says_so(
    database: Database, ann: UUID, sign_in: UUID
) -> None:
    await SignIns(database).rotate(sign_in, b"a", b"b", LIFETIME)
    assert await everything(database) == []
    assert await SignIns(database).rotate(sign_in, b"elsewhere", b"c", LIFETIME) is None
    assert await everything(database) == [(ann, sign_in)]


async def test_a_sign_in_that_could_not_be_ended_is_not_told_of(database: Database, sign_in: UUID) -> None:
    async with database.begin() as connection:
        await connection.execute(text("ALTER TABLE revocation ADD CHECK (account_id IS NULL)"))
    with pytest.raises(Exception, match="check"):
        await SignIns(database).close(sign_in, b"a")
    assert await SignIns(database).rotate(sign_in, b"a", b"b", LIFETIME) is not None


async def test_g6_a_revocation_that_is_committed_behind_a_later_one_is_read(database: Database, ann: UUID) -> None:
    follower = Revocations(Sessions(), 900)
    await follow(follower, database)
    early, late = Grant(ann, uuid4(), NOW), Grant(ann, uuid4(), NOW)
    async with database.begin() as slow:
        await revoke(slow, ann, early.sign_in)
        async with database.begin() as quick:
            await revoke(quick, ann, late.sign_in)
        await follow(follower, database)
        assert (follower.ended(early), follower.ended(late)) == (False, True)
    await follow(follower, database)
    assert follower.ended(early)


async def test_g6_a_process_that_starts_knows_of_everything_that_tokens_may_still_stand_on(
    database: Database, ann: UUID
) -> None:
    recent, old = Grant(ann, uuid4(), NOW), Grant(ann, uuid4(), NOW)
    async with database.begin() as connection:
        await revoke(connection, ann, recent.sign_in)
        await revoke(connection, ann, old.sign_in)
        await connection.execute(
            text("UPDATE revocation SET at = now() - interval '1 day' WHERE sign_in_id = :old"), {"old": old.sign_in}
        )
    follower = Revocations(Sessions(), 900)
    await follow(follower, database)
    assert (follower.ended(recent), follower.ended(old)) == (True, False)


def test_the_end_of_all_of_an_account_ends_what_was_issued_before_and_nothing_later() -> None:
    ann, ben = uuid4(), uuid4()
    everything = Revocation(1, ann, None, NOW)
    assert everything.ends(Grant(ann, uuid4(), NOW - timedelta(seconds=1)))
    assert everything.ends(Grant(ann, None, NOW))
    assert not everything.ends(Grant(ann, uuid4(), NOW + timedelta(milliseconds=1)))
    assert not everything.ends(Grant(ben, uuid4(), NOW))


async def test_a_follower_forgets_what_no_token_stands_on_any_more(
    database: Database, ann: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "WINDOW", 1)
    follower = Revocations(Sessions(), 900)
    async with database.begin() as connection:
        for _ in range(5):
            await revoke(connection, ann, uuid4())
        await connection.execute(text("UPDATE revocation SET at = now() - interval '1 hour'"))
        await revoke(connection, ann, uuid4())
    for _ in range(3):
        await follow(follower, database)
    assert len(follower._known) <= 2


async def test_revocations_are_kept_for_two_days(database: Database, ann: UUID) -> None:
    async with database.begin() as connection:
        for hours in (0, 24, 47, 49, 72):
            await revoke(connection, ann)
            await connection.execute(
                text("UPDATE revocation SET at = now() - make_interval(hours => :h) WHERE at = now()"), {"h": hours}
            )
    assert await retention.purge_revocations(database) == 2
