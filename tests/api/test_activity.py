"""What happened to one task: its own changes and no others, the latest first, page by page."""

from typing import Any

import pytest

from server.domain import commands as c
from server.domain.ids import new_id
from server.storage import past
from tests.api.people import Person, SignUp, problem
from tests.helpers.board import Board
from tests.storage.statements import asked


async def activity(person: Person, project: str, task: str, query: str = "") -> dict[str, Any]:
    answer = await person.get(f"/v1/projects/{project}/tasks/{task}/activity{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def whole(person: Person, project: str, task: str, limit: int) -> list[dict[str, Any]]:
    """All pages in one, by their links."""
    items: list[dict[str, Any]] = []
    path = f"/v1/projects/{project}/tasks/{task}/activity?limit={limit}"
    while True:
        answer = await person.get(path)
        body = answer.json()
        items += body["items"]
        if body["next"] is None:
            assert "link" not in answer.headers
            return items
        path, _, rel = answer.headers["link"].partition(">; ")
        assert (path[0], rel) == ("<", 'rel="next"')
        path = path[1:]


async def test_a_past_holds_all_that_is_about_the_task_and_nothing_else(ann: Person) -> None:
    project = await ann.project()
    task, other = await ann.task(project), await ann.task(project, "Sow")
    comment, item, link = (str(new_id()) for _ in range(3))
    for command in (
        {"type": "update_task", "id": task, "title": "Dig deep"},
        {"type": "add_comment", "id": comment, "task_id": task, "text": "Hi"},
        {"type": "edit_comment", "id": comment, "text": "Ho"},
        {"type": "add_checklist_item", "id": item, "task_id": task, "text": "Step"},
        {"type": "update_checklist_item", "id": item, "text": "Stride"},
        {"type": "describe_task", "id": task, "text": "Words", "base_seq": 100},
        {"type": "add_dependency", "id": link, "task_id": other, "depends_on_id": task},
        {"type": "remove_dependency", "id": link},
        {"type": "delete_checklist_item", "id": item},
        {"type": "delete_task", "id": task},
        {"type": "restore_task", "id": task},
        {"type": "delete_task", "id": task},
    ):
        assert (await ann.submit(project, command)).is_success, command
        assert (await ann.submit(project, {"type": "update_task", "id": other, "title": str(new_id())})).is_success
    kinds = [
        "create_task",
        "update_task",
        "add_comment",
        "edit_comment",
        "add_checklist_item",
        "update_checklist_item",
        "describe_task",
        "add_dependency",
        "remove_dependency",
        "delete_checklist_item",
        "delete_task",
        "restore_task",
        "delete_task",
    ]
    body = await activity(ann, project, task)
    assert [item["kind"] for item in body["items"]] == kinds[::-1]
    assert body["next"] is None
    for limit in (1, 4, 13):
        assert await whole(ann, project, task, limit) == body["items"]


async def test_of_a_change_about_many_only_the_tasks_own_ops_are_told(ann: Person) -> None:
    project = await ann.project()
    task, other = await ann.task(project), await ann.task(project, "Sow")
    edits = [{"type": "update_task", "id": id, "priority": 1} for id in (task, other)]
    assert (await ann.submit(project, *edits)).is_success
    newest = (await activity(ann, project, task))["items"][0]
    assert [op["id"] for op in newest["ops"]] == [task]
    told = (await ann.get(f"/v1/projects/{project}/changes?since={newest['seq'] - 1}")).json()["changes"][0]
    assert {**told, "ops": newest["ops"]} == newest


async def test_a_task_whose_id_is_said_elsewhere_has_no_share_in_that(ann: Person) -> None:
    project = await ann.project()
    task, other = await ann.task(project), await ann.task(project, "Sow")
    said = {"type": "add_comment", "id": task, "task_id": other, "text": f"see {task}"}
    assert (await ann.submit(project, said)).is_success
    assert [item["kind"] for item in (await activity(ann, project, task))["items"]] == ["create_task"]


async def test_a_long_log_is_read_through_in_stretches(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "LOOKED_AT_MAX", 3)
    project = await ann.project()
    task = await ann.task(project)
    for _ in range(8):
        await ann.task(project, "Other")
    assert (await ann.submit(project, {"type": "update_task", "id": task, "title": "Dug"})).is_success
    first = await activity(ann, project, task)
    assert ([item["kind"] for item in first["items"]], first["next"]) == (["update_task"], "9")
    assert (await activity(ann, project, task, "?cursor=9"))["items"] == []
    assert [item["kind"] for item in await whole(ann, project, task, 50)] == ["update_task", "create_task"]


async def test_a_page_costs_the_same_statements_however_long_the_past(board: Board) -> None:
    task = await board.task()
    counts = []
    for _ in range(2):
        with asked(board.database) as said:
            async with board.database.snapshot() as connection:
                assert await past.read(connection, board.project, task, before=1_000, floor=0, limit=50) is not None
        counts.append(len(said))
        for n in range(20):
            await board.submit(
                c.UpdateTask(id=task, title=f"Dig {n}"), c.AddComment(id=new_id(), task_id=task, text="Hi")
            )
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("cursor=0", "/cursor"),
        ("cursor=abc", "/cursor"),
        ("cursor=%00", "/cursor"),
        (f"cursor={2**64}", "/cursor"),
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("before=3", "/before"),
    ],
)
async def test_a_wrong_query_is_refused_by_the_name_of_its_field(ann: Person, query: str, pointer: str) -> None:
    project = await ann.project()
    task = await ann.task(project)
    told = problem(await ann.get(f"/v1/projects/{project}/tasks/{task}/activity?{query}"), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == [pointer]  # type: ignore[attr-defined]


async def test_a_past_is_for_members_and_of_tasks_that_were(ann: Person, sign_up: SignUp) -> None:
    project = await ann.project()
    task = await ann.task(project)
    milo = await sign_up("Milo")
    for person, of in ((milo, task), (ann, str(new_id()))):
        problem(await person.get(f"/v1/projects/{project}/tasks/{of}/activity"), 404, "not_found")
