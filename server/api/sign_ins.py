"""Opening, renewing and closing a browser's sign-in, with its cookie and its tokens. Not here: who may (accounts, profile)."""

from datetime import timedelta
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, pictures
from server.api.auth import RefreshToken
from server.api.problems import TokenInvalid
from server.api.services import Services
from server.domain.changes import Actor
from server.storage.accounts import Account

COOKIE = "lockstep_refresh"
COOKIE_PATH = "/v1/auth"
CLIENT_MAX = 200


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as they see themselves. `avatar` is the path of their picture; a bot has no `email`."""

    id: UUID
    name: str
    email: str | None
    email_verified: bool
    time_zone: str
    language: str
    avatar: str | None
    second_factor: bool


class SignedIn(msgspec.Struct, frozen=True):
    """`expires_in` is in seconds."""

    user: User
    access_token: str
    expires_in: int
    token_type: str = "bearer"


class SignInDoor:
    """Lets browsers in, keeps them in and sees them out."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lifetime = timedelta(days=services.settings.refresh_token_days)

    async def open(self, request: Request, account: Account, status: int) -> Response:
        """A new sign-in of the account."""
        return self._answer(account, await self.made(request, account), status)

    async def made(self, request: Request, account: Account) -> RefreshToken:
        """A new sign-in of the account, still without an answer that hands it out."""
        token = RefreshToken.new()
        told = origin_of(request)
        by = Actor(account.id, account.name, account.kind)
        await self._services.sign_ins.open(
            token.id, account.id, token.hash, self._lifetime, told["client"], told["address"], by
        )
        return token

    async def renew(self, request: Request) -> Response:
        """The browser's sign-in with the next token. Raises `TokenInvalid`, and `RateLimited` for one that is renewed too often."""
        token = RefreshToken.parse(request.cookies.get(COOKIE, ""))
        await self._services.quotas.renewal(request, token.id)
        successor = self._services.auth.successor(token)
        account = await self._services.sign_ins.rotate(token.id, token.hash, successor.hash, self._lifetime)
        if account is None:
            raise TokenInvalid("You are signed out.")
        return self._answer(account, successor, status=200)

    async def close(self, request: Request) -> None:
        """Ends the browser's sign-in. Raises `TokenInvalid` when it has none."""
        token = RefreshToken.parse(request.cookies.get(COOKIE, ""))
        await self._services.sign_ins.close(token.id, token.hash)

    def closed(self) -> Response:
        """The answer that takes the cookie back."""
        response = answers.empty()
        response.delete_cookie(COOKIE, COOKIE_PATH, httponly=True, samesite="strict")
        return response

    def hand(self, response: Response, token: RefreshToken) -> Response:
        """The response with the cookie that keeps the browser signed in."""
        response.set_cookie(
            COOKIE,
            str(token),
            max_age=int(self._lifetime.total_seconds()),
            path=COOKIE_PATH,
            secure=self._services.settings.secure_cookies,
            httponly=True,
            samesite="strict",
        )
        return response

    def _answer(self, account: Account, refresh: RefreshToken, status: int) -> Response:
        access = self._services.auth.issue(account, refresh.id)
        signed_in = SignedIn(user_of(account), access.token, access.expires_in)
        return self.hand(answers.json(signed_in, status), refresh)


def origin_of(request: Request) -> dict[str, str]:
    """Where somebody signs in from: what the browser calls itself, and its address."""
    client = request.headers.get("user-agent", "")[:CLIENT_MAX]
    return {"client": client, "address": request.client.host if request.client else ""}


def user_of(account: Account) -> User:
    return User(
        id=account.id,
        name=account.name,
        email=account.email or None,
        email_verified=account.email_verified_at is not None,
        time_zone=account.time_zone,
        language=account.language,
        avatar=pictures.address(account.avatar_id),
        second_factor=account.second_factor,
    )
