"""Forgotten passwords and addresses that are confirmed: links that work once, for their owner, and tell nobody who has an account."""

import msgspec
import pytest
from httpx import AsyncClient
from sqlalchemy import text

from server.settings import Settings
from server.storage.engine import Database
from tests.api.people import PASSWORD, Person, SignUp, problem
from tests.helpers.letters import link, token, written

NEW_PASSWORD = "seven purple hedgehogs"


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Where mail reaches people, but for tests marked as without."""
    if "without_mail" in request.node.name:
        return settings
    return msgspec.structs.replace(settings, smtp_url="smtp://127.0.0.1:1", public_url="https://board.example.org")


async def ask(client: AsyncClient, email: str) -> None:
    answer = await client.post("/v1/auth/password-reset", json={"email": email}, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()) == (202, {"status": "accepted"})


async def reset(client: AsyncClient, token: str, password: str = NEW_PASSWORD) -> int:
    answer = await client.post("/v1/auth/password-reset/confirm", json={"token": token, "password": password})
    return answer.status_code


async def login(client: AsyncClient, email: str, password: str) -> int:
    return (await client.post("/v1/auth/login", json={"email": email, "password": password})).status_code


async def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    await ask(client, ann.email.upper())
    letter = (await written(database, settings))[-1]
    assert letter.recipient == ann.email
    assert link(letter).startswith("https://board.example.org/reset#")  # whatever Host the request named
    assert await reset(client, token(letter)) == 204
    assert [await login(client, ann.email, each) for each in (PASSWORD, NEW_PASSWORD)] == [401, 200]
    problem(await ann.post("/v1/auth/refresh"), 401, "token_invalid")
    assert (await written(database, settings))[-1].subject == "Your password was changed"
    body = (await client.post("/v1/auth/login", json={"email": ann.email, "password": NEW_PASSWORD})).json()
    assert body["user"]["email_verified"] is True  # who follows the link reads the mail


async def test_a_forged_host_is_in_no_link(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = await client.post("/v1/auth/password-reset", json={"email": ann.email}, headers=forged)
    letter = (await written(database, settings))[-1]
    assert link(letter).startswith("https://board.example.org/reset#")
    assert "evil.example" not in f"{letter.text}{letter.html}{answer.text}{answer.headers}"


async def test_a_reset_link_works_once(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    await ask(client, ann.email)
    secret = token((await written(database, settings))[-1])
    assert [await reset(client, secret), await reset(client, secret, "another fine secret")] == [204, 422]
    assert await login(client, ann.email, NEW_PASSWORD) == 200


async def test_a_link_is_too_old_after_half_an_hour_and_gone_after_the_next(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    await ask(client, ann.email)
    await ask(client, ann.email)
    first, second = [token(letter) for letter in await written(database, settings) if "/reset#" in letter.text]
    assert await reset(client, first) == 422
    async with database.begin() as connection:
        kept = await connection.scalar(text("SELECT expires_at - now() FROM link WHERE purpose = 'reset'"))
        assert 29 * 60 < kept.total_seconds() <= 30 * 60
        await connection.execute(text("UPDATE link SET expires_at = now()"))
    assert await reset(client, second) == 422
    assert await login(client, ann.email, PASSWORD) == 200


async def test_a_weak_password_does_not_use_the_link_up(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    await ask(client, ann.email)
    secret = token((await written(database, settings))[-1])
    assert await reset(client, secret, "password1234") == 422
    assert await reset(client, secret) == 204


@pytest.mark.parametrize("email", ["nobody@example.org", "ann@example.org\r\nBcc: all@example.org"])
async def test_asking_does_not_tell_who_has_an_account(
    client: AsyncClient, ann: Person, database: Database, settings: Settings, email: str
) -> None:
    before = len(await written(database, settings))
    answer = await client.post("/v1/auth/password-reset", json={"email": email})
    assert answer.status_code == (202 if email.isprintable() else 422)
    assert len(await written(database, settings)) == before


@pytest.mark.parametrize("secret", ["", "x", "é", "x" * 5000])
async def test_a_guessed_link_does_nothing(client: AsyncClient, ann: Person, secret: str) -> None:
    for path, more in (("password-reset/confirm", {"password": NEW_PASSWORD}), ("verify-email", {})):
        answer = await client.post(f"/v1/auth/{path}", json={"token": secret, **more})
        body = problem(answer, 422, "invalid")
        assert [error["pointer"] for error in body["errors"]] == ["/token"]  # type: ignore[attr-defined]


async def test_a_link_of_one_purpose_serves_no_other(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    verification = token((await written(database, settings))[-1])
    assert await reset(client, verification) == 422
    assert (await client.post("/v1/auth/verify-email", json={"token": verification})).status_code == 200


async def test_a_new_account_confirms_its_address(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    assert (await ann.get("/v1/me")).json()["email_verified"] is False
    assert (await ann.post("/v1/me/email/verification")).status_code == 202
    first, second = await written(database, settings)
    for letter, status in ((first, 422), (second, 200), (second, 422)):
        assert (await client.post("/v1/auth/verify-email", json={"token": token(letter)})).status_code == status
    assert (await ann.get("/v1/me")).json()["email_verified"] is True
    assert (await ann.post("/v1/me/email/verification")).status_code == 202
    assert len(await written(database, settings)) == 2  # nothing is left to confirm


async def test_an_address_changes_once_the_new_one_is_confirmed_and_the_old_one_is_told(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    answer = await ann.post("/v1/me/email", json={"email": " New@Example.org", "password": PASSWORD})
    assert (answer.status_code, answer.json()["email"]) == (202, ann.email)
    last = {letter.recipient: letter for letter in await written(database, settings)}
    asked, told = last["new@example.org"], last[ann.email]
    assert "new@example.org" in told.text and "#" not in told.text
    assert (await client.post("/v1/auth/verify-email", json={"token": token(asked)})).status_code == 200
    me = (await ann.get("/v1/me")).json()
    assert (me["email"], me["email_verified"]) == ("new@example.org", True)
    assert [await login(client, each, PASSWORD) for each in (ann.email, "new@example.org")] == [401, 200]


async def test_an_address_that_somebody_took_meanwhile_is_not_taken_twice(
    client: AsyncClient, ann: Person, sign_up: SignUp, database: Database, settings: Settings
) -> None:
    await ann.post("/v1/me/email", json={"email": "new@example.org", "password": PASSWORD})
    [asked] = [letter for letter in await written(database, settings) if letter.recipient == "new@example.org"]
    ben = await sign_up("Ben")
    async with database.begin() as connection:
        await connection.execute(text("UPDATE account SET email = 'new@example.org' WHERE id = :id"), {"id": ben.id})
    problem(await client.post("/v1/auth/verify-email", json={"token": token(asked)}), 409, "conflict")
    assert (await ann.get("/v1/me")).json()["email"] == ann.email


async def test_an_address_changes_for_whoever_knows_the_password(ann: Person) -> None:
    answer = await ann.post("/v1/me/email", json={"email": "new@example.org", "password": "wrong password"})
    assert problem(answer, 422, "invalid")["errors"] == [
        {"pointer": "/password", "detail": "This is not your present password."}
    ]


async def test_without_mail_an_address_changes_at_once_and_only_to_a_free_one(ann: Person, ben: Person) -> None:
    taken = await ann.post("/v1/me/email", json={"email": ben.email, "password": PASSWORD})
    problem(taken, 409, "conflict")
    free = await ann.post("/v1/me/email", json={"email": "new@example.org", "password": PASSWORD})
    assert (free.status_code, free.json()["email"]) == (200, "new@example.org")


async def test_without_mail_nobody_has_to_confirm_anything(ann: Person, database: Database, settings: Settings) -> None:
    assert (await ann.post("/v1/me/email/verification")).status_code == 202
    assert await written(database, settings) == []


async def test_letters_are_in_the_readers_language(
    client: AsyncClient, ann: Person, database: Database, settings: Settings
) -> None:
    await ann.patch("/v1/me", json={"language": "de"})
    await ask(client, ann.email)
    assert (await written(database, settings))[-1].subject == "Neues Passwort wählen"
