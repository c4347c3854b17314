"""A project of Vikunja, out of the ZIP with all of them."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from server.domain.errors import Invalid
from server.domain.records import Column, Comment, Description, Label, Member, Task
from server.formats.report import Translation
from tests.formats.boards import note, only, read, records
from tests.formats.damage import packed

ANN = {"id": 1, "username": "ann", "name": "Ann Lee"}


def task(id: int, **fields: Any) -> dict[str, Any]:
    return {"id": id, "title": f"Task {id}", "index": id, "due_date": "0001-01-01T00:00:00Z", "labels": None, **fields}


def project(*tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": 1, "title": "Plans", "tasks": list(tasks), "buckets": [], **fields}


def imported(*projects: Any, **choices: Any) -> Translation:
    return read("vikunja", packed(msgspec.json.encode(list(projects))), **choices)


def test_a_task_keeps_its_text_people_dates_and_comments() -> None:
    made = imported(
        project(
            task(
                7,
                description="<p>Why <strong>now</strong></p><ul><li>One</li></ul>",
                priority=4,
                due_date="2026-03-05T10:00:00Z",
                created="2026-03-01T10:00:00Z",
                created_by=ANN,
                assignees=[ANN],
                labels=[{"id": 3, "title": "Bug", "hex_color": "ff0000"}],
                comments=[{"id": 2, "comment": "<p>Hello</p>", "author": ANN, "created": "2026-03-02T10:00:00Z"}],
                related_tasks={"blocked": [{"title": "Task 8"}], "subtask": None},
                attachments=[{"file": {"name": "plan.pdf"}}],
                reminders=[{}, {}],
            )
        )
    )
    found, ann = only(made, Task), only(made, Member)
    assert (found.number, found.priority, found.due_at, found.start_at) == (7, 1, "2026-03-05T10:00:00Z", None)
    assert (found.created_by, found.assignee_ids, ann.name) == (ann.id, (ann.id,), "Ann Lee")
    assert found.created_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert only(made, Description).text.startswith("Why **now**\n\n- One\n\n| Field | Value |")
    assert "| Blocked | Task 8 |" in only(made, Description).text
    assert (only(made, Comment).text, only(made, Comment).author_id) == ("Hello", ann.id)
    assert only(made, Label).color == "#ff0000"
    assert {each.text: each.count for each in made.report.dropped} == {"Attachments.": 1, "Reminders.": 2}


def test_buckets_are_columns_and_done_tasks_are_in_the_done_one() -> None:
    buckets = [
        {"id": 2, "title": "Shut", "position": 2, "is_done_bucket": True},
        {"id": 1, "title": "Open", "position": 1, "limit": 3},
    ]
    places = [{"task_id": 2, "bucket_id": 1}]
    made = imported(project(task(1, bucket_id=1, done=True), task(2), task(3), buckets=buckets, task_buckets=places))
    names = {column.id: column.name for column in records(made, Column)}
    assert [names[each.column_id] for each in records(made, Task)] == ["Shut", "Open", "To do"]
    assert [(column.category, column.wip_limit) for column in records(made, Column)][1:] == [
        ("todo", 3),
        ("completed", None),
    ]


def test_a_list_without_buckets_gets_columns() -> None:
    made = imported(project(task(1), task(2, done=True, done_at="2026-03-04T00:00:00Z")))
    assert [column.name for column in records(made, Column)] == ["To do", "Done"]
    assert records(made, Task)[1].completed_at == datetime(2026, 3, 4, tzinfo=UTC)


def test_one_of_several_projects_is_chosen() -> None:
    empty, second = project(), project(task(5), id=2, title="Second")
    made = imported(empty, second)
    assert (made.name, made.boards) == ("Second", ("Plans", "Second"))
    assert note(made.report.dropped, "Other boards").examples == ("Plans",)
    assert imported(empty, second, board="1").name == "Plans"
    with pytest.raises(Invalid, match="no project of that id"):
        imported(empty, board="Nowhere")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", packed(b"{}"), packed(b"[]"), packed(b"[1]"), packed(b"nothing")]
)
def test_what_is_no_export_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read("vikunja", content)
