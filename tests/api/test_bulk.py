"""Many tasks in one request: a result for each line whatever the others are, a few changes for who watches, and nothing twice under a key."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from server.api import bulk as module
from server.settings import Settings
from tests.api.people import Person, SignUp, problem
from tests.conftest import serving
from tests.helpers.people import Server

NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
async def project(ann: Person) -> str:
    return await ann.project()


def lines(*said: object) -> bytes:
    return b"".join((one if isinstance(one, bytes) else msgspec.json.encode(one)) + b"\n" for one in said)


async def send(person: Person, project: str, body: bytes, key: str | None = None) -> list[dict[str, Any]]:
    headers = NDJSON if key is None else {**NDJSON, "Idempotency-Key": key}
    answer = await person.post(f"/v1/projects/{project}/tasks/bulk", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson"), answer.text
    return [msgspec.json.decode(line) for line in answer.content.splitlines()]


async def tasks(person: Person, project: str) -> dict[str, dict[str, Any]]:
    found = (await person.get(f"/v1/projects/{project}/snapshot")).json()["tasks"]
    return {task["title"]: task for task in found}


async def changes(person: Person, project: str, since: int = 1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await person.get(f"/v1/projects/{project}/changes?since={since}")).json()["changes"]
    return found


def told(results: list[dict[str, Any]]) -> list[tuple[int, int, str | None]]:
    return [(one["line"], one["status"], one.get("problem", {}).get("code")) for one in results]


async def test_lines_make_change_and_delete_and_each_has_its_result(ann: Person, project: str) -> None:
    old, gone = await ann.task(project, "Old"), await ann.task(project, "Gone")
    before = len(await changes(ann, project))
    results = await send(
        ann,
        project,
        lines(
            {"op": "create", "title": "Dig", "labels": ["Soil"], "priority": "high", "depends_on": ["#1"]},
            {"op": "update", "id": old, "status": "in_progress", "labels": ["soil"]},
            {"op": "delete", "id": gone},
        ),
    )
    assert told(results) == [(1, 201, None), (2, 200, None), (3, 204, None)]
    now = await tasks(ann, project)
    assert now.keys() == {"Old", "Dig"}
    assert [one["id"] for one in results] == [now["Dig"]["id"], old, gone]
    assert now["Old"]["label_ids"] == now["Dig"]["label_ids"] != []
    assert len(await changes(ann, project)) == before + 1


async def test_what_is_wrong_with_a_line_is_told_on_it_and_stops_nothing(ann: Person, project: str) -> None:
    body = lines(
        {"op": "create", "title": "One"},
        b"{",
        b"[]",
        {"op": "paint", "title": "x"},
        {"title": "x"},
        {"op": "create", "titel": "x"},
        {"op": "create", "title": "x", "assignees": ["nobody@example.org"]},
        {"op": "create", "title": "x", "depends_on": ["#99"]},
        b"",
        {"op": "create", "title": "x" * 1_000_000},
        {"op": "update", "id": str(uuid4()), "title": "x"},
        {"op": "update", "title": "x"},
        {"op": "delete", "id": str(uuid4())},
        b"\xff\xfe",
        b'{"op": "create", "title": "\\ud800"}',
        b"[" * 10_000,
        {"op": "create", "title": "Two"},
    )
    results = await send(ann, project, body.rstrip(b"\n"))
    assert told(results) == [
        (1, 201, None),
        (2, 400, "not_json"),
        (3, 422, "invalid"),
        (4, 422, "invalid"),
        (5, 422, "invalid"),
        (6, 422, "invalid"),
        (7, 422, "invalid"),
        (8, 422, "invalid"),
        (10, 413, "body_too_large"),
        (11, 404, "not_found"),
        (12, 422, "invalid"),
        (13, 404, "not_found"),
        (14, 400, "not_json"),
        (15, 400, "not_json"),
        (16, 422, "invalid"),
        (17, 201, None),
    ]
    assert [error["pointer"] for error in results[6]["problem"]["errors"]] == ["/assignees/0"]
    assert (await tasks(ann, project)).keys() == {"One", "Two"}
    assert len(await changes(ann, project)) == 1


async def test_a_refused_line_leaves_nothing_of_it(ann: Person, project: str) -> None:
    """Not a label, not a number, not a place in the order."""
    bad = {"op": "create", "title": "x", "labels": ["Never"], "completed": True, "depends_on": ["#1"]}
    good = [{"op": "create", "title": f"Task {n}"} for n in range(3)]
    results = await send(ann, project, lines(good[0]))
    results = await send(ann, project, lines(good[1], bad, good[2]))
    assert told(results) == [(1, 201, None), (2, 409, "blocked"), (3, 201, None)]
    now = await tasks(ann, project)
    assert sorted(task["number"] for task in now.values()) == [1, 2, 3]
    assert (await ann.get(f"/v1/projects/{project}/snapshot")).json()["labels"] == []


async def test_many_lines_are_a_few_changes_in_order(ann: Person, project: str) -> None:
    count = 2 * module.CHUNK_LINES + 50
    results = await send(ann, project, lines(*({"op": "create", "title": f"Task {n}"} for n in range(count))))
    assert [one["line"] for one in results] == list(range(1, count + 1))
    now = sorted((await tasks(ann, project)).values(), key=lambda task: task["rank"])
    assert [task["title"] for task in now] == [f"Task {n}" for n in range(count)]
    assert len(await changes(ann, project)) == 3


async def test_lines_that_are_too_much_for_one_change_are_more(ann: Person, project: str) -> None:
    text = "\u00e4" * 45_000
    results = await send(
        ann, project, lines(*({"op": "create", "title": f"{n}", "description": text} for n in range(5)))
    )
    assert [one["status"] for one in results] == [201] * 5


async def test_a_request_that_is_sent_again_has_one_effect_and_the_same_results(ann: Person, project: str) -> None:
    first = await ann.task(project, "First")
    body = lines(
        {"op": "create", "title": "Dig", "labels": ["Soil"]},
        {"op": "update", "id": first, "title": "Renamed"},
        {"op": "update", "id": str(uuid4()), "title": "x"},
        *({"op": "create", "title": f"Task {n}"} for n in range(module.CHUNK_LINES)),
    )
    once = await send(ann, project, body, "night")
    done = await changes(ann, project)
    await ann.submit(project, {"type": "update_task", "id": first, "title": "Mine"})
    again = await send(ann, project, body, "night")
    assert [one.get("id") for one in again] == [one.get("id") for one in once]
    assert told(again) == told(once)
    assert (await tasks(ann, project)).keys() >= {"Mine", "Dig"}
    assert len(await changes(ann, project)) == len(done) + 1
    other = await send(ann, project, lines({"op": "create", "title": "Other"}), "night")
    assert told(other) == [(1, 422, "id_reuse")]


async def test_a_request_that_broke_off_is_finished_by_sending_it_again(ann: Person, project: str) -> None:
    said = [{"op": "create", "title": f"Task {n}"} for n in range(3 * module.CHUNK_LINES)]
    await send(ann, project, lines(*said[: 2 * module.CHUNK_LINES]), "night")
    results = await send(ann, project, lines(*said), "night")
    assert [one["status"] for one in results] == [201] * len(said)
    assert len((await ann.get(f"/v1/projects/{project}/snapshot")).json()["tasks"]) == len(said)
    assert len(await changes(ann, project)) == 3


async def test_who_may_not_write_is_told_before_any_line(ann: Person, project: str, sign_up: SignUp) -> None:
    viewer, stranger = await sign_up("Vi"), await sign_up("Sam")
    await ann.let_in(viewer, project, "viewer")
    target, body = f"/v1/projects/{project}/tasks/bulk", lines({"op": "create", "title": "x"})
    problem(await viewer.post(target, content=body, headers=NDJSON), 403, "forbidden")
    problem(await stranger.post(target, content=body, headers=NDJSON), 404, "not_found")
    problem(await ann.post(target, json={"op": "create"}), 415, "unsupported_media_type")
    assert await send(ann, project, b"") == []


@pytest.fixture
async def narrow(settings: Settings) -> AsyncIterator[Server]:
    async with serving(msgspec.structs.replace(settings, limit_bulk=1)) as server:
        yield server


async def test_lines_take_effect_while_others_are_still_to_come_in_so_many_requests_at_once(narrow: Server) -> None:
    person = await narrow.sign_up("Ann")
    project = await person.project()
    target, headers = f"/v1/projects/{project}/tasks/bulk", {**NDJSON, "Authorization": f"Bearer {person.token}"}
    first, answered = asyncio.Event(), asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        for n in range(module.CHUNK_LINES + 1):
            yield lines({"op": "create", "title": f"Task {n}"})
        first.set()
        await answered.wait()
        yield lines({"op": "create", "title": "Last"})

    async with narrow.http() as http, asyncio.TaskGroup() as group:
        sending = group.create_task(http.post(target, content=body(), headers=headers))
        await first.wait()
        while len((await person.snapshot(project))["tasks"]) < module.CHUNK_LINES:
            pass
        refused = await http.post(target, content=b"", headers=headers)
        answered.set()
        assert (refused.status_code, refused.json()["code"], "retry-after" in refused.headers) == (429, "rate", True)
        assert len((await sending).content.splitlines()) == module.CHUNK_LINES + 2
        assert (await http.post(target, content=b"", headers=headers)).status_code == 200


async def test_who_breaks_off_has_done_what_was_whole_and_makes_room(narrow: Server) -> None:
    person = await narrow.sign_up("Ann")
    project = await person.project()
    target, headers = f"/v1/projects/{project}/tasks/bulk", {**NDJSON, "Authorization": f"Bearer {person.token}"}

    async def body() -> AsyncIterator[bytes]:
        yield lines(*({"op": "create", "title": f"Task {n}"} for n in range(module.CHUNK_LINES + 1)))
        yield b'{"op": "create", "title": "Ha'
        while not (await person.snapshot(project))["tasks"]:
            pass
        raise ConnectionResetError

    async with narrow.http() as http:
        with pytest.raises(ConnectionResetError):
            await http.post(target, content=body(), headers=headers)
        while (await http.post(target, content=b"", headers=headers)).status_code == 429:
            pass
    assert len((await person.snapshot(project))["tasks"]) == module.CHUNK_LINES
