"""What people prove themselves by, and what changes with it: passwords, links that were mailed. Not here: second factors, sign-ins."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select

from server.storage import accounts
from server.storage.accounts import Account
from server.storage.engine import AsyncConnection
from server.storage.sign_ins import end_others
from server.storage.tables import account, link

Purpose = Literal["reset", "verify"]


class Link(msgspec.Struct, frozen=True):
    """What a link that was taken stands for: `account_id` reads mail at `email`."""

    account_id: UUID
    email: str


async def password_hash(connection: AsyncConnection, id: UUID) -> str | None:
    return await connection.scalar(select(account.c.password_hash).where(account.c.id == id))


async def set_password(connection: AsyncConnection, id: UUID, hashed: str, but: UUID | None) -> Account | None:
    """A new password; every sign-in but one ends, and every link that was mailed before."""
    changed = await accounts.change(connection, id, password_hash=hashed)
    await end_others(connection, id, but)
    await connection.execute(delete(link).where(link.c.account_id == id, link.c.purpose == "reset"))
    return changed


async def set_email(connection: AsyncConnection, id: UUID, email: str, *, verified: bool) -> Account | None:
    """Another address in its normal form; no link that went to the old one works any more. Raises `Conflict`."""
    changed = await accounts.change(connection, id, email=email, email_verified_at=func.now() if verified else None)
    await connection.execute(delete(link).where(link.c.account_id == id))
    return changed


async def make_link(
    connection: AsyncConnection, hashed: bytes, owner: UUID, purpose: Purpose, email: str, lifetime: timedelta
) -> None:
    """A link for `email` that works once; the one of the same purpose before it does not work any more."""
    await connection.execute(delete(link).where(link.c.account_id == owner, link.c.purpose == purpose))
    await connection.execute(
        insert(link).values(
            hash=hashed, account_id=owner, purpose=purpose, email=email, expires_at=func.now() + lifetime
        )
    )


async def take_link(connection: AsyncConnection, hashed: bytes, purpose: Purpose) -> Link | None:
    """Uses a link up; None when it is unknown, used or too old."""
    taken = delete(link).where(link.c.hash == hashed, link.c.purpose == purpose)
    found = taken.returning(link.c.account_id, link.c.email, (link.c.expires_at > func.now()).label("good"))
    row = (await connection.execute(found)).one_or_none()
    return Link(row.account_id, row.email) if row is not None and row.good else None
