"""Invitations over REST: made, shown to who has the link, accepted. Whoever is let into a project is let in as its maker would: by `add_member`.

Not here: whom one lets in (entering), signing up with one (accounts).
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api import access, answers, bodies
from server.api.api_tokens import Identity, hash_of, new_secret
from server.api.contract import COMMANDED, Contract
from server.api.entering import Entered, Secret, enter, look
from server.api.fields import BODY_MAX, Email, canonical
from server.api.services import Services
from server.domain import letters
from server.domain.changes import Actor
from server.domain.errors import Forbidden, Invalid, NotFound, TooLarge
from server.domain.ids import new_id
from server.domain.records import Role
from server.domain.roles import allows
from server.storage import accounts, boards, invitations, workspaces
from server.storage.accounts import normal_email
from server.storage.engine import AsyncConnection
from server.storage.invitations import Invitation, NewInvitation

LIFETIME = timedelta(days=7)
LIFETIME_MAX = timedelta(days=90)

Uses = Annotated[int, Meta(ge=1, le=1000)]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """With `email` it is mailed, and good for that address alone, once."""

    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    max_uses: Uses = 1
    email: Email | None = None

    def __post_init__(self) -> None:
        if self.email is not None:
            canonical(self, "email", normal_email)
            if self.max_uses != 1:
                raise ValueError("`max_uses` is 1 with `email`")


class WantedOfWorkspace(Wanted, frozen=True, forbid_unknown_fields=True, kw_only=True):
    role: Literal["admin", "member", "guest"]


class WantedOfProject(Wanted, frozen=True, forbid_unknown_fields=True, kw_only=True):
    role: Role


W = TypeVar("W", bound=Wanted)


class Presented(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    secret: Secret


class MadeInvitation(msgspec.Struct, frozen=True):
    """`secret` is told this once; `url` is the page that accepts it."""

    invitation: Invitation
    secret: str
    url: str


class Invitations(msgspec.Struct, frozen=True):
    items: list[Invitation]
    next: str | None = None


class ShownInvitation(msgspec.Struct, frozen=True):
    """What somebody is told who has the link and may not be signed in."""

    into: Literal["workspace", "project"]
    place: str
    role: str
    invited_by: str
    expires_at: datetime
    email: str | UnsetType = UNSET


CONTRACTS = {
    "GET /v1/workspaces/{workspace}/invitations": Contract(
        name="list_workspace_invitations", says="Those that can still be accepted.", answers={200: Invitations}
    ),
    "POST /v1/workspaces/{workspace}/invitations": Contract(
        name="invite_to_workspace",
        says="Invite into a workspace; the secret is told this once.",
        takes=WantedOfWorkspace,
        answers={201: MadeInvitation},
        sends=("Location",),
        refuses=(TooLarge,),
    ),
    "GET /v1/projects/{project}/invitations": Contract(
        name="list_project_invitations", says="Those that can still be accepted.", answers={200: Invitations}
    ),
    "POST /v1/projects/{project}/invitations": Contract(
        name="invite_to_project",
        says="Invite into a project; the secret is told this once.",
        takes=WantedOfProject,
        answers={201: MadeInvitation},
        sends=("Location",),
        refuses=(TooLarge,),
    ),
    "DELETE /v1/invitations/{invitation}": Contract(
        name="revoke_invitation", says="Revoke an invitation.", answers={204: None}
    ),
    "POST /v1/invitations/show": Contract(
        name="show_invitation",
        says="What an invitation leads into.",
        takes=Presented,
        answers={200: ShownInvitation},
        refuses=(NotFound,),
    ),
    "POST /v1/invitations/accept": Contract(
        name="accept_invitation",
        says="Come in.",
        takes=Presented,
        answers={200: Entered},
        refuses=(NotFound, *COMMANDED),
    ),
}


class InvitationRoutes:
    """The handlers of `…/invitations`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._database = services.database

    async def list_of_workspace(self, request: Request, identity: Identity) -> Response:
        id: UUID = request.path_params["workspace"]
        async with self._database.begin() as connection:
            await workspaces.require(connection, id, identity.actor.id, access.least(request))
            return answers.json(Invitations(await invitations.of(connection, id, None)))

    async def invite_to_workspace(self, request: Request, identity: Identity) -> Response:
        wanted = await self._wanted(request, WantedOfWorkspace)
        id: UUID = request.path_params["workspace"]
        async with self._database.begin() as connection:
            await workspaces.take(connection, id, identity.actor.id, access.least(request))
            return await self._make(connection, wanted, wanted.role, identity.actor, workspace=id)

    async def list_of_project(self, request: Request, identity: Identity) -> Response:
        id: UUID = request.path_params["project"]
        async with self._database.begin() as connection:
            await _require_admin(connection, id, identity)
            return answers.json(Invitations(await invitations.of(connection, None, id)))

    async def invite_to_project(self, request: Request, identity: Identity) -> Response:
        wanted = await self._wanted(request, WantedOfProject)
        id: UUID = request.path_params["project"]
        async with self._database.begin() as connection:
            await _require_admin(connection, id, identity)
            return await self._make(connection, wanted, wanted.role, identity.actor, project=id)

    async def revoke(self, request: Request, identity: Identity) -> Response:
        async with self._database.begin() as connection:
            await invitations.revoke(connection, request.path_params["invitation"], identity.actor)
        return answers.empty()

    async def show(self, request: Request) -> Response:
        presented = await bodies.json(request, Presented, BODY_MAX)
        offer = await look(self._services, presented.secret)
        one = offer.invitation
        into: Literal["workspace", "project"] = "project" if one.workspace_id is None else "workspace"
        shown = ShownInvitation(into, offer.place, one.role, offer.maker.name, one.expires_at, one.email or UNSET)
        return answers.json(shown)

    async def accept(self, request: Request, identity: Identity) -> Response:
        presented = await bodies.json(request, Presented, BODY_MAX)
        return answers.json(await enter(self._services, presented.secret, identity.actor))

    async def _wanted(self, request: Request, of: type[W]) -> W:
        """What the body asks for. Letters to an address are counted, whoever sends them. Raises `Invalid` and `RateLimited`."""
        wanted = await bodies.json(request, of, BODY_MAX)
        if wanted.email is not None:
            await self._services.quotas.mail(request, wanted.email)
        return wanted

    async def _make(
        self,
        connection: AsyncConnection,
        wanted: Wanted,
        role: str,
        by: Actor,
        *,
        workspace: UUID | None = None,
        project: UUID | None = None,
    ) -> Response:
        secret, expires_at = new_secret(), _expiry(wanted.expires_at)
        new = NewInvitation(
            new_id(), workspace, project, role, wanted.email, expires_at, wanted.max_uses, hash_of(secret)
        )
        made = await invitations.create(connection, new, by)
        url = f"{self._services.settings.url}/invitation#{secret}"
        if made.email is not None and self._services.settings.sends_mail:
            offer = await invitations.offered(connection, new.secret_hash)
            account = await accounts.find(connection, by.id)
            language = "en" if account is None else account.language
            letter = letters.invitation(made.email, language, by.name, offer.place, url)
            await self._services.postbox.put(connection, letter)
        return answers.json(MadeInvitation(made, secret, url), 201, {"Location": f"/v1/invitations/{made.id}"})


async def _require_admin(connection: AsyncConnection, project: UUID, identity: Identity) -> None:
    found = await boards.access_of(connection, project, identity.actor.id)
    if found is None:
        raise NotFound("There is no such project.")
    if not allows(found.role, "admin"):
        raise Forbidden(f"This takes the role admin; yours is {found.role}.")


def _expiry(wanted: datetime | None) -> datetime:
    now = datetime.now(UTC)
    if wanted is not None and not now < wanted <= now + LIFETIME_MAX:
        raise Invalid.at("/expires_at", f"`expires_at` must be in the next {LIFETIME_MAX.days} days")
    return wanted or now + LIFETIME
