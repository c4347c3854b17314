"""A request sent again with its `Idempotency-Key` has one effect and one answer."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from server.api import idempotency
from server.api.api_tokens import Identity
from server.domain.changes import Actor
from server.domain.errors import Conflict, Refusal, Unavailable
from server.domain.ids import new_id
from server.domain.reach import IN_PERSON
from server.storage.engine import Database
from server.storage.idempotency import Answers
from server.storage.revocations import Grant
from tests.api.people import Person, SignUp, problem

KEY = {"Idempotency-Key": "k1"}


async def test_a_repeat_gets_the_first_answer_and_makes_nothing(ann: Person) -> None:
    first = await ann.post("/v1/projects", json={"name": "Garden"}, headers=KEY)
    again = await ann.post("/v1/projects", json={"name": "Garden"}, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (again.headers["idempotent-replayed"], first.headers.get("idempotent-replayed")) == ("true", None)
    assert len((await ann.get("/v1/projects")).json()["items"]) == 1


async def test_repeats_at_the_same_time_share_one_effect(ann: Person) -> None:
    answers = await asyncio.gather(*(ann.post("/v1/projects", json={"name": "Garden"}, headers=KEY) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len((await ann.get("/v1/projects")).json()["items"]) == 1


@pytest.mark.parametrize("other", [{"name": "Park"}, {"name": "Garden", "columns": []}])
async def test_a_key_stands_for_one_body(ann: Person, other: object) -> None:
    await ann.post("/v1/projects", json={"name": "Garden"}, headers=KEY)
    problem(await ann.post("/v1/projects", json=other, headers=KEY), 422, "id_reuse")


async def test_a_key_stands_for_one_path(ann: Person) -> None:
    one, other = await ann.project(), await ann.project()
    assert (await ann.post(f"/v1/projects/{one}/restore", headers=KEY)).status_code == 200
    problem(await ann.post(f"/v1/projects/{other}/restore", headers=KEY), 422, "id_reuse")


async def test_a_key_belongs_to_its_user(ann: Person, ben: Person) -> None:
    mine = await ann.post("/v1/projects", json={"name": "Garden"}, headers=KEY)
    theirs = await ben.post("/v1/projects", json={"name": "Garden"}, headers=KEY)
    assert mine.json()["id"] != theirs.json()["id"]


async def test_a_refusal_is_an_answer_like_any_other(ann: Person) -> None:
    first = await ann.post("/v1/projects", json={"name": ""}, headers=KEY)
    again = await ann.post("/v1/projects", json={"name": ""}, headers=KEY)
    assert (first.status_code, again.status_code) == (422, 422)
    assert again.content == first.content
    assert again.headers["content-type"] == "application/problem+json"


async def test_commands_take_effect_once_under_a_key(ann: Person) -> None:
    project = await ann.project()
    body = {"commands": [{"type": "create_label", "id": str(new_id()), "name": "a", "color": "red"}]}
    answers = [await ann.post(f"/v1/projects/{project}/commands", json=body, headers=KEY) for _ in range(3)]
    assert [answer.json() for answer in answers] == [answers[0].json()] * 3
    assert (await ann.get(f"/v1/projects/{project}")).json()["seq"] == 2


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_1_to_255_characters(ann: Person, key: str) -> None:
    answer = await ann.post("/v1/projects", json={"name": "Garden"}, headers={"Idempotency-Key": key})
    problem(answer, 422, "invalid")


@pytest.mark.parametrize("key", [b"k" * 255, b"\xff\xfe", b" spaced key ", b"'; DROP TABLE account; --"])
async def test_any_other_key_is_fine(ann: Person, key: bytes) -> None:
    headers = [(b"Idempotency-Key", key)]
    for _ in range(2):
        assert (await ann.post("/v1/projects", json={"name": "Garden"}, headers=headers)).status_code == 201
    assert len((await ann.get("/v1/projects")).json()["items"]) == 1


async def test_without_a_token_no_key_is_looked_at(client: AsyncClient, database: Database) -> None:
    problem(await client.post("/v1/projects", json={"name": "x"}, headers=KEY), 401, "token_invalid")
    async with database.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM idempotency")) == 0


async def test_a_project_made_by_a_process_that_died_before_it_answered_is_found(
    ann: Person, database: Database
) -> None:
    first = await ann.post("/v1/projects", json={"name": "Garden"}, headers=KEY)
    async with database.begin() as connection:
        await connection.execute(text("UPDATE idempotency SET status = NULL, created_at = now() - interval '61 s'"))
    again = await ann.post("/v1/projects", json={"name": "Garden"}, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len((await ann.get("/v1/projects")).json()["items"]) == 1


# Below the routes: handlers that fail, and handlers that take their time


class Handler:
    """Answers with what it was given, in turn; `called` is set by the first call."""

    def __init__(self, *outcomes: Response | Refusal | asyncio.Event) -> None:
        self.outcomes = list(outcomes)
        self.calls = 0
        self.called = asyncio.Event()

    async def __call__(self, request: Request, identity: Identity) -> Response:
        self.calls += 1
        self.called.set()
        assert await request.body() == b"body"
        match self.outcomes.pop(0):
            case Refusal() as refusal:
                raise refusal
            case Response() as response:
                return response
            case wait:
                await wait.wait()
                return Response("waited")


@pytest.fixture
async def owner(sign_up: SignUp) -> Identity:
    ann, now = UUID((await sign_up("Ann")).id), datetime.now(UTC)
    return Identity(Actor(ann, "Ann"), now, Grant(ann, None, now), IN_PERSON)


def request() -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"body", "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/x",
        "headers": [(b"idempotency-key", b"k"), (b"host", b"t")],
        "query_string": b"",
        "server": ("t", 80),
        "scheme": "http",
    }
    return Request(scope, receive)


async def test_an_outage_is_no_answer_and_the_next_request_tries_again(database: Database, owner: Identity) -> None:
    handler = Handler(Unavailable("Down."), Response("done"))
    once = idempotency.idempotent(Answers(database), 100, handler)
    with pytest.raises(Unavailable):
        await once(request(), owner)
    assert (await once(request(), owner)).body == b"done"
    assert (await once(request(), owner)).body == b"done"
    assert handler.calls == 2


async def test_a_bug_is_no_answer(database: Database, owner: Identity) -> None:
    async def bug(request: Request, identity: Identity) -> Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await idempotency.idempotent(Answers(database), 100, bug)(request(), owner)
    assert (await idempotency.idempotent(Answers(database), 100, Handler(Response("ok")))(request(), owner)).body


async def test_who_waits_too_long_for_the_first_is_told(
    database: Database, owner: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.1)
    finish = asyncio.Event()
    handler = Handler(finish)
    once = idempotency.idempotent(Answers(database), 100, handler)
    first = asyncio.ensure_future(once(request(), owner))
    await handler.called.wait()
    with pytest.raises(Conflict):
        await once(request(), owner)
    finish.set()
    assert (await first).body == b"waited"
    assert (await once(request(), owner)).body == b"waited"
    assert handler.calls == 1


async def test_a_client_that_goes_away_frees_its_key(database: Database, owner: Identity) -> None:
    handler = Handler(asyncio.Event(), Response("done"))
    once = idempotency.idempotent(Answers(database), 100, handler)
    gone = asyncio.ensure_future(once(request(), owner))
    await handler.called.wait()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert (await once(request(), owner)).body == b"done"
