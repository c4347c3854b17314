"""Second factors in the database: sealed seeds, steps that were used, hashes of recovery codes. Not here: what a code is."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import any_, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from server.domain.errors import Conflict
from server.storage.engine import AsyncConnection
from server.storage.tables import second_factor


class Authenticator(msgspec.Struct, frozen=True):
    """`seed` is sealed. Until it is `confirmed` nobody is asked for its codes."""

    seed: bytes
    confirmed: bool
    recovery_left: int


async def propose(connection: AsyncConnection, owner: UUID, seed: bytes) -> None:
    """A seed to be confirmed, in the place of one that never was. Raises `Conflict` when there is a confirmed one."""
    proposed = insert(second_factor).values(account_id=owner, seed=seed)
    written = await connection.execute(
        proposed.on_conflict_do_update(
            index_elements=[second_factor.c.account_id],
            set_={"seed": seed, "last_step": 0},
            where=second_factor.c.confirmed_at.is_(None),
        )
    )
    if written.rowcount == 0:
        raise Conflict("There is a second factor already: switch it off first.")


async def find(connection: AsyncConnection, owner: UUID) -> Authenticator | None:
    fields = (second_factor.c.seed, second_factor.c.confirmed_at, func.cardinality(second_factor.c.recovery_hashes))
    row = (await connection.execute(select(*fields).where(second_factor.c.account_id == owner))).one_or_none()
    return None if row is None else Authenticator(row[0], row[1] is not None, row[2])


async def confirm(connection: AsyncConnection, owner: UUID, recovery_hashes: Sequence[bytes]) -> None:
    """From now on codes are asked for; or, when they are already, the recovery codes are other ones."""
    mine = update(second_factor).where(second_factor.c.account_id == owner)
    since = func.coalesce(second_factor.c.confirmed_at, func.now())
    await connection.execute(mine.values(confirmed_at=since, recovery_hashes=list(recovery_hashes)))


async def use_step(connection: AsyncConnection, owner: UUID, step: int) -> bool:
    """Uses a time step up; False when it, or a later one, was used before."""
    mine = update(second_factor).where(second_factor.c.account_id == owner, second_factor.c.last_step < step)
    return (await connection.execute(mine.values(last_step=step))).rowcount == 1


async def use_recovery(connection: AsyncConnection, owner: UUID, hashed: bytes) -> bool:
    """Uses a recovery code up; False when there is no such one."""
    held = second_factor.c.recovery_hashes
    mine = update(second_factor).where(second_factor.c.account_id == owner, literal(hashed) == any_(held))
    return (await connection.execute(mine.values(recovery_hashes=func.array_remove(held, hashed)))).rowcount == 1


async def reseal(connection: AsyncConnection, owner: UUID, seed: bytes) -> None:
    await connection.execute(update(second_factor).where(second_factor.c.account_id == owner).values(seed=seed))


async def remove(connection: AsyncConnection, owner: UUID) -> None:
    await connection.execute(delete(second_factor).where(second_factor.c.account_id == owner))
