"""What was taken back before its time: sign-ins and tokens, written where they end and read by every process. Not here: members' roles."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, insert, select

from server.storage.engine import AsyncConnection
from server.storage.tables import revocation

WINDOW = 256
"""Ids before the last one known that are read again: more than transactions are under way at once, for ids are not committed in order."""


class Grant(msgspec.Struct, frozen=True):
    """What an access token stands on. `sign_in` is the sign-in or API token it was made from, if that is known."""

    account: UUID
    sign_in: UUID | None
    issued_at: datetime


class Revocation(msgspec.Struct, frozen=True):
    """The end of one sign-in or API token, or (None) of all that the account had at that moment."""

    id: int
    account: UUID
    sign_in: UUID | None
    at: datetime

    def ends(self, grant: Grant) -> bool:
        if self.account != grant.account:
            return False
        return grant.issued_at <= self.at if self.sign_in is None else grant.sign_in == self.sign_in


async def revoke(connection: AsyncConnection, account: UUID, sign_in: UUID | None = None) -> None:
    """Takes back, in this transaction, one sign-in or API token, or all of an account."""
    await connection.execute(insert(revocation).values(account_id=account, sign_in_id=sign_in))


async def later(connection: AsyncConnection, last: int) -> list[Revocation]:
    """Those after the id `last`, and some before it again."""
    return await _read(connection, revocation.c.id > last - WINDOW)


async def younger(connection: AsyncConnection, age: timedelta) -> list[Revocation]:
    """Those of at most this age."""
    return await _read(connection, revocation.c.at > func.now() - age)


async def _read(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Revocation]:
    fields = (revocation.c.id, revocation.c.account_id, revocation.c.sign_in_id, revocation.c.at)
    rows = await connection.execute(select(*fields).where(which).order_by(revocation.c.id))
    return [Revocation(*row) for row in rows]
