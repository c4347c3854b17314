"""Lists of tasks: what each parameter finds, what each sort says first, pages that lose nothing, and what is refused."""

from collections.abc import Mapping
from itertools import product
from uuid import uuid4

import pytest

from server.domain.ids import new_id
from tests.api.people import Person, SignUp, problem

ALL = {
    "Mow the lawn",
    "Buy ÄPFEL and pears",
    "Fix fence-post (north)",
    "水曜日の会議",
    "Old pond",
    "Done deal",
    "Paid bill",
}


class Plot:
    """A project of Ann's and Ben's with one task of every kind."""

    def __init__(self, ann: Person, ben: Person, project: str) -> None:
        self.ann, self.ben, self.project = ann, ben, project
        self.path = f"/v1/projects/{project}/tasks"
        self.columns: dict[str, str] = {}
        self.labels = {name: str(new_id()) for name in ("Garden", "Straße")}
        self.tasks: dict[str, str] = {}

    async def submit(self, *commands: Mapping[str, object]) -> None:
        answer = await self.ann.submit(self.project, *commands)
        assert answer.is_success, answer.text

    async def add(self, title: str, category: str = "todo", **fields: object) -> None:
        self.tasks[title] = id = str(new_id())
        column = self.columns[category]
        await self.submit({"type": "create_task", "id": id, "column_id": column, "title": title, **fields})

    async def find(self, query: str, person: Person | None = None) -> list[str]:
        answer = await (person or self.ann).get(f"{self.path}?{query}")
        assert answer.status_code == 200, answer.text
        return [item["title"] for item in answer.json()["items"]]


@pytest.fixture
async def plot(ann: Person, ben: Person) -> Plot:
    plot = Plot(ann, ben, await ann.project())
    await ann.let_in(ben, plot.project, "editor")
    snapshot = (await ann.get(f"/v1/projects/{plot.project}/snapshot")).json()
    plot.columns = {column["category"]: column["id"] for column in snapshot["columns"]}
    await plot.submit(
        *({"type": "create_label", "id": id, "name": name, "color": "red"} for name, id in plot.labels.items())
    )
    garden, street = plot.labels.values()
    await plot.add("Mow the lawn", priority=1, due_at="2001-01-01", label_ids=[garden], assignee_ids=[ann.id])
    await plot.add(
        "Buy ÄPFEL and pears", priority=3, due_at="2999-05-12", label_ids=[garden, street], description="Größe 100%"
    )
    await plot.add("Fix fence-post (north)", "in_progress", priority=8, assignee_ids=[ben.id])
    await plot.add("水曜日の会議", due_at="2999-05-12T09:30:00Z", description="pond_cleaning.txt")
    await plot.add("Old pond", due_at="2001-02-03T00:00:00Z")
    await plot.add("Done deal", "completed", due_at="2001-01-01")
    await plot.add("Paid bill", "completed")
    titles = plot.tasks
    link = {"type": "add_dependency", "id": str(new_id()), "task_id": titles["Mow the lawn"]}
    done = {"type": "add_dependency", "id": str(new_id()), "task_id": titles["Old pond"]}
    await plot.submit(
        {**link, "depends_on_id": titles["Fix fence-post (north)"]},
        {**done, "depends_on_id": titles["Done deal"]},
        {"type": "archive_task", "id": titles["Old pond"]},
    )
    return plot


FOUND: dict[str, set[str]] = {
    "": ALL,
    "status=pending": {"Mow the lawn", "Buy ÄPFEL and pears", "水曜日の会議", "Old pond"},
    "status=todo&status=in_progress&archived=false": ALL - {"Old pond", "Done deal", "Paid bill"},
    "status=backlog": set(),
    "column={completed}": {"Done deal", "Paid bill"},
    "column={completed}&status=todo": set(),
    "priority=1": {"Mow the lawn"},
    "priority=1-3": {"Mow the lawn", "Buy ÄPFEL and pears"},
    "priority=urgent&priority=low": {"Mow the lawn", "Fix fence-post (north)"},
    "label=garden": {"Mow the lawn", "Buy ÄPFEL and pears"},
    "label=%20GARDEN%20": {"Mow the lawn", "Buy ÄPFEL and pears"},
    "label={Straße}": {"Buy ÄPFEL and pears"},
    "label={Straße}&label=Garden": {"Mow the lawn", "Buy ÄPFEL and pears"},
    "label_all={Straße}&label_all=Garden": {"Buy ÄPFEL and pears"},
    "label=Garden&label_all=STRAßE": {"Buy ÄPFEL and pears"},
    "label=nothing": set(),
    "label_all=nothing": set(),
    "assignee=me": {"Mow the lawn"},
    "assignee={ben}": {"Fix fence-post (north)"},
    "assignee={ben_email}&assignee=me": {"Mow the lawn", "Fix fence-post (north)"},
    "assignee=nobody@example.org": set(),
    "due_from=2999-05-12": {"Buy ÄPFEL and pears", "水曜日の会議"},
    "due_from=2999-05-12T00:00:00Z": {"水曜日の会議"},
    "due_to=2001-01-01": {"Mow the lawn", "Done deal"},
    "due_from=2001-01-02&due_to=2999-05-12": {"Old pond", "Buy ÄPFEL and pears", "水曜日の会議"},
    "overdue=true": {"Mow the lawn"},
    "overdue=false": ALL - {"Mow the lawn"},
    "completed=true": {"Done deal", "Paid bill"},
    "completed=false&archived=false": ALL - {"Old pond", "Done deal", "Paid bill"},
    "blocked=true": {"Mow the lawn"},
    "blocked=false": ALL - {"Mow the lawn"},
    "archived=true": {"Old pond"},
    "created_from=2020-01-01&created_to=2999-12-31": ALL,
    "created_to=2020-01-01": set(),
    "updated_from=2999-01-01": set(),
    "updated_to=9999-12-31&created_from=0001-01-01": ALL,
    "title=ÄPFEL%20and": {"Buy ÄPFEL and pears"},
    "title=äpf": {"Buy ÄPFEL and pears"},
    "title=%25": set(),
    "q=äpfel": {"Buy ÄPFEL and pears"},
    "q=ÄPF%20PE": {"Buy ÄPFEL and pears"},
    "q=pfel": set(),
    "q=größe": {"Buy ÄPFEL and pears"},
    "q=buy%20100": {"Buy ÄPFEL and pears"},
    "q=fence-po": {"Fix fence-post (north)"},
    "q=(north)": {"Fix fence-post (north)"},
    "q=post": {"Fix fence-post (north)"},
    "q=会議": {"水曜日の会議"},
    "q=議会": set(),
    "q=clean": {"水曜日の会議"},
    "q=pond": {"Old pond", "水曜日の会議"},
    "q=pond%20—": {"Old pond", "水曜日の会議"},
    "q=%234": {"水曜日の会議"},
    "q=%234%20pond": {"水曜日の会議"},
    "q=4": set(),
    "q=%239999999999": set(),
    "q=%27%3B%20DROP%20TABLE%20%5C%3A*%26%7C!": set(),
}


async def test_every_parameter_finds_what_it_says_in_a_project_and_over_all(plot: Plot) -> None:
    names = {**plot.columns, **plot.labels, "ben": plot.ben.id, "ben_email": plot.ben.email.upper()}
    for query, expected in FOUND.items():
        asked = query.format(**names)
        assert set(await plot.find(asked)) == expected, query
        everywhere = await plot.ann.get(f"/v1/tasks?{asked}&project={plot.project}")
        assert {item["title"] for item in everywhere.json()["items"]} == expected, query
        counted = await plot.ann.get(f"{plot.path}?{asked}&count=true&limit=1")
        assert counted.json()["total"] == len(expected), query


async def test_words_are_found_as_soon_as_they_are_written_and_no_longer_than_they_stand(plot: Plot) -> None:
    task = plot.tasks["Paid bill"]
    await plot.submit({"type": "update_task", "id": task, "title": "Paid invoice"})
    await plot.submit({"type": "describe_task", "id": task, "text": "By transfer", "base_seq": 10_000})
    assert await plot.find("q=invoice") == await plot.find("q=transf") == ["Paid invoice"]
    await plot.submit({"type": "describe_task", "id": task, "text": "By cheque", "base_seq": 10_000})
    assert [await plot.find(query) for query in ("q=bill", "q=transfer", "q=cheque")] == [[], [], ["Paid invoice"]]
    await plot.submit({"type": "delete_task", "id": task})
    assert await plot.find("q=cheque") == []
    await plot.submit({"type": "restore_task", "id": task})
    assert await plot.find("q=cheque") == ["Paid invoice"]


SORTED = {
    "sort=created_at": ["Paid bill", "Done deal", "Old pond", "水曜日の会議", "Fix fence-post (north)"],
    "sort=created_at&order=asc": ["Mow the lawn", "Buy ÄPFEL and pears", "Fix fence-post (north)", "水曜日の会議"],
    "sort=updated_at": ["Old pond", "Paid bill"],
    "sort=due_at&completed=false": [
        "Mow the lawn",
        "Old pond",
        "Buy ÄPFEL and pears",
        "水曜日の会議",
        "Fix fence-post (north)",
    ],
    "sort=due_at&order=desc&completed=false": [
        *("水曜日の会議", "Buy ÄPFEL and pears", "Old pond", "Mow the lawn", "Fix fence-post (north)"),
    ],
    "sort=priority": ["Mow the lawn", "Buy ÄPFEL and pears"],
    "sort=priority&order=desc": ["Fix fence-post (north)"],
    "sort=title": [
        "Buy ÄPFEL and pears",
        "Done deal",
        "Fix fence-post (north)",
        "Mow the lawn",
        "Old pond",
        "Paid bill",
    ],
    "sort=number": ["Mow the lawn", "Buy ÄPFEL and pears", "Fix fence-post (north)", "水曜日の会議", "Old pond"],
    "sort=rank&order=asc": [
        "Mow the lawn",
        "Buy ÄPFEL and pears",
        "水曜日の会議",
        "Old pond",
        "Fix fence-post (north)",
    ],
    "sort=relevance&q=pond": ["Old pond", "水曜日の会議"],
}


async def test_every_sort_begins_as_it_says(plot: Plot) -> None:
    for query, expected in SORTED.items():
        assert (await plot.find(query))[: len(expected)] == expected, query


SORTS = ("created_at", "updated_at", "due_at", "priority", "title", "number", "rank", "relevance")


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", SORTS)
async def test_pages_hold_each_task_once_in_the_order_of_one_page(plot: Plot, sort: str, order: str) -> None:
    await plot.submit(
        *(
            {"type": "create_task", "id": str(new_id()), "column_id": plot.columns["todo"], "title": "Task same"}
            for _ in range(9)
        )
    )
    query = f"sort={sort}&order={order}" + ("&q=t" if sort == "relevance" else "")
    for path in (f"{plot.path}?{query}", f"/v1/tasks?project={plot.project}&{query}"):
        whole = [item["id"] for item in (await plot.ann.get(path)).json()["items"]]
        found, next = [], f"{path}&limit=2&count=true"
        while True:
            answer = await plot.ann.get(next)
            page = answer.json()
            assert (answer.status_code, page.get("total")) == (200, len(whole)), answer.text
            found += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            next = answer.headers["link"].removeprefix("<").removesuffix('>; rel="next"')
            assert page["next"] in next
        assert found == whole and len(whole) > 8
        assert "link" not in answer.headers


async def test_many_projects_are_one_list_in_one_order(ann: Person, ben: Person) -> None:
    """More of them than are asked for a page each, most with few tasks and some with many."""
    projects = [await ann.project() for _ in range(11)]
    for n, project in enumerate(projects):
        snapshot = (await ann.get(f"/v1/projects/{project}/snapshot")).json()
        first = snapshot["columns"][0]["id"]
        made = [
            {
                "type": "create_task",
                "id": str(new_id()),
                "column_id": first,
                "title": f"Task {n} {k}",
                "priority": 1 + (n + k) % 7,
                "due_at": f"2030-01-{1 + (3 * n + k) % 28:02}" if k % 2 else None,
                "assignee_ids": [ann.id] if k % 5 == 0 else [],
            }
            for k in range(30 if n in (3, 7) else n % 4)
        ]
        if made:
            assert (await ann.submit(project, *made)).is_success
    for sort, order, more in product(SORTS[:4], ("asc", "desc"), ("", "&assignee=me", "&q=task", "&priority=1-2")):
        path = f"/v1/tasks?sort={sort}&order={order}{more}"
        whole = (await ann.get(f"{path}&limit=1000")).json()["items"]
        keys = [item[sort] for item in whole if item[sort] is not None]
        assert keys == sorted(keys, reverse=order == "desc"), path
        assert all(item[sort] is None for item in whole[len(keys) :]), path
        found, next = [], f"{path}&limit=7"
        while True:
            answer = await ann.get(next)
            found += [item["id"] for item in answer.json()["items"]]
            if answer.json()["next"] is None:
                break
            next = answer.headers["link"].removeprefix("<").removesuffix('>; rel="next"')
        assert found == [item["id"] for item in whole], path
    total = (await ann.get("/v1/tasks?count=true&limit=1")).json()["total"]
    assert (
        total == len((await ann.get("/v1/tasks?limit=1000")).json()["items"]) == 60 + sum(n % 4 for n in range(11)) - 6
    )
    assert (await ben.get("/v1/tasks")).json() == {"items": [], "next": None}


async def test_a_list_shows_tasks_with_their_project_and_status(plot: Plot) -> None:
    items = (await plot.ann.get(f"{plot.path}?q=deal")).json()["items"]
    shown = (await plot.ann.get(f"{plot.path}/{plot.tasks['Done deal']}")).json()["task"]
    assert items == [shown]
    assert (shown["project_id"], shown["status"]) == (plot.project, "completed")


async def test_nothing_is_told_of_projects_that_are_not_yours_or_are_in_the_trash(plot: Plot, sign_up: SignUp) -> None:
    milo = await sign_up("Milo")
    problem(await milo.get(plot.path), 404, "not_found")
    assert (await milo.get(f"/v1/tasks?project={plot.project}")).json()["items"] == []
    assert (await milo.get(f"/v1/tasks?label={plot.labels['Garden']}")).json()["items"] == []
    other = await plot.ann.project()
    await plot.ann.task(other, "Elsewhere")
    wanted = {"name": "Night run", "scopes": ["read"], "project_ids": [other]}
    token = (await plot.ann.post("/v1/tokens", json=wanted)).json()["token"]
    by_token = await plot.ann.get("/v1/tasks", headers={"Authorization": f"Bearer {token}"})
    assert [item["title"] for item in by_token.json()["items"]] == ["Elsewhere"]
    assert (await plot.ann.delete(f"/v1/projects/{other}")).is_success
    assert "Elsewhere" not in {item["title"] for item in (await plot.ann.get("/v1/tasks")).json()["items"]}
    problem(await plot.ann.get(f"/v1/projects/{other}/tasks"), 404, "not_found")


@pytest.mark.parametrize("path", ["{project}", "all", "overdue"])
async def test_a_list_that_is_at_hand_need_not_be_sent_again(plot: Plot, path: str) -> None:
    """Also where only the tasks themselves can tell, as time goes on."""
    url = {"all": "/v1/tasks", "overdue": f"{plot.path}?overdue=false"}.get(path, plot.path)
    first = await plot.ann.get(url)
    kept = {"If-None-Match": first.headers["etag"]}
    assert (await plot.ann.get(url, headers=kept)).status_code == 304
    assert (await plot.ann.get(url + ("&" if "?" in url else "?") + "sort=priority", headers=kept)).status_code == 200
    await plot.add("Fresh")
    again = await plot.ann.get(url, headers=kept)
    assert again.status_code == 200 and "Fresh" in again.text and again.headers["etag"] != first.headers["etag"]


REFUSED = [
    *(("status=open", "/status"), ("status=", "/status"), ("column=x", "/column"), ("priority=0", "/priority")),
    *(("priority=11", "/priority"), ("priority=3-1", "/priority"), ("priority=1-", "/priority"), ("label=", "/label")),
    *(("assignee=Ben", "/assignee"), ("due_from=tomorrow", "/due_from"), ("due_to=2026-13-01", "/due_to")),
    *(("overdue=maybe", "/overdue"), ("completed=", "/completed"), ("created_from=2026-01-01T00:00", "/created_from")),
    *(("updated_to=1", "/updated_to"), ("title=", "/title"), ("title=%00", "/title"), ("q=%20", "/q"), ("q=!!", "/q")),
    *(("q=a%00b", "/q"), (f"q={'x' * 201}", "/q"), ("sort=seq", "/sort"), ("order=up", "/order"), ("limit=0", "/limit")),
    *(("limit=1001", "/limit"), ("limit=x", "/limit"), ("cursor=x", "/cursor"), ("cursor=%C3%A9", "/cursor")),
    *((f"cursor={'A' * 5000}", "/cursor"), ("count=2", "/count"), ("sort=relevance", "/sort"), ("before=1", "/before")),
    *(("sort=title&sort=rank", "/sort"), ("q=a&q=b", "/q"), ("overdue=1&overdue=1", "/overdue"), ("label=%00", "/label")),
    ("&".join(f"column={uuid4()}" for _ in range(101)), "/column"),
]  # fmt: skip


async def test_a_wrong_query_is_refused_by_the_name_of_its_parameter(ann: Person) -> None:
    project = await ann.project()
    for query, pointer in REFUSED:
        for path in (f"/v1/projects/{project}/tasks", "/v1/tasks"):
            told = problem(await ann.get(f"{path}?{query}"), 422, "invalid")
            assert [error["pointer"] for error in told["errors"]] == [pointer], query  # type: ignore[attr-defined]
    for query, pointer in (
        ("deleted=true", "/deleted"),
        ("sort=rank", "/sort"),
        ("title=x", "/title"),
        ("project=1", "/project"),
    ):
        told = problem(await ann.get(f"/v1/tasks?{query}"), 422, "invalid")
        assert [error["pointer"] for error in told["errors"]] == [pointer], query  # type: ignore[attr-defined]
    told = problem(await ann.get(f"/v1/projects/{project}/tasks?project={project}"), 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == ["/project"]  # type: ignore[attr-defined]


async def test_a_cursor_is_good_for_its_own_order_only_and_for_nobody_who_changed_it(plot: Plot) -> None:
    next = (await plot.ann.get(f"{plot.path}?limit=2")).json()["next"]
    assert len((await plot.ann.get(f"{plot.path}?cursor={next}")).json()["items"]) == len(ALL) - 2
    changed = next[:-4] + ("AAAA" if next[-4:] != "AAAA" else "BBBB")
    for query in (
        f"cursor={next}&sort=updated_at",
        f"cursor={next}&order=asc",
        f"cursor={changed}",
        f"cursor={next[4:]}",
    ):
        told = problem(await plot.ann.get(f"{plot.path}?{query}"), 422, "invalid")
        assert [error["pointer"] for error in told["errors"]] == ["/cursor"]  # type: ignore[attr-defined]
