"""Access tokens and origins: what is believed, and what is not."""

import hmac
import itertools
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from httpx import AsyncClient

from server.api.auth import Auth, RefreshToken, origin_allowed
from server.api.problems import TokenExpired, TokenInvalid
from server.domain.ids import new_id
from server.settings import Settings
from server.storage.accounts import Account
from tests.api.people import Person, problem

SECRET = "s" * 32
ACCOUNT = Account(
    id=new_id(), email="ann@example.org", name="Ann", kind="person", inbox_seq=0, created_at=datetime.now(UTC)
)
KEY = hmac.digest(SECRET.encode(), b"access token", "sha256")
NOW = int(datetime.now(UTC).timestamp())
CLAIMS = {
    "iss": "lockstep",
    "aud": "lockstep",
    "iat": NOW,
    "exp": NOW + 86_400,
    "sub": str(ACCOUNT.id),
    "name": "Ann",
    "kind": "person",
}


def signed(changed: dict[str, Any], key: bytes = KEY, algorithm: str = "HS256") -> str:
    claims = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not ...}
    return jwt.encode(claims, key, algorithm)


@pytest.fixture
def auth() -> Auth:
    return Auth(SECRET, 900)


async def test_an_issued_token_tells_who_and_until_when(auth: Auth) -> None:
    identity = await auth.identify(auth.issue(ACCOUNT).token)
    assert (identity.actor.id, identity.actor.name, identity.actor.kind) == (ACCOUNT.id, "Ann", "person")
    assert identity.expires_at is not None
    assert 890 < (identity.expires_at - datetime.now(UTC)).total_seconds() <= 900


async def test_a_token_of_another_secret_is_not_ours(auth: Auth) -> None:
    with pytest.raises(TokenInvalid):
        await Auth("t" * 32, 900).identify(auth.issue(ACCOUNT).token)


async def test_an_expired_token_is_told_from_an_invalid_one(auth: Auth) -> None:
    with pytest.raises(TokenExpired):
        await auth.identify(signed({"iat": NOW - 100, "exp": NOW - 60}))


async def test_clocks_may_differ_by_a_few_seconds(auth: Auth) -> None:
    now = int(datetime.now(UTC).timestamp())
    identity = await auth.identify(signed({"exp": now - 3}))
    assert identity.actor.id == ACCOUNT.id


UNSIGNED = jwt.encode(CLAIMS, "", algorithm="none")


FORGED = {
    "alg none": UNSIGNED,
    "another key": signed({}, b"k" * 32),
    "another algorithm": signed({}, KEY + KEY, "HS512"),
    "another signature": signed({})[:-4] + "AAAA",
    "another audience": signed({"aud": "elsewhere"}),
    "other audiences": signed({"aud": ["elsewhere"]}),
    "another issuer": signed({"iss": "elsewhere"}),
    "made in the future": signed({"iat": NOW + 3600, "exp": NOW + 7200}),
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_a_forged_a_foreign_and_a_future_token_is_nobodys(auth: Auth, forgery: str) -> None:
    with pytest.raises(TokenInvalid):
        await auth.identify(FORGED[forgery])


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "é.é.é",
        "\ud800",
        "x" * 5000,
        signed({"sub": "not a uuid"}),
        signed({"name": 5}),
        signed({"kind": "god"}),
        signed({"exp": "tomorrow"}),
        signed({"iat": "today"}),
        *(signed({claim: ...}) for claim in ("iss", "aud", "iat", "exp", "sub", "name", "kind")),
        str(RefreshToken.new()),
    ],
    ids=itertools.count(),
)
async def test_what_we_did_not_sign_like_this_is_invalid(auth: Auth, token: str) -> None:
    with pytest.raises(TokenInvalid):
        await auth.identify(token)


def test_a_successor_is_the_same_each_time_and_nobody_elses(auth: Auth) -> None:
    token = RefreshToken.new()
    assert auth.successor(token) == Auth(SECRET, 1).successor(token)
    assert auth.successor(token) != Auth("t" * 32, 1).successor(token)
    assert auth.successor(token) != auth.successor(auth.successor(token))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YW5uOnB3", "Token abc", "Bearer a b c"])
async def test_a_request_without_a_good_header_is_refused(client: AsyncClient, header: str) -> None:
    problem(await client.get("/v1/me", headers={"Authorization": header}), 401, "token_invalid")


async def test_the_header_says_that_the_token_expired(client: AsyncClient, settings: Settings) -> None:
    expired = Auth(settings.secret, -60).issue(ACCOUNT).token
    answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {expired}"})
    problem(answer, 401, "token_expired")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_the_scheme_is_read_without_regard_to_case(ann: Person) -> None:
    ann.headers["Authorization"] = ann.headers["Authorization"].replace("Bearer", "bearer")
    assert (await ann.get("/v1/me")).status_code == 200


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "board.example.org", True),
        ("http://localhost:8000", "whatever", True),
        ("http://LOCALHOST:8000", "whatever", True),
        ("https://board.example.org", "board.example.org", True),
        ("https://board.example.org:8443", "board.example.org:8443", True),
        ("https://board.example.org", "board.example.org:8443", False),
        ("https://evil.example", "board.example.org", False),
        ("https://board.example.org.evil.example", "board.example.org", False),
        ("https://board.example.org@evil.example", "board.example.org", False),
        ("file://board.example.org", "board.example.org", False),
        ("null", "null", False),
        ("", "", False),
        ("http://[::1", "x", False),
        ("https://evil.example", None, False),
    ],
)
def test_origins(settings: Settings, origin: str | None, host: str | None, allowed: bool) -> None:
    assert origin_allowed(origin, host, settings) is allowed
