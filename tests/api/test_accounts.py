"""Sign up, sign in, stay signed in, sign out."""

import asyncio
from http.cookies import SimpleCookie

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import text

from server.storage.engine import Database
from tests.api.people import PASSWORD, Person, problem

GOOD = {"email": "ann@example.org", "name": "Ann", "password": PASSWORD}


def refresh_cookie(answer: Response) -> str:
    return SimpleCookie(answer.headers["set-cookie"])["lockstep_refresh"].value


async def refresh(client: AsyncClient, token: str) -> Response:
    client.cookies.clear()
    return await client.post("/v1/auth/refresh", headers={"Cookie": f"lockstep_refresh={token}"})


async def registered(client: AsyncClient) -> str:
    """Makes an account and returns its refresh token."""
    return refresh_cookie(await client.post("/v1/auth/register", json=GOOD))


async def execute(database: Database, statement: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text(statement))


async def test_registering_signs_in_and_tells_the_normal_form_of_the_address(client: AsyncClient) -> None:
    answer = await client.post("/v1/auth/register", json={**GOOD, "email": "  ANN@Example.ORG ", "name": " Ann "})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["user"]["email"], body["user"]["name"]) == ("ann@example.org", "Ann")
    assert (body["token_type"], body["expires_in"]) == ("bearer", 900)
    me = await client.get("/v1/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.json() == body["user"]


async def test_the_refresh_cookie_is_out_of_reach_of_scripts_and_other_sites(client: AsyncClient) -> None:
    cookie = (await client.post("/v1/auth/register", json=GOOD)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/v1/auth;" in cookie


@pytest.mark.parametrize("email", ["ann@example.org", "ANN@EXAMPLE.ORG", " ann@example.org", "ａnn@example.org"])
async def test_one_address_has_one_account_however_it_is_spelled(client: AsyncClient, email: str) -> None:
    await client.post("/v1/auth/register", json=GOOD)
    problem(await client.post("/v1/auth/register", json={**GOOD, "email": email}), 409, "conflict")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "ann"),
        ("email", "@example.org"),
        ("email", "ann@"),
        ("email", "a@b@c"),
        ("email", "ann smith@example.org"),
        ("email", "ann\u0000@example.org"),
        ("email", "ann@example.org\r\nBcc: all@example.org"),
        ("email", "Ann <ann@example.org>"),
        ("email", "a" * 250 + "@example.org"),
        ("email", "ann\u202e@example.org"),
        ("email", 5),
        ("email", None),
        ("name", ""),
        ("name", "   "),
        ("name", "A\u0000nn"),
        ("name", "A" * 101),
        ("password", "too short"),
        ("password", "x" * 1001),
        ("password", ["a", "b"]),
    ],
)
async def test_a_registration_is_refused_by_the_name_of_its_field(
    client: AsyncClient, field: str, value: object
) -> None:
    body = problem(await client.post("/v1/auth/register", json={**GOOD, field: value}), 422, "invalid")
    assert [error["pointer"] for error in body["errors"]] == [f"/{field}"]  # type: ignore[attr-defined]


async def test_nobody_registers_as_more_than_they_are(client: AsyncClient) -> None:
    body = problem(await client.post("/v1/auth/register", json={**GOOD, "kind": "bot"}), 422, "invalid")
    assert body["errors"] == [{"pointer": "/kind", "detail": "Object contains unknown field `kind`"}]


async def test_a_password_is_never_repeated_in_an_answer(client: AsyncClient) -> None:
    answer = await client.post("/v1/auth/register", json={**GOOD, "email": "no", "password": "hunter2hunter2"})
    assert "hunter2" not in answer.text


async def test_signing_in_with_json_and_with_an_oauth2_form(client: AsyncClient) -> None:
    await client.post("/v1/auth/register", json=GOOD)
    by_json = await client.post("/v1/auth/login", json={"email": "Ann@example.org", "password": PASSWORD})
    form = {"grant_type": "password", "username": "ann@example.org", "password": PASSWORD, "scope": ""}
    by_form = await client.post("/v1/auth/login", data=form)
    assert (by_json.status_code, by_form.status_code) == (200, 200)
    assert by_json.json()["user"] == by_form.json()["user"]
    assert refresh_cookie(by_json) != refresh_cookie(by_form)


async def test_signing_in_does_not_tell_who_has_an_account(client: AsyncClient) -> None:
    await client.post("/v1/auth/register", json=GOOD)
    told = []
    for email in ("ann@example.org", "nobody@example.org", "no address", "a\u0000@example.org", "x" * 500):
        answer = await client.post("/v1/auth/login", json={"email": email, "password": "wrong password"})
        body = problem(answer, 401, "wrong_credentials")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        told.append({name: body[name] for name in ("title", "detail", "instance")})
    assert all(one == told[0] for one in told)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"username=ann%40example.org", "application/x-www-form-urlencoded", 422),
        (b"username=%ff&password=%ff", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 100, "application/x-www-form-urlencoded", 400),
        (b"{}", "text/plain", 415),
        (b'{"email": "a@b", "password": "\\ud800"}', "application/json", 400),
    ],
)
async def test_a_malformed_sign_in_is_refused(client: AsyncClient, body: bytes, content_type: str, status: int) -> None:
    answer = await client.post("/v1/auth/login", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status, answer.text


async def test_a_refresh_token_is_good_once(client: AsyncClient, database: Database) -> None:
    first = await registered(client)
    answer = await refresh(client, first)
    assert answer.status_code == 200
    second = refresh_cookie(answer)
    assert second != first
    await execute(database, "UPDATE sign_in SET rotated_at = now() - interval '11 s'")
    problem(await refresh(client, first), 401, "token_invalid")


async def test_a_stolen_refresh_token_ends_the_sign_in_for_thief_and_owner(
    client: AsyncClient, database: Database
) -> None:
    stolen = await registered(client)
    second = refresh_cookie(await refresh(client, stolen))
    third = refresh_cookie(await refresh(client, second))
    problem(await refresh(client, stolen), 401, "token_invalid")  # two generations old: no grace
    problem(await refresh(client, third), 401, "token_invalid")


async def test_two_tabs_that_refresh_at_once_both_stay_signed_in(client: AsyncClient) -> None:
    shared = await registered(client)
    answers = await asyncio.gather(*(refresh(client, shared) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({refresh_cookie(answer) for answer in answers}) == 1
    assert (await refresh(client, refresh_cookie(answers[0]))).status_code == 200


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "0" * 32, "0" * 32 + ".secret", "\\x00.", "é.ü", "{}." + "x" * 3000]
)
async def test_what_is_no_refresh_token_is_refused(client: AsyncClient, token: str) -> None:
    answer = await client.post("/v1/auth/refresh", headers=[(b"Cookie", f"lockstep_refresh={token}".encode())])
    problem(answer, 401, "token_invalid")


async def test_a_guessed_secret_does_not_refresh(client: AsyncClient) -> None:
    token = await registered(client)
    id, _, _ = token.partition(".")
    problem(await refresh(client, f"{id}.guessed"), 401, "token_invalid")


async def test_a_sign_in_that_was_not_used_for_too_long_is_over(client: AsyncClient, database: Database) -> None:
    token = await registered(client)
    await execute(database, "UPDATE sign_in SET expires_at = now()")
    problem(await refresh(client, token), 401, "token_invalid")


async def test_signing_out_ends_the_sign_in(client: AsyncClient) -> None:
    token = await registered(client)
    answer = await client.post("/v1/auth/logout")
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    problem(await refresh(client, token), 401, "token_invalid")


@pytest.mark.parametrize("cookie", ["", "lockstep_refresh=", "lockstep_refresh=nonsense"])
async def test_signing_out_twice_is_fine(client: AsyncClient, cookie: str) -> None:
    assert (await client.post("/v1/auth/logout", headers={"Cookie": cookie})).status_code == 204


@pytest.mark.parametrize("path", ["/v1/auth/refresh", "/v1/auth/logout"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
async def test_pages_of_other_origins_cannot_use_the_cookie(client: AsyncClient, path: str, origin: str) -> None:
    token = await registered(client)
    problem(await client.post(path, headers={"Origin": origin}), 403, "forbidden")
    assert (await refresh(client, token)).status_code == 200


async def test_who_am_i_needs_a_token(client: AsyncClient, ann: Person) -> None:
    assert (await ann.get("/v1/me")).json()["id"] == ann.id
    answer = await client.get("/v1/me")
    problem(answer, 401, "token_invalid")
    assert answer.headers["www-authenticate"] == 'Bearer realm="lockstep"'
