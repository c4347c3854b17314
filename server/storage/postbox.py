"""Letters that wait to be sent: put in by whoever writes them, in the same transaction, and taken out by a job. None is lost; one may come twice."""

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, update

from server.domain.ids import new_id
from server.domain.letters import Letter
from server.storage.engine import AsyncConnection, Database
from server.storage.tables import mail
from server.storage.vault import Unreadable, Vault


class Waiting(msgspec.Struct, frozen=True):
    """A letter whose turn it is, None when it cannot be read any more; `attempts` counts this one."""

    id: UUID
    letter: Letter | None
    attempts: int


class Postbox:
    """Letters are sealed while they wait: links in them are as good as passwords."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def put(self, connection: AsyncConnection, letter: Letter) -> None:
        sealed = self._vault.seal(msgspec.json.encode(letter))
        await connection.execute(insert(mail).values(id=new_id(), recipient=letter.recipient, letter=sealed))

    async def take(self, connection: AsyncConnection, most: int, lease: timedelta) -> list[Waiting]:
        """Letters that are due, for the taker alone until the lease is over; then they are due again."""
        due = select(mail.c.id).where(mail.c.due_at <= func.now()).order_by(mail.c.due_at).limit(most)
        taken = (
            update(mail)
            .where(mail.c.id.in_(due.with_for_update(skip_locked=True)))
            .values(due_at=func.now() + lease, attempts=mail.c.attempts + 1)
            .returning(mail.c.id, mail.c.letter, mail.c.attempts)
        )
        rows = (await connection.execute(taken)).all()
        return [Waiting(row.id, self._read(row.letter), row.attempts) for row in rows]

    async def sent(self, connection: AsyncConnection, id: UUID) -> None:
        await connection.execute(delete(mail).where(mail.c.id == id))

    async def put_off(self, connection: AsyncConnection, id: UUID, failure: str, pause: timedelta | None) -> None:
        """It could not be sent; None gives up, and keeps the reason for the operator."""
        due = None if pause is None else func.now() + pause
        await connection.execute(update(mail).where(mail.c.id == id).values(due_at=due, failure=failure))

    def _read(self, sealed: bytes) -> Letter | None:
        try:
            return msgspec.json.decode(self._vault.open(sealed), type=Letter)
        except Unreadable:
            return None


async def is_due(database: Database) -> bool:
    """Whether a letter waits for a job."""
    async with database.statement() as connection:
        return bool(await connection.scalar(select(mail.c.id).where(mail.c.due_at <= func.now()).limit(1)))
