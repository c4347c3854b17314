"""Whatever is sent, the answer is a refusal with a code: never a 5xx, never a traceback, never half an effect."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings, strategies
from starlette.applications import Starlette
from starlette.types import Message

from server.api import bodies
from server.domain.ids import new_id
from tests.api.people import Person, problem

ID = "0190a3b0-0000-7000-8000-000000000001"

BODIES = [
    b"",
    b"null",
    b"true",
    b"[]",
    b"[[]]",
    b'""',
    b"0",
    b"-0.0",
    b"1e999",
    b"NaN",
    b"{",
    b"{}",
    b'{"a":',
    b'{"name":"x",}',
    b"{'name':'x'}",
    b"\x00",
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b'{"name":"\xff"}',
    b'{"name":"\\ud800"}',
    b'{"name":"\\u0000"}',
    b'{"name":' + b"9" * 5000 + b"}",
    b'{"name":1' + b"0" * 400 + b".5}",
    b"[" * 100_000,
    b'{"commands":' + b"[" * 100_000,
    b'{"commands":[{"x":' + b"[" * 100_000,
    b'{"commands":' + b'[{"type":"import_records","records":' * 50,
    b'{"commands":' + b'{"a":' * 50_000,
    b'{"commands":[]}',
    b'{"commands":{}}',
    b'{"commands":[null]}',
    b'{"commands":[{"type":null}]}',
    b'{"commands":[{"type":"__init__"}]}',
    b'{"commands":[{"type":"create_task"}]}',
    b'{"commands":[{"type":"update_project","name":{"$ne":null}}]}',
    b'{"commands":[{"type":"update_project","name":"x","base_seq":9223372036854775808}]}',
    b'{"commands":[{"type":"update_project","name":"x","base_seq":1e30}]}',
    b'{"commands":[{"type":"update_project","description":"\\u0000"}]}',
    b'{"commands":[{"type":"update_project","name":"x"}],"id":"not an id"}',
    b'{"commands":[{"type":"update_project","name":"x"}],"id":5}',
    b'{"commands":[' + b",".join([b'{"type":"update_project","name":"x"}'] * 501) + b"]}",
    b'{"email":"\\u0000","password":"\\u0000","name":"\\u0000"}',
]


async def test_no_body_breaks_a_route(ann: Person) -> None:
    project = await ann.project()
    before = (await ann.get("/v1/projects")).json()
    codes = {400: "not_json", 413: "body_too_large", 422: "invalid"}
    for body in BODIES:
        for path in ("/v1/projects", f"/v1/projects/{project}/commands", "/v1/auth/register", "/v1/auth/login"):
            answer = await ann.post(path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in codes, (path, body[:80], answer.text)
            problem(answer, answer.status_code, codes[answer.status_code])
            assert "Traceback" not in answer.text
            assert len(answer.content) < 2000
    assert (await ann.get("/v1/projects")).json() == before


anything = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(), inner, max_size=3),
    max_leaves=8,
)
TYPES = ["create_task", "update_task", "move_task", "add_member", "import_records", "create_label", "update_project"]
FIELDS = ["id", "title", "name", "column_id", "place", "priority", "due_at", "records", "labels", "email", "color"]
commands = strategies.dictionaries(
    strategies.sampled_from(FIELDS), anything | strategies.just(ID) | strategies.just("top"), max_size=6
).flatmap(lambda fields: strategies.sampled_from(TYPES).map(lambda type_: {"type": type_, **fields}))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=commands)
async def test_no_command_breaks_the_executor(ann: Person, command: dict[str, object]) -> None:
    body = json.dumps({"commands": [command]})
    project = await ann.project(id=str(new_id()))
    path = f"/v1/projects/{project}/commands"
    answer = await ann.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml", "\x7f"])
async def test_only_json_is_taken_for_json(ann: Person, kind: str) -> None:
    answer = await ann.post("/v1/projects", content=b'{"name":"x"}', headers={"Content-Type": kind})
    problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("kind", [None, "application/json", "Application/JSON; charset=utf-8"])
async def test_json_is_taken_by_any_of_its_names(ann: Person, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    assert (await ann.post("/v1/projects", content=b'{"name":"x"}', headers=headers)).status_code == 201


async def test_a_body_over_the_limit_is_refused_before_it_is_read(ann: Person) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("was read")
        yield b""

    for length in ("99999999", "9" * 5000):
        headers = {"Content-Type": "application/json", "Content-Length": length}
        problem(await ann.post("/v1/projects", content=body(), headers=headers), 413, "body_too_large")


async def test_a_body_without_a_length_is_cut_off_at_the_limit(ann: Person) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 64 * 1024
            yield b" " * 64 * 1024

    answer = await ann.post("/v1/projects", content=body(), headers={"Content-Type": "application/json"})
    problem(answer, 413, "body_too_large")
    problem(await ann.post("/v1/auth/login", content=b" " * 20_000), 413, "body_too_large")


async def test_what_is_not_there_is_not_found(ann: Person) -> None:
    for path in (
        "/v1",
        "/v1/",
        "/v1/nope",
        "/v1/projects/",
        "/v1/projects/x",
        "/v1/projects/%00",
        "/v1/projects/%2e%2e/%2e%2e/etc/passwd",
        f"/v1/projects/{ID}x",
        f"/v1/projects/{ID}/",
        f"/v1/projects/{ID}/nope",
        f"/v1/projects/{ID}/tasks/42",
        "/v1/projects/%ff%fe",
        "/v1/" + "x" * 5000,
    ):
        for method in ("GET", "POST", "DELETE"):
            problem(await ann.request(method, path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PATCH", "/v1/projects", "GET, HEAD, POST"),
        ("PUT", f"/v1/projects/{ID}", "DELETE, GET, HEAD"),
        ("GET", "/v1/auth/login", "POST"),
        ("DELETE", f"/v1/projects/{ID}/commands", "POST"),
        ("POST", f"/v1/projects/{ID}/snapshot", "GET, HEAD"),
        ("BREW", "/v1/me", "GET, HEAD, PATCH"),
        ("OPTIONS", "/healthz", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(client: AsyncClient, method: str, path: str, allow: str) -> None:
    answer = await client.request(method, path)
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


async def test_a_body_that_does_not_come_is_not_waited_for(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "READ_SECONDS", 0.05)

    async def body() -> AsyncIterator[bytes]:
        yield b'{"name":'
        await asyncio.Event().wait()

    answer = await ann.post("/v1/projects", content=body(), headers={"Content-Type": "application/json"})
    problem(answer, 408, "body_too_slow")


@pytest.mark.parametrize(("method", "target"), [("OPTIONS", "*"), ("GET", "http://elsewhere/v1/me")])
async def test_a_request_for_no_path_finds_nothing(app: Starlette, method: str, target: str) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": target, "raw_path": b"", "query_string": b"", "headers": []}
    await app({**scope, "root_path": "", "scheme": "http", "server": ("t", 80)}, receive, send)
    assert sent[0]["status"] == 404
    assert json.loads(sent[1]["body"])["code"] == "not_found"


async def test_a_head_request_is_a_get_without_its_body(ann: Person) -> None:
    project = await ann.project()
    answer = await ann.head(f"/v1/projects/{project}/snapshot")
    assert (answer.status_code, "etag" in answer.headers) == (200, True)


@pytest.mark.parametrize("query", ["stale_ok=maybe", "stale_ok=", "stail_ok=1", "%ff=%ff", "stale_ok=1&x[]=1"])
async def test_a_wrong_query_is_refused(ann: Person, query: str) -> None:
    project = await ann.project()
    problem(await ann.get(f"/v1/projects/{project}/snapshot?{query}"), 422, "invalid")
