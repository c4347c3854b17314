"""Whom an invitation lets in, with an account or with one that is made now. Not here: invitations made, shown and revoked (invitations)."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from server.api.api_tokens import hash_of
from server.api.services import Services
from server.domain.changes import Actor
from server.domain.commands import AddMember
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.ids import new_id
from server.domain.records import Role
from server.domain.roles import WorkspaceRole
from server.storage import accounts, boards, invitations, workspaces
from server.storage.accounts import Account
from server.storage.engine import AsyncConnection
from server.storage.invitations import NO_INVITATION, Invitation, Offer

Secret = Annotated[str, Meta(max_length=200)]


class Entered(msgspec.Struct, frozen=True):
    """Where one is now."""

    workspace_id: UUID | None
    project_id: UUID | None


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
        await workspaces.join(connection, one.workspace_id, by, msgspec.convert(one.role, WorkspaceRole), maker.id)
        return True
    assert one.project_id is not None
    if await boards.access_of(connection, one.project_id, by.id) is not None:
        return False
    _require_room(one)
    entry = (AddMember(user_id=by.id, role=msgspec.convert(one.role, Role)),)
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
