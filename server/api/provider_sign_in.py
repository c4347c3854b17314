"""Signing in by a provider: there and back, and whose account it opens. Not here: what is said to the provider (provider)."""

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.api import answers
from server.api.provider import Claims, Provider, SignInFailed
from server.api.services import Services
from server.api.sign_ins import SignInDoor
from server.domain import text
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.storage import provider_identities
from server.storage.accounts import Account, normal_email

log = structlog.get_logger()

COOKIE = "lockstep_oidc"
COOKIE_PATH = "/v1/auth/oidc"
COOKIE_SECONDS = 600
CODE_MAX = 4096


class ProviderRoutes:
    """The handlers of `/v1/auth/methods` and `/v1/auth/oidc`. A browser goes there itself, so every answer of the latter sends it on."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._door = SignInDoor(services)

    async def methods(self, request: Request) -> Response:
        """What a sign-in page offers."""
        settings, provider = self._services.settings, self._services.provider
        return answers.json(
            {
                "registration": settings.registration,
                "mail": settings.sends_mail,
                "provider": None if provider is None else provider.name,
            }
        )

    async def begin(self, request: Request) -> Response:
        try:
            url, kept = await self._provider().begin()
        except SignInFailed as failed:
            return _sent_back(failed.code)
        response = RedirectResponse(url, 302, {"Cache-Control": "no-store"})
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
        code, state = request.query_params.get("code", ""), request.query_params.get("state", "")
        try:
            if not code or len(code) > CODE_MAX:
                raise SignInFailed("provider_refused")
            claims = await provider.finish(code, state, request.cookies.get(COOKIE, ""))
            account = await self._account(claims)
        except SignInFailed as failed:
            log.info("sign-in by provider failed", code=failed.code)
            return _sent_back(failed.code)
        token = await self._door.made(request, account)
        response = self._door.hand(RedirectResponse("/", 302, {"Cache-Control": "no-store"}), token)
        response.delete_cookie(COOKIE, COOKIE_PATH, httponly=True, samesite="lax")
        return response

    async def _account(self, claims: Claims) -> Account:
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
        account = known.account if known is not None else await self._made(claims, email)
        async with self._services.database.begin() as connection:
            return await provider_identities.link(connection, claims.iss, claims.sub, account)

    async def _made(self, claims: Claims, email: str) -> Account:
        if self._services.settings.registration != "open":
            raise SignInFailed("registration_closed")
        try:
            name = text.line(claims.name[: text.NAME_MAX], text.NAME_MAX)
        except ValueError:
            name = text.line(email.partition("@")[0][: text.NAME_MAX], text.NAME_MAX)
        return await self._services.accounts.create(new_id(), email, name, None)

    def _provider(self) -> Provider:
        if self._services.provider is None:
            raise NotFound("No provider is configured here.")
        return self._services.provider


def _sent_back(code: str) -> Response:
    """To the sign-in page, which says what went wrong."""
    return RedirectResponse(f"/?sign_in_error={code}", 302, {"Cache-Control": "no-store"})
