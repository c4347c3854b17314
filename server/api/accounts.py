"""Sign up, sign in, stay signed in, sign out. Not here: what a token is, and what people do with their account later (profile)."""

from contextlib import suppress
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import bodies
from server.api.auth import require_origin
from server.api.contract import CREDENTIALS, Contract
from server.api.entering import Secret, require_welcome, welcome
from server.api.fields import BODY_MAX, Email, Name, NewPassword, Password, canonical
from server.api.membership import rename_in_projects
from server.api.problems import SecondFactorNeeded, TokenInvalid, WrongCredentials
from server.api.recovery import RecoveryRoutes
from server.api.second_factor import Code, Codes
from server.api.services import Services
from server.api.sign_ins import SignedIn, SignInDoor, origin_of
from server.domain import text
from server.domain.errors import Conflict, Forbidden, NotFound
from server.domain.ids import new_id
from server.storage import audit
from server.storage.accounts import Credentials, normal_email


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`invitation` is the secret of one, which is accepted at once."""

    email: Email
    name: Name
    password: NewPassword
    invitation: Secret | None = None

    def __post_init__(self) -> None:
        canonical(self, "email", normal_email)
        canonical(self, "name", lambda value: text.line(value, text.NAME_MAX))


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`code` is of the second factor, where there is one."""

    email: str
    password: Password
    code: Code = ""


class OAuth2Form(msgspec.Struct, frozen=True):
    """RFC 6749 §4.3.2; further fields of the form, such as `grant_type` and `scope`, change nothing."""

    username: str
    password: Password
    code: Code = ""


CONTRACTS = {
    "POST /v1/auth/register": Contract(
        name="register",
        says="Make an account and sign in.",
        takes=Registration,
        answers={201: SignedIn},
        sends=("Set-Cookie",),
        refuses=(Forbidden, NotFound, Conflict),
    ),
    "POST /v1/auth/login": Contract(
        name="login",
        says="Sign in with e-mail and password, and the second factor's code where there is one.",
        takes=Login,
        form=OAuth2Form,
        answers={200: SignedIn},
        sends=("Set-Cookie",),
        refuses=(*CREDENTIALS, Forbidden),
    ),
    "POST /v1/auth/refresh": Contract(
        name="refresh",
        says="Exchange the cookie for a new one and an access token.",
        cookie=True,
        answers={200: SignedIn},
        sends=("Set-Cookie",),
        refuses=(TokenInvalid, Forbidden),
    ),
    "POST /v1/auth/logout": Contract(
        name="logout",
        says="End this browser's sign-in.",
        cookie=True,
        answers={204: None},
        sends=("Set-Cookie",),
        refuses=(Forbidden,),
    ),
}


class AccountRoutes:
    """The handlers of `/v1/auth/register`, `login`, `refresh` and `logout`."""

    def __init__(self, services: Services, recovery: RecoveryRoutes, codes: Codes) -> None:
        self._services = services
        self._door = SignInDoor(services)
        self._recovery = recovery
        self._codes = codes

    async def register(self, request: Request) -> Response:
        require_origin(request, self._services.settings)
        wanted = await bodies.json(request, Registration, BODY_MAX)
        await require_welcome(self._services, wanted.email, wanted.invitation)
        await self._services.quotas.registration(request)
        await self._services.passwords.refuse_weak(wanted.password, wanted.email, wanted.name)
        hashed = await self._services.passwords.hash(wanted.password)
        account = await self._services.accounts.create(new_id(), wanted.email, wanted.name, hashed)
        await self._recovery.mail_verification(account)
        await welcome(self._services, account, wanted.invitation)
        return await self._door.open(request, account, status=201)

    async def login(self, request: Request) -> Response:
        require_origin(request, self._services.settings)
        login = await _credentials(request)
        await self._services.quotas.sign_in(request, login.email.strip().lower())
        known = await self._known(login.email)
        hashed = None if known is None else known.password_hash
        right = await self._services.passwords.verify(hashed, login.password)
        if known is None or hashed is None or not right:
            await self._failed(request, login.email, "password")
            raise WrongCredentials("There is no account with this e-mail and password.")
        try:
            await self._codes.require(known.account.id, login.code)
        except SecondFactorNeeded:
            if login.code:
                await self._failed(request, login.email, "code")
            raise
        if self._services.passwords.outdated(hashed):
            renewed = await self._services.passwords.hash(login.password)
            await self._services.accounts.set_password_hash(known.account.id, renewed)
        await rename_in_projects(self._services, known.account)
        return await self._door.open(request, known.account, status=200)

    async def _failed(self, request: Request, email: str, wrong: Literal["password", "code"]) -> None:
        """Leaves a line in the audit log of whose account it is."""
        try:
            address = normal_email(email)
        except ValueError:
            address = ""  # nobody's
        async with self._services.database.begin() as connection:
            await audit.failed_sign_in(connection, address, {"wrong": wrong, **origin_of(request)})

    async def refresh(self, request: Request) -> Response:
        """Counted by the sign-in, for all of an office comes from one address; what is no sign-in is counted like any stranger's request."""
        require_origin(request, self._services.settings)
        try:
            return await self._door.renew(request)
        except TokenInvalid:
            await self._services.quotas.anonymous(request)
            raise

    async def logout(self, request: Request) -> Response:
        """Ends this browser's sign-in, if there is one, and within 2 s the access tokens made from it."""
        require_origin(request, self._services.settings)
        with suppress(TokenInvalid):
            await self._door.close(request)
        return self._door.closed()

    async def _known(self, email: str) -> Credentials | None:
        """Who signs in with this address; what is no address belongs to nobody."""
        try:
            return await self._services.accounts.credentials(normal_email(email))
        except ValueError:
            return None


async def _credentials(request: Request) -> Login:
    """E-mail and password from JSON or an OAuth2 form."""
    kind = bodies.require_type(request, "application/json", "application/x-www-form-urlencoded")
    body = await bodies.read(request, BODY_MAX)
    if kind == "application/json":
        return bodies.decode(body, Login)
    form = bodies.form(body, OAuth2Form)
    return Login(form.username, form.password, form.code)
