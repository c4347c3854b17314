"""Pictures, all of somebody's data, and the end of their account."""

import io
import json
import struct
import zipfile
import zlib

import pytest
from httpx import AsyncClient
from PIL import Image
from sqlalchemy import text

from server.domain.ids import new_id
from server.storage.engine import Database
from tests.api.people import PASSWORD, Person, SignUp, problem


def picture(format: str = "PNG", size: tuple[int, int] = (640, 400)) -> bytes:
    made = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    exif = image.getexif()
    exif[0x010F] = "A camera that tells where it was"
    image.save(made, format, exif=exif)
    return made.getvalue()


def bomb() -> bytes:
    """A PNG of some bytes that says it has a hundred thousand pixels each way."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


async def upload(person: Person, image: bytes, kind: str = "image/png") -> int:
    answer = await person.put("/v1/me/avatar", content=image, headers={"Content-Type": kind})
    return answer.status_code


@pytest.mark.parametrize(("format", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
async def test_a_picture_is_made_anew_small_and_without_what_the_camera_wrote(
    client: AsyncClient, ann: Person, format: str, kind: str
) -> None:
    assert await upload(ann, picture(format), kind) == 200
    path = (await ann.get("/v1/me")).json()["avatar"]
    answer = await client.get(path)  # a browser sends no token for a picture
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert "immutable" in answer.headers["cache-control"]
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (256, 256))
        assert not shown.getexif()


async def test_another_picture_has_another_address_and_the_old_one_is_gone(client: AsyncClient, ann: Person) -> None:
    paths = []
    for _ in range(2):
        await upload(ann, picture())
        paths.append((await ann.get("/v1/me")).json()["avatar"])
    assert [(await client.get(path)).status_code for path in paths] == [404, 200]
    assert (await ann.delete("/v1/me/avatar")).status_code == 204
    assert (await ann.get("/v1/me")).json()["avatar"] is None
    problem(await client.get(paths[1]), 404, "not_found")


async def test_pictures_of_others_are_told_to_those_who_share_a_project_and_to_nobody_else(
    client: AsyncClient, ann: Person, ben: Person, sign_up: SignUp
) -> None:
    project, eve = await ben.project(), await sign_up("Eve")
    await ben.let_in(ann, project, "viewer")
    told = f"/v1/projects/{project}/avatars"
    first = await ann.get(told)
    assert first.json() == {"items": [], "next": None}
    await upload(ben, picture())
    own = (await ben.get("/v1/me")).json()["avatar"]
    seen = await ann.get(told, headers={"If-None-Match": first.headers["etag"]})
    assert seen.json()["items"] == [{"id": ben.id, "avatar": own}]
    assert (await ann.get(told, headers={"If-None-Match": seen.headers["etag"]})).status_code == 304
    assert (await client.get(own)).headers["x-content-type-options"] == "nosniff"
    problem(await eve.get(told), 404, "not_found")
    problem(await client.get(told), 401, "token_invalid")
    await ben.submit(project, {"type": "remove_member", "id": ann.id})
    problem(await ann.get(told), 404, "not_found")
    await upload(ann, picture())
    assert [one["id"] for one in (await ben.get(told)).json()["items"]] == [ben.id]  # whoever has left is not shown


@pytest.mark.parametrize(
    ("image", "kind", "status"),
    [
        (b"", "image/png", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", 422),
        (b"<script>alert(1)</script>", "text/html", 415),
        (b"GIF89a", "image/gif", 422),
        (picture()[:200], "image/png", 422),
        (bomb(), "image/png", 422),
        (b"\x00" * (4 * 1024 * 1024 + 1), "image/png", 413),
    ],
    ids=["empty", "svg", "svg as png", "html", "cut gif", "cut png", "bomb", "too large"],
)
async def test_what_is_no_picture_is_refused(ann: Person, image: bytes, kind: str, status: int) -> None:
    assert await upload(ann, image, kind) == status
    assert (await ann.get("/v1/me")).json()["avatar"] is None


async def test_somebodys_data_is_theirs_to_have(ann: Person, ben: Person) -> None:
    own, shared = await ann.project(), await ben.project()
    await ben.let_in(ann, shared, "editor")
    task = await ben.task(shared, "Ben's")
    await ann.task(own, "Ann's")
    await ann.submit(shared, {"type": "add_comment", "id": str(new_id()), "task_id": task, "text": "Mine"})
    await ben.submit(shared, {"type": "add_comment", "id": str(new_id()), "task_id": task, "text": "Not mine"})
    await upload(ann, picture())
    answer = await ann.get("/v1/me/data")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as zip:
        assert zip.testzip() is None
        assert {"account.json", "sign-ins.json", "picture.webp"} <= set(zip.namelist())
        assert json.loads(zip.read("account.json"))["email"] == ann.email
        found = {id: json.loads(zip.read(f"projects/{id}.json")) for id in (own, shared)}
        whole = b"".join(zip.read(name) for name in zip.namelist())
    assert [each["title"] for each in found[own]["tasks"]] == ["Ann's"]
    assert [each["text"] for each in found[shared]["comments"]] == ["Mine"]
    assert found[shared]["tasks"] == []
    assert ben.email.encode() not in whole and b"argon2" not in whole
    home = next(each for each in (await ann.get("/v1/workspaces")).json()["items"] if each["role"] == "owner")
    log = (await ann.get(f"/v1/workspaces/{home['id']}/audit")).json()
    assert log["items"][0]["event"] == "data_downloaded"


async def test_who_goes_leaves_what_they_did_under_nobodys_name(
    client: AsyncClient, ann: Person, ben: Person, database: Database
) -> None:
    shared, left = await ben.project(), await ben.project()
    for project in (shared, left):
        await ben.let_in(ann, project, "editor")
    task = await ann.task(shared, "Dig")
    await ann.submit(shared, {"type": "add_comment", "id": str(new_id()), "task_id": task, "text": "Deep"})
    await ann.submit(left, {"type": "remove_member", "id": ann.id})
    answer = await ann.post("/v1/me/delete", json={"password": PASSWORD})
    assert answer.status_code == 204, answer.text
    for project in (shared, left):
        members = (await ben.get(f"/v1/projects/{project}/snapshot")).json()["members"]
        [former] = [member for member in members if member["id"] == ann.id]
        assert (former["name"], former["user_id"], former["role"]) == ("Former member", None, None)
    detail = (await ben.get(f"/v1/projects/{shared}/tasks/{task}")).json()
    assert [(each["text"], each["author_id"]) for each in detail["comments"]] == [("Deep", ann.id)]
    last = (await ben.get(f"/v1/projects/{shared}/changes?since=0")).json()["changes"][-1]
    assert (last["kind"], last["actor"]["name"]) == ("forget_user", "Former member")
    problem(await ann.post("/v1/auth/refresh"), 401, "token_invalid")
    known = await client.post("/v1/auth/login", json={"email": ann.email, "password": PASSWORD})
    problem(known, 401, "wrong_credentials")
    async with database.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM account")) == 1


async def test_a_project_of_ones_own_goes_to_the_trash_with_one(ann: Person, database: Database) -> None:
    project = await ann.project()
    assert (await ann.post("/v1/me/delete", json={"password": PASSWORD})).status_code == 204
    async with database.begin() as connection:
        deleted = text("SELECT deleted_at IS NOT NULL FROM head WHERE project_id = :id")
        assert await connection.scalar(deleted, {"id": project})
        assert await connection.scalar(text("SELECT count(*) FROM member WHERE user_id IS NOT NULL")) == 0


async def test_others_are_not_left_without_an_admin(ann: Person, ben: Person) -> None:
    project = await ann.project(name="Needed")
    await ann.let_in(ben, project, "editor")
    refused = problem(await ann.post("/v1/me/delete", json={"password": PASSWORD}), 409, "conflict")
    assert refused["current"] == {"projects": [{"id": project, "name": "Needed"}], "workspaces": []}
    assert (await ann.get("/v1/me")).json()["name"] == "Ann"
    await ann.submit(project, {"type": "set_member_role", "id": ben.id, "role": "admin"})
    assert (await ann.post("/v1/me/delete", json={"password": PASSWORD})).status_code == 204
    assert (await ben.get(f"/v1/projects/{project}")).json()["role"] == "admin"


async def test_others_are_not_left_without_an_owner(ann: Person, ben: Person, database: Database) -> None:
    async with database.begin() as connection:
        joined = "INSERT INTO workspace_member (workspace_id, account_id, role) VALUES (:ann, :ben, 'member')"
        await connection.execute(text(joined), {"ann": ann.id, "ben": ben.id})
    refused = problem(await ann.post("/v1/me/delete", json={"password": PASSWORD}), 409, "conflict")
    assert refused["current"] == {"projects": [], "workspaces": [{"id": ann.id, "name": "Ann"}]}
    async with database.begin() as connection:
        await connection.execute(text("UPDATE workspace_member SET role = 'owner'"))
    assert (await ann.post("/v1/me/delete", json={"password": PASSWORD})).status_code == 204
    async with database.begin() as connection:
        left = await connection.execute(text("SELECT name FROM workspace ORDER BY name"))
        assert list(left.scalars()) == ["Ben", "Former member"]


@pytest.mark.parametrize("body", [{"password": "wrong password"}, {"password": ""}, {}])
async def test_an_account_ends_for_whoever_knows_its_password(ann: Person, body: dict[str, str]) -> None:
    problem(await ann.post("/v1/me/delete", json=body), 422, "invalid")
    assert (await ann.post("/v1/auth/refresh")).status_code == 200


async def test_a_freed_address_may_be_taken_again_and_sees_nothing_of_before(
    client: AsyncClient, ann: Person, ben: Person, sign_up: SignUp
) -> None:
    project = await ben.project()
    await ben.let_in(ann, project, "viewer")
    await ann.post("/v1/me/delete", json={"password": PASSWORD})
    again = {"email": ann.email, "name": "Ann", "password": PASSWORD}
    made = await client.post("/v1/auth/register", json=again)
    client.headers["Authorization"] = f"Bearer {made.json()['access_token']}"
    assert (await client.get("/v1/projects")).json()["items"] == []
