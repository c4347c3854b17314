"""What `/healthz`, `/readyz` and `/metrics` tell, while everything works and while it does not."""

import re

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient
from redis.asyncio import Redis
from sqlalchemy import text

from server.app import create_app
from server.embedded.valkey import Valkey
from server.heartbeat import Heartbeats
from server.settings import Settings
from server.storage.engine import Database
from tests.api.people import Person, problem


async def beat(redis_url: str, *names: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        for name in names:
            await Heartbeats(redis).beat(name)


async def test_the_process_answers(client: AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_ready_with_worker_and_clock(client: AsyncClient, redis_url: str) -> None:
    await beat(redis_url, "worker", "clock")
    answer = await client.get("/readyz")
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "ok")
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", body["version"])
    assert body["checks"] == {name: {"ok": True} for name in ("database", "redis", "worker", "clock")}


async def test_degraded_without_a_clock(client: AsyncClient, redis_url: str) -> None:
    await beat(redis_url, "worker")
    body = (await client.get("/readyz")).json()
    assert body["status"] == "degraded"
    assert body["checks"]["clock"] == {"ok": False, "detail": "No clock has been seen lately."}


async def without_lifespan(settings: Settings) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(create_app(settings)), base_url="http://testserver")


async def test_degraded_without_redis(settings: Settings) -> None:
    settings = msgspec.structs.replace(settings, redis_url="unix:///nowhere/valkey.sock")
    async with await without_lifespan(settings) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["redis"]["ok"] is False


async def test_degraded_while_redis_hangs(settings: Settings, valkey: Valkey, redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis, await without_lifespan(settings) as client:
        await redis.execute_command("CLIENT", "PAUSE", "3000", "ALL")  # type: ignore[no-untyped-call]
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


async def test_without_redis_in_the_settings_nothing_is_missing(settings: Settings) -> None:
    settings = msgspec.structs.replace(settings, redis_url=None)
    async with await without_lifespan(settings) as client:
        body = (await client.get("/readyz")).json()
    assert (body["status"], body["checks"]) == ("ok", {"database": {"ok": True}})


async def test_not_ready_without_a_database(settings: Settings) -> None:
    url = "postgresql+asyncpg://nobody@/nowhere?host=/nowhere"
    async with await without_lifespan(msgspec.structs.replace(settings, database_url=url)) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["checks"]["database"] == {"ok": False, "detail": "The database does not answer."}


async def test_not_ready_on_another_migration(client: AsyncClient, database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert "migration older" in answer.json()["checks"]["database"]["detail"]


async def test_requests_are_counted_by_route_not_by_path(ann: Person) -> None:
    project = await ann.project()
    await ann.get(f"/v1/projects/{project}")
    await ann.get("/v1/nope/" + project)
    await ann.request("BREW", "/v1/me")
    answer = await ann.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    route = "/v1/projects/{project:uuid}"
    assert f'lockstep_http_requests_total{{method="GET",route="{route}",status="200"}} 1.0' in lines
    assert f'lockstep_http_request_seconds_count{{method="GET",route="{route}"}} 1.0' in lines
    assert 'lockstep_http_requests_total{method="other",route="/v1/me",status="405"} 1.0' in lines
    assert project not in answer.text


@pytest.mark.parametrize("sent", [None, "Bearer wrong", "Bearer é", "Basic metrics-token"])
async def test_metrics_may_need_a_token(settings: Settings, sent: str | None) -> None:
    settings = msgspec.structs.replace(settings, metrics_token="metrics-token")
    async with await without_lifespan(settings) as client:
        headers = [] if sent is None else [(b"Authorization", sent.encode())]
        problem(await client.get("/metrics", headers=headers), 401, "token_invalid")
        good = await client.get("/metrics", headers={"Authorization": "Bearer metrics-token"})
    assert good.status_code == 200
