"""Accounts and their sign-ins. Not here: members (a project's own record of a person), passwords, tokens."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from server.domain.errors import Conflict
from server.domain.records import MemberKind
from server.storage.engine import AsyncConnection, Database
from server.storage.revocations import revoke
from server.storage.tables import account, sign_in

EMAIL_MAX = 254

ROTATION_GRACE = timedelta(seconds=10)
"""How long the token before the present one still counts as the same browser: two tabs, or an answer that got lost."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. `email` is in its normal form; `inbox_seq` numbers their latest notification."""

    id: UUID
    email: str
    name: str
    kind: MemberKind
    inbox_seq: int
    created_at: datetime


class Credentials(msgspec.Struct, frozen=True):
    """An account with its password's hash, None when it has no password."""

    account: Account
    password_hash: str | None


def normal_email(value: str) -> str:
    """The one spelling under which an address is kept and found. Raises ValueError."""
    normal = unicodedata.normalize("NFKC", value).strip().lower()
    if len(normal) > EMAIL_MAX or not _ADDRESS.fullmatch(normal) or not normal.isprintable():
        raise ValueError("must be an e-mail address")
    return normal


_ADDRESS = re.compile(r"""[^@\s<>()\[\]\\,;:"]+@[^@\s<>()\[\]\\,;:"]+""")


class Accounts:
    """Accounts in the database. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, id: UUID, email: str, name: str, password_hash: str | None) -> Account:
        """`email` is in its normal form. Raises `Conflict` when it has an account already."""
        values = {"id": id, "email": email, "name": name, "password_hash": password_hash}
        statement = insert(account).values(values).on_conflict_do_nothing().returning(*_ACCOUNT)
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise Conflict("This e-mail address already has an account.")
        return _account(row)

    async def get(self, id: UUID) -> Account | None:
        async with self._database.begin() as connection:
            row = (await connection.execute(select(*_ACCOUNT).where(account.c.id == id))).one_or_none()
        return None if row is None else _account(row)

    async def credentials(self, email: str) -> Credentials | None:
        """What is needed to check a sign-in. `email` is in its normal form."""
        statement = select(*_ACCOUNT, account.c.password_hash).where(func.lower(account.c.email) == email)
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else Credentials(_account(row), row.password_hash)

    async def set_password_hash(self, id: UUID, password_hash: str) -> None:
        async with self._database.begin() as connection:
            await connection.execute(update(account).where(account.c.id == id).values(password_hash=password_hash))

    async def open_sign_in(self, id: UUID, owner: UUID, token_hash: bytes, lifetime: timedelta, client: str) -> None:
        """A new sign-in of `owner`. `client` is what the browser calls itself."""
        async with self._database.begin() as connection:
            await connection.execute(
                insert(sign_in).values(
                    id=id,
                    account_id=owner,
                    token_hash=token_hash,
                    expires_at=func.now() + lifetime,
                    client=client,
                )
            )

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
            return _account((await connection.execute(select(*_ACCOUNT).where(account.c.id == row.account_id))).one())

    async def close_sign_in(self, id: UUID, presented: bytes) -> None:
        """Ends the sign-in whose present or last token this is; does nothing when it is over."""
        known = (sign_in.c.token_hash == presented) | (sign_in.c.previous_hash == presented)
        async with self._database.begin() as connection:
            await _end(connection, (sign_in.c.id == id) & known)


_ACCOUNT = [account.c[field] for field in Account.__struct_fields__]


def _account(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(**{field: row._mapping[field] for field in Account.__struct_fields__})


async def _locked(connection: AsyncConnection, id: UUID) -> Row[*tuple[Any, ...]] | None:
    """The sign-in, judged by the database clock and locked: refreshes of two tabs come one after the other."""
    expired = (sign_in.c.expires_at <= func.now()).label("expired")
    in_grace = (sign_in.c.rotated_at > func.now() - ROTATION_GRACE).label("in_grace")
    statement = select(sign_in, expired, in_grace).where(sign_in.c.id == id).with_for_update()
    return (await connection.execute(statement)).one_or_none()


async def _end(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Ends a sign-in, and with it the access tokens made from it."""
    ended = await connection.execute(delete(sign_in).where(which).returning(sign_in.c.account_id, sign_in.c.id))
    for row in ended:
        await revoke(connection, row.account_id, row.id)


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
