"""The list of deleted tasks: the last deleted first, page by page, with who deleted them."""

import pytest

from tests.api.people import Person, SignUp, problem


async def delete(person: Person, project: str, task: str) -> None:
    assert (await person.submit(project, {"type": "delete_task", "id": task})).is_success


async def test_deleted_tasks_come_with_who_deleted_them_and_go_when_they_are_restored(ann: Person, ben: Person) -> None:
    project = await ann.project()
    await ann.let_in(ben, project, "editor")
    first, second, there = [await ann.task(project, title) for title in ("Dig", "Sow", "Water")]
    path = f"/v1/projects/{project}/tasks?deleted=true"
    assert (await ann.get(path)).json() == {"items": [], "next": None}
    await delete(ann, project, first)
    await delete(ben, project, second)
    items = (await ann.get(path)).json()["items"]
    assert [(item["title"], item["deleted_by"]) for item in items] == [
        ("Sow", {"id": ben.id, "name": "Ben", "kind": "person"}),
        ("Dig", {"id": ann.id, "name": "Ann", "kind": "person"}),
    ]
    assert [item["number"] for item in items] == [2, 1]
    assert items[0]["deleted_at"] > items[1]["deleted_at"]
    for command in ({"type": "restore_task", "id": first}, {"type": "delete_task", "id": there}):
        assert (await ben.submit(project, command)).is_success
    assert (await ben.submit(project, {"type": "restore_task", "id": there})).is_success
    await delete(ann, project, there)
    assert [(item["title"], item["deleted_by"]["name"]) for item in (await ann.get(path)).json()["items"]] == [
        ("Water", "Ann"),
        ("Sow", "Ben"),
    ]


async def test_pages_hold_each_once_even_what_went_in_one_change(ann: Person) -> None:
    project = await ann.project()
    ids = [await ann.task(project, f"Task {n}") for n in range(7)]
    assert (await ann.submit(project, *({"type": "delete_task", "id": id} for id in ids[:5]))).is_success
    for id in ids[5:]:
        await delete(ann, project, id)
    found, path = [], f"/v1/projects/{project}/tasks?deleted=true&limit=2"
    while True:
        answer = await ann.get(path)
        found += [item["id"] for item in answer.json()["items"]]
        if answer.json()["next"] is None:
            break
        path = answer.headers["link"].removeprefix("<").removesuffix('>; rel="next"')
    assert found[:2] == [ids[6], ids[5]]
    assert sorted(found) == sorted(ids) and "link" not in answer.headers


SOME_ID = "01a1ffb7-b6b2-74a0-ad7c-dc014aef05c1"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("deleted=maybe", "/deleted"),
        ("deleted=true&status=todo", "/status"),
        ("deleted=true&deleted=true", "/deleted"),
        ("deleted=true&limit=0", "/limit"),
        ("deleted=true&limit=1001", "/limit"),
        ("deleted=true&cursor=", "/cursor"),
        ("deleted=true&cursor=1.x", "/cursor"),
        ("deleted=true&cursor=%00", "/cursor"),
        (f"deleted=true&cursor={10**40}.{SOME_ID}", "/cursor"),
        (f"deleted=true&cursor=-{10**17}.{SOME_ID}", "/cursor"),
        (f"deleted=true&cursor={'9' * 101}", "/cursor"),
        ("deleted=true&before=3", "/before"),
    ],
)
async def test_a_wrong_query_is_refused_by_the_name_of_its_field(ann: Person, query: str, pointer: str) -> None:
    project = await ann.project()
    told = problem(await ann.get(f"/v1/projects/{project}/tasks?{query}"), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == [pointer]  # type: ignore[attr-defined]


async def test_the_trash_is_for_members(ann: Person, sign_up: SignUp) -> None:
    project = await ann.project()
    milo = await sign_up("Milo")
    problem(await milo.get(f"/v1/projects/{project}/tasks?deleted=true"), 404, "not_found")
