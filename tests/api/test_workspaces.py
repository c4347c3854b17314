"""Workspaces: who is in them, as what, which projects they see and join, and what is left when they go."""

import asyncio
from uuid import UUID, uuid4

from server.domain.changes import Actor
from server.domain.ids import new_id
from server.storage import workspaces
from server.storage.engine import Database
from tests.api.people import PASSWORD, Person, SignUp, problem
from tests.helpers.garden import Garden


async def workspace(person: Person, name: str = "Garden") -> str:
    made = await person.post("/v1/workspaces", json={"name": name})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def bring(database: Database, owner: Person, other: Person, id: str, role: str = "member") -> None:
    """Puts somebody into a workspace."""
    async with database.begin() as connection:
        await workspaces.join(connection, UUID(id), Actor(UUID(other.id), "Other"), role, UUID(owner.id))  # type: ignore[arg-type]


async def roles(person: Person, id: str) -> dict[str, str]:
    listed = (await person.get(f"/v1/workspaces/{id}/members")).json()["items"]
    return {one["id"]: one["role"] for one in listed}


async def members(person: Person, project: str) -> dict[str, str | None]:
    found = (await person.get(f"/v1/projects/{project}/snapshot")).json()["members"]
    return {one["id"]: one["role"] for one in found}


async def test_everybody_starts_with_a_workspace_of_their_own_and_what_they_make_goes_into_it(
    ann: Person, ben: Person
) -> None:
    (own,) = (await ann.get("/v1/workspaces")).json()["items"]
    assert (own["id"], own["name"], own["role"]) == (ann.id, "Ann", "owner")
    project = (await ann.post("/v1/projects", json={"name": "Garden"})).json()
    assert (project["workspace_id"], project["visibility"]) == (own["id"], "private")
    snapshot = (await ann.get(f"/v1/projects/{project['id']}/snapshot")).json()
    assert (snapshot["project"]["workspace_id"], snapshot["project"]["visibility"]) == (own["id"], "private")
    second = await workspace(ann, " Shed ")
    assert [one["name"] for one in (await ann.get("/v1/workspaces")).json()["items"]] == ["Ann", "Shed"]
    made = await ann.post("/v1/projects", json={"name": "Tools", "workspace_id": second, "visibility": "workspace"})
    assert (made.json()["workspace_id"], made.json()["visibility"]) == (second, "workspace")
    for foreign in (second, str(uuid4())):
        problem(await ben.post("/v1/projects", json={"name": "Mine", "workspace_id": foreign}), 404, "not_found")


async def test_a_project_says_who_may_join_and_nothing_else_of_it_can_be_assigned(ann: Person, ben: Person) -> None:
    project = await ann.project()
    opened = await ann.submit(project, {"type": "update_project", "visibility": "workspace"})
    assert opened.status_code == 200
    assert (await ann.get(f"/v1/projects/{project}")).json()["visibility"] == "workspace"
    for fields in ({"workspace_id": ben.id}, {"id": str(uuid4())}, {"seq": 5}, {"visibility": "public"}):
        problem(await ann.submit(project, {"type": "update_project", **fields}), 422, "invalid")
    for body in ({"name": "x", "role": "owner"}, {"name": "x", "id": str(uuid4())}, {"name": ""}, {"name": "x" * 101}):
        problem(await ben.post("/v1/workspaces", json=body), 422, "invalid")
    problem(await ann.post("/v1/projects", json={"name": "x", "created_by": ben.id}), 422, "invalid")


async def test_members_see_and_join_what_is_the_workspaces_and_admins_what_is_private_too(
    ann: Person, ben: Person, sign_up: SignUp, database: Database
) -> None:
    id = await workspace(ann)
    eve, joe = await sign_up("Eve"), await sign_up("Joe")
    for who, role in ((ben, "member"), (eve, "guest"), (joe, "admin")):
        await bring(database, ann, who, id, role)
    shared = await ann.project(name="Beds", workspace_id=id, visibility="workspace")
    secret = await ann.project(name="Party", workspace_id=id)
    seen = {}
    for who in (ann, ben, eve, joe):
        listed = (await who.get(f"/v1/workspaces/{id}/projects")).json()["items"]
        seen[who.email[:3]] = {one["name"]: one["role"] for one in listed}
    assert seen == {
        "ann": {"Beds": "admin", "Party": "admin"},
        "ben": {"Beds": None},
        "eve": {},
        "joe": {"Beds": None, "Party": None},
    }
    problem(await ben.get(f"/v1/projects/{shared}/snapshot"), 404, "not_found")  # seen, and not joined
    for who, joins in ((ben, {shared: "editor"}), (eve, {}), (joe, {shared: "admin", secret: "admin"})):
        for project in (shared, secret):
            answer = await who.post(f"/v1/projects/{project}/join")
            if project in joins:
                assert (answer.status_code, answer.json()["role"]) == (200, joins[project])
                assert (await who.post(f"/v1/projects/{project}/join")).status_code == 200
            else:
                problem(answer, 404, "not_found")
    assert await members(ann, shared) == {ann.id: "admin", ben.id: "editor", joe.id: "admin"}


async def test_the_last_owner_can_neither_vanish_nor_be_demoted_and_only_owners_touch_owners(
    ann: Person, ben: Person, sign_up: SignUp, database: Database
) -> None:
    id, joe = await workspace(ann), await sign_up("Joe")
    await bring(database, ann, ben, id, "admin")
    await bring(database, ann, joe, id)
    people = f"/v1/workspaces/{id}/members"
    problem(await ann.delete(f"{people}/{ann.id}"), 409, "conflict")
    problem(await ann.patch(f"{people}/{ann.id}", json={"role": "admin"}), 409, "conflict")
    problem(await ben.patch(f"{people}/{ann.id}", json={"role": "member"}), 403, "forbidden")
    problem(await ben.patch(f"{people}/{ben.id}", json={"role": "owner"}), 403, "forbidden")
    problem(await ben.delete(f"{people}/{ann.id}"), 403, "forbidden")
    assert (await ben.patch(f"{people}/{joe.id}", json={"role": "guest"})).json()["role"] == "guest"
    problem(await ann.post(f"/v1/workspaces/{id}/transfer", json={"id": str(uuid4())}), 404, "not_found")
    assert (await ann.post(f"/v1/workspaces/{id}/transfer", json={"id": ben.id})).json()["role"] == "admin"
    assert await roles(ann, id) == {ann.id: "admin", ben.id: "owner", joe.id: "guest"}
    assert (await ann.delete(f"{people}/{ann.id}")).status_code == 204
    problem(await ann.get(people), 404, "not_found")
    problem(await ben.delete(f"{people}/{ann.id}"), 404, "not_found")


async def test_of_two_owners_who_leave_at_once_one_stays(ann: Person, ben: Person, database: Database) -> None:
    id = await workspace(ann)
    await bring(database, ann, ben, id, "owner")
    leaving = [who.delete(f"/v1/workspaces/{id}/members/{who.id}") for who in (ann, ben)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*leaving)) == [204, 409]


async def test_whoever_is_taken_out_is_out_of_its_projects_and_who_removes_them_leads_what_they_led(
    ann: Person, ben: Person, database: Database
) -> None:
    id = await workspace(ann)
    await bring(database, ann, ben, id)
    led = await ben.project(name="Bens", workspace_id=id)
    joined = await ann.project(name="Anns", workspace_id=id)
    await ann.let_in(ben, joined, "editor")
    binned = await ann.project(name="Old", workspace_id=id)
    await ann.let_in(ben, binned, "admin")
    await ann.delete(f"/v1/projects/{binned}")
    elsewhere = await ben.project(name="Elsewhere")
    body = problem(await ben.delete(f"/v1/workspaces/{id}/members/{ben.id}"), 409, "conflict")
    assert body["current"] == {"projects": ["Bens"]}
    assert (await ann.delete(f"/v1/workspaces/{id}/members/{ben.id}")).status_code == 204
    assert [one["id"] for one in (await ben.get("/v1/projects")).json()["items"]] == [elsewhere]
    assert (await ben.get("/v1/projects?deleted=1")).json()["items"] == []
    assert await members(ann, led) == {ann.id: "admin", ben.id: None}
    assert await members(ann, joined) == {ann.id: "admin", ben.id: None}
    problem(await ann.delete(f"/v1/workspaces/{id}/members/{ben.id}"), 404, "not_found")


async def test_a_workspace_is_deleted_once_nothing_is_in_it(ann: Person) -> None:
    id = await workspace(ann)
    project = await ann.project(workspace_id=id)
    assert problem(await ann.delete(f"/v1/workspaces/{id}"), 409, "conflict")["current"] == {"projects": 1}
    await ann.delete(f"/v1/projects/{project}")
    assert (await ann.delete(f"/v1/workspaces/{id}")).status_code == 204
    problem(await ann.get(f"/v1/workspaces/{id}"), 404, "not_found")
    assert (await ann.post(f"/v1/projects/{project}/restore")).status_code == 200


async def test_admins_read_who_changed_whose_access(ann: Person, ben: Person, database: Database) -> None:
    id = await workspace(ann)
    await bring(database, ann, ben, id)
    await ann.patch(f"/v1/workspaces/{id}/members/{ben.id}", json={"role": "admin"})
    await ben.post("/v1/tokens", json={"name": "Script", "scopes": ["read"]})
    told = (await ben.get(f"/v1/workspaces/{id}/audit")).json()["items"]
    events = [(one["event"], one["name"]) for one in told]
    assert events == [
        ("token_created", "Ben"),
        ("workspace_role_changed", "Ann"),
        ("workspace_member_joined", "Other"),
        ("workspace_created", "Ann"),
    ]
    assert told[1]["details"] == {"of": ben.id, "name": "Ben", "was": "member", "role": "admin"}
    page = await ann.get(f"/v1/workspaces/{id}/audit?limit=2")
    assert 'rel="next"' in page.headers["link"]
    rest = await ann.get(f"/v1/workspaces/{id}/audit?before={page.json()['next']}")
    assert page.json()["items"] + rest.json()["items"] == told
    for bad in ("limit=0", "limit=501", "before=x", "from=1"):
        problem(await ann.get(f"/v1/workspaces/{id}/audit?{bad}"), 422, "invalid")


async def test_a_bot_has_no_password_acts_by_its_token_shows_as_a_bot_and_goes_with_all_it_had(
    ann: Person, ben: Person
) -> None:
    id = await workspace(ann)
    bot = (await ann.post(f"/v1/workspaces/{id}/bots", json={"name": "Robbie"})).json()
    assert (bot["kind"], bot["role"]) == ("bot", "member")
    project, theirs = await ann.project(workspace_id=id), await ben.project()
    for owner, board in ((ann, project), (ben, theirs)):
        await owner.submit(board, {"type": "add_member", "user_id": bot["id"], "role": "editor"})
    wanted = {"name": "Night", "scopes": ["write"], "project_ids": [project]}
    made = await ann.post(f"/v1/workspaces/{id}/bots/{bot['id']}/tokens", json=wanted)
    assert made.status_code == 201
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    me = (await ann.get("/v1/me", headers=headers)).json()
    assert (me["id"], me["name"], me["email"]) == (bot["id"], "Robbie", None)
    (column, *_) = (await ann.get(f"/v1/projects/{project}/snapshot")).json()["columns"]
    task = {"type": "create_task", "id": str(new_id()), "column_id": column["id"], "title": "Dig"}
    assert (
        await ann.post(f"/v1/projects/{project}/commands", json={"commands": [task]}, headers=headers)
    ).status_code == 200
    *_, last = (await ann.get(f"/v1/projects/{project}/changes?since=0")).json()["changes"]
    assert last["actor"] == {"id": bot["id"], "name": "Robbie", "kind": "bot"}
    problem(await ann.patch(f"/v1/workspaces/{id}/members/{bot['id']}", json={"role": "admin"}), 409, "conflict")
    problem(await ben.delete(f"/v1/tokens/{made.json()['id']}"), 404, "not_found")
    problem(await ann.get(f"/v1/workspaces/{id}/bots/{ann.id}/tokens"), 404, "not_found")
    problem(await ann.delete(f"/v1/workspaces/{id}"), 409, "conflict")
    assert (await ann.delete(f"/v1/workspaces/{id}/members/{bot['id']}")).status_code == 204
    assert await members(ben, theirs) == {ben.id: "admin", bot["id"]: None}
    snapshot = (await ann.get(f"/v1/projects/{project}/snapshot")).json()
    assert [one["kind"] for one in snapshot["members"] if one["id"] == bot["id"]] == ["bot"]


async def test_bots_go_with_the_last_person_who_could_end_them(ann: Person, ben: Person, database: Database) -> None:
    alone, shared = await workspace(ann), await workspace(ann)
    await bring(database, ann, ben, shared, "owner")
    tokens = []
    for id in (alone, shared):
        bot = (await ann.post(f"/v1/workspaces/{id}/bots", json={"name": "Robbie"})).json()["id"]
        wanted = {"name": "Night", "scopes": ["read"]}
        made = await ann.post(f"/v1/workspaces/{id}/bots/{bot}/tokens", json=wanted)
        tokens.append({"Authorization": f"Bearer {made.json()['token']}"})
    assert (await ann.post("/v1/me/delete", json={"password": PASSWORD})).status_code == 204
    problem(await ben.get("/v1/me", headers=tokens[0]), 401, "token_invalid")
    assert (await ben.get("/v1/me", headers=tokens[1])).status_code == 200


async def test_g6_whoever_is_taken_out_of_a_workspace_is_shown_out_of_its_boards(garden: Garden) -> None:
    ann, ben = garden.ann, await garden.stranger("Ben")
    made = (await ann.rest("POST", "/v1/workspaces", json={"name": "Shed"})).json()
    async with garden.board.database.begin() as connection:
        await workspaces.join(connection, UUID(made["id"]), Actor(UUID(ben.id), "Ben"), "member", UUID(ann.id))
    wanted = {"name": "Tools", "workspace_id": made["id"], "visibility": "workspace"}
    project = (await ann.rest("POST", "/v1/projects", json=wanted)).json()["id"]
    assert (await ben.rest("POST", f"/v1/projects/{project}/join")).status_code == 200
    async with ben.socket(project) as socket:
        assert (await ann.rest("DELETE", f"/v1/workspaces/{made['id']}/members/{ben.id}")).status_code == 204
        assert (await socket.expect("left", project=project))["reason"] == "removed"
    assert (await ben.rest("GET", f"/v1/projects/{project}/snapshot")).status_code == 404
