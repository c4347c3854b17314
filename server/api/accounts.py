"""Sign up, sign in, stay signed in, sign out. Not here: what a token is, and how accounts are stored."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.auth import Identity, RefreshToken, require_origin
from server.api.problems import TokenInvalid, WrongCredentials
from server.api.services import Services
from server.domain import text
from server.domain.errors import Forbidden
from server.domain.ids import new_id
from server.storage.accounts import Account, Credentials, normal_email

BODY_MAX = 16 * 1024
COOKIE = "lockstep_refresh"
COOKIE_PATH = "/v1/auth"
CLIENT_MAX = 200

Password = Annotated[str, Meta(max_length=1000)]


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: str
    name: str
    password: Annotated[str, Meta(min_length=10, max_length=1000)]

    def __post_init__(self) -> None:
        _canonical(self, "email", normal_email)
        _canonical(self, "name", lambda value: text.line(value, text.NAME_MAX))


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: str
    password: Password


class OAuth2Form(msgspec.Struct, frozen=True):
    """RFC 6749 §4.3.2; further fields of the form, such as `grant_type` and `scope`, change nothing."""

    username: str
    password: Password


class User(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    email: str


class SignedIn(msgspec.Struct, frozen=True):
    """`expires_in` is in seconds."""

    user: User
    access_token: str
    expires_in: int
    token_type: str = "bearer"


class AccountRoutes:
    """The handlers of `/v1/auth/…` and `/v1/me`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lifetime = timedelta(days=services.settings.refresh_token_days)

    async def register(self, request: Request) -> Response:
        if not self._services.settings.registration_open:
            raise Forbidden("Registration is closed here.")
        wanted = await bodies.json(request, Registration, BODY_MAX)
        hashed = await self._services.passwords.hash(wanted.password)
        account = await self._services.accounts.create(new_id(), wanted.email, wanted.name, hashed)
        return await self._sign_in(request, account, status=201)

    async def login(self, request: Request) -> Response:
        login = await _credentials(request)
        known = await self._known(login.email)
        hashed = None if known is None else known.password_hash
        right = await self._services.passwords.verify(hashed, login.password)
        if known is None or hashed is None or not right:
            raise WrongCredentials("There is no account with this e-mail and password.")
        if self._services.passwords.outdated(hashed):
            renewed = await self._services.passwords.hash(login.password)
            await self._services.accounts.set_password_hash(known.account.id, renewed)
        return await self._sign_in(request, known.account, status=200)

    async def refresh(self, request: Request) -> Response:
        require_origin(request, self._services.settings)
        token = RefreshToken.parse(request.cookies.get(COOKIE, ""))
        successor = self._services.auth.successor(token)
        account = await self._services.accounts.rotate(token.id, token.hash, successor.hash, self._lifetime)
        if account is None:
            raise TokenInvalid("You are signed out.")
        return self._tokens(account, successor, status=200)

    async def logout(self, request: Request) -> Response:
        """Ends this browser's sign-in, if there is one, and within 2 s the access tokens made from it."""
        require_origin(request, self._services.settings)
        with suppress(TokenInvalid):
            token = RefreshToken.parse(request.cookies.get(COOKIE, ""))
            await self._services.accounts.close_sign_in(token.id, token.hash)
        response = answers.empty()
        response.delete_cookie(COOKIE, COOKIE_PATH, httponly=True, samesite="strict")
        return response

    async def me(self, request: Request, identity: Identity) -> Response:
        account = await self._services.accounts.get(identity.actor.id)
        if account is None:
            raise TokenInvalid("This account is gone.")
        return answers.json(_user(account))

    async def _known(self, email: str) -> Credentials | None:
        """Who signs in with this address; what is no address belongs to nobody."""
        try:
            return await self._services.accounts.credentials(normal_email(email))
        except ValueError:
            return None

    async def _sign_in(self, request: Request, account: Account, status: int) -> Response:
        token = RefreshToken.new()
        client = request.headers.get("user-agent", "")[:CLIENT_MAX]
        await self._services.accounts.open_sign_in(token.id, account.id, token.hash, self._lifetime, client)
        return self._tokens(account, token, status)

    def _tokens(self, account: Account, refresh: RefreshToken, status: int) -> Response:
        access = self._services.auth.issue(account, refresh.id)
        response = answers.json(SignedIn(_user(account), access.token, access.expires_in), status)
        response.set_cookie(
            COOKIE,
            str(refresh),
            max_age=int(self._lifetime.total_seconds()),
            path=COOKIE_PATH,
            secure=self._services.settings.secure_cookies,
            httponly=True,
            samesite="strict",
        )
        return response


async def _credentials(request: Request) -> Login:
    """E-mail and password from JSON or an OAuth2 form."""
    kind = bodies.require_type(request, "application/json", "application/x-www-form-urlencoded")
    body = await bodies.read(request, BODY_MAX)
    if kind == "application/json":
        return bodies.decode(body, Login)
    form = bodies.form(body, OAuth2Form)
    return Login(form.username, form.password)


def _user(account: Account) -> User:
    return User(account.id, account.name, account.email)


def _canonical(struct: msgspec.Struct, field: str, rule: Callable[[str], str]) -> None:
    """Puts a field's canonical value in its place while the struct is being made. Raises ValueError."""
    try:
        force_setattr(struct, field, rule(getattr(struct, field)))
    except ValueError as wrong:
        raise ValueError(f"`{field}` {wrong}") from None
