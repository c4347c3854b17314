"""Files on tasks over REST: they come in as a stream, are what they look like, go out whole or in part, and never run as ours."""

import asyncio
import hashlib
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4, uuid5

import httpx
import msgspec
import pytest

from server.settings import Settings
from server.storage.attachments import purge_orphans
from server.storage.engine import Database
from server.storage.files import Files
from tests.conftest import serving
from tests.helpers.board import Board
from tests.helpers.garden import Garden
from tests.helpers.people import WAIT_SECONDS, Person

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


async def a_task(garden: Garden) -> str:
    made = await garden.ann.rest("POST", f"/v1/projects/{garden.project}/tasks", json={"title": "Dig"})
    assert made.status_code == 201, made.text
    return str(made.json()["task"]["id"])


def at(garden: Garden, task: str, rest: str = "") -> str:
    return f"/v1/projects/{garden.project}/tasks/{task}/attachments{rest}"


async def attach(
    person: Person, path: str, content: Any = PNG, name: str = "bed.png", **options: Any
) -> httpx.Response:
    return await person.rest("POST", path, params={"name": name}, content=content, **options)


def stored(settings: Settings) -> list[Path]:
    folder = Path(urlsplit(settings.files).path) / "attachments"
    return [each for each in folder.rglob("*") if each.is_file()]


# In and out


async def test_a_file_is_attached_listed_read_and_deleted(garden: Garden) -> None:
    task = await a_task(garden)
    made = await attach(garden.ann, at(garden, task))
    file = made.json()
    assert (made.status_code, made.headers["Location"]) == (201, at(garden, task, f"/{file['id']}"))
    assert (file["name"], file["version"], file["size"], file["media_type"], file["created_by"]) == (
        "bed.png", 1, len(PNG), "image/png", garden.ann.id,
    )  # fmt: skip
    assert file["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert (await garden.ann.rest("GET", at(garden, task))).json()["items"] == [file]
    assert (await garden.ann.rest("GET", at(garden, task, f"/{file['id']}"))).json() == file
    detail = (await garden.ann.rest("GET", f"/v1/projects/{garden.project}/tasks/{task}")).json()
    assert (detail["attachments"], detail["task"]["attachment_count"]) == ([file], 1)
    content = await garden.ann.rest("GET", at(garden, task, f"/{file['id']}/content"))
    assert (content.status_code, content.content, content.headers["Content-Type"]) == (200, PNG, "image/png")
    assert (await garden.ann.rest("DELETE", at(garden, task, f"/{file['id']}"))).status_code == 204
    assert (await garden.ann.rest("GET", at(garden, task))).json()["items"] == []
    for rest in ("", "/content"):
        gone = await garden.ann.rest("GET", at(garden, task, f"/{file['id']}{rest}"))
        assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


async def test_everybody_learns_of_a_file_as_of_any_change(garden: Garden) -> None:
    task = await a_task(garden)
    async with garden.ann.socket(garden.project) as socket:
        file = (await attach(garden.ann, at(garden, task))).json()
        change = await socket.expect("change")
    assert change["kind"] == "add_attachment"
    assert {"op": "put", "kind": "attachment", "record": file} in change["ops"]


async def test_a_form_brings_a_file_and_its_name(garden: Garden) -> None:
    task = await a_task(garden)
    made = await garden.ann.rest("POST", at(garden, task), files={"file": ("Plan für April.txt", b"Graben")})
    assert (made.status_code, made.json()["name"]) == (201, "Plan für April.txt")
    assert made.json()["media_type"] == "text/plain; charset=utf-8"
    wrong = await garden.ann.rest("POST", at(garden, task), files={"another": ("x", b"y")})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/file")


async def test_the_same_name_again_is_the_next_version(garden: Garden) -> None:
    task = await a_task(garden)
    for content in (b"one", b"two"):
        await attach(garden.ann, at(garden, task), content, "plan.txt")
    items = (await garden.ann.rest("GET", at(garden, task))).json()["items"]
    assert [(each["name"], each["version"]) for each in items] == [("plan.txt", 1), ("plan.txt", 2)]
    for each, content in zip(items, (b"one", b"two"), strict=True):
        found = await garden.ann.rest("GET", at(garden, task, f"/{each['id']}/content"))
        assert found.content == content


async def test_a_request_sent_again_attaches_once(garden: Garden, settings: Settings) -> None:
    task, headers = await a_task(garden), {"Idempotency-Key": "once"}
    first, again = [await attach(garden.ann, at(garden, task), headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    for path, name in ((at(garden, task), "other.png"), (at(garden, await a_task(garden)), "bed.png")):
        other = await attach(garden.ann, path, name=name, headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "id_reuse")
    assert len((await garden.ann.rest("GET", at(garden, task))).json()["items"]) == 1
    assert len(stored(settings)) == 1


async def test_a_key_that_was_used_for_an_edit_attaches_nothing(garden: Garden, settings: Settings) -> None:
    task, headers = await a_task(garden), {"Idempotency-Key": "mine"}
    edit = {"commands": [{"type": "update_task", "id": task, "title": "Dig in"}]}
    await garden.ann.rest("POST", f"/v1/projects/{garden.project}/commands", json=edit, headers=headers)
    reused = await attach(garden.ann, at(garden, task), headers=headers)
    assert (reused.status_code, reused.json()["code"], stored(settings)) == (422, "id_reuse", [])


# Parts, and what a client has already


async def test_parts_of_a_file_can_be_asked_for(garden: Garden) -> None:
    task = await a_task(garden)
    file = (await attach(garden.ann, at(garden, task), b"0123456789", "digits.txt")).json()
    path = at(garden, task, f"/{file['id']}/content")
    for asked, part, place in (
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=7-999", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("Bytes = -99", b"0123456789", "bytes 0-9/10"),
    ):
        answer = await garden.ann.rest("GET", path, headers={"Range": asked})
        assert (answer.status_code, answer.content, answer.headers["Content-Range"]) == (206, part, place), asked
    for asked in ("bytes=10-", "bytes=99-100", "bytes=-0"):
        answer = await garden.ann.rest("GET", path, headers={"Range": asked})
        assert (answer.status_code, answer.json()["code"]) == (416, "range"), asked
        assert answer.headers["Content-Range"] == "bytes */10"
    for asked in ("bytes=4-2", "bytes=", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes=--1", f"bytes={'9' * 99}-"):
        answer = await garden.ann.rest("GET", path, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (200, b"0123456789"), asked
    stale = await garden.ann.rest("GET", path, headers={"Range": "bytes=0-1", "If-Range": '"another"'})
    assert (stale.status_code, stale.content) == (200, b"0123456789")
    head = await garden.ann.rest("HEAD", path)
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, "10", b"")


async def test_who_has_a_file_is_not_sent_it_again(garden: Garden) -> None:
    task = await a_task(garden)
    file = (await attach(garden.ann, at(garden, task))).json()
    for path in (at(garden, task), at(garden, task, f"/{file['id']}"), at(garden, task, f"/{file['id']}/content")):
        tag = (await garden.ann.rest("GET", path)).headers["ETag"]
        again = await garden.ann.rest("GET", path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


# What it is


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"<html><script>alert(1)</script>", "text/plain; charset=utf-8"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain; charset=utf-8"),
    ],
)
async def test_a_file_is_what_it_looks_like_and_nothing_of_it_runs_as_ours(
    garden: Garden, content: bytes, media_type: str
) -> None:
    task = await a_task(garden)
    made = await attach(garden.ann, at(garden, task), content, "x.html", headers={"Content-Type": "text/html"})
    assert made.json()["media_type"] == media_type
    found = await garden.ann.rest("GET", at(garden, task, f"/{made.json()['id']}/content"))
    assert (found.headers["Content-Type"], found.headers["X-Content-Type-Options"]) == (media_type, "nosniff")
    assert found.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert found.headers["Content-Disposition"].startswith("attachment;")


async def test_a_name_in_any_letters_comes_back_as_it_was(garden: Garden) -> None:
    task, name = await a_task(garden), 'Gärten "im" Mai; 春 🌱.png'
    file = (await attach(garden.ann, at(garden, task), name=f"  {name} ")).json()
    assert file["name"] == name
    found = await garden.ann.rest("GET", at(garden, task, f"/{file['id']}/content"))
    assert "filename*=UTF-8''G%C3%A4rten" in found.headers["Content-Disposition"]


# What is refused


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "a/b.png",
        "../../etc/passwd",
        "a\\b",
        "a\0b",
        "a\nb",
        "x" * 256,
        "x" * 300,
        "exe\u202egnp.exe",
    ],
)
async def test_what_is_no_name_for_a_file_is_refused(garden: Garden, settings: Settings, name: str) -> None:
    refused = await attach(garden.ann, at(garden, await a_task(garden)), name=name)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/name")
    assert stored(settings) == []


async def test_an_empty_a_compressed_and_an_endless_file_are_refused_and_leave_nothing(
    settings: Settings, board: Board
) -> None:
    small = msgspec.structs.replace(settings, attachment_max_bytes=1024)
    async with serving(small) as server:
        garden = await Garden.plant(server, small, board)
        ann = garden.ann
        path = at(garden, await a_task(garden))
        empty = await attach(ann, path, b"")
        assert (empty.status_code, empty.json()["detail"]) == (422, "The file is empty.")
        packed = await attach(ann, path, headers={"Content-Encoding": "gzip"})
        assert (packed.status_code, packed.json()["code"]) == (415, "unsupported_media_type")
        large = await attach(ann, path, b"x" * 1025)
        assert (large.status_code, large.json()["code"]) == (413, "body_too_large")

        async def endless() -> Any:
            for _ in range(3):
                yield b"x" * 512

        unsized = await attach(ann, path, endless())
        assert (unsized.status_code, unsized.json()["code"]) == (413, "body_too_large")
        assert (await attach(ann, path, b"x" * 1024)).status_code == 201
        assert len((await ann.rest("GET", path)).json()["items"]) == 1
    assert len(stored(settings)) == 1


async def test_a_body_that_is_cut_off_leaves_nothing(garden: Garden, settings: Settings) -> None:
    task = await a_task(garden)
    url = urlsplit(garden.server.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"POST {at(garden, task)}?name=bed.png HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {garden.ann.token}\r\n"
    writer.write(f"{head}Content-Length: 100000\r\n\r\n".encode() + PNG)
    writer.write_eof()
    async with asyncio.timeout(WAIT_SECONDS):
        await reader.read()
    writer.close()
    assert (await garden.ann.rest("GET", at(garden, task))).json()["items"] == []
    assert stored(settings) == []


async def test_bytes_that_no_record_speaks_of_are_swept_once_they_are_old(
    garden: Garden, settings: Settings, database: Database
) -> None:
    task = await a_task(garden)
    kept = (await attach(garden.ann, at(garden, task))).json()["id"]
    deleted = (await attach(garden.ann, at(garden, task))).json()["id"]
    await garden.ann.rest("DELETE", at(garden, task, f"/{deleted}"))
    folder = stored(settings)[0].parent
    for name in ("old", "new"):
        (folder / str(uuid5(UUID(kept), name))).write_bytes(PNG)
    two_days_ago = time.time() - 2 * 86400
    for each in stored(settings):
        if each.name != str(uuid5(UUID(kept), "new")):
            os.utime(each, (two_days_ago, two_days_ago))
    assert await purge_orphans(database, Files(settings.files)) == 1
    assert {each.name for each in stored(settings)} == {kept, deleted, str(uuid5(UUID(kept), "new"))}


async def test_unknown_tasks_strangers_and_viewers_attach_nothing(garden: Garden, settings: Settings) -> None:
    task = await a_task(garden)
    file = (await attach(garden.ann, at(garden, task))).json()
    assert (await attach(garden.ann, at(garden, str(uuid4())))).status_code == 404
    stranger, viewer = await garden.stranger(), await garden.stranger()
    await garden.ann.let_in(viewer, garden.project, "viewer")
    for path in ("", f"/{file['id']}", f"/{file['id']}/content"):
        assert (await stranger.rest("GET", at(garden, task, path))).status_code == 404
        assert (await viewer.rest("GET", at(garden, task, path))).status_code == 200
    assert (await attach(stranger, at(garden, task))).status_code == 404
    refused = await attach(viewer, at(garden, task))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await viewer.rest("DELETE", at(garden, task, f"/{file['id']}"))).status_code == 403
    elsewhere = await a_task(garden)
    assert (await garden.ann.rest("GET", at(garden, elsewhere, f"/{file['id']}/content"))).status_code == 404
    assert len(stored(settings)) == 1


async def test_the_files_of_a_deleted_task_come_back_with_it(garden: Garden) -> None:
    task = await a_task(garden)
    file = (await attach(garden.ann, at(garden, task))).json()
    await garden.ann.rest("DELETE", f"/v1/projects/{garden.project}/tasks/{task}")
    for path in ("", f"/{file['id']}", f"/{file['id']}/content"):
        assert (await garden.ann.rest("GET", at(garden, task, path))).status_code == 404
    assert (await attach(garden.ann, at(garden, task))).status_code == 404
    await garden.ann.rest("POST", f"/v1/projects/{garden.project}/tasks/{task}/restore")
    assert (await garden.ann.rest("GET", at(garden, task, f"/{file['id']}/content"))).content == PNG
