"""Every command and every route, tried by everybody: each role, members, strangers, people who were removed, nobody, and API tokens.

The cases are made from the command union and the rules of the routes, so that what is new is tried as well; what has no rule fails.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from server.api.access import RULES, Rule
from server.api.auth import Auth
from server.api.dispatch import _Methods
from server.app import create_app
from server.domain import commands as c
from server.domain.changes import Actor
from server.domain.commands import COMMANDS, kind_of
from server.domain.ids import new_id
from server.domain.records import Role
from server.domain.roles import LEAST_ROLE, ORDER, WORKSPACE_ORDER, WorkspaceRole, allows, stands
from server.settings import Settings
from server.storage import jobs, workspaces
from server.storage.accounts import Accounts
from server.storage.attachments import key_of
from server.storage.files import Files
from server.storage.jobs import NewJob
from tests.commands.scene import EXAMPLES, Scene, another, attached
from tests.conftest import serving
from tests.helpers.board import Board
from tests.helpers.people import Person, Server

OUTSIDE = ("removed", "stranger")
NOBODY = (401, "token_invalid")
HIDDEN = (404, "not_found")
REFUSED = (403, "forbidden")

BODIES: dict[str, Any] = {
    "POST /v1/projects": {"name": "Fresh"},
    "POST /v1/projects/{project}/commands": {"commands": [{"type": "delete_task", "id": str(uuid4())}]},
    "POST /v1/projects/{project}/tasks": {"title": "Fresh"},
    "PUT /v1/projects/{project}/tasks/{task}": {"title": "Fresh"},
    "POST /v1/projects/{project}/tasks/{task}/dependencies": {"depends_on_id": str(uuid4())},
    "POST /v1/workspaces": {"name": "Fresh"},
    "PATCH /v1/workspaces/{workspace}": {"name": "Renamed"},
    "PATCH /v1/workspaces/{workspace}/members/{member}": {"role": "guest"},
    "POST /v1/workspaces/{workspace}/bots": {"name": "Bot"},
    "POST /v1/workspaces/{workspace}/invitations": {"role": "guest"},
    "POST /v1/projects/{project}/invitations": {"role": "viewer"},
    "POST /v1/workspaces/{workspace}/bots/{bot}/tokens": {"name": "Script", "scopes": ["read"]},
}
"""What a route is sent, where `{}` would not do; of the workspace's transfer, see `body_of`."""

TYPES = {
    "POST /v1/projects/{project}/tasks/{task}/attachments": "application/octet-stream",
    "POST /v1/projects/{project}/tasks/bulk": "application/x-ndjson",
}
"""What a body is, where it is no JSON; a line of it is, or any bytes are."""

QUERIES = {
    "POST /v1/projects/{project}/tasks/{task}/attachments": "?name=plan.txt",
    "GET /v1/projects/{project}/export": "?format=json",
    "GET /v1/projects/{project}/changes": "?since=0",
    "DELETE /v1/projects/{project}/tasks/{task}/dependencies": f"?depends_on={uuid4()}",
    "GET /v1/projects/{project}/tasks": "?deleted=1",
}
AGAINST_OTHERS: dict[str, WorkspaceRole] = {"DELETE /v1/workspaces/{workspace}/members/{member}": "admin"}
"""Where the rule is about oneself, and the case about somebody else."""

ABOUT_NOTHING = [
    "POST /v1/projects/{project}/tasks/{task}/dependencies",
    "DELETE /v1/projects/{project}/tasks/{task}/dependencies",
    "DELETE /v1/projects/{project}/tasks/{task}/dependencies/{dependency}",
    "POST /v1/projects/{project}/imports/{job}/start",
    "POST /v1/projects/{project}/imports/{job}/undo",
]
"""Whoever may is told that there is no such job, or no such task to wait for."""

LAST = [
    "DELETE /v1/projects/{project}/tasks/{task}/attachments/{attachment}",
    "DELETE /v1/projects/{project}/tasks/{task}",
    "POST /v1/projects/{project}/tasks/{task}/restore",
    "POST /v1/projects/{project}/restore",
    "DELETE /v1/projects/{project}",
    "DELETE /v1/workspaces/{workspace}",
]
"""What ends the scene; restoring comes first, and does nothing."""


@pytest.fixture
async def unlimited(settings: Settings) -> AsyncIterator[Server]:
    async with serving(msgspec.structs.replace(settings, rate_limits=False)) as server:
        yield server


@dataclass
class Stand:
    """Where the cases are tried: a project in a workspace of Ann's, with somebody in each to act upon."""

    server: Server
    settings: Settings
    board: Board
    http: httpx.AsyncClient

    async def person(self, actor: Actor) -> Person:
        account = await Accounts(self.board.database).get(actor.id)
        assert account is not None
        token = Auth(self.settings.secret, 900).issue(account).token
        return Person(self.server, str(actor.id), actor.name, account.email, token)

    async def ask(self, route: str, places: dict[str, str], token: str | None) -> tuple[int, str | None]:
        """Status and code of the answer to a route with its places filled in."""
        method, path = route.split()
        path = re.sub(r"{(\w+)}", lambda place: places.get(place[1], str(uuid4())), path) + QUERIES.get(route, "")
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if route in TYPES:
            headers["Content-Type"] = TYPES[route]
        body = None if method in ("GET", "DELETE") else body_of(route, places)
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert answer.status_code < 500, (route, answer.text)
        problem = answer.headers.get("content-type") == "application/problem+json"
        return answer.status_code, answer.json()["code"] if problem else None


def body_of(route: str, places: dict[str, str]) -> Any:
    return {"id": places["self"]} if route.endswith("/transfer") else BODIES.get(route, {})


@pytest.fixture
async def stand(unlimited: Server, settings: Settings, board: Board) -> AsyncIterator[Stand]:
    async with unlimited.http() as http:
        yield Stand(unlimited, settings, board, http)


def routes_of(app: Starlette) -> Iterator[str]:
    for route in app.routes:
        if isinstance(route, Route) and isinstance(route.app, _Methods):
            yield from (f"{method} {re.sub(r':[a-z]+', '', route.path)}" for method in route.app._handlers)


def of(where: str) -> list[tuple[str, Rule]]:
    """The routes about something, those that end it last."""
    found = [(route, rule) for route, rule in RULES.items() if rule.where == where]
    return sorted(found, key=lambda one: LAST.index(one[0]) if one[0] in LAST else -1)


def test_every_route_has_a_rule_and_every_rule_a_route(settings: Settings) -> None:
    assert {route for route in routes_of(create_app(settings)) if not route.startswith("HEAD")} == set(RULES)
    for route, rule in RULES.items():
        named = "workspace" if "{workspace}" in route else "project" if "{project}" in route else "account"
        assert rule.where in (named, "anybody"), route
        roles = {"project": set[str](ORDER), "workspace": set[str](WORKSPACE_ORDER)}.get(rule.where, set())
        assert rule.role is None or rule.role in roles, route


# Commands


async def asked_by(stand: Stand, standing: str) -> Scene:
    """A board of its own on which somebody stands like this. The comments on it are theirs, where they could ever write any."""
    board = await another(stand.board)
    stranger = standing == "stranger"
    somebody = await board.account("Somebody")
    if not stranger:
        await board.submit(c.AddMember(user_id=somebody.id, role="editor"))
    scene = await Scene.make(board, somebody, author=board.actor if stranger else None)
    if standing == "removed":
        await board.submit(c.RemoveMember(id=somebody.id))
    elif not stranger:
        await board.submit(c.SetMemberRole(id=somebody.id, role=standing))  # type: ignore[arg-type]
    return scene


def told(code: str, errors: list[dict[str, Any]]) -> str | None:
    """How the example was refused; None when it was allowed, and only the impossible command behind it was not."""
    return None if errors and errors[0]["pointer"].startswith("/commands/1") else code


def expected(standing: str, command: type[Any]) -> str | None:
    if standing in OUTSIDE:
        return "not_found"
    return None if allows(standing, LEAST_ROLE[command]) else "forbidden"  # type: ignore[arg-type]


async def test_every_command_is_allowed_to_exactly_the_roles_of_the_table_on_both_transports(stand: Stand) -> None:
    impossible = {"type": "delete_task", "id": str(uuid4())}
    for standing in (*get_args(Role), *OUTSIDE):
        scene = await asked_by(stand, standing)
        project, person = str(scene.board.project), await stand.person(scene.actor)
        headers = {"Authorization": f"Bearer {person.token}"}
        async with person.socket() as socket:
            for type_ in COMMANDS:
                commands = [msgspec.to_builtins(EXAMPLES[type_](scene)), impossible]
                by_rest = await stand.http.post(
                    f"/v1/projects/{project}/commands", json={"commands": commands}, headers=headers
                )
                body, by_socket = by_rest.json(), await socket.submit(project, *commands)
                found = [told(body["code"], body["errors"]), told(by_socket["code"], by_socket["errors"])]
                assert found == [expected(standing, type_)] * 2, (standing, type_)


async def test_nobody_commands_anything(stand: Stand) -> None:
    scene = await asked_by(stand, "editor")
    for type_ in COMMANDS:
        body = {"commands": [msgspec.to_builtins(EXAMPLES[type_](scene))]}
        answer = await stand.http.post(f"/v1/projects/{scene.board.project}/commands", json=body)
        assert (answer.status_code, answer.json()["code"]) == NOBODY, type_
    async with stand.server.connect() as socket:
        await socket.send({"type": "hello", "protocol": 1})
        assert (await socket.closed())[0] == 4001
    assert {kind_of(EXAMPLES[type_](scene)) for type_ in COMMANDS} == {one.__struct_config__.tag for one in COMMANDS}


# Routes


async def test_every_route_of_a_project_asks_for_its_role(stand: Stand) -> None:
    for standing in (*get_args(Role), *OUTSIDE, "nobody"):
        scene = await asked_by(stand, "viewer" if standing == "nobody" else standing)
        token = None if standing == "nobody" else (await stand.person(scene.actor)).token
        await store(stand, scene.board.project, scene.attachment)
        places = {"project": str(scene.board.project), "task": str(scene.task), "attachment": str(scene.attachment)}
        for route, rule in of("project"):
            found = await stand.ask(route, places, token)
            if standing == "nobody":
                assert found == NOBODY, route
            elif (
                standing in OUTSIDE or rule.role is None
            ):  # without a role: one in its workspace, which these are not in
                assert found == HIDDEN, (standing, route)
            elif route.endswith("/commands"):
                assert found in (REFUSED, HIDDEN), (standing, route)  # of the task: what is commanded is tried above
            elif allows(standing, rule.role):  # type: ignore[arg-type]
                assert found[0] in (200, 201, 202, 204) or (route in ABOUT_NOTHING and found == HIDDEN), (
                    standing,
                    route,
                )
            else:
                assert found == REFUSED, (standing, route)


async def test_every_route_of_a_workspace_asks_for_its_role(stand: Stand) -> None:
    for standing in (*get_args(WorkspaceRole), *OUTSIDE, "nobody"):
        places, person = await workspace_with(stand, standing)
        for route, rule in of("workspace"):
            least = AGAINST_OTHERS.get(route, rule.role)
            found = await stand.ask(route, places, None if standing == "nobody" else person.token)
            if standing == "nobody":
                assert found == NOBODY, route
            elif standing in OUTSIDE:
                assert found == HIDDEN, (standing, route)
            elif stands(standing, least):  # type: ignore[arg-type]
                assert found[0] in (200, 201, 204, 409), (standing, route, found)
            else:
                assert found == REFUSED, (standing, route)


async def test_people_of_a_workspace_join_its_projects_as_far_as_they_are_for_them(stand: Stand) -> None:
    entering = "POST /v1/projects/{project}/join"
    for standing in (*get_args(WorkspaceRole), *OUTSIDE):
        for visibility in ("workspace", "private"):
            places, person = await workspace_with(stand, standing, visibility)
            least: WorkspaceRole = "member" if visibility == "workspace" else "admin"
            enters = standing not in OUTSIDE and stands(standing, least)
            found = await stand.ask(entering, places, person.token)
            assert found == ((200, None) if enters else HIDDEN), (standing, visibility)
            seen = await stand.ask("GET /v1/projects/{project}/snapshot", places, person.token)
            assert seen[0] == (200 if enters else 404)


async def test_what_is_ones_own_asks_for_a_sign_in_and_what_is_for_anybody_does_not(stand: Stand) -> None:
    for route, _ in of("account"):
        person = await stand.person(await stand.board.account("Somebody"))
        assert await stand.ask(route, {}, None) == NOBODY, route
        assert (await stand.ask(route, {}, person.token))[0] not in (401, 403), route
    person = await stand.person(await stand.board.account("Somebody"))
    for route, _ in of("anybody"):
        assert await stand.ask(route, {}, None) == await stand.ask(route, {}, person.token), route


async def test_every_route_asks_a_token_for_its_scope(stand: Stand) -> None:
    places, person = await workspace_with(stand, "owner", project_role="admin")
    headers = {"Authorization": f"Bearer {person.token}"}
    for scope, more in (("read", {}), ("write", {}), ("admin", {}), ("admin", {"project_ids": [places["project"]]})):
        wanted = {"name": "Script", "scopes": [scope], **more}
        token = (await stand.http.post("/v1/tokens", json=wanted, headers=headers)).json()["token"]
        for route, rule in RULES.items():
            if rule.where == "anybody":
                continue
            beyond = more and rule.where != "project" and (rule.where, rule.scope) != ("account", "read")
            if rule.scope is None or beyond or ["read", "write", "admin"].index(scope) < rank(rule):
                assert await stand.ask(route, places, token) == REFUSED, (scope, more, route)
            elif rule.scope == "read":
                assert (await stand.ask(route, places, token))[0] == 200, (scope, more, route)


async def store(stand: Stand, project: UUID, attachment: UUID) -> None:
    """The bytes of an attachment that `attached` has made known."""

    async def content() -> AsyncIterator[bytes]:
        yield b"Plans"

    await Files(stand.settings.files).put(key_of(project, attachment), content())


def rank(rule: Rule) -> int:
    return ["read", "write", "admin"].index(rule.scope or "")


async def workspace_with(
    stand: Stand, standing: str, visibility: Any = "private", *, project_role: Role | None = None
) -> tuple[dict[str, str], Person]:
    """A workspace in which somebody stands like this, what its routes are tried on, and that person."""
    board = stand.board
    ann, somebody, spare = board.actor, await board.account("Somebody"), await board.account("Spare")
    workspace, bot, project = new_id(), new_id(), new_id()
    async with board.database.begin() as connection:
        await workspaces.create(connection, workspace, "Garden", ann)
        await workspaces.join(connection, workspace, spare, "member", ann.id)
        await workspaces.create_bot(connection, workspace, bot, "Bot", ann)
        if standing in WORKSPACE_ORDER or standing == "removed":
            role: Any = standing if standing in WORKSPACE_ORDER else "admin"
            await workspaces.join(connection, workspace, somebody, role, ann.id)
        if standing == "removed":
            await workspaces.take_out(connection, workspace, somebody.id, ann)
    await board.executor.create_project(ann, project, "Garden", workspace=workspace, visibility=visibility)
    if project_role is not None:
        entry = (c.AddMember(user_id=somebody.id, role=project_role),)
        await board.executor.execute(project, new_id(), entry, ann)
    task, file = new_id(), new_id()
    column = c.CreateColumn(id=new_id(), name="Fresh")
    making = (column, c.CreateTask(id=task, column_id=column.id, title="Dig"), attached(file, task))
    await store(stand, project, file)
    await board.executor.execute(project, new_id(), making, ann)
    job = new_id()
    async with board.database.begin() as connection:
        await jobs.add(connection, NewJob(job, project, ann.id, "import", {}))
    places = {
        "workspace": workspace,
        "project": project,
        "task": task,
        "bot": bot,
        "member": spare.id,
        "job": job,
        "attachment": file,
    }
    return {**{name: str(id) for name, id in places.items()}, "self": str(somebody.id)}, await stand.person(somebody)
