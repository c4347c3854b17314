"""A file comes in by REST, is looked at, becomes records, and is taken back. Files that are no boards are refused with a sentence."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text

from server.settings import Settings
from tests.formats.boards import a_list, board, card, said
from tests.helpers.garden import Garden
from tests.helpers.jobs import ended, job, run_due
from tests.helpers.people import Message, Person

ANN_FROM_AFAR = {"id": "ann", "fullName": "Ann Otherwise", "username": "ann"}
FILE = msgspec.json.encode(
    board(
        members=[ANN_FROM_AFAR],
        lists=[a_list("l", "To plant", pos=1), a_list("d", "Done", pos=2)],
        labels=[{"id": "g", "name": "Green", "color": "green"}],
        cards=[
            card("one", name="Beans", idLabels=["g"], idMembers=["ann"], due="2026-05-12T09:30:00.000Z"),
            card("two", name="Peas", idList="d", desc="Sugar peas"),
            card("three", name="Kale"),
        ],
        actions=[said("c", "Soon", "one")],
    )
)


async def upload(person: Person, project: str, content: bytes = FILE, query: str = "", **options: Any) -> Any:
    return await person.rest("POST", f"/v1/projects/{project}/imports{query}", content=content, **options)


async def imported(garden: Garden, content: bytes = FILE) -> Message:
    """The job of an import that went well."""
    done = await ended(garden, await upload(garden.ann, garden.project, content))
    assert done["status"] == "completed", done["problem"]
    return done


def titles(snapshot: Message) -> list[str]:
    return sorted(task["title"] for task in snapshot["tasks"])


# In


async def test_a_file_becomes_columns_tasks_labels_and_people(garden: Garden) -> None:
    done = await imported(garden)
    assert (done["kind"], done["progress"]) == ("import", {"done": 9, "total": 9})
    assert done["result"]["report"]["created"] == {
        "member": 1, "column": 2, "label": 1, "task": 3, "description": 1, "comment": 1,
    }  # fmt: skip
    there = await garden.ann.snapshot(garden.project)
    assert titles(there) == ["Beans", "Kale", "Peas"]
    assert [one["name"] for one in sorted(there["columns"], key=lambda one: str(one["rank"]))][3:] == [
        "To plant", "Done",
    ]  # fmt: skip
    assert [(one["name"], one["role"]) for one in there["members"] if one["user_id"] is None] == [
        ("Ann Otherwise", None)
    ]


async def test_the_same_file_again_comes_beside_the_first(garden: Garden) -> None:
    await imported(garden)
    await imported(garden)
    assert titles(await garden.ann.snapshot(garden.project)) == ["Beans", "Beans", "Kale", "Kale", "Peas", "Peas"]


async def test_our_own_file_comes_back_beside_what_is_there_with_its_people(garden: Garden) -> None:
    ben = await garden.member("Ben")
    made = garden.create("Dig", assignee_ids=[ben.id])
    await garden.ann.rest("POST", f"/v1/projects/{garden.project}/commands", json={"commands": [made]})
    for form in ("json", "ndjson"):
        file = await garden.ann.rest("GET", f"/v1/projects/{garden.project}/export?format={form}")
        done = await imported(garden, file.content)
        assert [note["text"] for note in done["result"]["report"]["mapped"]] == [
            "Ids: the project has been in use, so everything gets new ones."
        ]
        assert done["result"]["report"]["dropped"] == []
    there = await garden.ann.snapshot(garden.project)
    assert titles(there) == ["Dig"] * 4
    assert {tuple(task["assignee_ids"]) for task in there["tasks"]} == {(ben.id,)}
    assert {task["created_by"] for task in there["tasks"]} == {garden.ann.id}
    assert {member["id"] for member in there["members"]} == {garden.ann.id, ben.id}


async def test_our_own_file_is_the_same_board_elsewhere_until_it_is_taken_back(garden: Garden) -> None:
    made = garden.create("Dig", description="Deep")
    gone = garden.create("Sow")
    said = {"type": "add_comment", "id": str(uuid4()), "task_id": gone["id"], "text": "Not this year"}
    waits = {"type": "add_dependency", "id": str(uuid4()), "task_id": made["id"], "depends_on_id": gone["id"]}
    commands = [made, gone, said, waits, {"type": "delete_task", "id": gone["id"]}]
    await garden.ann.rest("POST", f"/v1/projects/{garden.project}/commands", json={"commands": commands})
    file = (await garden.ann.rest("GET", f"/v1/projects/{garden.project}/export")).content
    elsewhere = await garden.ann.rest("POST", "/v1/projects", json={"name": "Garden", "columns": []})
    project = elsewhere.json()["id"]
    done = await ended(garden, await upload(garden.ann, project, file))
    assert done["status"] == "completed", done["problem"]
    assert (await garden.ann.rest("GET", f"/v1/projects/{project}/export")).content == file
    undone = await ended(garden, await garden.ann.rest("POST", f"/v1/projects/{project}/imports/{done['id']}/undo"))
    assert undone["status"] == "completed", undone["problem"]
    there = await garden.ann.snapshot(project)
    assert (there["tasks"], there["columns"], there["dependencies"]) == ([], [], [])


async def test_a_form_names_its_file(garden: Garden) -> None:
    table = b"Title;State\nBeans;To do\n"
    answer = await garden.ann.rest(
        "POST", f"/v1/projects/{garden.project}/imports?format=trello", files={"file": ("board.json", FILE)}
    )
    assert (await ended(garden, answer))["status"] == "completed"
    wrong = await garden.ann.rest("POST", f"/v1/projects/{garden.project}/imports", files={"another": ("x", table)})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/file")


async def test_a_request_sent_again_makes_one_job(garden: Garden) -> None:
    headers = {"Idempotency-Key": "once"}
    first, again = [await upload(garden.ann, garden.project, headers=headers) for _ in range(2)]
    assert first.json()["id"] == again.json()["id"]
    await run_due(garden)
    assert len((await garden.ann.snapshot(garden.project))["tasks"]) == 3
    elsewhere = await garden.ann.project("Elsewhere")
    assert (await upload(garden.ann, elsewhere, headers=headers)).json()["code"] == "id_reuse"


# A look first


async def test_a_dry_run_tells_and_changes_nothing_and_is_started_with_what_was_chosen(garden: Garden) -> None:
    looked = await ended(garden, await upload(garden.ann, garden.project, query="?dry_run=true&name=board.json"))
    assert (looked["kind"], looked["status"]) == ("import_preview", "completed")
    result = looked["result"]
    assert (result["format"], result["name"], result["records"]) == ("trello", "Plans", 9)
    assert result["people"] == [{"id": "ann", "name": "Ann Otherwise", "has_email": False, "member_id": None}]
    assert result["tasks"][0] == {
        "title": "Beans", "column": "To plant", "labels": ["Green"], "assignees": ["Ann Otherwise"],
        "due_at": "2026-05-12T09:30:00Z",
    }  # fmt: skip
    assert (await garden.ann.snapshot(garden.project))["tasks"] == []
    start = f"/v1/projects/{garden.project}/imports/{looked['id']}/start"
    done = await ended(garden, await garden.ann.rest("POST", start, json={"people": {"ann": garden.ann.id}}))
    assert done["result"]["people"][0]["member_id"] == garden.ann.id
    there = await garden.ann.snapshot(garden.project)
    assert [one["id"] for one in there["members"]] == [garden.ann.id]
    assert [one["assignee_ids"] for one in there["tasks"] if one["title"] == "Beans"] == [[garden.ann.id]]


async def test_only_what_was_looked_at_is_started_and_people_become_members_only(garden: Garden) -> None:
    waiting = await upload(garden.ann, garden.project, query="?dry_run=true")
    start = f"/v1/projects/{garden.project}/imports/{waiting.json()['id']}/start"
    early = await garden.ann.rest("POST", start, json={})
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    await run_due(garden)
    stranger = await garden.stranger()
    wrong = await garden.ann.rest("POST", start, json={"people": {"ann": stranger.id}})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/people/ann")
    unknown = await garden.ann.rest("POST", start, json={"poeple": {}})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "invalid")


async def test_people_are_found_by_their_address_which_nobody_keeps(garden: Garden) -> None:
    file = f"Title,Assignee Email\nBeans,{garden.ann.email}\nPeas,eve@elsewhere.example\n".encode()
    looked = await ended(garden, await upload(garden.ann, garden.project, file, "?dry_run=true&name=beds.csv"))
    ann, eve = looked["result"]["people"]
    assert (ann["has_email"], ann["member_id"], eve["member_id"]) == (True, garden.ann.id, None)
    start = f"/v1/projects/{garden.project}/imports/{looked['id']}/start"
    became = []
    choices: list[Message] = [{}, {"people": {eve["id"]: garden.ann.id}}, {"people": {}}]
    for chosen in choices:
        done = await ended(garden, await garden.ann.rest("POST", start, json=chosen))
        became.append([one["member_id"] for one in done["result"]["people"]])
    assert became == [[garden.ann.id, None], [None, garden.ann.id], [None, None]]
    async with garden.board.database.begin() as connection:
        kept = await connection.scalar(
            text("SELECT json_agg(job)::text || (SELECT json_agg(member)::text FROM member) FROM job")
        )
    assert "eve@elsewhere" not in kept and garden.ann.email not in kept


# What is no board


@pytest.mark.parametrize(
    ("content", "query", "sentence"),
    [
        (b'{"lists": [', "", "The file ends in the middle"),
        (b"\x1f\x8b\x08" + b"\0" * 20, "", "compressed with gzip"),
        (b"PK\x03\x04" + b"\0" * 40, "", "ZIP archive"),
        (b"hello", "", "not a board"),
        (b"hello", "?format=trello", "not JSON"),
        (b"\xff\xff\xff\x00", "", "not text"),
        (b'{"a": 1}', "", "not that of a board"),
    ],
)
async def test_what_is_no_board_is_a_job_that_failed_with_a_sentence(
    garden: Garden, content: bytes, query: str, sentence: str
) -> None:
    done = await ended(garden, await upload(garden.ann, garden.project, content, query))
    assert (done["status"], done["problem"]["code"]) == ("failed", "invalid")
    assert sentence in done["problem"]["detail"]
    assert (await garden.ann.snapshot(garden.project))["tasks"] == []


async def test_uploads_are_refused_that_are_empty_compressed_or_of_a_strange_type(garden: Garden) -> None:
    empty = await upload(garden.ann, garden.project, b"")
    assert (empty.status_code, empty.json()["detail"]) == (422, "The file is empty.")
    packed = await upload(garden.ann, garden.project, headers={"Content-Encoding": "gzip"})
    assert (packed.status_code, packed.json()["code"]) == (415, "unsupported_media_type")
    picture = await upload(garden.ann, garden.project, headers={"Content-Type": "image/png"})
    assert picture.status_code == 415
    broken = await upload(garden.ann, garden.project, headers={"Content-Type": "multipart/form-data"})
    assert (broken.status_code, broken.json()["code"]) == (422, "invalid")
    unknown = await upload(garden.ann, garden.project, query="?format=floppy")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/format")
    assert (await garden.ann.rest("GET", f"/v1/projects/{garden.project}/jobs")).json()["items"] == []


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, import_max_bytes=100_000)


async def test_a_file_may_be_so_large_and_no_larger(garden: Garden) -> None:
    told = await upload(garden.ann, garden.project, b"x" * 100_001)
    assert (told.status_code, told.json()["code"]) == (413, "body_too_large")

    async def pieces() -> Any:
        for _ in range(11):
            yield b"x" * 10_000

    untold = await upload(garden.ann, garden.project, pieces())
    assert (untold.status_code, untold.json()["code"]) == (413, "body_too_large")


# Who, and how many


async def test_only_admins_import_and_so_many_jobs_run_at_once(garden: Garden) -> None:
    ben = await garden.member("Ben", "editor")
    assert (await upload(ben, garden.project)).json()["code"] == "forbidden"
    assert (await upload(await garden.stranger(), garden.project)).status_code == 404
    answers = [await upload(garden.ann, garden.project) for _ in range(4)]
    assert [one.status_code for one in answers] == [202, 202, 202, 429]
    assert answers[3].json()["code"] == "rate" and "Retry-After" in answers[3].headers


async def test_an_importer_who_is_no_admin_any_more_brings_nothing_in(garden: Garden) -> None:
    ben = await garden.member("Ben", "admin")
    begun = await upload(ben, garden.project)
    await garden.ann.rest(
        "POST",
        f"/v1/projects/{garden.project}/commands",
        json={"commands": [{"type": "set_member_role", "id": ben.id, "role": "editor"}]},
    )
    await run_due(garden)
    told = await job(ben, begun.json()["id"])
    assert (told["status"], told["problem"]["code"]) == ("failed", "forbidden")
    assert (await garden.ann.snapshot(garden.project))["tasks"] == []


# Out again


async def undone(garden: Garden, id: str) -> Message:
    answer = await garden.ann.rest("POST", f"/v1/projects/{garden.project}/imports/{id}/undo")
    done = await ended(garden, answer)
    assert done["status"] == "completed", done["problem"]
    return dict(done["result"])


async def test_an_import_is_taken_back_whole(garden: Garden) -> None:
    mine = str(await garden.board.task("Mine"))
    done = await imported(garden)
    result = await undone(garden, done["id"])
    assert result == {
        "import_id": done["id"],
        "deleted": {"task": 3, "label": 1, "column": 2},
        "kept": {"task": 0, "label": 0, "column": 0},
        "kept_tasks": [],
    }
    there = await garden.ann.snapshot(garden.project)
    assert [one["id"] for one in there["tasks"]] == [mine]
    assert len(there["columns"]) == 3 and there["labels"] == []
    again = await undone(garden, done["id"])
    assert again["deleted"] == {"task": 0, "label": 0, "column": 0}


async def test_what_somebody_has_worked_on_since_stays_with_all_it_needs(garden: Garden) -> None:
    done = await imported(garden)
    tasks = {one["title"]: one["id"] for one in (await garden.ann.snapshot(garden.project))["tasks"]}
    ben = await garden.member("Ben", "editor")
    async with ben.socket(garden.project) as socket:
        await socket.submit(
            garden.project, {"type": "add_comment", "id": done["id"], "task_id": tasks["Beans"], "text": "Mine now"}
        )
        await socket.submit(garden.project, {"type": "delete_task", "id": tasks["Kale"]})
    result = await undone(garden, done["id"])
    assert result["deleted"] == {"task": 1, "label": 0, "column": 1}
    assert result["kept"] == {"task": 1, "label": 1, "column": 1}
    assert result["kept_tasks"] == ["Beans"]
    assert titles(await garden.ann.snapshot(garden.project)) == ["Beans"]


async def test_only_an_import_of_the_project_that_is_over_is_taken_back(garden: Garden) -> None:
    waiting = (await upload(garden.ann, garden.project)).json()["id"]
    early = await garden.ann.rest("POST", f"/v1/projects/{garden.project}/imports/{waiting}/undo")
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    elsewhere = await garden.ann.project("Elsewhere")
    strange = await garden.ann.rest("POST", f"/v1/projects/{elsewhere}/imports/{waiting}/undo")
    assert strange.status_code == 404
