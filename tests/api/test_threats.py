"""Attacks on the whole application, each tried once from outside. Those on one part are with that part: tokens (test_auth), limits (test_quotas)."""

import re
import uuid
from typing import Any

import httpx
import msgspec
import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text
from starlette.applications import Starlette

from server.api.access import RULES
from server.api.auth import origin_allowed
from server.app import create_app
from server.settings import Settings
from server.storage import audit
from server.storage.accounts import normal_email
from server.storage.engine import Database
from tests.api.people import PASSWORD, Person, problem
from tests.conftest import serving

JUNK = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"{}",
    b"\xff\xfe",
    b"[" * 5000,
    b'{"email": {}, "password": [], "name": 5, "code": null, "token": -1, "current": {}}',
    b'{"email": "\\u0000", "password": "\\u0000", "name": "\\u0000", "token": "\\u0000", "code": "\\u0000"}',
]
PATHS = [rule.split(" ") for rule in RULES if rule.split(" ")[0] in ("POST", "PUT", "PATCH", "DELETE")]


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    if "limits" in request.node.name:
        return settings
    return msgspec.structs.replace(settings, rate_limits=False)


async def test_no_body_breaks_any_route(ann: Person) -> None:
    """Whatever is sent, the answer is a typed refusal or done; never an error of ours."""
    for method, path in PATHS:
        target = re.sub(r"{\w+}", str(uuid.uuid4()), path)
        for body in JUNK:
            answer = await ann.request(method, target, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code < 500, (method, path, body[:80], answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", (method, path, body[:80])


async def test_a_page_elsewhere_signs_nobody_in_or_up(client: AsyncClient, ann: Person) -> None:
    """Signing a victim in as oneself would collect what they write."""
    evil = {"Origin": "https://evil.example"}
    form = {"username": ann.email, "password": PASSWORD}
    problem(await client.post("/v1/auth/login", data=form, headers=evil), 403, "forbidden")
    body = {"email": "eve@example.org", "name": "Eve", "password": PASSWORD}
    problem(await client.post("/v1/auth/register", json=body, headers=evil), 403, "forbidden")
    assert "lockstep_refresh" not in client.cookies


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("https://board.example.org", "board.example.org", True),
        ("https://tool.example.org", "board.example.org", True),
        ("http://board.example.org", "board.example.org", False),
        ("https://board.example.org:8443", "board.example.org:8443", False),
        ("https://rebound.example", "rebound.example", False),
        ("null", "board.example.org", False),
    ],
)
def test_with_a_public_address_origins_are_exact(settings: Settings, origin: str, host: str, allowed: bool) -> None:
    public = msgspec.structs.replace(
        settings, public_url="https://board.example.org", origins=("https://tool.example.org",)
    )
    assert origin_allowed(origin, host, public) is allowed


async def test_what_is_no_page_runs_nothing_and_is_framed_by_nobody(client: AsyncClient, ann: Person) -> None:
    for answer in (await client.get("/healthz"), await ann.get("/v1/me"), await client.get("/v1/nope")):
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "strict-transport-security" not in answer.headers


async def test_a_board_found_by_https_is_found_by_nothing_else(settings: Settings) -> None:
    app = create_app(msgspec.structs.replace(settings, public_url="https://board.example.org"))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="https://board.example.org") as client,
    ):
        answer = await client.get("/healthz")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def address_seen(settings: Settings, database: Database) -> str:
    """Where the server thinks that somebody signs in from who sends a header about it."""
    body = {"email": f"{uuid.uuid4().hex}@example.org", "name": "Ann", "password": PASSWORD}
    async with serving(settings) as server, server.http() as client:
        answer = await client.post("/v1/auth/register", json=body, headers={"X-Forwarded-For": "203.0.113.9"})
        assert answer.status_code == 201, answer.text
    async with database.begin() as connection:
        return str(await connection.scalar(text("SELECT address FROM sign_in ORDER BY created_at DESC LIMIT 1")))


async def test_an_address_is_believed_from_trusted_proxies_only(settings: Settings, database: Database) -> None:
    assert await address_seen(settings, database) == "127.0.0.1"
    for trusted in ("127.0.0.1", "127.0.0.0/8"):
        proxied = msgspec.structs.replace(settings, trusted_proxies=(trusted,))
        assert await address_seen(proxied, database) == "203.0.113.9"
    elsewhere = msgspec.structs.replace(settings, trusted_proxies=("10.0.0.0/8",))
    assert await address_seen(elsewhere, database) == "127.0.0.1"


@pytest.mark.parametrize(
    ("lookalike", "same"),
    [
        ("ADMIN@EXAMPLE.ORG", True),
        ("ａｄｍｉｎ@example.org", True),
        ("admin@example.org\u200b", False),
        ("\u212admin@example.org", False),  # the sign for kelvin is a k
        ("аdmin@example.org", False),  # a Cyrillic a
        ("admin@exampl\u0435.org", False),
        ("ad\u00admin@example.org", False),
    ],
)
def test_an_address_that_only_looks_alike_is_another_one_or_none(lookalike: str, same: bool) -> None:
    try:
        normal = normal_email(lookalike)
    except ValueError:
        normal = "refused"
    assert (normal == "admin@example.org") is same


async def test_what_somebody_does_with_their_access_is_in_the_audit_log(ann: Person, database: Database) -> None:
    await ann.post("/v1/me/password", json={"current": PASSWORD, "password": "seven purple hedgehogs"})
    await ann.delete("/v1/me/sign-ins")
    async with database.begin() as connection:
        rows = await connection.execute(text("SELECT event, name, details FROM audit ORDER BY id"))
        found = [tuple(row) for row in rows]
    assert [(event, name) for event, name, _ in found] == [
        ("signed_in", "Ann"),
        ("password_changed", "Ann"),
        ("sign_ins_ended", "Ann"),
    ]
    assert found[0][2]["address"] == "127.0.0.1"
    assert "hedgehogs" not in str(found)


async def test_a_flood_within_the_limits_of_nobody_stops_nobody_else(app: Starlette, ann: Person) -> None:
    """One address that uses up what it may leaves the others what is theirs."""
    async with AsyncClient(
        transport=ASGITransport(app, client=("203.0.113.1", 1)), base_url="http://testserver"
    ) as eve:
        answers = [await eve.post("/v1/auth/refresh") for _ in range(120)]
    assert answers[-1].status_code == 429
    assert (await ann.post("/v1/auth/refresh")).status_code == 200


async def test_headers_cannot_be_forged_by_what_is_sent_back(client: AsyncClient) -> None:
    answer = await client.get("/v1/nope%0d%0aSet-Cookie:%20a=b")
    assert "set-cookie" not in answer.headers
    assert httpx.codes.is_client_error(answer.status_code)


async def test_failed_sign_ins_are_in_the_audit_log_of_whose_account_it_is(
    client: AsyncClient, ann: Person, ben: Person
) -> None:
    """Whoever guesses is told the same whether or not there is such an account, and cannot fill the log."""
    for email in (ann.email, "nobody@example.org", "\u0000"):
        for _ in range(audit.FAILURES_MAX + 3):
            wrong = await client.post("/v1/auth/login", json={"email": email, "password": "not the password"})
            problem(wrong, 401, "wrong_credentials")
    found = await audit_of(ann)
    assert [entry["event"] for entry in found].count("sign_in_failed") == audit.FAILURES_MAX
    assert found[0]["account_id"] == ann.id and found[0]["details"]["wrong"] == "password"
    assert "not the password" not in str(found)
    assert "sign_in_failed" not in [entry["event"] for entry in await audit_of(ben)]


async def audit_of(person: Person) -> list[dict[str, Any]]:
    """Of the workspace that somebody starts with."""
    (mine,) = (await person.get("/v1/workspaces")).json()["items"]
    entries: list[dict[str, Any]] = (await person.get(f"/v1/workspaces/{mine['id']}/audit")).json()["items"]
    return entries
