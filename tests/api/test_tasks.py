"""One task over REST: made, edited, replaced, deleted and restored, in the words of people, all of it or nothing."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from server.domain.ids import new_id
from tests.api.people import Person, problem


@pytest.fixture
async def project(ann: Person) -> str:
    return await ann.project()


def path(project: str, task: str = "") -> str:
    return f"/v1/projects/{project}/tasks" + (f"/{task}" if task else "")


async def make(person: Person, project: str, **fields: object) -> dict[str, Any]:
    made = await person.post(path(project), json={"title": "Dig", **fields})
    assert made.status_code == 201, made.text
    body: dict[str, Any] = made.json()
    return body


async def edit(person: Person, project: str, task: str, **fields: object) -> dict[str, Any]:
    edited = await person.patch(path(project, task), json=fields)
    assert edited.status_code == 200, edited.text
    body: dict[str, Any] = edited.json()
    return body


async def snapshot(person: Person, project: str) -> dict[str, Any]:
    body: dict[str, Any] = (await person.get(f"/v1/projects/{project}/snapshot")).json()
    return body


async def seq(person: Person, project: str) -> int:
    return int((await person.get(f"/v1/projects/{project}")).json()["seq"])


def wrong(body: dict[str, object]) -> list[str]:
    return [error["pointer"] for error in body["errors"]]  # type: ignore[attr-defined]


# Made


async def test_a_task_needs_no_more_than_a_title(ann: Person, project: str) -> None:
    answer = await ann.post(path(project), json={"title": " Dig "})
    task = answer.json()["task"]
    assert answer.status_code == 201
    assert answer.headers["location"] == path(project, task["id"])
    assert (task["title"], task["status"], task["priority"], task["project_id"]) == ("Dig", "todo", 5, project)
    read = await ann.get(answer.headers["location"])
    assert (read.headers["etag"], read.json()) == (answer.headers["etag"], answer.json())


async def test_everything_of_a_task_is_one_change(ann: Person, project: str) -> None:
    first = await make(ann, project)
    before = await seq(ann, project)
    id = str(new_id())
    made = await make(
        ann,
        project,
        id=id,
        description="Deep.",
        status="in_progress",
        priority="urgent",
        start_at="2026-05-01",
        due_at="2026-05-12T11:30:00+02:00",
        labels=[" Soil ", "soil", "Heavy"],
        assignees=["me", ann.email.upper(), ann.id],
        depends_on=["#1", first["task"]["id"]],
        archived=True,
    )
    task = made["task"]
    assert await seq(ann, project) == before + 1
    assert (task["id"], task["status"], task["priority"], task["due_at"]) == (
        id,
        "in_progress",
        1,
        "2026-05-12T09:30:00Z",
    )
    assert (made["description"]["text"], task["assignee_ids"]) == ("Deep.", [ann.id])
    assert task["archived_at"] is not None
    assert [link["depends_on_id"] for link in made["dependencies"]] == [first["task"]["id"]]
    labels = {label["id"]: label["name"] for label in (await snapshot(ann, project))["labels"]}
    assert [labels[id] for id in task["label_ids"]] == ["Soil", "Heavy"]
    change = (await ann.get(f"/v1/projects/{project}/changes?since={before}")).json()["changes"][0]
    assert change["kind"] == "create_task"


@pytest.mark.parametrize(("name", "number"), [("urgent", 1), ("high", 3), ("medium", 5), ("low", 8), (7, 7), (None, 5)])
async def test_a_priority_is_a_number_or_a_name(ann: Person, project: str, name: object, number: int) -> None:
    task = (await make(ann, project, priority=name))["task"]
    assert task["priority"] == number


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"status": "pending"}, "todo"),
        ({"status": "completed"}, "completed"),
        ({"completed": True}, "completed"),
        ({"completed": False}, "todo"),
        ({"status": "in_progress", "completed": False}, "in_progress"),
    ],
)
async def test_a_status_leads_to_its_first_column(ann: Person, project: str, said: dict[str, Any], status: str) -> None:
    task = (await make(ann, project, **said))["task"]
    assert (task["status"], task["completed_at"] is not None) == (status, status == "completed")


async def test_two_who_name_the_same_new_label_make_one(ann: Person, project: str) -> None:
    made = await asyncio.gather(*(make(ann, project, labels=["Soil"]) for _ in range(12)))
    (label,) = (await snapshot(ann, project))["labels"]
    assert [one["task"]["label_ids"] for one in made] == [[label["id"]]] * 12


async def test_a_label_that_was_deleted_is_made_anew(ann: Person, project: str) -> None:
    first = (await make(ann, project, labels=["Soil"]))["task"]
    await ann.submit(project, {"type": "delete_label", "id": first["label_ids"][0]})
    for _ in range(2):
        again = await edit(ann, project, first["id"], labels=["Soil"])
        (label,) = (await snapshot(ann, project))["labels"]
        assert again["task"]["label_ids"] == [label["id"]]
        await ann.submit(project, {"type": "delete_label", "id": label["id"]})


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": None}, "/title"),
        ({"titel": "Dig"}, "/titel"),
        ({"status": "doing"}, "/status"),
        ({"status": "backlog"}, "/status"),
        ({"status": "todo", "completed": True}, "/completed"),
        ({"column_id": str(uuid4())}, "/column_id"),
        ({"column_id": "todo"}, "/column_id"),
        ({"priority": 0}, "/priority"),
        ({"priority": "asap"}, "/priority"),
        ({"due_at": "tomorrow"}, "/due_at"),
        ({"labels": ["Soil", ""]}, "/labels/1"),
        ({"labels": ["Soil", "  "]}, "/labels/1"),
        ({"labels": ["x" * 101]}, "/labels/0"),
        ({"labels": "Soil"}, "/labels"),
        ({"label_ids": [str(uuid4())]}, "/label_ids/0"),
        ({"labels": [], "label_ids": []}, "/label_ids"),
        ({"assignees": ["nobody@example.org"]}, "/assignees/0"),
        ({"assignees": ["me", "Ann"]}, "/assignees/1"),
        ({"assignees": [str(uuid4())]}, "/assignees/0"),
        ({"assignee_ids": [str(uuid4())]}, "/assignee_ids/0"),
        ({"depends_on": ["#99"]}, "/depends_on/0"),
        ({"depends_on": [str(uuid4())]}, "/depends_on/0"),
        ({"depends_on": ["42"]}, "/depends_on/0"),
        ({"description": "\x00"}, "/description"),
    ],
)
async def test_what_makes_no_sense_is_pointed_at_and_makes_nothing(
    ann: Person, project: str, said: dict[str, Any], pointer: str
) -> None:
    body = problem(await ann.post(path(project), json={"title": "Dig", **said}), 422, "invalid")
    assert wrong(body) == [pointer], body
    assert (await seq(ann, project), (await snapshot(ann, project))["labels"]) == (1, [])


async def test_what_is_of_another_project_or_deleted_does_not_exist(ann: Person, project: str) -> None:
    elsewhere = await ann.project()
    other = (await make(ann, elsewhere, labels=["Soil"]))["task"]
    gone = (await make(ann, project))["task"]["id"]
    await ann.delete(path(project, gone))
    before = await seq(ann, project)
    for said, pointer in (
        ({"column_id": other["column_id"]}, "/column_id"),
        ({"label_ids": other["label_ids"]}, "/label_ids/0"),
        ({"depends_on": [other["id"]]}, "/depends_on/0"),
        ({"depends_on": [gone]}, "/depends_on/0"),
    ):
        assert wrong(problem(await ann.post(path(project), json={"title": "Dig", **said}), 422, "invalid")) == [pointer]
    for send in (ann.patch, ann.put):
        problem(await send(path(project, gone), json={"title": "Dig"}), 404, "not_found")
    problem(await ann.patch(path(project, other["id"]), json={"title": "Dig"}), 404, "not_found")
    assert await seq(ann, project) == before


async def test_a_stranger_learns_of_no_number(ann: Person, ben: Person, project: str) -> None:
    await make(ann, project)
    for number in ("#1", "#99"):
        answer = await ben.post(path(project), json={"title": "Dig", "depends_on": [number]})
        problem(answer, 404, "not_found")


async def test_an_address_that_is_not_in_the_project_is_refused_alike_with_and_without_an_account(
    ann: Person, ben: Person, project: str
) -> None:
    told = [
        problem(await ann.post(path(project), json={"title": "Dig", "assignees": [email]}), 422, "invalid")["errors"]
        for email in (ben.email, "nobody@example.org")
    ]
    assert told[0] == told[1]
    await ann.let_in(ben, project, "viewer")
    assert (await make(ann, project, assignees=[ben.email]))["task"]["assignee_ids"] == [ben.id]


async def test_a_task_that_waits_is_not_made_completed(ann: Person, project: str) -> None:
    await make(ann, project)
    answer = await ann.post(path(project), json={"title": "Sow", "completed": True, "depends_on": ["#1"]})
    problem(answer, 409, "blocked")
    await edit(ann, project, (await snapshot(ann, project))["tasks"][0]["id"], completed=True)
    await make(ann, project, completed=True, depends_on=["#1"])


async def test_an_id_makes_one_task(ann: Person, project: str) -> None:
    id = str(new_id())
    await make(ann, project, id=id)
    problem(await ann.post(path(project), json={"title": "Dig", "id": id}), 409, "conflict")


async def test_a_key_makes_one_task_even_where_its_answer_was_not_kept(ann: Person, project: str) -> None:
    headers = {"Idempotency-Key": "dig"}
    answers = [await ann.post(path(project), json={"title": "Dig"}, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (answers[1].headers["idempotent-replayed"], await seq(ann, project)) == ("true", 2)
    problem(await ann.post(path(project), json={"title": "Sow"}, headers=headers), 422, "id_reuse")


async def test_a_key_is_good_for_edits_as_well(ann: Person, project: str) -> None:
    """Sent again, an edit does not undo what came between."""
    target, headers = path(project, (await make(ann, project))["task"]["id"]), {"Idempotency-Key": "rename"}
    await ann.patch(target, json={"title": "Sow"}, headers=headers)
    await ann.patch(target, json={"title": "Reap"})
    again = await ann.patch(target, json={"title": "Sow"}, headers=headers)
    assert (again.status_code, again.json()["task"]["title"]) == (200, "Reap")
    problem(await ann.patch(target, json={"title": "Dig"}, headers=headers), 422, "id_reuse")
    for send in (
        ann.patch(target, json={}, headers={"Idempotency-Key": "k" * 256}),
        ann.delete(target, headers={"Idempotency-Key": "k" * 256}),
    ):
        problem(await send, 422, "invalid")


# Edited


async def test_an_edit_is_one_change_of_what_it_names(ann: Person, project: str) -> None:
    made = await make(ann, project, description="Deep.", labels=["Soil"], assignees=["me"], due_at="2026-05-12")
    id, before = made["task"]["id"], await seq(ann, project)
    after = await edit(ann, project, id, title="Dig deep", status="in_progress", labels=["Heavy"], priority="high")
    assert await seq(ann, project) == before + 1
    task = after["task"]
    assert (task["title"], task["status"], task["priority"]) == ("Dig deep", "in_progress", 3)
    assert (task["due_at"], task["assignee_ids"], after["description"]["text"]) == ("2026-05-12", [ann.id], "Deep.")
    cleared = await edit(ann, project, id, description=None, labels=None, assignees=[], due_at=None, priority=None)
    task = cleared["task"]
    assert (task["label_ids"], task["assignee_ids"], task["due_at"], task["priority"]) == ([], [], None, 5)
    assert (cleared["description"]["text"], task["has_description"]) == ("", False)


async def test_an_edit_that_is_refused_in_part_changes_nothing(ann: Person, project: str) -> None:
    id = (await make(ann, project))["task"]["id"]
    said = {"title": "Sow", "labels": ["Soil"], "assignees": ["nobody@example.org"]}
    assert wrong(problem(await ann.patch(path(project, id), json=said), 422, "invalid")) == ["/assignees/0"]
    now = await snapshot(ann, project)
    assert (now["tasks"][0]["title"], now["labels"], now["seq"]) == ("Dig", [], 2)


async def test_completed_completes_and_reopens_and_leaves_alone_what_is_so_already(ann: Person, project: str) -> None:
    await ann.submit(
        project, {"type": "create_column", "id": str(new_id()), "name": "Review", "category": "in_progress"}
    )
    columns = {one["name"]: one["id"] for one in (await snapshot(ann, project))["columns"]}
    id = (await make(ann, project, column_id=columns["Review"]))["task"]["id"]
    for said in ({"status": "in_progress"}, {"completed": False}):
        assert (await edit(ann, project, id, **said))["task"]["column_id"] == columns["Review"]
    done = (await edit(ann, project, id, completed=True))["task"]
    assert (done["column_id"], done["completed_at"] is not None) == (columns["Done"], True)
    again = (await edit(ann, project, id, completed=True))["task"]
    assert again == done
    assert (await edit(ann, project, id, completed=False))["task"]["column_id"] == columns["To do"]


async def test_a_task_is_archived_and_brought_back(ann: Person, project: str) -> None:
    id = (await make(ann, project))["task"]["id"]
    assert (await edit(ann, project, id, archived=True))["task"]["archived_at"] is not None
    assert (await edit(ann, project, id, archived=False))["task"]["archived_at"] is None


async def test_an_edit_says_what_a_task_waits_for_from_now_on(ann: Person, project: str) -> None:
    a, b, c = [(await make(ann, project))["task"]["id"] for _ in range(3)]
    await edit(ann, project, c, depends_on=[a, "#2"])
    after = await edit(ann, project, c, depends_on=[b])
    assert [link["depends_on_id"] for link in after["dependencies"]] == [b]
    problem(await ann.patch(path(project, b), json={"depends_on": [c]}), 409, "cycle")
    problem(await ann.patch(path(project, b), json={"depends_on": [b]}), 409, "cycle")
    assert (await edit(ann, project, c, depends_on=[]))["dependencies"] == []


async def test_an_edit_of_nothing_is_no_change(ann: Person, project: str) -> None:
    id = (await make(ann, project))["task"]["id"]
    await edit(ann, project, id)
    await edit(ann, project, id, title="Dig", status="todo", labels=[], archived=False)
    assert await seq(ann, project) == 2


# Replaced


async def test_a_replacement_has_what_it_says_and_the_default_of_everything_else(ann: Person, project: str) -> None:
    made = await make(
        ann, project, description="Deep.", labels=["Soil"], assignees=["me"], priority=1, status="in_progress"
    )
    id = made["task"]["id"]
    answer = await ann.put(path(project, id), json={"title": "Sow"})
    body = answer.json()
    task = body["task"]
    assert (answer.status_code, task["title"], task["status"]) == (200, "Sow", "in_progress")
    assert (task["priority"], task["label_ids"], task["assignee_ids"]) == (5, [], [])
    assert body["description"]["text"] == ""
    before = await seq(ann, project)
    assert (await ann.put(path(project, id), json={"title": "Sow"})).json()["task"] == task
    assert await seq(ann, project) == before
    assert wrong(problem(await ann.put(path(project, id), json={}), 422, "invalid")) == ["/title"]


async def test_a_replacement_of_what_never_was_makes_it(ann: Person, project: str) -> None:
    target = path(project, str(new_id()))
    made = await ann.put(target, json={"title": "Sow", "labels": ["Soil"]})
    assert (made.status_code, made.headers["location"]) == (201, target)
    again = await ann.put(target, json={"title": "Sow", "labels": ["Soil"]})
    assert (again.status_code, again.headers["etag"]) == (200, made.headers["etag"])
    await ann.delete(target)
    problem(await ann.put(target, json={"title": "Sow"}), 404, "not_found")


# Deleted


async def test_a_deleted_task_is_gone_and_comes_back_as_it_was(ann: Person, project: str) -> None:
    made = await make(ann, project, labels=["Soil"], description="Deep.")
    target = path(project, made["task"]["id"])
    assert (await ann.delete(target)).status_code == 204
    for answer in (await ann.get(target), await ann.patch(target, json={"title": "x"}), await ann.delete(target)):
        problem(answer, 404, "not_found")
    back = await ann.post(target + "/restore")
    assert (back.status_code, back.json()["task"], back.json()["description"]) == (
        200,
        made["task"],
        made["description"],
    )
    assert (await ann.post(target + "/restore")).headers["etag"] == back.headers["etag"]
    problem(await ann.post(path(project, str(uuid4())) + "/restore"), 404, "not_found")


# Conditions


async def test_who_has_read_an_older_task_is_told_so_instead_of_overwriting_it(ann: Person, project: str) -> None:
    id = (await make(ann, project))["task"]["id"]
    target = path(project, id)
    old = {"If-Match": (await ann.get(target)).headers["etag"]}
    await ann.submit(project, {"type": "add_comment", "id": str(new_id()), "task_id": id, "text": "When?"})
    body = {"title": "Sow"}
    for send in (ann.patch(target, json=body, headers=old), ann.put(target, json=body, headers=old)):
        problem(await send, 412, "precondition_failed")
    problem(await ann.delete(target, headers=old), 412, "precondition_failed")
    new = {"If-Match": '"other", ' + (await ann.get(target)).headers["etag"]}
    edited = await ann.patch(target, json=body, headers=new)
    assert (edited.status_code, edited.json()["task"]["title"]) == (200, "Sow")
    problem(await ann.patch(target, json={}, headers=new), 412, "precondition_failed")
    weak = {"If-Match": f"W/{edited.headers['etag']}"}
    problem(await ann.patch(target, json=body, headers=weak), 412, "precondition_failed")
    assert (await ann.put(target, json=body, headers={"If-Match": "*"})).status_code == 200
    assert (await ann.delete(target, headers={"If-Match": (await ann.get(target)).headers["etag"]})).status_code == 204


async def test_a_category_that_changed_is_a_change_of_the_status(ann: Person, project: str) -> None:
    task = (await make(ann, project))["task"]
    old = {"If-Match": (await ann.get(path(project, task["id"]))).headers["etag"]}
    await ann.submit(project, {"type": "update_column", "id": task["column_id"], "category": "backlog"})
    problem(await ann.patch(path(project, task["id"]), json={"title": "Sow"}, headers=old), 412, "precondition_failed")


async def test_of_many_with_the_same_tag_one_wins(ann: Person, project: str) -> None:
    target = path(project, (await make(ann, project))["task"]["id"])
    tag = {"If-Match": (await ann.get(target)).headers["etag"]}
    answers = await asyncio.gather(*(ann.patch(target, json={"title": f"Sow {n}"}, headers=tag) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_a_condition_on_what_is_not_there(ann: Person, project: str) -> None:
    target = path(project, str(uuid4()))
    for tag in ("*", '"1-0-0"'):
        problem(await ann.patch(target, json={}, headers={"If-Match": tag}), 404, "not_found")
        problem(await ann.put(target, json={"title": "Sow"}, headers={"If-Match": tag}), 412, "precondition_failed")
    new = {"If-None-Match": "*"}
    assert (await ann.put(target, json={"title": "Sow"}, headers=new)).status_code == 201
    problem(await ann.put(target, json={"title": "Sow"}, headers=new), 412, "precondition_failed")
