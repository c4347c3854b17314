"""API tokens: made, used within their reach, and ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text
from starlette.applications import Starlette

from server.storage.engine import Database
from tests.api.people import Person, problem
from tests.helpers.garden import Garden
from tests.helpers.people import Person as Remote

SOON = (datetime.now(UTC) + timedelta(days=1)).isoformat().replace("+00:00", "Z")


@asynccontextmanager
async def program(app: Starlette, token: str) -> AsyncIterator[Person]:
    """A client without cookies that sends this token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with Person(transport=ASGITransport(app), base_url="http://testserver", headers=headers) as person:
        yield person


async def token(person: AsyncClient, *scopes: str, **fields: object) -> str:
    made = await person.post("/v1/tokens", json={"name": "Script", "scopes": scopes, **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["token"])


async def test_a_token_is_shown_once_listed_without_its_secret_and_kept_as_a_hash(
    ann: Person, ben: Person, app: Starlette, database: Database
) -> None:
    wanted = {"name": " Night  run ", "scopes": ["write", "read", "write"], "expires_at": SOON}
    made = await ann.post("/v1/tokens", json=wanted)
    assert made.status_code == 201
    secret = made.json()["token"]
    assert secret.startswith("lst_")
    assert len(secret) > 40
    listed = (await ann.get("/v1/tokens")).json()["items"]
    assert listed == [{name: value for name, value in made.json().items() if name != "token"}]
    assert (listed[0]["name"], listed[0]["scopes"], listed[0]["last_used_at"]) == (
        "Night  run",
        ["read", "write"],
        None,
    )
    assert (await ben.get("/v1/tokens")).json()["items"] == []
    async with program(app, secret) as script:
        assert (await script.get("/v1/me")).json()["id"] == ann.id
    assert (await ann.get("/v1/tokens")).json()["items"][0]["last_used_at"] is not None
    async with database.begin() as connection:
        everything = (await connection.execute(text("SELECT t::text FROM api_token t"))).scalars().all()
        audited = (
            await connection.execute(text("SELECT event, name, details::text FROM audit WHERE event LIKE 'token%'"))
        ).all()
    assert not any(secret[4:] in row or secret in row for row in everything)
    assert [(row.event, row.name) for row in audited] == [("token_created", "Ann")]
    assert secret not in audited[0].details


WRONG: list[tuple[str, object]] = [
    ("name", ""),
    ("name", "x" * 101),
    ("name", "a\u0000b"),
    ("name", None),
    ("scopes", []),
    ("scopes", ["root"]),
    ("scopes", "read"),
    ("scopes", ["read", "write", "admin", "read"]),
    ("expires_at", "2020-01-01T00:00:00Z"),
    ("expires_at", "2030-01-01T00:00:00"),
    ("expires_at", 5),
    ("project_ids", []),
    ("project_ids", ["no id"]),
    ("project_ids", [str(uuid4())]),
    ("project_ids", [str(uuid4()) for _ in range(101)]),
    ("account_id", str(uuid4())),
    ("created_by", str(uuid4())),
    ("secret_hash", "00"),
]


async def test_what_is_wrong_with_a_token_is_refused_by_its_field(ann: Person) -> None:
    for field, value in WRONG:
        answer = await ann.post("/v1/tokens", json={"name": "Script", "scopes": ["read"], field: value})
        body = problem(answer, 422, "invalid")
        assert [error["pointer"].split("/")[1] for error in body["errors"]] == [field]  # type: ignore[attr-defined]
    assert (await ann.get("/v1/tokens")).json()["items"] == []


async def test_a_project_of_somebody_else_is_in_no_token(ann: Person, ben: Person) -> None:
    theirs = await ben.project()
    wanted = {"name": "Script", "scopes": ["read"], "project_ids": [await ann.project(), theirs]}
    body = problem(await ann.post("/v1/tokens", json=wanted), 422, "invalid")
    assert body["errors"] == [{"pointer": "/project_ids/1", "detail": "there is no such project"}]


async def test_a_scope_allows_what_it_says_and_less(ann: Person, app: Starlette) -> None:
    project = await ann.project()
    task = await ann.task(project)
    rename = {"type": "update_task", "id": task, "title": "Rake"}
    describe = {"type": "update_project", "name": "Other"}
    async with program(app, await token(ann, "read")) as reader, program(app, await token(ann, "write")) as writer:
        for each in (reader, writer):
            assert (await each.get(f"/v1/projects/{project}/snapshot")).status_code == 200
        problem(await reader.submit(project, rename), 403, "forbidden")
        problem(await reader.submit(project, {"type": "remove_member", "id": ann.id}), 403, "forbidden")
        assert (await writer.submit(project, rename)).status_code == 200
        for each in (reader, writer):
            problem(await each.submit(project, describe), 403, "forbidden")
            problem(await each.delete(f"/v1/projects/{project}"), 403, "forbidden")
            problem(await each.post("/v1/projects", json={"name": "Mine"}), 403, "forbidden")
    async with program(app, await token(ann, "admin")) as admin:
        assert (await admin.submit(project, describe)).status_code == 200
        for answer in (await admin.get("/v1/tokens"), await admin.post("/v1/tokens", json={})):
            problem(answer, 403, "forbidden")  # a token makes no tokens


async def test_a_writing_token_of_an_admin_is_no_admin(ann: Person, ben: Person, app: Starlette) -> None:
    project = await ann.project()
    await ann.let_in(ben, project, "editor")
    task, comment = await ann.task(project), str(uuid4())
    assert (
        await ben.submit(project, {"type": "add_comment", "id": comment, "task_id": task, "text": "Mine"})
    ).status_code == 200
    async with program(app, await token(ann, "write")) as script:
        problem(await script.submit(project, {"type": "remove_member", "id": ben.id}), 403, "forbidden")
        problem(await script.submit(project, {"type": "delete_comment", "id": comment}), 403, "forbidden")


async def test_outside_its_projects_nothing_exists_for_a_token(ann: Person, app: Starlette) -> None:
    inside, outside = await ann.project(), await ann.project()
    edit = {"type": "update_project", "name": "Other"}
    limited = await token(ann, "admin", project_ids=[inside])
    async with program(app, limited) as script:
        assert [one["id"] for one in (await script.get("/v1/projects")).json()["items"]] == [inside]
        assert (await script.submit(inside, edit)).status_code == 200
        for path in ("", "/snapshot", "/changes?since=0", f"/tasks/{uuid4()}"):
            problem(await script.get(f"/v1/projects/{outside}{path}"), 404, "not_found")
        problem(await script.submit(outside, edit), 404, "not_found")
        problem(await script.delete(f"/v1/projects/{outside}"), 404, "not_found")
        problem(await script.post(f"/v1/projects/{outside}/restore"), 404, "not_found")
        problem(await script.post("/v1/projects", json={"name": "Mine"}), 403, "forbidden")


async def test_an_expired_a_wrong_and_a_revoked_token_open_nothing(
    ann: Person, ben: Person, app: Starlette, database: Database
) -> None:
    secret = await token(ann, "read", expires_at=SOON)
    (listed,) = (await ann.get("/v1/tokens")).json()["items"]
    for wrong in ("lst_", "lst_x", secret[:-1], secret + "x", secret.swapcase(), "lst_\u00e9"):
        async with program(app, "x") as script:
            answer = await script.get("/v1/me", headers=[(b"Authorization", f"Bearer {wrong}".encode())])
            problem(answer, 401, "token_invalid")
    async with database.begin() as connection:
        await connection.execute(text("UPDATE api_token SET expires_at = now() - interval '1 second'"))
    async with program(app, secret) as script:
        problem(await script.get("/v1/me"), 401, "token_expired")
    problem(await ben.delete(f"/v1/tokens/{listed['id']}"), 404, "not_found")
    assert (await ann.delete(f"/v1/tokens/{listed['id']}")).status_code == 204
    problem(await ann.delete(f"/v1/tokens/{listed['id']}"), 404, "not_found")
    assert (await ann.get("/v1/tokens")).json()["items"] == []


async def test_an_account_has_a_bounded_number_of_tokens(
    ann: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.api_tokens.TOKENS_MAX", 2)
    wanted = {"name": "Script", "scopes": ["read"]}
    answers = await asyncio.gather(*(ann.post("/v1/tokens", json=wanted) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 422, 422]


# On the socket


async def program_of(garden: Garden, *scopes: str, **fields: object) -> tuple[Remote, str]:
    """A program with a token of Ann's, and the token's id."""
    wanted = {"name": "Bot", "scopes": scopes, **fields}
    made = (await garden.ann.rest("POST", "/v1/tokens", json=wanted)).json()
    ann = garden.ann
    return Remote(ann.server, ann.id, ann.name, ann.email, made["token"]), made["id"]


async def test_g6_a_revoked_token_ends_its_sockets_and_opens_no_others(garden: Garden) -> None:
    bot, id = await program_of(garden, "write")
    async with bot.socket(garden.project) as socket, garden.ann.socket(garden.project) as kept:
        assert (await socket.submit(garden.project, garden.create()))["type"] == "ack"
        assert (await garden.ann.rest("DELETE", f"/v1/tokens/{id}")).status_code == 204
        assert await socket.closed() == (4101, "signed out")
        await kept.settle()
        assert (await garden.ann.rest("GET", "/v1/me")).status_code == 200
    assert (await bot.rest("GET", "/v1/me")).json()["code"] == "token_invalid"
    async with bot.server.connect() as socket:
        await socket.send({"type": "hello", "protocol": 1, "token": bot.token})
        assert (await socket.expect("error", re="hello"))["code"] == "token_invalid"
        assert (await socket.closed())[0] == 4001


async def test_on_the_socket_a_token_reaches_as_far_as_over_rest(garden: Garden) -> None:
    other = await garden.ann.project()
    reader, _ = await program_of(garden, "read", project_ids=[garden.project])
    async with reader.socket(garden.project) as socket:
        refused = await socket.submit(garden.project, garden.create())
        assert (refused["type"], refused["code"]) == ("reject", "forbidden")
        await socket.send({"type": "join", "project": other})
        assert (await socket.expect("error", re="join", project=other))["code"] == "not_found"
        refused = await socket.submit(other, {"type": "update_project", "name": "Mine"})
        assert (refused["type"], refused["code"]) == ("reject", "not_found")
        await socket.send({"type": "auth", "token": garden.ann.token})
        assert (await socket.expect("error", re="auth"))["code"] == "token_invalid"
        refused = await socket.submit(garden.project, garden.create())
        assert refused["code"] == "forbidden"


async def test_a_token_whose_owner_is_removed_races_a_submit_and_never_wins(garden: Garden) -> None:
    """Whatever the order, what is acknowledged stands before the removal in the log, and nothing of theirs behind it."""
    eve = await garden.member("Eve")
    made = (await eve.rest("POST", "/v1/tokens", json={"name": "Bot", "scopes": ["write"]})).json()
    bot = Remote(eve.server, eve.id, eve.name, eve.email, made["token"])
    async with bot.socket() as socket, garden.ann.socket() as ann:
        edits = [garden.submit(garden.create()) for _ in range(20)]
        await socket.send(*edits[:10])
        await ann.send(garden.submit({"type": "remove_member", "id": eve.id}))
        await socket.send(*edits[10:])
        answers = [await socket.expect("ack", "reject", id=edit["id"]) for edit in edits]
        removed = (await ann.expect("ack"))["seq"]
    assert all(one["seq"] < removed if one["type"] == "ack" else one["code"] == "not_found" for one in answers)
    changes = (await garden.ann.rest("GET", f"/v1/projects/{garden.project}/changes?since={removed}")).json()["changes"]
    assert [one for one in changes if one["actor"]["id"] == eve.id] == []
