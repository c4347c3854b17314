"""Invitations over REST: made, shown to who has the link, accepted. Whoever is let into a project is let in as its maker would: by `add_member`.

Not here: signing up with one (accounts).
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api import access, answers, bodies
from server.api.api_tokens import Identity, hash_of, new_secret
from server.api.fields import BODY_MAX, canonical
from server.api.services import Services
from server.domain import letters
from server.domain.changes import Actor
from server.domain.commands import AddMember
from server.domain.errors import Conflict, Forbidden, Invalid, NotFound
from server.domain.ids import new_id
from server.domain.records import Role
from server.domain.roles import allows
from server.storage import accounts, boards, invitations, workspaces
from server.storage.accounts import Account, normal_email
from server.storage.engine import AsyncConnection
from server.storage.invitations import NO_INVITATION, Invitation, NewInvitation, Offer

LIFETIME = timedelta(days=7)
LIFETIME_MAX = timedelta(days=90)

Secret = Annotated[str, Meta(max_length=200)]
Uses = Annotated[int, Meta(ge=1, le=1000)]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """With `email` it is mailed, and good for that address alone, once."""

    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    max_uses: Uses = 1
    email: str | None = None

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


class Made(msgspec.Struct, frozen=True):
    """`secret` is told this once; `url` is the page that accepts it."""

    invitation: Invitation
    secret: str
    url: str


class Invitations(msgspec.Struct, frozen=True):
    items: list[Invitation]
    next: str | None = None


class Shown(msgspec.Struct, frozen=True):
    """What somebody is told who has the link and may not be signed in."""

    into: Literal["workspace", "project"]
    place: str
    role: str
    invited_by: str
    expires_at: datetime
    email: str | UnsetType = UNSET


class Entered(msgspec.Struct, frozen=True):
    """Where one is now."""

    workspace_id: UUID | None
    project_id: UUID | None


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
        shown = Shown(into, offer.place, one.role, offer.maker.name, one.expires_at, one.email or UNSET)
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
        return answers.json(Made(made, secret, url), 201, {"Location": f"/v1/invitations/{made.id}"})


async def look(services: Services, secret: str) -> Offer:
    """What the secret opens for somebody new. Raises `NotFound`."""
    async with services.database.begin() as connection:
        offer = await invitations.offered(connection, hash_of(secret))
    _require_room(offer.invitation)
    return offer


async def require_welcome(services: Services, email: str, secret: str | None) -> None:
    """Whether somebody new may make an account. An invitation must be good before there is one; it opens a registration that is by invitation.

    Raises `Forbidden`, also for another address than the invitation's, and `NotFound`.
    """
    allowed = services.settings.registration
    if allowed == "closed" or (allowed == "invitation" and secret is None):
        raise Forbidden("Not everybody may make an account here.")
    if secret is not None:
        offer = await look(services, secret)
        if offer.invitation.email not in (None, email):
            raise Forbidden("This invitation is for another address.")


async def welcome(services: Services, newcomer: Account, secret: str | None) -> None:
    """Lets somebody whose account was just made in where their invitation leads."""
    if secret is not None:
        with suppress(NotFound):  # it was used up meanwhile
            await enter(services, secret, Actor(newcomer.id, newcomer.name))


async def enter(services: Services, secret: str, by: Actor) -> Entered:
    """Lets somebody in, once. Raises `NotFound`, also when its maker could not let anybody in any more, and `Forbidden` for another address."""
    async with services.database.begin() as connection:
        offer = await invitations.offered(connection, hash_of(secret), take=True)
        one = offer.invitation
        account = await accounts.find(connection, by.id)
        if one.email is not None and (account is None or account.email != one.email):
            raise Forbidden("This invitation is for another address.")
        if by.id in one.accepted_by:
            await _require_inside(connection, one, by.id)
        elif await _let_in(services, connection, offer, by):
            await invitations.accepted(connection, one, by)
    return Entered(one.workspace_id, one.project_id)


async def _let_in(services: Services, connection: AsyncConnection, offer: Offer, by: Actor) -> bool:
    """Whether they were not in there before. An invitation that is used up lets nobody new in."""
    one, maker = offer.invitation, offer.maker
    if one.workspace_id is not None:
        if await workspaces.standing(connection, one.workspace_id, by.id) is not None:
            return False
        _require_room(one)
        if await workspaces.standing(connection, one.workspace_id, maker.id, hold=True) not in ("owner", "admin"):
            raise NotFound(NO_INVITATION)
        await workspaces.join(connection, one.workspace_id, by, one.role, maker.id)  # type: ignore[arg-type]
        return True
    assert one.project_id is not None
    if await boards.access_of(connection, one.project_id, by.id) is not None:
        return False
    _require_room(one)
    entry = (AddMember(user_id=by.id, role=one.role),)  # type: ignore[arg-type]
    try:
        await services.executor.execute(one.project_id, new_id(), entry, maker)
    except (Forbidden, NotFound):
        raise NotFound(NO_INVITATION) from None
    except Conflict:
        return False
    return True


async def _require_inside(connection: AsyncConnection, one: Invitation, user: UUID) -> None:
    """Whoever was let in once and is out again was removed, or went."""
    inside: object = None
    if one.workspace_id is not None:
        inside = await workspaces.standing(connection, one.workspace_id, user)
    elif one.project_id is not None:
        inside = await boards.access_of(connection, one.project_id, user)
    if inside is None:
        raise NotFound(NO_INVITATION)


def _require_room(one: Invitation) -> None:
    if len(one.accepted_by) >= one.max_uses:
        raise NotFound(NO_INVITATION)


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
