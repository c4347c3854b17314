"""Accounts: who can sign in. Not here: members (a project's own record of a person), sign-ins, how they prove who they are."""

import re
import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from server.domain.errors import Conflict
from server.domain.records import MemberKind
from server.storage.engine import AsyncConnection, Database
from server.storage.revocations import revoke
from server.storage.tables import account, audit, avatar, idempotency, second_factor, workspace, workspace_member

EMAIL_MAX = 254

FORMER_MEMBER = "Former member"
"""What everybody is called whose account is gone; clients know it by `user_id: null` and say it in their language."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. `email` is in its normal form, empty for a bot; `inbox_seq` numbers their latest notification.

    `second_factor`: a password alone does not let them in.
    """

    id: UUID
    email: str
    name: str
    kind: MemberKind
    inbox_seq: int
    created_at: datetime
    time_zone: str = "UTC"
    language: str = "en"
    email_verified_at: datetime | None = None
    avatar_id: UUID | None = None
    second_factor: bool = False


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
        """An account, and a workspace of its own with the same id. `email` is in its normal form. Raises `Conflict` when it has an account already."""
        values = {"id": id, "email": email, "name": name, "password_hash": password_hash}
        statement = insert(account).values(values).on_conflict_do_nothing().returning(*_ACCOUNT)
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
            if row is None:
                raise Conflict("This e-mail address already has an account.")
            await connection.execute(insert(workspace).values(id=id, name=name))
            await connection.execute(insert(workspace_member).values(workspace_id=id, account_id=id, role="owner"))
        return _account(row)

    async def get(self, id: UUID) -> Account | None:
        async with self._database.begin() as connection:
            return await find(connection, id)

    async def credentials(self, email: str) -> Credentials | None:
        """What is needed to check a sign-in. `email` is in its normal form."""
        statement = select(*_ACCOUNT, account.c.password_hash).where(func.lower(account.c.email) == email)
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else Credentials(_account(row), row.password_hash)

    async def set_password_hash(self, id: UUID, password_hash: str) -> None:
        """Another hash of the same password."""
        async with self._database.begin() as connection:
            await connection.execute(update(account).where(account.c.id == id).values(password_hash=password_hash))


async def find(connection: AsyncConnection, id: UUID) -> Account | None:
    row = (await connection.execute(select(*_ACCOUNT).where(account.c.id == id))).one_or_none()
    return None if row is None else _account(row)


async def change(connection: AsyncConnection, id: UUID, **fields: Any) -> Account | None:
    """Gives columns of an account other values. Raises `Conflict` when the address has an account already."""
    try:
        async with connection.begin_nested():
            await connection.execute(update(account).where(account.c.id == id).values(**fields))
    except IntegrityError:
        raise Conflict("This e-mail address already has an account.") from None
    return await find(connection, id)


async def remove(connection: AsyncConnection, id: UUID) -> None:
    """Deletes the account with all that belongs to nobody else, and takes back whatever let it in.

    The workspace of their own stays, for others may be in its projects; it no longer tells whose it was.
    """
    for row in (await connection.execute(_bots_of_nobody_but(id))).all():
        await end_access(connection, row.account_id)
    await connection.execute(delete(idempotency).where(idempotency.c.account_id == id))
    await connection.execute(update(audit).where(audit.c.account_id == id).values(name=FORMER_MEMBER))
    await connection.execute(delete(account).where(account.c.id == id))
    await connection.execute(update(workspace).where(workspace.c.id == id).values(name=FORMER_MEMBER))
    await revoke(connection, id)


async def set_avatar(
    connection: AsyncConnection, id: UUID, avatar_id: UUID | None, image: bytes = b""
) -> Account | None:
    """Another picture, or none."""
    await connection.execute(delete(avatar).where(avatar.c.account_id == id))
    if avatar_id is not None:
        await connection.execute(insert(avatar).values(account_id=id, id=avatar_id, image=image))
    return await change(connection, id, avatar_id=avatar_id)


async def find_avatar(connection: AsyncConnection, avatar_id: UUID) -> bytes | None:
    return await connection.scalar(select(avatar.c.image).where(avatar.c.id == avatar_id))


async def end_access(connection: AsyncConnection, bot: UUID) -> None:
    """A bot goes: its account, its tokens, and within 2 s its sockets. What it did stays under its name."""
    await revoke(connection, bot)
    await connection.execute(delete(account).where(account.c.id == bot, account.c.kind == "bot"))


def _bots_of_nobody_but(id: UUID) -> Select[Any]:
    """The bots of workspaces in which nobody would be left who could end them."""
    bot, owner, other = workspace_member.alias(), workspace_member.alias(), workspace_member.alias()
    person = account.alias()
    others = (
        select(other.c.account_id)
        .join(person, (person.c.id == other.c.account_id) & (person.c.kind == "person"))
        .where(other.c.workspace_id == bot.c.workspace_id, other.c.account_id != id)
    )
    return (
        select(bot.c.account_id)
        .join(account, (account.c.id == bot.c.account_id) & (account.c.kind == "bot"))
        .join(owner, (owner.c.workspace_id == bot.c.workspace_id) & (owner.c.account_id == id))
        .where(~others.exists())
    )


_SECOND_FACTOR = (
    exists()
    .where(second_factor.c.account_id == account.c.id, second_factor.c.confirmed_at.is_not(None))
    .correlate(account)
    .label("second_factor")
)
_DERIVED = {"second_factor": _SECOND_FACTOR, "email": func.coalesce(account.c.email, "").label("email")}
_ACCOUNT = [_DERIVED[field] if field in _DERIVED else account.c[field] for field in Account.__struct_fields__]


def _account(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(**{field: row._mapping[field] for field in Account.__struct_fields__})
