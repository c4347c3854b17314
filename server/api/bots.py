"""Bots of a workspace over REST: made, and given API tokens. They have no password, and are listed and removed as members of the workspace."""

from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import access, answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.fields import BODY_MAX, Name, canonical
from server.api.idempotency import id_of
from server.api.services import Services
from server.api.tokens import MadeToken, Tokens, WantedToken, issue, shown
from server.domain import text
from server.domain.errors import NotFound, TooLarge
from server.storage import api_tokens, workspaces
from server.storage.engine import AsyncConnection
from server.storage.workspaces import NO_MEMBER, WorkspaceMember


class WantedBot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Name

    def __post_init__(self) -> None:
        canonical(self, "name", lambda value: text.line(value, text.NAME_MAX))


CONTRACTS = {
    "POST /v1/workspaces/{workspace}/bots": Contract(
        name="create_bot",
        says="Make a bot of the workspace.",
        takes=WantedBot,
        once=True,
        answers={201: WorkspaceMember},
        sends=("Location",),
        refuses=(TooLarge,),
    ),
    "GET /v1/workspaces/{workspace}/bots/{bot}/tokens": Contract(
        name="list_bot_tokens", says="A bot's API tokens, the latest first.", answers={200: Tokens}
    ),
    "POST /v1/workspaces/{workspace}/bots/{bot}/tokens": Contract(
        name="create_bot_token",
        says="Make an API token for a bot; its secret is told this once.",
        takes=WantedToken,
        answers={201: MadeToken},
        sends=("Location",),
        refuses=(TooLarge,),
    ),
}


class BotRoutes:
    """The handlers of `/v1/workspaces/{workspace}/bots`."""

    def __init__(self, services: Services) -> None:
        self._database = services.database

    async def create(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, WantedBot, BODY_MAX)
        workspace: UUID = request.path_params["workspace"]
        async with self._database.begin() as connection:
            await workspaces.take(connection, workspace, identity.actor.id, access.least(request))
            bot = id_of(request, identity)
            made = await workspaces.create_bot(connection, workspace, bot, wanted.name, identity.actor)
        return answers.json(made, 201, {"Location": f"/v1/workspaces/{workspace}/members/{made.id}"})

    async def tokens(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            bot = await _bot(connection, request, identity)
            found = await api_tokens.of(connection, bot)
        return answers.json(Tokens([shown(token) for token in found]))

    async def create_token(self, request: Request, identity: Identity) -> Response:
        wanted = await bodies.json(request, WantedToken, BODY_MAX)
        async with self._database.begin() as connection:
            bot = await _bot(connection, request, identity)
            workspace: UUID = request.path_params["workspace"]
            return await issue(connection, wanted, owner=bot, by=identity.actor, workspace=workspace)


async def _bot(connection: AsyncConnection, request: Request, identity: Identity) -> UUID:
    """The route's bot, for an admin of its workspace. It stays there meanwhile."""
    workspace: UUID = request.path_params["workspace"]
    await workspaces.take(connection, workspace, identity.actor.id, access.least(request))
    found = await workspaces.members(connection, workspace)
    bot = next((one.id for one in found if one.id == request.path_params["bot"] and one.kind == "bot"), None)
    if bot is None:
        raise NotFound(NO_MEMBER)
    return bot
