"""What people do with their own account: name, language, password, address, where they are signed in. Not here: signing in."""

from datetime import datetime
from functools import cache
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.fields import BODY_MAX, Name, NewPassword, Password, canonical
from server.api.membership import rename_in_projects
from server.api.problems import TokenInvalid
from server.api.services import Services
from server.api.sign_ins import User, user_of
from server.domain import letters, text
from server.domain.errors import Invalid, NotFound
from server.storage import accounts, audit, credentials
from server.storage.accounts import Account
from server.storage.sign_ins import SignIn


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to change."""

    name: Name | UnsetType = UNSET
    time_zone: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    language: letters.Language | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.name is not UNSET:
            canonical(self, "name", lambda value: text.line(value, text.NAME_MAX))
        if self.time_zone is not UNSET:
            canonical(self, "time_zone", _zone)


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`current` is left out by who has none yet."""

    password: NewPassword
    current: Password = ""


class ListedSignIn(msgspec.Struct, frozen=True):
    """`current`: the browser that asks."""

    id: UUID
    client: str
    address: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    current: bool


class SignInList(msgspec.Struct, frozen=True):
    items: list[ListedSignIn]
    next: str | None = None


CONTRACTS = {
    "GET /v1/me": Contract(name="me", says="Who am I.", answers={200: User}),
    "PATCH /v1/me": Contract(
        name="change_profile", says="Change your name, time zone or language.", takes=Profile, answers={200: User}
    ),
    "POST /v1/me/password": Contract(
        name="change_password",
        says="Change your password; every other sign-in ends.",
        takes=PasswordChange,
        answers={204: None},
    ),
    "GET /v1/me/sign-ins": Contract(name="list_sign_ins", says="Where you are signed in.", answers={200: SignInList}),
    "DELETE /v1/me/sign-ins": Contract(
        name="end_other_sign_ins", says="End all your sign-ins but this one.", answers={204: None}
    ),
    "DELETE /v1/me/sign-ins/{sign_in}": Contract(
        name="end_sign_in", says="End one of your sign-ins.", answers={204: None}
    ),
}


class ProfileRoutes:
    """The handlers of `/v1/me` and of what is below it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def me(self, request: Request, identity: Identity) -> Response:
        return answers.json(user_of(await self.account(identity)))

    async def update(self, request: Request, identity: Identity) -> Response:
        """A new name is a change in each project."""
        wanted = await bodies.json(request, Profile, BODY_MAX)
        fields = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not UNSET}
        account = await self.account(identity)
        if fields:
            async with self._services.database.begin() as connection:
                changed = await accounts.change(connection, account.id, **fields)
            account = _there(changed)
            await rename_in_projects(self._services, account)
        return answers.json(user_of(account))

    async def set_password(self, request: Request, identity: Identity) -> Response:
        """Every other sign-in ends."""
        wanted = await bodies.json(request, PasswordChange, BODY_MAX)
        account = await self.account(identity)
        await self.require_password(request, account, wanted.current, "/current")
        await self._services.passwords.refuse_weak(wanted.password, account.email, account.name)
        hashed = await self._services.passwords.hash(wanted.password)
        async with self._services.database.begin() as connection:
            await credentials.set_password(connection, account.id, hashed, identity.grant.sign_in)
            await audit.record(connection, "password_changed", identity.actor)
            told = letters.password_changed(account.email, account.language, account.name)
            await self._services.postbox.put(connection, told)
        return answers.empty()

    async def sign_ins(self, request: Request, identity: Identity) -> Response:
        found = await self._services.sign_ins.of(identity.actor.id)
        return answers.json(SignInList([_listed(one, identity) for one in found]))

    async def end_sign_in(self, request: Request, identity: Identity) -> Response:
        if not await self._services.sign_ins.end(identity.actor, request.path_params["sign_in"]):
            raise NotFound("There is no such sign-in.")
        return answers.empty()

    async def end_other_sign_ins(self, request: Request, identity: Identity) -> Response:
        await self._services.sign_ins.end_others(identity.actor, identity.grant.sign_in)
        return answers.empty()

    async def account(self, identity: Identity) -> Account:
        return _there(await self._services.accounts.get(identity.actor.id))

    async def require_password(self, request: Request, account: Account, given: str, pointer: str) -> None:
        """Whoever changes what lets them in shows that they are no passer-by. Raises `Invalid`."""
        await self._services.quotas.sign_in(request, account.email)
        known = await self._services.accounts.credentials(account.email)
        hashed = None if known is None else known.password_hash
        if hashed is not None and not await self._services.passwords.verify(hashed, given):
            raise Invalid.at(pointer, "This is not your present password.")


def _there(account: Account | None) -> Account:
    if account is None:
        raise TokenInvalid("This account is gone.")
    return account


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("must be a time zone such as Europe/Berlin")
    return name


def _listed(one: SignIn, identity: Identity) -> ListedSignIn:
    return ListedSignIn(**msgspec.structs.asdict(one), current=one.id == identity.grant.sign_in)
