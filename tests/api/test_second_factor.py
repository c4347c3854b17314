"""The second factor: asked for once it is confirmed, good once, replaced by recovery codes, unreadable at rest."""

import time
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient
from pyotp import TOTP
from sqlalchemy import text

from server.settings import Settings
from server.storage.engine import Database
from server.storage.vault import Vault
from tests.api.people import PASSWORD, Person, problem


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Guessing is another test's matter."""
    return msgspec.structs.replace(settings, limit_sign_in="1000/hour")


class Phone:
    """An authenticator that shows another code each time: the present one, then the next one, which is taken already."""

    def __init__(self, secret: str) -> None:
        self.totp = TOTP(secret)
        self._last = 0

    def code(self) -> str:
        self._last = max(self._last + 1, int(time.time()) // 30)
        return self.totp.generate_otp(self._last)


async def switched_on(person: Person) -> tuple[Phone, list[str]]:
    """A second factor that is asked for, and its recovery codes."""
    answer = await person.post("/v1/me/second-factor", json={"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    phone = Phone(answer.json()["secret"])
    confirmed = await person.post("/v1/me/second-factor/confirm", json={"code": phone.code()})
    assert confirmed.status_code == 200, confirmed.text
    return phone, confirmed.json()["recovery_codes"]


async def login(client: AsyncClient, person: Person, **fields: str) -> Any:
    return await client.post("/v1/auth/login", json={"email": person.email, "password": PASSWORD, **fields})


async def test_signing_in_takes_a_code_once_the_factor_is_confirmed(client: AsyncClient, ann: Person) -> None:
    proposed = (await ann.post("/v1/me/second-factor", json={"password": PASSWORD})).json()
    assert proposed["uri"].startswith("otpauth://totp/Lockstep:")
    assert (await login(client, ann)).status_code == 200  # nothing was confirmed
    phone, recovery = await switched_on(ann)
    assert (await ann.get("/v1/me")).json()["second_factor"] is True
    problem(await login(client, ann), 401, "second_factor")
    assert (await login(client, ann, code=phone.code())).status_code == 200
    form = {"username": ann.email, "password": PASSWORD, "code": recovery[0]}
    assert (await client.post("/v1/auth/login", data=form)).status_code == 200


async def test_the_password_comes_first(client: AsyncClient, ann: Person) -> None:
    phone, _ = await switched_on(ann)
    wrong = await login(client, ann, password="wrong password", code=phone.code())
    problem(wrong, 401, "wrong_credentials")
    problem(await login(client, ann, password="wrong password"), 401, "wrong_credentials")


async def test_a_code_is_good_once(client: AsyncClient, ann: Person) -> None:
    phone, _ = await switched_on(ann)
    code = phone.code()
    assert (await login(client, ann, code=code)).status_code == 200
    problem(await login(client, ann, code=code), 401, "second_factor")


@pytest.mark.parametrize("code", ["000", "abcdef", "１２３４５６", "\u0000", "0" * 64, "----", "é" * 16])
async def test_what_is_no_code_is_refused(client: AsyncClient, ann: Person, code: str) -> None:
    await switched_on(ann)
    problem(await login(client, ann, code=code), 401, "second_factor")


async def test_a_code_of_long_ago_is_refused(client: AsyncClient, ann: Person) -> None:
    phone, _ = await switched_on(ann)
    old = phone.totp.generate_otp(int(time.time()) // 30 - 10)
    problem(await login(client, ann, code=old), 401, "second_factor")


async def test_recovery_codes_are_good_once_however_they_are_typed(client: AsyncClient, ann: Person) -> None:
    _, codes = await switched_on(ann)
    assert len(set(codes)) == 10
    assert (await login(client, ann, code=codes[0])).status_code == 200
    problem(await login(client, ann, code=codes[0]), 401, "second_factor")
    assert (await login(client, ann, code=" " + codes[1].upper().replace("-", " "))).status_code == 200


async def test_other_recovery_codes_replace_the_ones_before(client: AsyncClient, ann: Person) -> None:
    phone, codes = await switched_on(ann)
    body = {"password": PASSWORD, "code": phone.code()}
    fresh = (await ann.post("/v1/me/second-factor/recovery-codes", json=body)).json()["recovery_codes"]
    problem(await login(client, ann, code=codes[0]), 401, "second_factor")
    assert (await login(client, ann, code=fresh[0])).status_code == 200


async def test_it_ends_for_whoever_shows_both_factors(client: AsyncClient, ann: Person) -> None:
    phone, codes = await switched_on(ann)
    path = "/v1/me/second-factor/remove"
    for body, pointer in (
        ({"password": "wrong password", "code": codes[0]}, "/password"),
        ({"password": PASSWORD, "code": "000000"}, "/code"),
        ({"password": PASSWORD, "code": ""}, "/code"),
    ):
        refused = problem(await ann.post(path, json=body), 422, "invalid")
        assert [error["pointer"] for error in refused["errors"]] == [pointer]  # type: ignore[attr-defined]
    assert (await ann.post(path, json={"password": PASSWORD, "code": phone.code()})).status_code == 204
    assert (await login(client, ann)).status_code == 200
    problem(await ann.post(path, json={"password": PASSWORD, "code": codes[0]}), 409, "conflict")


async def test_a_confirmed_factor_is_not_replaced_in_passing(ann: Person) -> None:
    await switched_on(ann)
    problem(await ann.post("/v1/me/second-factor", json={"password": PASSWORD}), 409, "conflict")
    problem(await ann.post("/v1/me/second-factor/confirm", json={"code": "000000"}), 409, "conflict")


async def test_a_factor_is_confirmed_by_its_own_code(ann: Person) -> None:
    problem(await ann.post("/v1/me/second-factor/confirm", json={"code": "000000"}), 409, "conflict")
    await ann.post("/v1/me/second-factor", json={"password": PASSWORD})
    problem(await ann.post("/v1/me/second-factor/confirm", json={"code": "abc"}), 422, "invalid")
    assert (await ann.get("/v1/me")).json()["second_factor"] is False


async def test_at_rest_the_seed_is_sealed_and_recovery_codes_are_hashed(
    ann: Person, database: Database, settings: Settings
) -> None:
    phone, codes = await switched_on(ann)
    async with database.begin() as connection:
        row = (await connection.execute(text("SELECT seed, recovery_hashes FROM second_factor"))).one()
    assert phone.totp.secret.encode() not in row.seed
    assert Vault(settings.keys).open(row.seed) == phone.totp.secret.encode()
    assert codes[0].replace("-", "").encode() not in row.recovery_hashes
