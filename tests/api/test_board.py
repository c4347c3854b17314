"""One board over REST: snapshot, changes, commands, a task in full."""

import gzip
import json
from uuid import UUID

import pytest
from sqlalchemy import text

from server.domain.ids import child_id, new_id
from server.storage.engine import Database
from tests.api.people import Person, problem


async def snapshot(person: Person, project: str) -> dict[str, object]:
    answer = await person.get(f"/v1/projects/{project}/snapshot")
    assert answer.status_code == 200
    body: dict[str, object] = answer.json()
    return body


async def test_a_snapshot_is_fetched_once_for_each_seq(ann: Person) -> None:
    project = await ann.project()
    first = await ann.get(f"/v1/projects/{project}/snapshot")
    body, tag = first.json(), first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert body["epoch"] in tag and tag.endswith(f'-{body["seq"]}"')
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await ann.get(f"/v1/projects/{project}/snapshot", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await ann.task(project)
    changed = await ann.get(f"/v1/projects/{project}/snapshot", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["seq"]) == (200, body["seq"] + 1)


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzipped", False),
    ],
)
async def test_a_snapshot_is_compressed_for_whom_it_helps(ann: Person, accepted: str, packed: bool) -> None:
    project = await ann.project()
    async with ann.stream("GET", f"/v1/projects/{project}/snapshot", headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert answer.headers["vary"].startswith("Accept-Encoding")
    assert json.loads(gzip.decompress(raw) if packed else raw)["project"]["id"] == project


async def test_changes_are_the_log_after_a_seq(ann: Person) -> None:
    project = await ann.project()
    board = await snapshot(ann, project)
    titles = [f'Task "{n}" é' for n in range(120)]
    for title in titles:
        await ann.task(project, title)
    path = f"/v1/projects/{project}/changes?since={board['seq']}&epoch={board['epoch']}"
    assert len((await ann.get(path)).json()["changes"]) == 100
    body = (await ann.get(path + "&limit=1000")).json()
    assert (body["epoch"], body["head"]) == (board["epoch"], board["seq"] + 120)  # type: ignore[operator]
    assert [change["ops"][0]["record"]["title"] for change in body["changes"]] == titles
    assert [change["seq"] for change in body["changes"]] == list(range(2, 122))
    assert {change["type"] for change in body["changes"]} == {"change"}
    part = (await ann.get(f"/v1/projects/{project}/changes?since=10&limit=60")).json()
    assert [change["seq"] for change in part["changes"]] == list(range(11, 71))
    assert (await ann.get(f"/v1/projects/{project}/changes?since={body['head']}")).json()["changes"] == []


@pytest.mark.parametrize(
    "query", ["since=99", "since=0&epoch=01900000-0000-7000-8000-000000000000", f"since={2**53 - 1}"]
)
async def test_what_the_log_does_not_hold_asks_for_a_resync(ann: Person, query: str) -> None:
    project = await ann.project()
    problem(await ann.get(f"/v1/projects/{project}/changes?{query}"), 410, "resync")


async def test_changes_below_the_floor_ask_for_a_resync(ann: Person, database: Database) -> None:
    project = await ann.project()
    await ann.task(project)
    async with database.begin() as connection:
        await connection.execute(text("UPDATE head SET floor_seq = 1"))
    problem(await ann.get(f"/v1/projects/{project}/changes?since=0"), 410, "resync")
    assert (await ann.get(f"/v1/projects/{project}/changes?since=1")).status_code == 200


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "/since"),
        ("since=", "/since"),
        ("since=-1", "/since"),
        ("since=1.5", "/since"),
        ("since=abc", "/since"),
        ("since=%00", "/since"),
        ("since=99999999999999999999999999", "/since"),
        ("since=0&limit=0", "/limit"),
        ("since=0&limit=1001", "/limit"),
        ("since=0&epoch=now", "/epoch"),
        ("since=0&sinse=1", "/sinse"),
    ],
)
async def test_a_wrong_query_is_refused_by_the_name_of_its_field(ann: Person, query: str, pointer: str) -> None:
    project = await ann.project()
    told = problem(await ann.get(f"/v1/projects/{project}/changes?{query}"), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == [pointer]  # type: ignore[attr-defined]


async def test_commands_are_one_change_under_the_clients_id(ann: Person) -> None:
    project, id = await ann.project(), str(new_id())
    commands = [{"type": "create_label", "id": str(new_id()), "name": name, "color": "red"} for name in ("a", "b")]
    first = await ann.submit(project, *commands, id=id)
    assert (first.status_code, first.json()) == (200, {"id": id, "seq": 2})
    again = await ann.submit(project, *commands, id=id)
    assert again.json() == {"id": id, "seq": 2, "duplicate": True}
    problem(await ann.submit(project, commands[0], id=id), 422, "id_reuse")


async def test_a_command_id_comes_from_the_user_and_the_idempotency_key(ann: Person) -> None:
    project = await ann.project()
    body = {"commands": [{"type": "update_project", "name": "Park"}]}
    answer = await ann.post(f"/v1/projects/{project}/commands", json=body, headers={"Idempotency-Key": "k1"})
    assert answer.json()["id"] == str(child_id(UUID(ann.id), "k1"))


async def test_a_refused_command_is_a_problem_with_its_code(ann: Person, ben: Person) -> None:
    project = await ann.project()
    task, board = await ann.task(project), await snapshot(ann, project)
    await ann.let_in(ben, project, "viewer")
    edit = {"type": "update_task", "id": task, "title": "Sow"}
    problem(await ben.submit(project, edit), 403, "forbidden")
    problem(await ann.submit(project, {**edit, "id": str(new_id())}), 404, "not_found")
    await ann.submit(project, edit)
    told = problem(await ann.submit(project, {**edit, "title": "Mow", "base_seq": board["seq"]}), 409, "conflict")
    assert told["current"] == {"title": "Sow"}
    link = {"type": "add_dependency", "id": str(new_id()), "task_id": task, "depends_on_id": task}
    problem(await ann.submit(project, link), 409, "cycle")


async def test_a_wrong_command_is_refused_by_its_place(ann: Person) -> None:
    project = await ann.project()
    good = {"type": "update_project", "name": "Park"}
    told = problem(await ann.submit(project, good, {"type": "update_task", "id": "7"}), 422, "invalid")
    assert told["errors"] == [{"pointer": "/commands/1/id", "detail": "Invalid UUID"}]
    assert (await ann.get(f"/v1/projects/{project}")).json()["name"] == "Garden"


async def test_a_task_comes_with_all_its_details(ann: Person) -> None:
    project = await ann.project()
    task, other = await ann.task(project), await ann.task(project, "Sow")
    await ann.submit(
        project,
        {"type": "describe_task", "id": task, "text": "Deep.", "base_seq": 3},
        {"type": "add_comment", "id": str(new_id()), "task_id": task, "text": "When?"},
        {"type": "add_checklist_item", "id": str(new_id()), "task_id": task, "text": "Spade"},
        {"type": "add_dependency", "id": str(new_id()), "task_id": task, "depends_on_id": other},
    )
    answer = await ann.get(f"/v1/projects/{project}/tasks/{task}")
    body = answer.json()
    assert (body["task"]["id"], body["task"]["comment_count"], body["seq"]) == (task, 1, 4)
    assert (body["task"]["project_id"], body["task"]["status"]) == (project, "todo")
    assert body["description"]["text"] == "Deep."
    assert [one["text"] for one in body["comments"] + body["checklist_items"]] == ["When?", "Spade"]
    assert [one["depends_on_id"] for one in body["dependencies"]] == [other]


async def test_a_task_is_fetched_again_only_when_something_of_it_changed(ann: Person) -> None:
    project = await ann.project()
    task, other = await ann.task(project), await ann.task(project, "Sow")
    item, next_item, comment = (str(new_id()) for _ in range(3))
    column = (await ann.get(f"/v1/projects/{project}/tasks/{task}")).json()["task"]["column_id"]
    path = f"/v1/projects/{project}/tasks/{task}"
    touching: list[dict[str, object]] = [
        {"type": "update_task", "id": task, "title": "Dig deep"},
        {"type": "describe_task", "id": task, "text": "Deep.", "base_seq": 9},
        {"type": "add_comment", "id": comment, "task_id": task, "text": "When?"},
        {"type": "edit_comment", "id": comment, "text": "When, then?"},
        {"type": "delete_comment", "id": comment},
        {"type": "add_checklist_item", "id": item, "task_id": task, "text": "Spade"},
        {"type": "add_checklist_item", "id": next_item, "task_id": task, "text": "Boots"},
        {"type": "update_checklist_item", "id": item, "done": True},
        {"type": "update_checklist_item", "id": item, "text": "A spade"},
        {"type": "move_checklist_item", "id": item, "place": "bottom"},
        {"type": "delete_checklist_item", "id": item},
        {"type": "add_dependency", "id": str(new_id()), "task_id": other, "depends_on_id": task},
        {"type": "delete_task", "id": other},
        {"type": "restore_task", "id": other},
        {"type": "update_column", "id": column, "category": "backlog"},
        {"type": "archive_task", "id": task},
        {"type": "unarchive_task", "id": task},
    ]
    for command in touching:
        known = {"If-None-Match": (await ann.get(path)).headers["etag"]}
        assert (await ann.submit(project, {"type": "update_project", "name": f"Park {command['type']}"})).is_success
        assert (await ann.get(path, headers=known)).status_code == 304, command
        assert (await ann.submit(project, command)).is_success, command
        assert (await ann.get(path, headers=known)).status_code == 200, command


async def test_the_tag_of_a_task_tells_the_change_that_touched_it_last(ann: Person) -> None:
    project = await ann.project()
    task, path = await ann.task(project), f"/v1/projects/{project}/tasks/"
    await ann.task(project, "Sow")
    assert (await ann.get(path + task)).headers["etag"].endswith('-2"')
    await ann.submit(project, {"type": "add_comment", "id": str(new_id()), "task_id": task, "text": "When?"})
    assert (await ann.get(path + task)).headers["etag"].endswith('-4"')


async def test_a_task_of_another_project_or_a_deleted_one_is_not_there(ann: Person) -> None:
    project, other = await ann.project(), await ann.project()
    task = await ann.task(project)
    problem(await ann.get(f"/v1/projects/{other}/tasks/{task}"), 404, "not_found")
    await ann.submit(project, {"type": "delete_task", "id": task})
    problem(await ann.get(f"/v1/projects/{project}/tasks/{task}"), 404, "not_found")
