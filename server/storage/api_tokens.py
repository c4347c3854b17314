"""API tokens: what programs sign in with. Only a hash of their secret is kept. Not here: what a token looks like (api.api_tokens)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, update

from server.domain.changes import Actor
from server.domain.errors import NotFound, TooLarge
from server.domain.reach import Scope
from server.domain.records import MemberKind
from server.storage import audit
from server.storage.engine import AsyncConnection, Database
from server.storage.revocations import revoke
from server.storage.tables import account, api_token, workspace_member

TOKENS_MAX = 100
"""Of one account."""

USE_NOTED = timedelta(minutes=1)
"""How exactly the last use is known: it is written this often at most."""


class ApiToken(msgspec.Struct, frozen=True):
    """What may be told of a token. `last_used_at` is right to the minute."""

    id: UUID
    account_id: UUID
    name: str
    scopes: list[Scope]
    project_ids: list[UUID] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class Bearer(msgspec.Struct, frozen=True):
    """A token and whom it speaks for."""

    token: ApiToken
    name: str
    kind: MemberKind


class NewToken(msgspec.Struct, frozen=True):
    """A token to be made. `workspace` is whose audit log tells of it, if it is a bot's."""

    id: UUID
    account_id: UUID
    name: str
    scopes: Sequence[Scope]
    project_ids: Sequence[UUID] | None
    expires_at: datetime | None
    secret_hash: bytes


async def create(connection: AsyncConnection, new: NewToken, by: Actor, workspace: UUID | None = None) -> ApiToken:
    """Makes a token in this transaction. Raises `TooLarge` when its account has too many."""
    owner = select(account.c.id).where(account.c.id == new.account_id).with_for_update(key_share=True)
    await connection.execute(owner)  # so that two at once are counted
    count = select(func.count()).where(api_token.c.account_id == new.account_id)
    if (await connection.execute(count)).scalar_one() >= TOKENS_MAX:
        raise TooLarge(f"An account has at most {TOKENS_MAX} API tokens.")
    values = {**msgspec.structs.asdict(new), "created_by": by.id}
    row = (await connection.execute(insert(api_token).values(values).returning(*_FIELDS))).one()
    made = ApiToken(*row)
    await audit.record(connection, "token_created", by, workspace=workspace, details=_told(made))
    return made


async def of(connection: AsyncConnection, owner: UUID) -> list[ApiToken]:
    """All of an account, the latest first."""
    found = select(*_FIELDS).where(api_token.c.account_id == owner).order_by(api_token.c.created_at.desc())
    return [ApiToken(*row) for row in await connection.execute(found)]


async def revoke_token(connection: AsyncConnection, id: UUID, by: Actor) -> None:
    """Ends a token of one's own, or of a bot in a workspace of which one is an admin. Raises `NotFound`."""
    bots = (
        select(workspace_member.c.workspace_id)
        .where(workspace_member.c.account_id == api_token.c.account_id, account.c.kind == "bot")
        .scalar_subquery()
    )
    found = select(*_FIELDS, bots).join(account, account.c.id == api_token.c.account_id).where(api_token.c.id == id)
    row = (await connection.execute(found)).one_or_none()
    token = None if row is None else ApiToken(*row[:-1])
    workspace: UUID | None = None if row is None else row[-1]
    if token is None or not (token.account_id == by.id or await _is_admin(connection, workspace, by.id)):
        raise NotFound("There is no such token.")
    await connection.execute(delete(api_token).where(api_token.c.id == id))
    await revoke(connection, token.account_id, token.id)
    await audit.record(connection, "token_revoked", by, workspace=workspace, details=_told(token))


async def _is_admin(connection: AsyncConnection, workspace: UUID | None, user: UUID) -> bool:
    of_workspace = workspace_member.c.workspace_id == workspace
    found = select(workspace_member.c.role).where(of_workspace, workspace_member.c.account_id == user)
    return await connection.scalar(found) in ("owner", "admin")


def _told(token: ApiToken) -> dict[str, object]:
    return {"token_id": token.id, "token": token.name, "scopes": token.scopes, "of": token.account_id}


class ApiTokens:
    """Tokens as they are presented. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def presented(self, secret_hash: bytes) -> Bearer | None:
        """The token with this secret, used now; None when there is none. Whether it has expired is for the caller to see."""
        found = select(*_FIELDS, account.c.name.label("owner"), account.c.kind)
        found = found.join(account, account.c.id == api_token.c.account_id)
        stale = api_token.c.last_used_at.is_(None) | (api_token.c.last_used_at < func.now() - USE_NOTED)
        async with self._database.begin() as connection:
            row = (await connection.execute(found.where(api_token.c.secret_hash == secret_hash))).one_or_none()
            if row is None:
                return None
            used = update(api_token).where(api_token.c.secret_hash == secret_hash, stale)
            await connection.execute(used.values(last_used_at=func.now()))
        return Bearer(ApiToken(*row[: len(_FIELDS)]), row.owner, row.kind)


_FIELDS = [api_token.c[field] for field in ApiToken.__struct_fields__]
