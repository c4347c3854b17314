"""`GET …/export`: the whole project as a file, for whoever may see it."""

import asyncio
import io
import zipfile
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette

from server.domain.ids import new_id
from server.storage import exports
from tests.api.people import Person, problem


async def export(person: Person, project: str, query: str = "") -> Any:
    answer = await person.get(f"/v1/projects/{project}/export{query}")
    assert answer.status_code == 200, answer.text
    return answer


async def test_json_is_the_whole_board_deleted_and_archived_things_too(ann: Person) -> None:
    project = await ann.project(name="Garden")
    first, gone, kept = [await ann.task(project, title) for title in ("Dig", "Sow", "Water")]
    comment = str(new_id())
    said = await ann.submit(
        project,
        {"type": "describe_task", "id": first, "text": "Deep", "base_seq": 10_000},
        {"type": "add_comment", "id": comment, "task_id": first, "text": "Spade?"},
        {"type": "delete_comment", "id": comment},
        {"type": "archive_task", "id": kept},
        {"type": "delete_task", "id": gone},
        {"type": "update_project", "background": "teal"},
    )
    assert said.is_success
    answer = await export(ann, project)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == "attachment; filename=\"Garden.json\"; filename*=UTF-8''Garden.json"
    file = answer.json()
    assert list(file) == [
        "format", "version", "project", "members", "columns", "labels", "tasks", "descriptions", "comments",
        "checklist_items", "dependencies",
    ]  # fmt: skip
    assert (file["format"], file["version"]) == ("lockstep", 1)
    assert file["project"] == {"name": "Garden", "description": "", "background": "teal"}
    assert file["members"] == [{"id": ann.id, "name": "Ann"}]
    assert [task["id"] for task in file["tasks"]] == sorted([first, gone, kept])
    found = {task["title"]: task for task in file["tasks"]}
    assert found["Sow"]["deleted_at"] and not found["Dig"]["deleted_at"]
    assert found["Water"]["archived_at"]
    assert file["descriptions"] == [{"id": first, "text": "Deep"}]
    assert [(said["text"], bool(said["deleted_at"])) for said in file["comments"]] == [("Spade?", True)]


async def test_ndjson_is_a_line_a_record_and_tells_how_many_there_were(ann: Person) -> None:
    project = await ann.project()
    for title in ("Dig", "Sow"):
        await ann.task(project, title)
    answer = await export(ann, project, "?format=ndjson")
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [msgspec.json.decode(line) for line in answer.content.splitlines()]
    assert [line["kind"] for line in lines] == ["export", "project", "member", *["column"] * 3, "task", "task", "end"]
    assert [line["number"] for line in lines if line["kind"] == "task"] == [1, 2]
    assert lines[-1]["counts"] == {"project": 1, "member": 1, "column": 3, "task": 2}


async def test_the_history_comes_on_request(ann: Person) -> None:
    project = await ann.project()
    await ann.task(project)
    plain = (await export(ann, project, "?format=ndjson")).content
    whole = (await export(ann, project, "?format=ndjson&history=true")).content
    lines = [msgspec.json.decode(line) for line in whole.splitlines()]
    changes = [line["change"] for line in lines if line["kind"] == "change"]
    assert [change["kind"] for change in changes] == ["create_project", "create_task"]
    assert changes == (await ann.get(f"/v1/projects/{project}/changes?since=0")).json()["changes"]
    assert (
        plain.splitlines()[:-1]
        == [line for line in whole.splitlines() if not line.startswith(b'{"kind":"change"')][:-1]
    )


FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


@pytest.mark.parametrize("form", FORMATS)
async def test_other_formats_have_the_cards_that_are_not_deleted(ann: Person, form: str) -> None:
    project = await ann.project()
    kept, gone = [await ann.task(project, title) for title in ("Dig", "Sow")]
    assert (await ann.submit(project, {"type": "delete_task", "id": gone})).is_success
    answer = await export(ann, project, f"?format={form}")
    assert answer.headers["content-type"] == FORMATS[form]
    assert f'filename="Garden.{form}"' in answer.headers["content-disposition"]
    content = answer.content
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read("xl/worksheets/sheet1.xml")
    assert b"Dig" in content and b"Sow" not in content
    assert form != "ics" or kept.encode() in content


@pytest.mark.parametrize("form", ["json", "ndjson", *FORMATS])
async def test_an_empty_project_is_a_file_too(ann: Person, form: str) -> None:
    project = await ann.project(columns=[])
    assert len((await export(ann, project, f"?format={form}")).content) >= len("# Garden\n")


async def test_cards_come_column_by_column_from_top_to_bottom_over_many_pages(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    project = await ann.project()
    for n in range(7):
        await ann.task(project, f"Card {n}")
    lines = (await export(ann, project, "?format=csv")).text.splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == [f"Card {n}" for n in range(7)]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?format=md&bom=true", "/bom"),
        ("?format=docx", "/format"),
        ("?format=json&history=true", "/history"),
        ("?format=ndjson&history=perhaps", "/history"),
        ("?colour=red", "/colour"),
    ],
)
async def test_what_makes_no_sense_is_refused(ann: Person, query: str, pointer: str) -> None:
    told = problem(await ann.get(f"/v1/projects/{await ann.project()}/export{query}"), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == [pointer]  # type: ignore[attr-defined]


async def test_who_is_not_in_the_project_finds_nothing(ann: Person, ben: Person) -> None:
    project = await ann.project()
    problem(await ben.get(f"/v1/projects/{project}/export"), 404, "not_found")
    await ann.let_in(ben, project, "viewer")
    await export(ben, project)


async def test_names_that_are_no_file_names_are_told_safely(ann: Person) -> None:
    project = await ann.project(name='../"Äpfel"\\; 100 %')
    header = (await export(ann, project)).headers["content-disposition"]
    plain = header.partition('filename="')[2].partition('"')[0]
    assert plain.isascii() and not set(plain) & set('/\\";%')
    assert header.endswith("filename*=UTF-8''..%2F%22%C3%84pfel%22%5C%3B%20100%20%25.json")


async def test_somebody_has_so_many_exports_at_once_and_no_more(app: Starlette, ann: Person, ben: Person) -> None:
    project = await ann.project()
    await ann.let_in(ben, project, "viewer")
    path = f"/v1/projects/{project}/export"
    async with AsyncExitStack() as held:
        for _ in range(2):
            await held.enter_async_context(Held(app, path, ann))
        refused = await ann.get(path)
        problem(refused, 429, "rate")
        assert int(refused.headers["retry-after"]) >= 1
        await export(ben, project)
    await export(ann, project)


async def test_whoever_goes_away_in_the_middle_keeps_no_place(app: Starlette, ann: Person) -> None:
    path = f"/v1/projects/{await ann.project()}/export"
    for _ in range(3):
        async with Held(app, path, ann, breaks=True):
            pass
    assert (await ann.get(path)).status_code == 200


class Held:
    """A download whose reader takes nothing until it is left, or whose line breaks then."""

    def __init__(self, app: Starlette, path: str, person: Person, *, breaks: bool = False) -> None:
        self._breaks = breaks
        self._go = asyncio.Event()
        self._begun = asyncio.Event()
        headers = [(b"authorization", person.headers["authorization"].encode())]
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": headers, "client": ("127.0.0.1", 1), "server": ("testserver", 80), "scheme": "http",
            "http_version": "1.1", "asgi": {"version": "3.0"},
        }  # fmt: skip
        self._running = asyncio.create_task(app(scope, self._receive, self._send))

    async def __aenter__(self) -> None:
        await self._begun.wait()

    async def __aexit__(self, *_: object) -> None:
        self._go.set()
        await self._running

    async def _receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self._begun.set()
            await self._go.wait()
            if self._breaks:
                raise OSError
