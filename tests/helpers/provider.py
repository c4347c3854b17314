"""A small provider of OpenID Connect behind a real server: it knows one person, and can be made to say anything."""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "lockstep", "a-secret-between-the-two"


class OpenIdProvider:
    """`person` are the claims of who signs in; `claims` are put over what a token would say, and None leaves one out."""

    def __init__(self) -> None:
        self.url = ""
        self.person: dict[str, Any] = {
            "sub": "ann-1", "email": "Ann@Example.org", "email_verified": True, "name": "Ann",
        }  # fmt: skip
        self.claims: dict[str, Any] = {}
        self.key = self.published = ec.generate_private_key(ec.SECP256R1())
        self.algorithm = "ES256"
        self.asked: list[dict[str, str]] = []
        self.refuses = False
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._document),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _document(self, request: Request) -> Response:
        endpoints = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return JSONResponse({"issuer": self.url, **{name: f"{self.url}/{path}" for name, path in endpoints.items()}})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        code = f"code-{len(self.asked)}"
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if asked is None or self.refuses or request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        assert form["redirect_uri"] == asked["redirect_uri"]
        body = {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])}
        return JSONResponse(body)

    async def _keys(self, request: Request) -> Response:
        key = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.published.public_key()))
        return JSONResponse({"keys": [{**key, "kid": "1", "use": "sig", "alg": "ES256"}]})

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**said, **self.claims}.items() if value is not None}
        key: Any = self.key if self.algorithm == "ES256" else "" if self.algorithm == "none" else b"k" * 32
        return jwt.encode(claims, key, self.algorithm, headers={"kid": "1"})


@asynccontextmanager
async def open_id_provider() -> AsyncIterator[OpenIdProvider]:
    provider = OpenIdProvider()
    config = uvicorn.Config(provider.app(), port=0, log_config=None, lifespan="off")
    listening = config.bind_socket()
    provider.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield provider
    finally:
        server.should_exit = True
        await running
