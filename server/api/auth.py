"""Who is asking: access tokens, refresh tokens and origins. Not here: API tokens (api_tokens), passwords, and the routes that hand tokens out.

An access token is a short-lived JWT that is believed without asking the database, unless the process has read that it was revoked. A refresh token is a random secret
of one sign-in, exchanged at every use; its successor is derived from it, so two tabs that refresh at once get the same.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import jwt
import msgspec
import structlog
from starlette.requests import HTTPConnection

from server.api.api_tokens import PREFIX, Bearers, Identity
from server.api.problems import TokenExpired, TokenInvalid
from server.domain.changes import Actor, ActorKind
from server.domain.errors import Forbidden
from server.domain.ids import new_id
from server.domain.reach import IN_PERSON
from server.settings import Settings
from server.storage.accounts import Account
from server.storage.revocations import Grant

ALGORITHM = "HS256"
ISSUER = AUDIENCE = "lockstep"
LEEWAY_SECONDS = 10
TOKEN_LENGTH_MAX = 4096


class AccessToken(msgspec.Struct, frozen=True):
    """`expires_in` is in seconds."""

    token: str
    expires_in: int


class RefreshToken(msgspec.Struct, frozen=True):
    """The secret of the sign-in `id`. Only its hash is stored."""

    id: UUID
    secret: str

    def __str__(self) -> str:
        return f"{self.id.hex}.{self.secret}"

    @classmethod
    def new(cls) -> "RefreshToken":
        return cls(new_id(), secrets.token_urlsafe(32))

    @classmethod
    def parse(cls, text: str) -> "RefreshToken":
        """Raises `TokenInvalid`."""
        id, _, secret = text.partition(".")
        try:
            return cls(UUID(hex=id), secret)
        except ValueError:
            raise TokenInvalid("You are not signed in.") from None

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(str(self).encode()).digest()


class Auth:
    """Issues and reads tokens. `secret` has at least 32 characters and is shared by all web processes.

    `ended` tells what is known to be revoked. Without `bearers` no API token is good.
    """

    def __init__(
        self,
        secret: str,
        lifetime_s: int,
        ended: Callable[[Grant], bool] = lambda _: False,
        bearers: Bearers | None = None,
    ) -> None:
        self._ended = ended
        self._bearers = bearers
        self._access_key = _derived(secret, "access token")
        self._refresh_key = _derived(secret, "refresh token")
        self._lifetime_s = lifetime_s
        self._jwt = jwt.PyJWT({"enforce_minimum_key_length": True})

    def issue(self, account: Account, sign_in: UUID | None = None) -> AccessToken:
        """A fresh access token for the account; it ends with the sign-in that it is made from."""
        now = round(datetime.now(UTC).timestamp(), 3)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + self._lifetime_s,
            "sub": str(account.id),
            "name": account.name,
            "kind": account.kind,
            **({} if sign_in is None else {"sid": str(sign_in)}),
        }
        return AccessToken(self._jwt.encode(claims, self._access_key, ALGORITHM), self._lifetime_s)

    async def identify(self, token: str) -> Identity:
        """Whose token this is; who goes on for long after that asks again. Raises `TokenExpired` or `TokenInvalid`."""
        if len(token) > TOKEN_LENGTH_MAX:
            raise TokenInvalid("The access token is not valid.")
        if self._bearers is not None and token.startswith(PREFIX):
            identity = await self._bearers.identify(token)
        else:
            identity = self._signed_in(token)
        if self._ended(identity.grant):
            raise TokenInvalid("You are signed out.")
        return identity

    def _signed_in(self, token: str) -> Identity:
        try:
            claims = self._jwt.decode(
                token,
                self._access_key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "iat", "exp", "sub"]},
            )
            known = msgspec.convert(claims, _Claims)
        except jwt.ExpiredSignatureError:
            raise TokenExpired("The access token has expired.") from None
        except (jwt.InvalidTokenError, msgspec.ValidationError, UnicodeError):
            raise TokenInvalid("The access token is not valid.") from None
        grant = Grant(known.sub, known.sid, datetime.fromtimestamp(known.iat, UTC))
        return Identity(
            Actor(known.sub, known.name, known.kind), datetime.fromtimestamp(known.exp, UTC), grant, IN_PERSON
        )

    def successor(self, token: RefreshToken) -> RefreshToken:
        """The refresh token that takes `token`'s place. The same every time, and known to nobody without our secret."""
        digest = hmac.digest(self._refresh_key, str(token).encode(), "sha256")
        return RefreshToken(token.id, digest.hex())


class _Claims(msgspec.Struct, frozen=True):
    sub: UUID
    name: str
    kind: ActorKind
    exp: float
    iat: float
    sid: UUID | None = None


def _derived(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that one kind of token never passes for another."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def bearer(connection: HTTPConnection) -> str | None:
    """The token of the `Authorization` header, if there is one."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def signed_in(connection: HTTPConnection, auth: Auth) -> Identity:
    """Who sends this request; every log line of it names them from here on. Raises `TokenExpired` or `TokenInvalid`."""
    token = bearer(connection)
    if token is None:
        raise TokenInvalid("This needs an access token: Authorization: Bearer …")
    identity = await auth.identify(token)
    structlog.contextvars.bind_contextvars(user=str(identity.actor.id))
    return identity


def origin_allowed(origin: str | None, host: str | None, settings: Settings) -> bool:
    """Whether `origin` may act here: no page at all, one that the settings list, or, where no public address is set, one of our own (`host`)."""
    if origin is None:
        return True
    nameless = host and settings.public_url is None
    own = {f"{scheme}://{host.lower()}" for scheme in ("http", "https")} if host and nameless else set()
    return origin.lower() in settings.allowed_origins | own


def require_origin(connection: HTTPConnection, settings: Settings) -> None:
    """For what a cookie alone can do. Raises `Forbidden` to pages of other origins."""
    if not origin_allowed(connection.headers.get("origin"), connection.headers.get("host"), settings):
        raise Forbidden("This page's origin is not allowed.")
