"""What people do with their own account: name, language, password, and where they are signed in."""

from http.cookies import SimpleCookie

import pytest
from httpx import AsyncClient

from tests.api.people import PASSWORD, Person, SignUp, problem

NEW_PASSWORD = "seven purple hedgehogs"


async def second_browser(client: AsyncClient, person: Person) -> str:
    """Signs the person in elsewhere and returns that browser's refresh token."""
    answer = await client.post("/v1/auth/login", json={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return SimpleCookie(answer.headers["set-cookie"])["lockstep_refresh"].value


async def refreshes(client: AsyncClient, token: str) -> bool:
    client.cookies.clear()
    answer = await client.post("/v1/auth/refresh", headers={"Cookie": f"lockstep_refresh={token}"})
    return answer.status_code == 200


@pytest.mark.parametrize(
    "password", ["password1234", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "Passw0rd!!", "trustno1trustno1"]
)
async def test_common_passwords_are_refused(client: AsyncClient, password: str) -> None:
    wanted = {"email": "ann@example.org", "name": "Ann", "password": password}
    body = problem(await client.post("/v1/auth/register", json=wanted), 422, "invalid")
    assert [error["pointer"] for error in body["errors"]] == ["/password"]  # type: ignore[attr-defined]


async def test_what_is_known_of_somebody_is_no_password_of_theirs(client: AsyncClient) -> None:
    wanted = {"email": "bartholomew@fitzgerald.example", "name": "Bartholomew", "password": "bartholomewfitz1"}
    problem(await client.post("/v1/auth/register", json={**wanted, "password": "bartholomew"}), 422, "invalid")


async def test_a_very_long_password_is_judged_at_once(client: AsyncClient) -> None:
    wanted = {"email": "ann@example.org", "name": "Ann", "password": "kj3§2f" * 160}
    assert (await client.post("/v1/auth/register", json=wanted)).status_code == 201


async def test_a_profile_keeps_what_is_not_named(ann: Person) -> None:
    answer = await ann.patch("/v1/me", json={"time_zone": "Europe/Berlin", "language": "de"})
    assert answer.status_code == 200, answer.text
    me = (await ann.get("/v1/me")).json()
    assert me == answer.json()
    assert (me["name"], me["time_zone"], me["language"]) == ("Ann", "Europe/Berlin", "de")
    assert (await ann.patch("/v1/me", json={})).json() == me


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", None),
        ("name", "A\u0000"),
        ("name", "A" * 101),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
        ("language", "tlh"),
        ("email", "eve@example.org"),
        ("kind", "bot"),
        ("id", "01890000-0000-7000-8000-000000000000"),
        ("email_verified_at", "2026-01-01T00:00:00Z"),
        ("inbox_seq", 5),
    ],
)
async def test_a_profile_takes_its_own_fields_only(ann: Person, field: str, value: object) -> None:
    before = (await ann.get("/v1/me")).json()
    body = problem(await ann.patch("/v1/me", json={field: value}), 422, "invalid")
    assert [error["pointer"] for error in body["errors"]] == [f"/{field}"]  # type: ignore[attr-defined]
    assert (await ann.get("/v1/me")).json() == before


async def test_a_new_name_is_a_change_in_each_project(ann: Person, ben: Person) -> None:
    own, shared, left = await ann.project(), await ben.project(), await ben.project()
    for project in (shared, left):
        await ben.let_in(ann, project, "viewer")
    await ann.submit(left, {"type": "remove_member", "id": ann.id})
    assert (await ann.patch("/v1/me", json={"name": "Anna"})).status_code == 200
    for project in (own, shared):
        changes = (await ann.get(f"/v1/projects/{project}/changes?since=0")).json()["changes"]
        assert changes[-1]["kind"] == "update_profile"
        assert changes[-1]["ops"] == [{"op": "patch", "kind": "member", "id": ann.id, "fields": {"name": "Anna"}}]
    members = (await ben.get(f"/v1/projects/{left}/snapshot")).json()["members"]
    assert {member["name"] for member in members} == {"Ann", "Ben"}  # whoever has left stays as they were


async def test_nobody_is_renamed_by_a_command_of_theirs(ann: Person) -> None:
    project = await ann.project()
    problem(await ann.submit(project, {"type": "update_profile", "name": "Eve"}), 422, "invalid")
    problem(await ann.submit(project, {"type": "forget_user"}), 422, "invalid")


async def test_a_new_password_ends_every_other_sign_in(client: AsyncClient, ann: Person) -> None:
    elsewhere = await second_browser(client, ann)
    answer = await ann.post("/v1/me/password", json={"current": PASSWORD, "password": NEW_PASSWORD})
    assert answer.status_code == 204, answer.text
    assert not await refreshes(client, elsewhere)
    assert (await ann.post("/v1/auth/refresh")).status_code == 200
    for password, status in ((PASSWORD, 401), (NEW_PASSWORD, 200)):
        answer = await client.post("/v1/auth/login", json={"email": ann.email, "password": password})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("current", "password", "pointer"),
    [
        ("wrong password", NEW_PASSWORD, "/current"),
        ("", NEW_PASSWORD, "/current"),
        (PASSWORD, "short", "/password"),
        (PASSWORD, "password1234", "/password"),
    ],
)
async def test_a_password_changes_for_whoever_knows_the_present_one(
    client: AsyncClient, ann: Person, current: str, password: str, pointer: str
) -> None:
    answer = await ann.post("/v1/me/password", json={"current": current, "password": password})
    body = problem(answer, 422, "invalid")
    assert [error["pointer"] for error in body["errors"]] == [pointer]  # type: ignore[attr-defined]
    assert await refreshes(client, await second_browser(client, ann))


async def test_sign_ins_are_listed_and_ended_one_by_one(client: AsyncClient, ann: Person) -> None:
    client.headers["User-Agent"] = "A phone"
    elsewhere = await second_browser(client, ann)
    listed = (await ann.get("/v1/me/sign-ins")).json()["items"]
    assert listed[0]["client"] == "A phone"
    assert [one["current"] for one in listed] == [False, True]
    assert (await ann.delete(f"/v1/me/sign-ins/{listed[0]['id']}")).status_code == 204
    problem(await ann.delete(f"/v1/me/sign-ins/{listed[0]['id']}"), 404, "not_found")
    assert not await refreshes(client, elsewhere)
    assert [one["current"] for one in (await ann.get("/v1/me/sign-ins")).json()["items"]] == [True]


async def test_all_other_sign_ins_end_at_once(client: AsyncClient, ann: Person) -> None:
    tokens = [await second_browser(client, ann) for _ in range(2)]
    assert (await ann.delete("/v1/me/sign-ins")).status_code == 204
    assert [await refreshes(client, token) for token in tokens] == [False, False]
    assert (await ann.post("/v1/auth/refresh")).status_code == 200


async def test_nobody_sees_or_ends_anothers_sign_ins(client: AsyncClient, sign_up: SignUp, ann: Person) -> None:
    eve = await sign_up("Eve")
    [own] = (await ann.get("/v1/me/sign-ins")).json()["items"]
    assert own["id"] not in {one["id"] for one in (await eve.get("/v1/me/sign-ins")).json()["items"]}
    problem(await eve.delete(f"/v1/me/sign-ins/{own['id']}"), 404, "not_found")
    assert (await eve.delete("/v1/me/sign-ins")).status_code == 204
    assert (await ann.post("/v1/auth/refresh")).status_code == 200
