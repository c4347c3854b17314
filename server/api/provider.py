"""A provider of OpenID Connect: the code flow with PKCE, state and nonce, and what an ID token must be. Not here: whose account it opens (provider_sign_in)."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx2
import jwt
import msgspec
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from server.settings import Settings
from server.storage.vault import Unreadable, Vault

log = structlog.get_logger()

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
SCOPE = "openid email profile"
TIMEOUT_SECONDS = 10.0
DOCUMENTS_SECONDS = 3600.0
"""How long the provider's documents are believed; its keys are asked for again when a token names another one."""

FLOW_SECONDS = 600
LEEWAY_SECONDS = 30


class SignInFailed(Exception):
    """Somebody comes back from the provider and cannot be let in; `code` is for the page that tells them."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Claims(msgspec.Struct, frozen=True):
    """Who the provider says it is."""

    iss: str
    sub: str
    nonce: str
    email: str = ""
    email_verified: bool = False
    name: str = ""


class Returned(NamedTuple):
    """Somebody who comes back from the provider, and the invitation that they left with."""

    claims: Claims
    invitation: str | None


class Flow(msgspec.Struct, frozen=True):
    """What a browser keeps, sealed, while somebody is at the provider. `at` is in seconds since 1970, `invitation` the secret of one."""

    state: str
    nonce: str
    verifier: str
    at: float
    invitation: str | None = None


class Metadata(msgspec.Struct, frozen=True):
    """Of the provider's discovery document, what is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Provider:
    """The one that the settings name. `clock` tells seconds since 1970."""

    def __init__(self, settings: Settings, vault: Vault, clock: Callable[[], float] = time.time) -> None:
        assert settings.oidc_issuer is not None
        self.name = settings.oidc_name
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id or ""
        self._client_secret = settings.oidc_client_secret
        self._redirect_uri = f"{settings.url}/v1/auth/oidc/callback"
        self._vault = vault
        self._clock = clock
        self._known: tuple[float, Metadata] | None = None
        self._keys: jwt.PyJWKSet | None = None

    async def begin(self, invitation: str | None = None) -> tuple[str, str]:
        """Where to send the browser, and what it must bring back in a cookie. Raises `SignInFailed`."""
        state, nonce, verifier = (secrets.token_urlsafe(n) for n in (32, 32, 48))
        flow = Flow(state, nonce, verifier, self._clock(), invitation)
        metadata = await self._metadata()
        async with self._oauth() as oauth:
            url, _ = oauth.create_authorization_url(
                metadata.authorization_endpoint, state=flow.state, code_verifier=flow.verifier, nonce=flow.nonce
            )
        return str(url), self._vault.seal(msgspec.json.encode(flow)).decode()

    async def finish(self, code: str, state: str, kept: str) -> Returned:
        """Exchanges the code and reads the ID token. `kept` is the cookie. Raises `SignInFailed`."""
        flow = self._flow(kept)
        if not hmac.compare_digest(flow.state.encode(), state.encode("utf-8", "replace")):
            raise SignInFailed("provider_state")
        metadata = await self._metadata()
        token = await self._exchange(metadata, code, flow.verifier)
        claims = await self._read(metadata, str(token.get("id_token", "")))
        if not hmac.compare_digest(claims.nonce.encode(), flow.nonce.encode()):
            raise SignInFailed("provider_token")
        return Returned(claims, flow.invitation)

    def _flow(self, kept: str) -> Flow:
        try:
            flow = msgspec.json.decode(self._vault.open(kept.encode("utf-8", "replace")), type=Flow)
        except (Unreadable, msgspec.DecodeError):
            raise SignInFailed("provider_state") from None
        if not 0 <= self._clock() - flow.at <= FLOW_SECONDS:
            raise SignInFailed("provider_state")
        return flow

    async def _exchange(self, metadata: Metadata, code: str, verifier: str) -> dict[str, Any]:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), self._oauth() as oauth:
                return dict(await oauth.fetch_token(metadata.token_endpoint, code=code, code_verifier=verifier))
        except (AuthlibBaseError, httpx2.HTTPError, TimeoutError, ValueError) as refused:
            log.warning("provider did not exchange a code", reason=type(refused).__name__)
            raise SignInFailed("provider_refused") from None

    async def _read(self, metadata: Metadata, token: str) -> Claims:
        """The claims of a token that this provider signed for us just now."""
        try:
            claims = jwt.decode(
                token,
                (await self._key(metadata, token)).key,
                algorithms=ALGORITHMS,
                audience=self._client_id,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "exp", "iat", "sub", "nonce"]},
            )
            if claims.get("azp", self._client_id) != self._client_id:
                raise SignInFailed("provider_token")
            return msgspec.convert(claims, Claims)
        except (jwt.PyJWTError, msgspec.ValidationError, UnicodeError):
            raise SignInFailed("provider_token") from None

    async def _key(self, metadata: Metadata, token: str) -> jwt.PyJWK:
        """The key that the token names. Raises `PyJWTError`."""
        id = jwt.get_unverified_header(token).get("kid")
        for fresh in (False, True):
            if self._keys is None or fresh:
                self._keys = jwt.PyJWKSet.from_dict(await self._get(metadata.jwks_uri))
            for key in self._keys.keys:
                if key.key_id == id or (id is None and len(self._keys.keys) == 1):
                    return key
        raise jwt.InvalidKeyError("no such key")

    async def _metadata(self) -> Metadata:
        if self._known is None or self._known[0] < self._clock():
            found = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                metadata = msgspec.convert(found, Metadata)
            except msgspec.ValidationError:
                raise SignInFailed("provider_unreachable") from None
            if metadata.issuer != self._issuer:
                raise SignInFailed("provider_unreachable")
            self._known = self._clock() + DOCUMENTS_SECONDS, metadata
        return self._known[1]

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), httpx2.AsyncClient() as client:
                answer = await client.get(url)
                answer.raise_for_status()
                return dict(answer.json())
        except (httpx2.HTTPError, TimeoutError, ValueError, TypeError) as failed:
            log.warning("provider does not answer", url=url, reason=type(failed).__name__)
            raise SignInFailed("provider_unreachable") from None

    def _oauth(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._client_secret else "none",
            timeout=TIMEOUT_SECONDS,
        )
