"""How often somebody may ask: counted for all processes, told in headers, refused with a time to wait, and with Redis down still counted here."""

import re
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request

from server.api.quotas import Ask, Quotas, address
from server.domain.errors import RateLimited
from server.settings import Settings
from tests.api.people import PASSWORD, Person, SignUp, problem

FEW = {
    "limit_anonymous": "30/hour",
    "limit_signed_in": "4/hour;5/day",
    "limit_sign_in": "3/hour",
    "limit_account": "5/hour",
    "limit_renewal": "5/hour",
    "limit_registration": "4/hour",
    "limit_mail": "2/hour",
    "limit_commands": "5/hour",
}
ELSEWHERE = ("203.0.113.9", 1234)


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    if "switched_off" in request.node.name:
        return msgspec.structs.replace(settings, rate_limits=False, **FEW)
    return msgspec.structs.replace(settings, **FEW)


def request(client: tuple[str, int] = ("127.0.0.1", 1)) -> Request:
    return Request({"type": "http", "client": client, "headers": []})


async def login(client: AsyncClient, email: str, password: str = "wrong password") -> Any:
    return await client.post("/v1/auth/login", json={"email": email, "password": password})


async def test_every_answer_tells_where_its_quotas_stand(ann: Person) -> None:
    answer = await ann.get("/v1/me")
    assert answer.headers["ratelimit-policy"] == '"user-3600";q=4;w=3600, "user-86400";q=5;w=86400'
    assert re.fullmatch(r'"user-3600";r=3;t=\d+, "user-86400";r=4;t=\d+', answer.headers["ratelimit"])


async def test_who_asks_too_often_is_told_when_to_come_back(ann: Person, ben: Person) -> None:
    statuses = [(await ann.get("/v1/me")).status_code for _ in range(4)]
    assert statuses == [200] * 4
    answer = await ann.get("/v1/me")
    problem(answer, 429, "rate")
    assert 3000 < int(answer.headers["retry-after"]) <= 3600
    assert '"user-3600";r=0' in answer.headers["ratelimit"]
    assert (await ben.get("/v1/me")).status_code == 200  # nobody pays for another


async def test_guessing_a_password_ends_soon_and_the_right_one_does_not_help_then(
    client: AsyncClient, ann: Person
) -> None:
    for _ in range(3):
        problem(await login(client, ann.email), 401, "wrong_credentials")
    problem(await login(client, ann.email.upper(), PASSWORD), 429, "rate")
    assert (await ann.post("/v1/auth/refresh")).status_code == 200  # who is signed in stays so


async def test_an_office_behind_one_address_stays_signed_in(client: AsyncClient, ann: Person, ben: Person) -> None:
    """Whatever its neighbours use up: who is signed in is counted by the sign-in."""
    guesses = [{"Cookie": f"lockstep_refresh={uuid4().hex}.guess"} for _ in range(30)]
    attempts = [await client.post("/v1/auth/refresh", headers=each) for each in ({}, *guesses)]
    assert {answer.status_code for answer in attempts[:28]} == {401}
    problem(attempts[-1], 429, "rate")
    problem(await client.get("/v1/auth/methods"), 429, "rate")
    for who in (ann, ben):
        assert [(await who.post("/v1/auth/refresh")).status_code for _ in range(6)] == [200] * 5 + [429]


async def test_guessing_from_everywhere_ends_too(app: Starlette, ann: Person) -> None:
    codes = []
    for n in range(6):
        transport = ASGITransport(app, client=(f"203.0.113.{n}", 1))
        async with AsyncClient(transport=transport, base_url="http://testserver") as client:
            codes.append((await login(client, ann.email)).json()["code"])
    assert codes == ["wrong_credentials"] * 5 + ["rate"]


async def test_addresses_that_nobody_has_are_counted_alike(client: AsyncClient) -> None:
    codes = [(await login(client, "nobody@example.org")).json()["code"] for _ in range(4)]
    assert codes == ["wrong_credentials"] * 3 + ["rate"]


async def test_accounts_are_not_made_by_the_dozen(client: AsyncClient, sign_up: SignUp) -> None:
    for name in ("Ann", "Ben", "Cleo", "Dan"):
        await sign_up(name)
    body = {"email": "eve@example.org", "name": "Eve", "password": PASSWORD}
    problem(await client.post("/v1/auth/register", json=body), 429, "rate")


async def test_nobody_fills_anothers_inbox(client: AsyncClient, ann: Person, ben: Person) -> None:
    """Neither by asking in their name, nor by an account with their address, nor by invitations."""
    asked = [await client.post("/v1/auth/password-reset", json={"email": "joe@example.org"}) for _ in range(3)]
    assert [answer.status_code for answer in asked] == [202, 202, 429]
    again = [await ann.post("/v1/me/email/verification") for _ in range(3)]
    assert [answer.status_code for answer in again] == [202, 202, 429]
    body = {"role": "guest", "email": "eve@example.org"}
    invited = [await ben.post(f"/v1/workspaces/{ben.id}/invitations", json=body) for _ in range(3)]
    assert [answer.status_code for answer in invited] == [201, 201, 429]


async def test_too_many_commands_are_refused_before_anything_is_done(ann: Person) -> None:
    project = await ann.project()
    update = {"type": "update_project", "name": "Orchard"}
    assert (await ann.submit(project, *[update] * 5)).status_code == 200
    problem(await ann.submit(project, update), 429, "rate")


async def test_switched_off_nothing_is_counted(ann: Person) -> None:
    answers = [await ann.get("/v1/me") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


async def test_health_is_not_counted(client: AsyncClient) -> None:
    assert "ratelimit" not in (await client.get("/healthz")).headers


async def test_all_processes_count_together(settings: Settings) -> None:
    assert settings.redis_url is not None
    async with Redis.from_url(settings.redis_url) as redis:
        one, other = Quotas(settings, redis), Quotas(settings, redis)
        for quotas in (one, other, one):
            await quotas.sign_in(request(), "ann@example.org")
        with pytest.raises(RateLimited):
            await other.sign_in(request(), "ann@example.org")
        await other.sign_in(request(ELSEWHERE), "ann@example.org")
        assert all([await redis.ttl(key) > 0 for key in await redis.keys("lockstep:limit:*")])
        assert not [key for key in await redis.keys("*") if b"ann" in key]


async def test_without_redis_each_process_counts_and_forgets_in_time(settings: Settings) -> None:
    now = 0.0
    async with Redis.from_url("redis://127.0.0.1:1") as nobody:
        quotas = Quotas(settings, nobody, lambda: now)
        for _ in range(3):
            await quotas.sign_in(request(), "ann@example.org")
        with pytest.raises(RateLimited) as refused:
            await quotas.sign_in(request(), "ann@example.org")
        assert refused.value.retry_ms == 3_600_000
        now = 3600.0
        await quotas.sign_in(request(), "ann@example.org")


async def test_what_is_counted_here_is_bounded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.api.quotas.COUNTS_MAX", 10)
    quotas = Quotas(settings, None)
    for n in range(100):
        await quotas.take(request(), Ask("mail", str(n)))
    assert len(quotas._counts) == 10


@pytest.mark.parametrize(
    ("host", "counted"), [("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2")]
)
def test_of_ipv6_the_network_counts(host: str, counted: str) -> None:
    assert address(request((host, 1))) == counted
