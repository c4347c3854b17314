"""Invitations: whoever has the secret is let in, as often and as long as it says, and as far as its maker still may."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from httpx import AsyncClient
from sqlalchemy import text

from server.settings import Settings
from server.storage.engine import Database
from tests.api.people import PASSWORD, Person, SignUp, problem
from tests.conftest import serving
from tests.helpers.letters import link, token, written


def later(**span: int) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat().replace("+00:00", "Z")


async def invite(person: Person, place: str, role: str, **fields: object) -> dict[str, Any]:
    """`place` is a path such as `/v1/projects/…`."""
    made = await person.post(f"{place}/invitations", json={"role": role, **fields})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def accept(person: Person, secret: str) -> int:
    return (await person.post("/v1/invitations/accept", json={"secret": secret})).status_code


async def roles(person: Person, project: str) -> dict[str, str | None]:
    found = (await person.get(f"/v1/projects/{project}/snapshot")).json()["members"]
    return {one["id"]: one["role"] for one in found}


async def test_a_link_lets_as_many_into_a_project_as_it_says_each_by_add_member(
    ann: Person, ben: Person, sign_up: SignUp, client: AsyncClient, database: Database
) -> None:
    project = await ann.project()
    made = await invite(ann, f"/v1/projects/{project}", "commenter", max_uses=2)
    secret = made["secret"]
    assert made["url"].endswith(f"/invitation#{secret}")
    shown = await client.post("/v1/invitations/show", json={"secret": secret})
    assert {**shown.json(), "expires_at": None} == {
        "into": "project",
        "place": "Garden",
        "role": "commenter",
        "invited_by": "Ann",
        "expires_at": None,
    }
    eve, joe = await sign_up("Eve"), await sign_up("Joe")
    assert [await accept(who, secret) for who in (ann, ben, ben, eve, joe, eve)] == [200, 200, 200, 200, 404, 200]
    assert await roles(ann, project) == {ann.id: "admin", ben.id: "commenter", eve.id: "commenter"}
    changes = (await ann.get(f"/v1/projects/{project}/changes?since=1")).json()["changes"]
    assert [(one["kind"], one["actor"]["name"]) for one in changes] == [("add_member", "Ann")] * 2
    assert (await ann.get(f"/v1/projects/{project}/invitations")).json()["items"] == []  # used up
    problem(await client.post("/v1/invitations/show", json={"secret": secret}), 404, "not_found")
    async with database.begin() as connection:
        stored = (await connection.execute(text("SELECT i::text FROM invitation i"))).scalars().all()
    assert not any(secret in row or secret[4:] in row for row in stored)


async def test_a_link_into_a_workspace_gives_the_role_and_is_told_in_the_audit_log(ann: Person, ben: Person) -> None:
    place = f"/v1/workspaces/{ann.id}"
    made = await invite(ann, place, "member", max_uses=5)
    (listed,) = (await ann.get(f"{place}/invitations")).json()["items"]
    assert listed == made["invitation"]
    assert await accept(ben, made["secret"]) == 200
    members = (await ben.get(f"{place}/members")).json()["items"]
    assert {one["id"]: one["role"] for one in members} == {ann.id: "owner", ben.id: "member"}
    told = [one["event"] for one in (await ann.get(f"{place}/audit")).json()["items"]]
    assert told[:3] == ["invitation_accepted", "workspace_member_joined", "invitation_created"]


async def test_a_revoked_an_expired_and_an_unknown_invitation_are_the_same_nothing(
    ann: Person, ben: Person, database: Database
) -> None:
    place = f"/v1/projects/{await ann.project()}"
    revoked, expired = await invite(ann, place, "viewer"), await invite(ann, place, "viewer")
    problem(await ben.delete(f"/v1/invitations/{revoked['invitation']['id']}"), 404, "not_found")
    assert (await ann.delete(f"/v1/invitations/{revoked['invitation']['id']}")).status_code == 204
    problem(await ann.delete(f"/v1/invitations/{revoked['invitation']['id']}"), 404, "not_found")
    async with database.begin() as connection:
        await connection.execute(text("UPDATE invitation SET expires_at = now() - interval '1 second'"))
    for secret in (revoked["secret"], expired["secret"], expired["secret"] + "x", "", "\u0000", "x" * 200):
        for path in ("accept", "show"):
            problem(await ben.post(f"/v1/invitations/{path}", json={"secret": secret}), 404, "not_found")


async def test_an_invitation_is_worth_what_its_maker_may_do(ann: Person, ben: Person, sign_up: SignUp) -> None:
    project, eve = await ann.project(), await sign_up("Eve")
    await ann.let_in(ben, project, "admin")
    into_project = await invite(ben, f"/v1/projects/{project}", "admin")
    await ann.submit(project, {"type": "set_member_role", "id": ben.id, "role": "editor"})
    assert await accept(eve, into_project["secret"]) == 404
    assert await roles(ann, project) == {ann.id: "admin", ben.id: "editor"}
    place = f"/v1/workspaces/{ann.id}"
    assert await accept(ben, (await invite(ann, place, "admin"))["secret"]) == 200
    into_workspace = await invite(ben, place, "member")
    await ann.delete(f"{place}/members/{ben.id}")
    assert await accept(eve, into_workspace["secret"]) == 404
    problem(await eve.get(place), 404, "not_found")


async def test_whoever_was_removed_does_not_come_back_by_the_same_link(ann: Person, ben: Person) -> None:
    project = await ann.project()
    into_project = await invite(ann, f"/v1/projects/{project}", "editor", max_uses=9)
    into_workspace = await invite(ann, f"/v1/workspaces/{ann.id}", "member", max_uses=9)
    for made in (into_project, into_workspace):
        assert await accept(ben, made["secret"]) == 200
    await ann.delete(f"/v1/workspaces/{ann.id}/members/{ben.id}")
    for made in (into_project, into_workspace):
        assert await accept(ben, made["secret"]) == 404
    assert await roles(ann, project) == {ann.id: "admin", ben.id: None}


async def test_of_many_who_accept_at_once_no_more_come_in_than_may(ann: Person, sign_up: SignUp) -> None:
    project = await ann.project()
    made = await invite(ann, f"/v1/projects/{project}", "viewer", max_uses=2)
    crowd = [await sign_up(f"Guest{n}") for n in range(5)]
    entered = await asyncio.gather(*(accept(who, made["secret"]) for who in crowd))
    assert sorted(entered) == [200, 200, 404, 404, 404]
    assert len(await roles(ann, project)) == 3


async def test_an_invitation_to_an_address_is_good_for_that_address_alone(
    ann: Person, ben: Person, sign_up: SignUp
) -> None:
    place = f"/v1/projects/{await ann.project()}"
    made = await invite(ann, place, "editor", email=f" {ben.email.upper()} ")
    assert made["invitation"]["email"] == ben.email
    problem(
        await (await sign_up("Eve")).post("/v1/invitations/accept", json={"secret": made["secret"]}), 403, "forbidden"
    )
    assert await accept(ben, made["secret"]) == 200


WRONG: list[dict[str, object]] = [
    {},
    {"role": "owner"},
    {"role": "editor", "workspace_id": str(uuid4())},
    {"role": "editor", "created_by": str(uuid4())},
    {"role": "editor", "accepted_by": []},
    {"role": "editor", "max_uses": 0},
    {"role": "editor", "max_uses": 1001},
    {"role": "editor", "max_uses": 2, "email": "ann@example.org"},
    {"role": "editor", "email": "no address"},
    {"role": "editor", "email": "ann@example.org\r\nBcc: all@example.org"},
    {"role": "editor", "expires_at": later(days=91)},
    {"role": "editor", "expires_at": later(days=-1)},
    {"role": "editor", "expires_at": "tomorrow"},
]


async def test_nobody_invites_beyond_what_is_theirs_to_give(ann: Person, ben: Person) -> None:
    project = await ann.project()
    for body in WRONG:
        problem(await ann.post(f"/v1/projects/{project}/invitations", json=body), 422, "invalid")
    for role in ("owner", "editor"):
        problem(await ann.post(f"/v1/workspaces/{ann.id}/invitations", json={"role": role}), 422, "invalid")
    for place, role in ((f"projects/{project}", "viewer"), (f"workspaces/{ann.id}", "guest")):
        problem(await ben.get(f"/v1/{place}/invitations"), 404, "not_found")
        problem(await ben.post(f"/v1/{place}/invitations", json={"role": role}), 404, "not_found")
    await ann.let_in(ben, project, "editor")
    problem(await ben.post(f"/v1/projects/{project}/invitations", json={"role": "viewer"}), 403, "forbidden")
    assert (await ann.get(f"/v1/projects/{project}/invitations")).json()["items"] == []


async def test_signing_up_with_an_invitation_accepts_it_and_with_a_bad_one_makes_no_account(
    ann: Person, client: AsyncClient
) -> None:
    project = await ann.project()
    made = await invite(ann, f"/v1/projects/{project}", "editor")
    body = {"email": "eve@example.org", "name": "Eve", "password": PASSWORD}
    problem(await client.post("/v1/auth/register", json={**body, "invitation": "lst_no"}), 404, "not_found")
    answer = await client.post("/v1/auth/register", json={**body, "invitation": made["secret"]})
    assert answer.status_code == 201, answer.text
    assert (await roles(ann, project))[answer.json()["user"]["id"]] == "editor"
    other = await invite(ann, f"/v1/projects/{project}", "editor", email="joe@example.org")
    stranger = {**body, "email": "mallory@example.org", "invitation": other["secret"]}
    problem(await client.post("/v1/auth/register", json=stranger), 403, "forbidden")


async def test_an_invitation_to_an_address_is_mailed_and_its_link_lets_in(
    settings: Settings, ann: Person, database: Database
) -> None:
    mailing = msgspec.structs.replace(settings, smtp_url="smtp://127.0.0.1:1")
    async with serving(mailing) as server:
        olga, joe = await server.sign_up("Olga"), await server.sign_up("Joe")
        place = f"/v1/projects/{await olga.project('Garden')}/invitations"
        made = (await olga.rest("POST", place, json={"role": "editor", "email": joe.email})).json()
        [letter] = [each for each in await written(database, settings) if "/invitation#" in each.text]
        assert (letter.recipient, letter.subject) == (joe.email, "Olga invites you to Garden")
        assert link(letter) == made["url"] == f"{mailing.url}/invitation#{token(letter)}"
        accepted = await joe.rest("POST", "/v1/invitations/accept", json={"secret": token(letter)})
        assert accepted.status_code == 200, accepted.text


async def test_where_registration_is_by_invitation_one_opens_it(settings: Settings, ann: Person) -> None:
    made = await invite(ann, f"/v1/projects/{await ann.project()}", "editor")
    strict = msgspec.structs.replace(settings, registration="invitation")
    body = {"email": "eve@example.org", "name": "Eve", "password": PASSWORD}
    async with serving(strict) as server, server.http() as http:
        problem(await http.post("/v1/auth/register", json=body), 403, "forbidden")
        assert (await http.post("/v1/auth/register", json={**body, "invitation": made["secret"]})).status_code == 201
    closed = msgspec.structs.replace(settings, registration="closed")
    again = await invite(ann, f"/v1/projects/{await ann.project()}", "editor")
    async with serving(closed) as server, server.http() as http:
        late = {**body, "email": "joe@example.org", "invitation": again["secret"]}
        problem(await http.post("/v1/auth/register", json=late), 403, "forbidden")
