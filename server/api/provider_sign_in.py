"""Signing in by a provider: there and back, and whose account it opens. Not here: what is said to the provider (provider)."""

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.api import answers, bodies
from server.api.auth import require_origin
from server.api.contract import Contract
from server.api.entering import Secret, look, require_welcome, welcome
from server.api.fields import BODY_MAX
from server.api.provider import Claims, Provider, SignInFailed
from server.api.services import Services
from server.api.sign_ins import SignInDoor
from server.domain import text
from server.domain.errors import Forbidden, NotFound, Unavailable
from server.domain.ids import new_id
from server.settings import Registration
from server.storage import provider_identities
from server.storage.accounts import Account, normal_email

log = structlog.get_logger()

COOKIE = "lockstep_oidc"
COOKIE_PATH = "/v1/auth/oidc"
COOKIE_SECONDS = 600
CODE_MAX = 4096
RETRY_MS = 5_000


class Beginning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`invitation` is the secret of one: it lets somebody new in, as it does in a registration."""

    invitation: Secret | None = None


class ProviderAddress(msgspec.Struct, frozen=True):
    """Where the page sends the browser."""

    url: str


class FromProvider(msgspec.Struct, frozen=True):
    """What the provider sends along with the browser; it may send more."""

    code: str = ""
    state: str = ""


class Methods(msgspec.Struct, frozen=True):
    """What a sign-in page offers. `provider` is what the button of the provider says."""

    registration: Registration
    mail: bool
    provider: str | None


CONTRACTS = {
    "GET /v1/auth/methods": Contract(
        name="sign_in_methods", says="What a sign-in page offers.", answers={200: Methods}
    ),
    "GET /v1/auth/oidc": Contract(
        name="begin_provider_sign_in",
        says="For browsers: on to the provider.",
        answers={302: None},
        sends=("Location", "Set-Cookie"),
        refuses=(NotFound,),
    ),
    "POST /v1/auth/oidc": Contract(
        name="begin_provider_sign_in_here",
        says="For the sign-in page: where the provider is, and a cookie to come back with.",
        takes=Beginning,
        answers={200: ProviderAddress},
        sends=("Set-Cookie",),
        refuses=(Forbidden, NotFound),
    ),
    "GET /v1/auth/oidc/callback": Contract(
        name="finish_provider_sign_in",
        says="For browsers: back from the provider, and on to the board.",
        asks=FromProvider,
        answers={302: None},
        sends=("Location", "Set-Cookie"),
        refuses=(NotFound,),
    ),
}


class ProviderRoutes:
    """The handlers of `/v1/auth/methods` and `/v1/auth/oidc`. A browser goes there itself, so every answer of the latter sends it on."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._door = SignInDoor(services)

    async def methods(self, request: Request) -> Response:
        """What a sign-in page offers."""
        settings, provider = self._services.settings, self._services.provider
        name = None if provider is None else provider.name
        return answers.json(Methods(settings.registration, settings.sends_mail, name))

    async def begin(self, request: Request) -> Response:
        try:
            url, kept = await self._provider().begin()
        except SignInFailed as failed:
            return _sent_back(failed.code)
        return self._keep(RedirectResponse(url, 302, {"Cache-Control": "no-store"}), kept)

    async def begin_here(self, request: Request) -> Response:
        """For a page that goes to the provider itself, and may carry an invitation that no address must tell."""
        require_origin(request, self._services.settings)
        wanted = await bodies.json(request, Beginning, BODY_MAX)
        provider = self._provider()
        if wanted.invitation is not None:
            await look(self._services, wanted.invitation)
        try:
            url, kept = await provider.begin(wanted.invitation)
        except SignInFailed:
            raise Unavailable("The provider does not answer.", retry_ms=RETRY_MS) from None
        return self._keep(answers.json(ProviderAddress(url)), kept)

    def _keep(self, response: Response, kept: str) -> Response:
        """The response with what the browser must bring back."""
        response.set_cookie(
            COOKIE,
            kept,
            max_age=COOKIE_SECONDS,
            path=COOKIE_PATH,
            secure=self._services.settings.secure_cookies,
            httponly=True,
            samesite="lax",  # it must come along when the provider sends the browser back
        )
        return response

    async def finish(self, request: Request) -> Response:
        provider = self._provider()
        told = bodies.query(request, FromProvider)
        try:
            if not told.code or len(told.code) > CODE_MAX:
                raise SignInFailed("provider_refused")
            returned = await provider.finish(told.code, told.state, request.cookies.get(COOKIE, ""))
            account = await self._account(*returned)
        except SignInFailed as failed:
            log.info("sign-in by provider failed", code=failed.code)
            return _sent_back(failed.code)
        token = await self._door.made(request, account)
        response = self._door.hand(RedirectResponse("/", 302, {"Cache-Control": "no-store"}), token)
        response.delete_cookie(COOKIE, COOKIE_PATH, httponly=True, samesite="lax")
        return response

    async def _account(self, claims: Claims, invitation: str | None) -> Account:
        """Whose it is: the one that was linked, else the one with the proven address, else a new one. Raises `SignInFailed`."""
        async with self._services.database.begin() as connection:
            linked = await provider_identities.find(connection, claims.iss, claims.sub)
        if linked is not None:
            return linked
        if not claims.email_verified:
            raise SignInFailed("email_unverified")
        try:
            email = normal_email(claims.email)
        except ValueError:
            raise SignInFailed("email_unverified") from None
        known = await self._services.accounts.credentials(email)
        account = known.account if known is not None else await self._made(claims, email, invitation)
        async with self._services.database.begin() as connection:
            return await provider_identities.link(connection, claims.iss, claims.sub, account)

    async def _made(self, claims: Claims, email: str, invitation: str | None) -> Account:
        """Somebody new, let in where the invitation leads that they hold. Raises `SignInFailed`."""
        try:
            await require_welcome(self._services, email, invitation)
        except NotFound:
            raise SignInFailed("invitation_over") from None
        except Forbidden:
            closed = invitation is None or self._services.settings.registration == "closed"
            raise SignInFailed("registration_closed" if closed else "invitation_address") from None
        try:
            name = text.line(claims.name[: text.NAME_MAX], text.NAME_MAX)
        except ValueError:
            name = text.line(email.partition("@")[0][: text.NAME_MAX], text.NAME_MAX)
        account = await self._services.accounts.create(new_id(), email, name, None)
        await welcome(self._services, account, invitation)
        return account

    def _provider(self) -> Provider:
        if self._services.provider is None:
            raise NotFound("No provider is configured here.")
        return self._services.provider


def _sent_back(code: str) -> Response:
    """To the sign-in page, which says what went wrong."""
    return RedirectResponse(f"/?sign_in_error={code}", 302, {"Cache-Control": "no-store"})
