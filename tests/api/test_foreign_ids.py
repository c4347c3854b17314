"""Ids of others' workspaces in every place where an id goes: of paths, of bodies, of commands. Whoever runs a workspace runs no other."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from server.api.access import RULES
from tests.api.people import Person, SignUp, problem
from tests.api.test_threats import settings as unlimited

BODIES: dict[str, Any] = {
    "POST /v1/projects/{project}/commands": {"commands": [{"type": "update_project", "name": "Mine"}]},
    "POST /v1/projects/{project}/tasks": {"title": "Mine"},
    "PUT /v1/projects/{project}/tasks/{task}": {"title": "Mine"},
    "POST /v1/projects/{project}/tasks/{task}/dependencies": {"depends_on_id": str(uuid4())},
    "PATCH /v1/workspaces/{workspace}": {"name": "Mine"},
    "PATCH /v1/workspaces/{workspace}/members/{member}": {"role": "guest"},
    "POST /v1/workspaces/{workspace}/transfer": {"id": str(uuid4())},
    "POST /v1/workspaces/{workspace}/bots": {"name": "Mine"},
    "POST /v1/workspaces/{workspace}/bots/{bot}/tokens": {"name": "Mine", "scopes": ["read"]},
    "POST /v1/workspaces/{workspace}/invitations": {"role": "guest"},
    "POST /v1/projects/{project}/invitations": {"role": "viewer"},
}
QUERIES = {
    "GET /v1/projects/{project}/changes": "?since=0",
    "DELETE /v1/projects/{project}/tasks/{task}/dependencies": f"?depends_on={uuid4()}",
    "GET /v1/projects/{project}/tasks": "?deleted=1",
}

MAKES = [("PUT /v1/projects/{project}/tasks/{task}", "task")]
"""Where an id that is not there is taken for a new one, in one's own project."""

TYPES = {"POST /v1/projects/{project}/tasks/bulk": {"Content-Type": "application/x-ndjson"}}

settings = unlimited


class Estate:
    """All that somebody runs, by the names of its places in paths."""

    def __init__(self, person: Person, places: dict[str, str], column: str, label: str) -> None:
        self.person = person
        self.places = places
        self.column = column
        self.label = label


async def estate(person: Person) -> Estate:
    workspace = await made(person, "/v1/workspaces", name="Allotment")
    bot = await made(person, f"/v1/workspaces/{workspace['id']}/bots", name="Robbie")
    token = await made(person, "/v1/tokens", name="Script", scopes=["read"])
    project = await person.project(workspace_id=workspace["id"])
    invited = await made(person, f"/v1/projects/{project}/invitations", role="viewer")
    label = str(uuid4())
    created = await person.submit(project, {"type": "create_label", "id": label, "name": "Urgent", "color": "red"})
    assert created.status_code == 200, created.text
    column = (await person.get(f"/v1/projects/{project}/snapshot")).json()["columns"][0]["id"]
    (sign_in,) = (await person.get("/v1/me/sign-ins")).json()["items"]
    task = await person.task(project)
    files = f"/v1/projects/{project}/tasks/{task}/attachments?name=plan.txt"
    attached = await person.request("POST", files, content=b"Peas along the wall")
    assert attached.status_code == 201, attached.text
    places = {
        "workspace": workspace["id"],
        "bot": bot["id"],
        "member": bot["id"],
        "token": token["id"],
        "project": project,
        "task": task,
        "attachment": attached.json()["id"],
        "invitation": invited["invitation"]["id"],
        "sign_in": sign_in["id"],
        "dependency": str(uuid4()),
        "job": str(uuid4()),
        "feed": (await made(person, "/v1/me/calendar-feeds"))["id"],
    }
    return Estate(person, places, column, label)


async def made(person: Person, path: str, **body: object) -> Any:
    answer = await person.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def swapped(mine: Estate, theirs: Estate) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every route with every one of its ids, one at a time, taken from the others."""
    for route, rule in RULES.items():
        if rule.where != "anybody":
            for place in (each for each in re.findall(r"{(\w+)}", route) if (route, each) not in MAKES):
                yield route, place, {**mine.places, place: theirs.places[place]}


async def test_ids_of_other_workspaces_open_nothing_in_any_path(ann: Person, sign_up: SignUp) -> None:
    mine, theirs = await estate(ann), await estate(await sign_up("Eve"))
    before = await seen(theirs)
    tried = 0
    for route, place, places in swapped(mine, theirs):
        method, path = route.split()
        target = path.format(**places) + QUERIES.get(route, "")
        body = None if method in ("GET", "DELETE") else BODIES.get(route, {})
        answer = await ann.request(method, target, json=body, headers=TYPES.get(route))
        assert (answer.status_code, answer.json().get("code")) == (404, "not_found"), (route, place, answer.text)
        tried += 1
    assert tried > 30
    assert await seen(theirs) == before


async def test_a_task_that_is_put_under_the_id_of_anothers_is_ones_own(ann: Person, sign_up: SignUp) -> None:
    mine, theirs = await estate(ann), await estate(await sign_up("Eve"))
    before = await seen(theirs)
    target = f"/v1/projects/{mine.places['project']}/tasks/{theirs.places['task']}"
    assert (await ann.put(target, json={"title": "Mine"})).status_code == 201
    assert await seen(theirs) == before


async def seen(estate: Estate) -> list[Any]:
    """What is there of somebody's own."""
    person, places = estate.person, estate.places
    paths = ("/v1/tokens", "/v1/me/sign-ins", f"/v1/workspaces/{places['workspace']}/members")
    found = [(await person.get(path)).json() for path in paths]
    return [*found, (await person.get(f"/v1/projects/{places['project']}/snapshot")).json()]


async def test_ids_of_other_workspaces_open_nothing_in_any_body(ann: Person, sign_up: SignUp) -> None:
    mine, theirs = await estate(ann), await estate(await sign_up("Eve"))
    workspace, project = mine.places["workspace"], theirs.places["project"]
    transfer = {"id": theirs.person.id}
    problem(await ann.post(f"/v1/workspaces/{workspace}/transfer", json=transfer), 404, "not_found")
    elsewhere = {"name": "Mine", "workspace_id": theirs.places["workspace"]}
    problem(await ann.post("/v1/projects", json=elsewhere), 404, "not_found")
    token = {"name": "Mine", "scopes": ["read"], "project_ids": [project]}
    problem(await ann.post("/v1/tokens", json=token), 422, "invalid")
    problem(await ann.post("/v1/projects", json={"name": "Mine", "id": project}), 409, "conflict")


@pytest.mark.parametrize("kind", ["column", "label", "task", "member"])
async def test_ids_of_other_projects_open_nothing_in_any_command(ann: Person, sign_up: SignUp, kind: str) -> None:
    mine, theirs = await estate(ann), await estate(await sign_up("Eve"))
    task, foreign = mine.places["task"], theirs.places["task"]
    commands: dict[str, list[dict[str, Any]]] = {
        "column": [
            {"type": "move_task", "id": task, "column_id": theirs.column, "place": "top"},
            {"type": "create_task", "id": str(uuid4()), "column_id": theirs.column, "title": "Mine"},
            {"type": "delete_column", "id": mine.column, "move_to": theirs.column},
        ],
        "label": [
            {"type": "update_task", "id": task, "labels": {"add": [theirs.label]}},
            {"type": "delete_label", "id": theirs.label},
        ],
        "task": [
            {"type": "add_dependency", "id": str(uuid4()), "task_id": task, "depends_on_id": foreign},
            {"type": "add_comment", "id": str(uuid4()), "task_id": foreign, "text": "Mine"},
            {"type": "move_task", "id": task, "column_id": mine.column, "place": {"after": foreign}},
            {"type": "update_task", "id": foreign, "title": "Mine"},
        ],
        "member": [
            {"type": "update_task", "id": task, "assignees": {"add": [theirs.person.id]}},
            {"type": "set_member_role", "id": theirs.person.id, "role": "viewer"},
            {"type": "remove_member", "id": theirs.person.id},
        ],
    }
    for command in commands[kind]:
        problem(await ann.submit(mine.places["project"], command), 404, "not_found")
