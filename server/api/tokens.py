"""API tokens of one's own over REST: made, listed, revoked. Not here: what a token looks like (api_tokens), and bots' tokens (bots)."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.api_tokens import Identity, hash_of, new_secret
from server.api.contract import Contract
from server.api.fields import Name
from server.api.services import Services
from server.domain import text
from server.domain.changes import Actor
from server.domain.errors import Invalid, TooLarge
from server.domain.ids import new_id
from server.domain.reach import SCOPES, Scope
from server.storage import api_tokens, boards
from server.storage.api_tokens import ApiToken, NewToken
from server.storage.engine import AsyncConnection

BODY_MAX = 16 * 1024


class WantedToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `project_ids` the token opens all that its account may see."""

    name: Name
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=len(SCOPES))]
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    project_ids: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=100)] | None = None

    def __post_init__(self) -> None:
        try:
            force_setattr(self, "name", text.line(self.name, text.NAME_MAX))
        except ValueError as wrong:
            raise ValueError(f"`name` {wrong}") from None


class ShownToken(msgspec.Struct, frozen=True):
    """A token as it is listed. `id`, not the secret, names it from now on."""

    id: UUID
    name: str
    scopes: list[Scope]
    project_ids: list[UUID] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class MadeToken(ShownToken, frozen=True, kw_only=True):
    """`token` is the secret: it is told this once."""

    token: str


class Tokens(msgspec.Struct, frozen=True):
    items: list[ShownToken]
    next: str | None = None


CONTRACTS = {
    "GET /v1/tokens": Contract(name="list_tokens", says="Your API tokens, the latest first.", answers={200: Tokens}),
    "POST /v1/tokens": Contract(
        name="create_token",
        says="Make an API token; its secret is told this once.",
        takes=WantedToken,
        answers={201: MadeToken},
        sends=("Location",),
        refuses=(TooLarge,),
    ),
    "DELETE /v1/tokens/{token}": Contract(name="revoke_token", says="Revoke an API token.", answers={204: None}),
}


class TokenRoutes:
    """The handlers of `/v1/tokens`."""

    def __init__(self, services: Services) -> None:
        self._database = services.database

    async def list(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            found = await api_tokens.of(connection, identity.actor.id)
        return answers.json(Tokens([shown(token) for token in found]))

    async def create(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, WantedToken, BODY_MAX)
        async with self._database.begin() as connection:
            return await issue(connection, wanted, owner=identity.actor.id, by=identity.actor)

    async def revoke(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            await api_tokens.revoke_token(connection, request.path_params["token"], identity.actor)
        return answers.empty()


async def issue(
    connection: AsyncConnection, wanted: WantedToken, *, owner: UUID, by: Actor, workspace: UUID | None = None
) -> Response:
    """Makes a token and tells its secret. Raises `Invalid` for an expiry that is past and for projects that `owner` cannot see."""
    if wanted.expires_at is not None and wanted.expires_at <= datetime.now(UTC):
        raise Invalid.at("/expires_at", "`expires_at` must be in the future")
    mine = {one.id for one in await boards.projects_of(connection, owner)}
    for index, project in enumerate(wanted.project_ids or ()):
        if project not in mine:
            raise Invalid.at(f"/project_ids/{index}", "there is no such project")
    secret = new_secret()
    scopes = sorted(set(wanted.scopes), key=SCOPES.__getitem__)
    new = NewToken(new_id(), owner, wanted.name, scopes, wanted.project_ids, wanted.expires_at, hash_of(secret))
    token = await api_tokens.create(connection, new, by, workspace)
    return answers.json(MadeToken(**_fields(token), token=secret), 201, {"Location": f"/v1/tokens/{token.id}"})


def shown(token: ApiToken) -> ShownToken:
    return ShownToken(**_fields(token))


def _fields(token: ApiToken) -> dict[str, Any]:
    return {name: getattr(token, name) for name in ShownToken.__struct_fields__}
