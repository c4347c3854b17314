"""Signing in by a provider of OpenID Connect: there and back, whose account it opens, and everything that is not believed."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from httpx import AsyncClient
from sqlalchemy import text

from server.settings import Settings
from server.storage.engine import Database
from tests.api.people import PASSWORD, Person, problem
from tests.conftest import serving
from tests.helpers.provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, open_id_provider


@pytest.fixture
async def provider() -> AsyncIterator[OpenIdProvider]:
    async with open_id_provider() as provider:
        yield provider


@pytest.fixture
def settings(settings: Settings, provider: OpenIdProvider, request: pytest.FixtureRequest) -> Settings:
    return msgspec.structs.replace(
        settings,
        public_url="http://testserver",
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Garden Club",
        registration=next((each for each in ("closed", "invitation") if each in request.node.name), "open"),
    )


async def visit(client: AsyncClient, invitation: str | None = None) -> str:
    """Goes to the provider and comes back with where it sends the browser then."""
    if invitation is None:
        begun = await client.get("/v1/auth/oidc")
        assert begun.status_code == 302
        url = begun.headers["location"]
    else:
        begun = await client.post("/v1/auth/oidc", json={"invitation": invitation})
        assert begun.status_code == 200, begun.text
        url = begun.json()["url"]
        assert invitation not in url and invitation not in begun.headers["set-cookie"]
    async with httpx.AsyncClient() as browser:
        return (await browser.get(url)).headers["location"]


async def sign_in(client: AsyncClient, invitation: str | None = None) -> str:
    """Goes there and back; returns where the browser ends."""
    answer = await client.get(await visit(client, invitation))
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def me(client: AsyncClient) -> dict[str, object]:
    token = (await client.post("/v1/auth/refresh")).json()["access_token"]
    body: dict[str, object] = (await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})).json()
    return body


async def test_somebody_new_comes_in_with_a_proven_address(client: AsyncClient, provider: OpenIdProvider) -> None:
    assert await sign_in(client) == "/"
    first = await me(client)
    assert (first["email"], first["name"], first["email_verified"]) == ("ann@example.org", "Ann", True)
    [asked] = provider.asked
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert asked["redirect_uri"] == "http://testserver/v1/auth/oidc/callback"
    assert "openid" in asked["scope"].split() and len(asked["nonce"]) > 30
    provider.person = {"sub": "ann-1", "email": "other@example.org", "email_verified": False, "name": "Eve"}
    client.cookies.clear()
    assert await sign_in(client) == "/"
    assert (await me(client))["id"] == first["id"]  # known by who they are, whatever the address says by now


async def test_the_sign_in_page_learns_what_it_may_offer(client: AsyncClient) -> None:
    answer = await client.get("/v1/auth/methods")
    assert answer.json() == {"registration": "open", "mail": False, "provider": "Garden Club"}


async def test_an_account_with_a_proven_address_is_linked_and_keeps_its_password(
    client: AsyncClient, ann: Person, provider: OpenIdProvider, database: Database
) -> None:
    provider.person["email"] = ann.email
    async with database.begin() as connection:
        await connection.execute(text("UPDATE account SET email_verified_at = now()"))
    assert await sign_in(client) == "/"
    assert (await me(client))["id"] == ann.id
    answer = await client.post("/v1/auth/login", json={"email": ann.email, "password": PASSWORD})
    assert answer.status_code == 200


async def test_who_took_an_address_before_its_owner_came_is_put_out(
    client: AsyncClient, ann: Person, provider: OpenIdProvider
) -> None:
    provider.person["email"] = ann.email  # the real owner; whoever is `ann` here never proved it
    assert await sign_in(client) == "/"
    assert (await me(client))["id"] == ann.id
    problem(await ann.post("/v1/auth/refresh"), 401, "token_invalid")
    known = await client.post("/v1/auth/login", json={"email": ann.email, "password": PASSWORD})
    problem(known, 401, "wrong_credentials")


@pytest.mark.parametrize("verified", [False, None])
async def test_an_address_that_the_provider_has_not_verified_opens_nothing(
    client: AsyncClient, ann: Person, provider: OpenIdProvider, verified: bool | None
) -> None:
    provider.person |= {"email": ann.email, "email_verified": verified}
    assert await sign_in(client) == "/?sign_in_error=email_unverified"
    assert "lockstep_refresh" not in client.cookies


async def test_where_registration_is_closed_nobody_new_comes_in(client: AsyncClient, database: Database) -> None:
    assert await sign_in(client) == "/?sign_in_error=registration_closed"
    body = {"email": "ann@example.org", "name": "Ann", "password": PASSWORD}
    problem(await client.post("/v1/auth/register", json=body), 403, "forbidden")
    async with database.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM account")) == 0


@pytest.fixture
async def invite(settings: Settings) -> AsyncIterator[Callable[..., Awaitable[tuple[str, str]]]]:
    """Makes invitations into a board of somebody who has been here for long; returns their secret and the board."""
    async with serving(msgspec.structs.replace(settings, registration="open", public_url=None)) as server:
        olga = await server.sign_up("Olga")
        board = await olga.project()

        async def invite(**fields: object) -> tuple[str, str]:
            made = await olga.rest("POST", f"/v1/projects/{board}/invitations", json={"role": "editor", **fields})
            return made.json()["secret"], board

        yield invite


async def test_an_invitation_lets_somebody_new_in_where_it_leads(
    client: AsyncClient, provider: OpenIdProvider, invite: Callable[..., Awaitable[tuple[str, str]]]
) -> None:
    assert await sign_in(client) == "/?sign_in_error=registration_closed"
    secret, board = await invite()
    assert await sign_in(client, secret) == "/"
    token = (await client.post("/v1/auth/refresh")).json()["access_token"]
    found = await client.get(f"/v1/projects/{board}", headers={"Authorization": f"Bearer {token}"})
    assert (found.status_code, found.json()["role"]) == (200, "editor")
    problem(await client.post("/v1/invitations/show", json={"secret": secret}), 404, "not_found")  # used up


async def test_an_invitation_that_is_no_good_lets_nobody_new_in(
    client: AsyncClient, database: Database, invite: Callable[..., Awaitable[tuple[str, str]]]
) -> None:
    problem(await client.post("/v1/auth/oidc", json={"invitation": "lst_no"}), 404, "not_found")
    problem(await client.post("/v1/auth/oidc", json={"invitation": 5}), 422, "invalid")
    problem(await client.post("/v1/auth/oidc", json={}, headers={"Origin": "https://evil.example"}), 403, "forbidden")
    of_another, _ = await invite(email="joe@example.org")
    assert await sign_in(client, of_another) == "/?sign_in_error=invitation_address"
    over, _ = await invite()
    link = await visit(client, over)
    async with database.begin() as connection:
        await connection.execute(text("UPDATE invitation SET expires_at = now()"))
    assert (await client.get(link)).headers["location"] == "/?sign_in_error=invitation_over"
    async with database.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM account")) == 1


async def test_a_provider_that_is_gone_is_told_to_the_page(client: AsyncClient, settings: Settings) -> None:
    gone = msgspec.structs.replace(settings, oidc_issuer="http://127.0.0.1:1", public_url=None)
    async with serving(gone) as server, server.http() as http:
        problem(await http.post("/v1/auth/oidc", json={}), 503, "unavailable")


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "another"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"iss": "https://evil.example"}, id="another issuer"),
        pytest.param({"aud": "another"}, id="another audience"),
        pytest.param({"aud": ["lockstep", "another"], "azp": "another"}, id="another party"),
        pytest.param({"exp": NOW - 3600}, id="expired"),
        pytest.param({"exp": None}, id="no expiry"),
        pytest.param({"iat": NOW + 3600, "exp": NOW + 7200}, id="from the future"),
        pytest.param({"sub": None}, id="no subject"),
        pytest.param({"sub": 5}, id="subject of another type"),
        pytest.param({"email_verified": "yes"}, id="verified in words"),
    ],
)
async def test_a_token_that_was_not_made_for_this_sign_in_is_not_believed(
    client: AsyncClient, provider: OpenIdProvider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    assert await sign_in(client) == "/?sign_in_error=provider_token"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_without_the_providers_signature_is_not_believed(
    client: AsyncClient, provider: OpenIdProvider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert await sign_in(client) == "/?sign_in_error=provider_token"


async def test_a_token_of_another_key_is_not_believed(client: AsyncClient, provider: OpenIdProvider) -> None:
    provider.key = ec.generate_private_key(ec.SECP256R1())
    assert await sign_in(client) == "/?sign_in_error=provider_token"


async def test_nobody_is_signed_in_by_a_link_that_another_browser_began(
    client: AsyncClient, provider: OpenIdProvider
) -> None:
    link = await visit(client)
    kept = dict(client.cookies)
    client.cookies.clear()
    assert (await client.get(link)).headers["location"] == "/?sign_in_error=provider_state"
    client.cookies.update(kept)
    forged = link.replace(parse_qs(urlsplit(link).query)["state"][0], "x" * 43)
    assert (await client.get(forged)).headers["location"] == "/?sign_in_error=provider_state"


async def test_a_code_is_good_once(client: AsyncClient) -> None:
    link = await visit(client)
    kept = dict(client.cookies)
    assert (await client.get(link)).headers["location"] == "/"
    client.cookies.update(kept)
    assert (await client.get(link)).headers["location"] == "/?sign_in_error=provider_refused"


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=", "?code=x", f"?code={'x' * 5000}", "?code=%00"])
async def test_coming_back_with_nothing_useful_is_no_error_of_ours(client: AsyncClient, query: str) -> None:
    await client.get("/v1/auth/oidc")
    answer = await client.get(f"/v1/auth/oidc/callback{query}")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/?sign_in_error=provider_")


async def test_a_provider_that_refuses_or_is_gone_is_told_of(client: AsyncClient, provider: OpenIdProvider) -> None:
    provider.refuses = True
    assert await sign_in(client) == "/?sign_in_error=provider_refused"


async def test_the_browser_keeps_nothing_readable(client: AsyncClient, provider: OpenIdProvider) -> None:
    begun = await client.get("/v1/auth/oidc")
    cookie = begun.headers["set-cookie"]
    assert "httponly" in cookie.lower() and "samesite=lax" in cookie.lower() and "path=/v1/auth/oidc" in cookie.lower()
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    assert state not in cookie
