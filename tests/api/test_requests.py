"""Around every request: its id, its log line, the headers of all answers, and what a bug looks like from outside."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from structlog.testing import LogCapture

from server.api.requests import Requests
from server.api.routes import EXCEPTION_HANDLERS
from server.telemetry import Telemetry
from tests.api.people import Person, problem


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    """What was logged."""
    capture = LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture], cache_logger_on_first_use=False)
    yield capture.entries  # type: ignore[misc]
    structlog.configure(**before)


async def bug(request: Request) -> Response:
    secret = "hunter2"
    raise ZeroDivisionError(secret)


async def late_bug(request: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    return StreamingResponse(body())


@pytest.fixture
async def buggy() -> AsyncClient:
    app = Starlette(
        routes=[Route("/bug", bug), Route("/late", late_bug)],
        middleware=[Middleware(Requests, telemetry=Telemetry(), secure=False)],
        exception_handlers=EXCEPTION_HANDLERS,
    )
    return AsyncClient(transport=ASGITransport(app), base_url="http://testserver")


async def test_of_a_bug_only_the_request_id_is_told(buggy: AsyncClient, lines: list[dict[str, object]]) -> None:
    answer = await buggy.get("/bug")
    body = problem(answer, 500, "internal")
    assert "hunter2" not in answer.text and "Zero" not in answer.text
    (failed, access) = lines
    assert failed["request_id"] == access["request_id"] == body["request_id"]
    assert (failed["log_level"], failed["exc_info"], access["status"]) == ("error", True, 500)


async def test_half_an_answer_is_cut_off_and_logged(buggy: AsyncClient, lines: list[dict[str, object]]) -> None:
    with pytest.raises(ZeroDivisionError):
        await buggy.get("/late")
    assert [line["event"] for line in lines] == ["request failed", "request"]


@pytest.mark.parametrize("given", ["abc-123", "req_1.2:3/4+5=", "a" * 128])
async def test_a_sane_request_id_is_taken_over(client: AsyncClient, given: str) -> None:
    answer = await client.get("/v1/nope", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "a" * 129, 'a"b', "a b", "a\tb", "<script>"])
async def test_any_other_request_id_is_replaced(client: AsyncClient, given: str) -> None:
    answer = await client.get("/v1/nope", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_a_line_names_the_request_its_user_and_its_project(ann: Person, lines: list[dict[str, object]]) -> None:
    project = await ann.project()
    lines.clear()
    answer = await ann.get(f"/v1/projects/{project}/snapshot?stale_ok=1")
    (line,) = lines
    assert line.pop("ms")
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": f"/v1/projects/{project}/snapshot",
        "status": 200,
        "request_id": answer.headers["x-request-id"],
        "user": ann.id,
        "project": project,
    }


async def test_one_request_does_not_speak_for_the_next(ann: Person, lines: list[dict[str, object]]) -> None:
    await ann.project()
    lines.clear()
    await ann.get("/v1/nope")
    assert "user" not in lines[0] and "project" not in lines[0]


async def test_probes_leave_a_line_only_when_they_fail(client: AsyncClient, lines: list[dict[str, object]]) -> None:
    await client.get("/healthz")
    await client.get("/metrics")
    assert lines == []
    await client.post("/healthz")
    assert [line["status"] for line in lines] == [405]


async def test_every_answer_has_the_safe_headers(client: AsyncClient) -> None:
    for path in ("/healthz", "/v1/nope", "/", "/v1/me"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize(("origin", "allowed"), [("http://localhost:8000", True), ("https://evil.example", False)])
async def test_other_origins_are_let_in_by_name_only(client: AsyncClient, origin: str, allowed: bool) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    preflight = await client.options("/v1/projects", headers=asked)
    answer = await client.get("/healthz", headers={"Origin": origin})
    assert preflight.status_code == (200 if allowed else 400)
    for headers in (preflight.headers, answer.headers):
        assert headers.get("access-control-allow-origin") == (origin if allowed else None)
        assert "Origin" in headers["vary"]
