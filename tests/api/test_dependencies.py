"""What a task waits for over REST: added by id or number, never in a circle, walked along in both directions, and taken away."""

from typing import Any
from uuid import uuid4

import pytest

from server.domain.ids import new_id
from tests.api.people import Person, SignUp, problem


@pytest.fixture
async def project(ann: Person) -> str:
    return await ann.project()


def path(project: str, task: str) -> str:
    return f"/v1/projects/{project}/tasks/{task}/dependencies"


async def wait(person: Person, project: str, task: str, end: str) -> str:
    answer = await person.post(path(project, task), json={"depends_on_id": end})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def tree(person: Person, project: str, task: str, query: str = "") -> list[tuple[int, str]]:
    answer = await person.get(path(project, task) + query)
    assert answer.status_code == 200, answer.text
    return [(link["depth"], link["task"]["title"]) for link in answer.json()["items"]]


async def test_a_task_waits_for_another_by_id_or_number(ann: Person, project: str) -> None:
    a, b, c = [await ann.task(project, title) for title in "ABC"]
    id = str(new_id())
    answer = await ann.post(path(project, c), json={"id": id, "depends_on": "#1"})
    assert (answer.status_code, answer.headers["location"]) == (201, f"{path(project, c)}/{id}")
    assert answer.json() == {"id": id, "task_id": c, "depends_on_id": a}
    assert (await ann.post(path(project, c), json={"depends_on": b})).status_code == 201
    listed = (await ann.get(path(project, c))).json()["items"]
    assert {link["task"]["id"]: (link["depth"], link["task"]["status"]) for link in listed} == {
        a: (1, "todo"),
        b: (1, "todo"),
    }


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({}, "/depends_on"),
        ({"depends_on": "#1", "depends_on_id": str(uuid4())}, "/depends_on"),
        ({"depends_on": "#99"}, "/depends_on"),
        ({"depends_on": "one"}, "/depends_on"),
        ({"depends_on_id": 1}, "/depends_on_id"),
        ({"task": "#1"}, "/task"),
    ],
)
async def test_what_makes_no_sense_is_pointed_at(ann: Person, project: str, said: dict[str, Any], pointer: str) -> None:
    body: Any = problem(await ann.post(path(project, await ann.task(project)), json=said), 422, "invalid")
    assert [error["pointer"] for error in body["errors"]] == [pointer]


async def test_neither_circles_nor_twins_nor_what_is_not_there(ann: Person, project: str) -> None:
    a, b, c = [await ann.task(project, title) for title in "ABC"]
    await wait(ann, project, a, b)
    await wait(ann, project, b, c)
    for task, end, status, code in (
        (c, a, 409, "cycle"),
        (a, a, 409, "cycle"),
        (a, b, 409, "conflict"),
        (a, str(uuid4()), 404, "not_found"),
        (str(uuid4()), a, 404, "not_found"),
    ):
        problem(await ann.post(path(project, task), json={"depends_on_id": end}), status, code)


async def test_the_tree_goes_both_ways_as_far_as_asked_with_everything_once(ann: Person, project: str) -> None:
    """A waits for B and C, which both wait for D, which waits for E."""
    a, b, c, d, e, gone = [await ann.task(project, title) for title in ("A", "B", "C", "D", "E", "Gone")]
    for task, end in ((a, b), (a, c), (b, d), (c, d), (d, e), (d, gone)):
        await wait(ann, project, task, end)
    await ann.delete(f"/v1/projects/{project}/tasks/{gone}")
    assert sorted(await tree(ann, project, a)) == [(1, "B"), (1, "C"), (2, "D"), (2, "D"), (3, "E")]
    assert sorted(await tree(ann, project, a, "?depth=1")) == [(1, "B"), (1, "C")]
    assert sorted(await tree(ann, project, d, "?direction=blocks")) == [(1, "B"), (1, "C"), (2, "A"), (2, "A")]
    assert await tree(ann, project, e) == []
    for query in ("?depth=0", "?depth=21", "?depth=x", "?direction=up", "?deep=1"):
        problem(await ann.get(path(project, a) + query), 422, "invalid")
    problem(await ann.get(path(project, gone)), 404, "not_found")


async def test_a_tree_is_fetched_again_only_when_it_changed(ann: Person, project: str) -> None:
    a, b = [await ann.task(project, title) for title in "AB"]
    known = {"If-None-Match": (await ann.get(path(project, a))).headers["etag"]}
    await ann.task(project, "C")
    assert (await ann.get(path(project, a), headers=known)).status_code == 304
    await wait(ann, project, a, b)
    assert (await ann.get(path(project, a), headers=known)).status_code == 200


async def test_a_dependency_is_taken_away_by_its_id_or_that_of_its_end_or_its_number(ann: Person, project: str) -> None:
    a, b = [await ann.task(project, title) for title in "AB"]
    for named in ("id", "end", "number", "query"):
        id = await wait(ann, project, a, b)
        suffix = {"id": f"/{id}", "end": f"/{b}", "number": "?depends_on=%232", "query": f"?depends_on={b}"}[named]
        assert (await ann.delete(path(project, a) + suffix)).status_code == 204, named
        problem(await ann.delete(path(project, a) + suffix), 404, "not_found")
        assert await tree(ann, project, a) == []


async def test_a_key_adds_one(ann: Person, project: str) -> None:
    a, b = [await ann.task(project, title) for title in "AB"]
    headers = {"Idempotency-Key": "once"}
    answers = [await ann.post(path(project, a), json={"depends_on_id": b}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_viewers_see_and_do_not_change(ann: Person, project: str, sign_up: SignUp) -> None:
    a, b = [await ann.task(project, title) for title in "AB"]
    id = await wait(ann, project, a, b)
    viewer = await sign_up("Vi")
    problem(await viewer.get(path(project, a)), 404, "not_found")
    await ann.let_in(viewer, project, "viewer")
    assert await tree(viewer, project, a) == [(1, "B")]
    problem(await viewer.delete(path(project, a) + f"/{id}"), 403, "forbidden")
    problem(await viewer.post(path(project, b), json={"depends_on_id": a}), 403, "forbidden")
