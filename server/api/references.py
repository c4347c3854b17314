"""Tasks that are named by id or by number. A number never changes its task, so it may be looked up before the lock."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.api.api_tokens import Identity
from server.api.board import require_member
from server.domain.errors import Invalid
from server.storage import shown
from server.storage.engine import Database

_ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

Reference = Annotated[str, Meta(pattern=f"^(#[0-9]{{1,9}}|{_ID})$", description="An id, or a number such as #42")]
Waits = Annotated[tuple[Reference, ...], Meta(max_length=50)]


async def ids_of(database: Database, project: UUID, identity: Identity, said: Iterable[str]) -> dict[int, UUID]:
    """The tasks of the numbers among `said`. Raises `NotFound` when the project is not the caller's to see."""
    numbers = {int(one[1:]) for one in said if one.startswith("#")}
    if not numbers:
        return {}
    async with database.statement() as connection:
        await require_member(connection, project, identity)
        return await shown.ids_of(connection, project, numbers)


def resolved(said: Iterable[str], ids: dict[int, UUID]) -> tuple[UUID, ...]:
    """Raises `Invalid` for a number that no task has."""
    return tuple(_resolved(one, ids, f"/depends_on/{index}") for index, one in enumerate(said))


def _resolved(said: str, ids: dict[int, UUID], pointer: str) -> UUID:
    if not said.startswith("#"):
        return UUID(said.strip())
    id = ids.get(int(said[1:]))
    if id is None:
        raise Invalid.at(pointer, "No task has this number.")
    return id
