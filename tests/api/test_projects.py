"""Projects over REST: whose they are, how they come and go."""

import pytest
from httpx import AsyncClient

from server.domain.ids import new_id
from tests.api.people import Person, problem


async def test_a_new_project_has_three_columns_and_its_maker_as_admin(ann: Person) -> None:
    made = await ann.post("/v1/projects", json={"name": "  Garden "})
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["role"], body["deleted_at"]) == ("Garden", "admin", None)
    assert made.headers["location"] == f"/v1/projects/{body['id']}"
    found = await ann.get(made.headers["location"])
    assert (found.json(), found.headers["etag"]) == (body, made.headers["etag"])
    known = {"If-None-Match": made.headers["etag"]}
    assert (await ann.get(made.headers["location"], headers=known)).status_code == 304
    board = (await ann.get(f"/v1/projects/{body['id']}/snapshot")).json()
    named = [column["name"] for column in sorted(board["columns"], key=lambda column: column["rank"])]
    assert named == ["To do", "In progress", "Done"]
    assert [(member["id"], member["role"]) for member in board["members"]] == [(ann.id, "admin")]


async def test_a_project_may_be_made_without_columns_and_with_an_id(ann: Person) -> None:
    id = str(new_id())
    assert await ann.project(id=id, columns=[]) == id
    assert (await ann.get(f"/v1/projects/{id}/snapshot")).json()["columns"] == []


async def test_an_id_is_taken_once_and_for_all(ann: Person, ben: Person) -> None:
    id = await ann.project()
    problem(await ann.post("/v1/projects", json={"name": "Again", "id": id}), 409, "conflict")
    problem(await ben.post("/v1/projects", json={"name": "Mine", "id": id}), 409, "conflict")
    await ann.delete(f"/v1/projects/{id}")
    problem(await ann.post("/v1/projects", json={"name": "Again", "id": id}), 409, "conflict")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": " \n "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "a\u0000b"}, "/name"),
        ({"name": 7}, "/name"),
        ({"name": "x", "id": "7"}, "/id"),
        ({"name": "x", "columns": ["Mine"]}, "/columns"),
        ({"name": "x", "colums": []}, "/colums"),
        ([], ""),
    ],
)
async def test_a_wrong_project_is_refused_by_the_name_of_its_field(ann: Person, body: object, pointer: str) -> None:
    told = problem(await ann.post("/v1/projects", json=body), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == [pointer]  # type: ignore[attr-defined]


async def test_a_list_shows_what_is_mine_and_not_in_the_trash(ann: Person, ben: Person) -> None:
    kept, thrown, shared = await ann.project(name="A"), await ann.project(name="B"), await ben.project(name="C")
    await ben.project(name="D")
    await ben.let_in(ann, shared, "viewer")
    await ann.delete(f"/v1/projects/{thrown}")
    listed = (await ann.get("/v1/projects")).json()
    assert [(one["id"], one["role"]) for one in listed["items"]] == [(kept, "admin"), (shared, "viewer")]
    assert listed["next"] is None
    assert [one["id"] for one in (await ann.get("/v1/projects?deleted=1")).json()["items"]] == [thrown]


async def test_a_deleted_project_is_gone_until_it_is_restored(ann: Person) -> None:
    id = await ann.project()
    assert (await ann.delete(f"/v1/projects/{id}")).status_code == 204
    for path in ("", "/snapshot", "/changes?since=0"):
        problem(await ann.get(f"/v1/projects/{id}{path}"), 404, "not_found")
    problem(await ann.delete(f"/v1/projects/{id}"), 404, "not_found")
    restored = await ann.post(f"/v1/projects/{id}/restore")
    assert (restored.status_code, restored.json()["id"], restored.json()["deleted_at"]) == (200, id, None)
    assert (await ann.get(f"/v1/projects/{id}/snapshot")).status_code == 200


async def test_restoring_what_is_not_deleted_changes_nothing(ann: Person) -> None:
    id = await ann.project()
    before = (await ann.get(f"/v1/projects/{id}")).json()
    assert (await ann.post(f"/v1/projects/{id}/restore")).json() == before


ROUTES = [
    ("GET", ""),
    ("DELETE", ""),
    ("POST", "/restore"),
    ("GET", "/snapshot"),
    ("GET", "/changes?since=0"),
    ("POST", "/commands"),
    ("GET", "/tasks/{task}"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_to_a_stranger_a_project_does_not_exist(ann: Person, ben: Person, method: str, path: str) -> None:
    project = await ann.project()
    url = f"/v1/projects/{project}{path.format(task=await ann.task(project))}"
    body = {"commands": [{"type": "update_project", "name": "Mine"}]} if path == "/commands" else None
    told = problem(await ben.request(method, url, json=body), 404, "not_found")
    absent = problem(await ben.request(method, url.replace(project, str(new_id())), json=body), 404, "not_found")
    assert told["detail"] == absent["detail"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/projects"), ("POST", "/v1/projects"), ("GET", "/v1/me")])
async def test_nothing_is_to_be_had_without_a_token(client: AsyncClient, method: str, path: str) -> None:
    problem(await client.request(method, path), 401, "token_invalid")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_project_is_to_be_had_without_a_token(client: AsyncClient, method: str, path: str) -> None:
    url = f"/v1/projects/{new_id()}{path.format(task=new_id())}"
    problem(await client.request(method, url), 401, "token_invalid")


@pytest.mark.parametrize("role", ["viewer", "commenter", "editor"])
async def test_only_an_admin_deletes_and_restores(ann: Person, ben: Person, role: str) -> None:
    project = await ann.project()
    await ann.let_in(ben, project, role)
    problem(await ben.delete(f"/v1/projects/{project}"), 403, "forbidden")
    await ann.delete(f"/v1/projects/{project}")
    assert (await ben.post(f"/v1/projects/{project}/restore")).status_code in (403, 404)
    assert (await ann.post(f"/v1/projects/{project}/restore")).status_code == 200


async def test_who_was_removed_sees_nothing_more(ann: Person, ben: Person) -> None:
    project = await ann.project()
    await ann.let_in(ben, project, "editor")
    assert (await ben.get(f"/v1/projects/{project}/snapshot?stale_ok=1")).status_code == 200
    await ann.submit(project, {"type": "remove_member", "id": ben.id})
    problem(await ben.get(f"/v1/projects/{project}/snapshot?stale_ok=1"), 404, "not_found")
    assert (await ben.get("/v1/projects")).json()["items"] == []
