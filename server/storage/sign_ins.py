"""Sign-ins: browsers that stay signed in, by a token that is exchanged at every use. Not here: passwords, and what a token is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from server.domain.changes import Actor
from server.storage import accounts, audit
from server.storage.accounts import Account
from server.storage.engine import AsyncConnection, Database
from server.storage.revocations import revoke
from server.storage.tables import sign_in

ROTATION_GRACE = timedelta(seconds=10)
"""How long the token before the present one still counts as the same browser: two tabs, or an answer that got lost."""


class SignIn(msgspec.Struct, frozen=True):
    """A signed-in browser. `client` is what it calls itself, `address` where it signed in from."""

    id: UUID
    client: str
    address: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime


class SignIns:
    """Sign-ins in the database. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self,
        id: UUID,
        owner: UUID,
        token_hash: bytes,
        lifetime: timedelta,
        client: str,
        address: str = "",
        by: Actor | None = None,
    ) -> None:
        """A new sign-in of `owner`. `client` is what the browser calls itself, `address` where it is; `by` is for the audit log."""
        async with self._database.begin() as connection:
            await connection.execute(
                insert(sign_in).values(
                    id=id,
                    account_id=owner,
                    token_hash=token_hash,
                    expires_at=func.now() + lifetime,
                    client=client,
                    address=address,
                )
            )
            if by is not None:
                await audit.record(connection, "signed_in", by, details={"client": client, "address": address})

    async def rotate(self, id: UUID, presented: bytes, successor: bytes, lifetime: timedelta) -> Account | None:
        """Puts `successor` in the place of the `presented` token's hash and extends the sign-in.

        None when the sign-in is over. A token that was replaced longer ago than the grace allows means that two parties
        hold it: the sign-in ends for both.
        """
        async with self._database.begin() as connection:
            row = await _locked(connection, id)
            if row is None or row.expired:
                return None
            if row.token_hash == presented:
                await _replace(connection, id, presented, successor, lifetime)
            elif not (row.in_grace and row.previous_hash == presented and row.token_hash == successor):
                await _end(connection, sign_in.c.id == id)
                return None
            return await accounts.find(connection, row.account_id)

    async def close(self, id: UUID, presented: bytes) -> None:
        """Ends the sign-in whose present or last token this is; does nothing when it is over."""
        known = (sign_in.c.token_hash == presented) | (sign_in.c.previous_hash == presented)
        async with self._database.begin() as connection:
            await _end(connection, (sign_in.c.id == id) & known)

    async def of(self, owner: UUID) -> list[SignIn]:
        """Those that go on, the one used last first."""
        fields = [sign_in.c[name] for name in ("id", "client", "address", "created_at", "rotated_at", "expires_at")]
        going_on = (sign_in.c.account_id == owner) & (sign_in.c.expires_at > func.now())
        async with self._database.begin() as connection:
            rows = await connection.execute(select(*fields).where(going_on).order_by(sign_in.c.rotated_at.desc()))
            return [SignIn(*row) for row in rows]

    async def end(self, by: Actor, id: UUID) -> bool:
        """Ends one of somebody's own sign-ins; False when there is no such one."""
        async with self._database.begin() as connection:
            ended = await _end(connection, (sign_in.c.account_id == by.id) & (sign_in.c.id == id))
            if ended:
                await audit.record(connection, "sign_ins_ended", by)
            return ended > 0

    async def end_others(self, by: Actor, but: UUID | None) -> None:
        async with self._database.begin() as connection:
            await end_others(connection, by.id, but)
            await audit.record(connection, "sign_ins_ended", by)


async def end_others(connection: AsyncConnection, owner: UUID, but: UUID | None) -> None:
    """Ends all sign-ins of the owner but one. With none to keep, whatever else they were let in by ends too."""
    others = sign_in.c.account_id == owner
    await _end(connection, others if but is None else others & (sign_in.c.id != but))
    if but is None:
        await revoke(connection, owner)


async def _locked(connection: AsyncConnection, id: UUID) -> Row[*tuple[Any, ...]] | None:
    """The sign-in, judged by the database clock and locked: refreshes of two tabs come one after the other."""
    expired = (sign_in.c.expires_at <= func.now()).label("expired")
    in_grace = (sign_in.c.rotated_at > func.now() - ROTATION_GRACE).label("in_grace")
    statement = select(sign_in, expired, in_grace).where(sign_in.c.id == id).with_for_update()
    return (await connection.execute(statement)).one_or_none()


async def _end(connection: AsyncConnection, which: ColumnElement[bool]) -> int:
    """Ends sign-ins, and with them the access tokens made from them; returns how many."""
    ended = await connection.execute(delete(sign_in).where(which).returning(sign_in.c.account_id, sign_in.c.id))
    rows = ended.all()
    for row in rows:
        await revoke(connection, row.account_id, row.id)
    return len(rows)


async def _replace(
    connection: AsyncConnection, id: UUID, presented: bytes, successor: bytes, lifetime: timedelta
) -> None:
    await connection.execute(
        update(sign_in)
        .where(sign_in.c.id == id)
        .values(
            previous_hash=presented,
            token_hash=successor,
            rotated_at=func.now(),
            expires_at=func.now() + lifetime,
        )
    )
