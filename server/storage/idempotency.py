"""Answers kept under the key that the client gave its request, so that a repeat gets the first one's answer."""

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from server.domain.errors import IdReuse
from server.storage.engine import Database
from server.storage.tables import idempotency

ABANDONED = timedelta(seconds=60)
"""A first request that has no answer after this long died with its process; the next one takes its place."""


class KeptAnswer(msgspec.Struct, frozen=True):
    """An HTTP answer as it was given."""

    status: int
    headers: dict[str, str]
    body: bytes


class Answers:
    """The kept answers of all accounts. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, owner: UUID, key: str, digest: bytes) -> bool:
        """True when the caller is the first with this key and must answer; False when there is, or will be, an answer.

        `digest` tells what was asked. Raises `IdReuse` when the key was used for something else.
        """
        row = {"account_id": owner, "key": key, "digest": digest}
        abandoned = idempotency.c.status.is_(None) & (idempotency.c.created_at < func.now() - ABANDONED)
        statement = insert(idempotency).values(row)
        take = statement.on_conflict_do_update(
            index_elements=["account_id", "key"],
            set_={"created_at": func.now()},
            where=abandoned & (idempotency.c.digest == digest),
        ).returning(idempotency.c.key)
        async with self._database.begin() as connection:
            if (await connection.execute(take)).first() is not None:
                return True
            known = select(idempotency.c.digest).where(*_is(owner, key))
            if (await connection.execute(known)).scalar_one_or_none() not in (None, digest):
                raise IdReuse("This idempotency key was used for another request.")
        return False

    async def find(self, owner: UUID, key: str) -> KeptAnswer | None:
        """The answer, None while there is none."""
        c = idempotency.c
        statement = select(c.status, c.headers, c.body).where(*_is(owner, key), c.status.is_not(None))
        async with self._database.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else KeptAnswer(row.status, row.headers, row.body)

    async def keep(self, owner: UUID, key: str, answer: KeptAnswer) -> None:
        async with self._database.begin() as connection:
            await connection.execute(
                update(idempotency)
                .where(*_is(owner, key))
                .values(status=answer.status, headers=answer.headers, body=answer.body)
            )

    async def release(self, owner: UUID, key: str) -> None:
        """Forgets a claim that got no answer worth keeping: the next request with the key is the first again."""
        async with self._database.begin() as connection:
            await connection.execute(delete(idempotency).where(*_is(owner, key), idempotency.c.status.is_(None)))


def _is(owner: UUID, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return idempotency.c.account_id == owner, idempotency.c.key == key
