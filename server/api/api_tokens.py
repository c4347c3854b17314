"""What an API token looks like, and whom it speaks for. Not here: how tokens are kept (storage.api_tokens), and the routes that make them (tokens).

A token that was seen a moment ago is known without asking the database; that it was revoked is heard of like the end of a sign-in.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from server.api.problems import TokenExpired, TokenInvalid
from server.domain.changes import Actor
from server.domain.reach import SCOPES, Reach
from server.storage.api_tokens import ApiToken, ApiTokens, Bearer
from server.storage.revocations import Grant

PREFIX = "lst_"
"""Tells an API token from an access token, and a scanner for leaked secrets what it found."""

SECRET_BYTES = 32
KNOWN_SECONDS = 30.0
"""Shorter than revocations are remembered, so none is missed."""

KNOWN_MAX = 10_000


class Identity(msgspec.Struct, frozen=True):
    """Who a token speaks for, how far it reaches, until when (None: until it is revoked), and what it stands on."""

    actor: Actor
    expires_at: datetime | None
    grant: Grant
    reach: Reach


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """What is kept of it. The secret is random and long, so one round without salt is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


class Bearers:
    """Whose API tokens are whose. `clock` is in seconds."""

    def __init__(self, tokens: ApiTokens, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._clock = clock
        self._known: dict[bytes, tuple[float, Identity]] = {}

    async def identify(self, secret: str) -> Identity:
        """Raises `TokenExpired` or `TokenInvalid`. Whether it was revoked lately is for the caller to ask."""
        key = hash_of(secret)
        until, identity = self._known.get(key, (0.0, None))
        if identity is None or self._clock() >= until:
            identity = await self._look_up(key)
        if identity.expires_at is not None and identity.expires_at <= datetime.now(UTC):
            raise TokenExpired("The API token has expired.")
        return identity

    async def _look_up(self, key: bytes) -> Identity:
        self._known.pop(key, None)
        bearer = await self._tokens.presented(key)
        if bearer is None:
            raise TokenInvalid("The API token is not valid.")
        identity = _identity(bearer)
        self._known[key] = self._clock() + KNOWN_SECONDS, identity
        if len(self._known) > KNOWN_MAX:
            del self._known[next(iter(self._known))]
        return identity


def _identity(bearer: Bearer) -> Identity:
    token = bearer.token
    return Identity(
        Actor(token.account_id, bearer.name, bearer.kind),
        token.expires_at,
        Grant(token.account_id, token.id, token.created_at),
        reach_of(token),
    )


def reach_of(token: ApiToken) -> Reach:
    projects = None if token.project_ids is None else frozenset(token.project_ids)
    return Reach(max(token.scopes, key=SCOPES.__getitem__), projects)
