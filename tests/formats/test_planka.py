"""A board of Planka, from the answers of its API, whole or in several pieces."""

from datetime import UTC, datetime
from typing import Any

import pytest

from server.domain.errors import Invalid
from server.domain.records import ChecklistItem, Column, Comment, Description, Label, Member, Task
from server.formats.report import Person
from tests.formats.boards import note, only, read, records

LISTS = [
    {"id": "3", "type": "closed", "position": 3, "name": "Shelf"},
    {"id": "1", "type": "active", "position": 1, "name": "To do"},
    {"id": "8", "type": "archive", "position": None, "name": None},
    {"id": "9", "type": "trash", "position": None, "name": None},
]


def board(**included: Any) -> dict[str, Any]:
    return {"item": {"id": "10", "name": "Plans"}, "included": {"lists": LISTS, "cards": [], **included}}


def card(id: str, **fields: Any) -> dict[str, Any]:
    return {"id": id, "name": f"Card {id}", "listId": "1", "position": 65536, **fields}


def test_lists_tell_what_they_stand_for() -> None:
    made = read("planka", board(cards=[card("c", listId="3", listChangedAt="2026-01-02T00:00:00.000Z")]))
    columns = sorted(records(made, Column), key=lambda column: column.rank)
    assert [(column.name, column.category) for column in columns] == [("To do", "todo"), ("Shelf", "completed")]
    assert only(made, Task).completed_at == datetime(2026, 1, 2, tzinfo=UTC)


def test_the_archive_returns_to_where_it_was_and_the_trash_stays_out() -> None:
    made = read(
        "planka", board(cards=[card("a", listId="8", prevListId="1"), card("b", listId="8"), card("c", listId="9")])
    )
    names = {column.id: column.name for column in records(made, Column)}
    assert [(task.title, names[task.column_id], bool(task.archived_at)) for task in records(made, Task)] == [
        ("Card a", "To do", True),
        ("Card b", "Archive (archived)", True),
    ]
    assert note(made.report.dropped, "Cards in the trash").examples == ("Card c",)


def test_a_card_with_everything() -> None:
    made = read(
        "planka",
        board(
            cards=[card("c", dueDate="2026-03-01T10:00:00.000Z", creatorUserId="u", description="Why", isClosed=True)],
            users=[{"id": "u", "name": "Ann", "email": "ann@example.com"}],
            labels=[{"id": "x", "name": None, "color": "berry-red"}],
            cardLabels=[{"cardId": "c", "labelId": "x"}],
            cardMemberships=[{"cardId": "c", "userId": "u"}],
            taskLists=[{"id": "k", "cardId": "c", "name": "Steps"}],
            tasks=[
                {"id": "2", "taskListId": "k", "name": "Second", "position": 2, "assigneeUserId": "u"},
                {"id": "1", "taskListId": "k", "name": "First", "position": 1, "isCompleted": True},
            ],
            customFields=[{"id": "f", "name": "Priority"}],
            customFieldValues=[{"cardId": "c", "customFieldId": "f", "content": "High"}],
            attachments=[
                {"id": "a", "cardId": "c", "name": "Site", "type": "link", "data": {"url": "https://a.example"}}
            ],
        ),
    )
    task, ann = only(made, Task), only(made, Member)
    assert (task.due_at, task.priority, task.created_by, task.assignee_ids) == (
        "2026-03-01T10:00:00Z",
        3,
        ann.id,
        (ann.id,),
    )
    assert only(made, Label).color == "red"
    assert [(item.text, item.done) for item in records(made, ChecklistItem)] == [
        ("First", True),
        ("Second (Ann)", False),
    ]
    assert only(made, Description).text.splitlines() == [
        "Why",
        "",
        "| Field | Value |",
        "| --- | --- |",
        "| Priority | High |",
        "",
        "Attachments:",
        "",
        "- [Site](<https://a.example>)",
    ]
    assert made.people == (Person("u", "Ann", "ann@example.com"),)
    assert "ann@example.com" not in repr(made.records)
    assert note(made.report.dropped, "The mark of complete cards").count == 1


def test_version_1_has_its_tasks_on_the_card() -> None:
    made = read("planka", board(cards=[card("c")], tasks=[{"id": "1", "cardId": "c", "name": "First"}]))
    assert only(made, ChecklistItem).text == "First"


def test_answers_about_its_cards_may_stand_beside_the_board() -> None:
    archive = {"items": [card("old", listId="8")], "included": {"cardLabels": []}}
    comments = {
        "items": [{"id": "m", "cardId": "c", "text": "Hello", "userId": "u", "createdAt": "2026-01-04T00:00:00.000Z"}],
        "included": {"users": [{"id": "u", "name": "Ann"}]},
    }
    made = read("planka", [board(cards=[card("c", commentsTotal=1)]), archive, comments])
    assert {task.title for task in records(made, Task)} == {"Card c", "Card old"}
    assert (only(made, Comment).text, only(made, Member).name) == ("Hello", "Ann")
    assert not made.report.dropped


def test_comments_that_the_board_does_not_bring_are_told() -> None:
    made = read("planka", board(cards=[card("c", commentsTotal=2)]))
    assert note(made.report.dropped, "Comments that are counted").count == 2


def test_one_of_several_boards_is_chosen() -> None:
    other = {"item": {"id": "11", "name": "Other"}, "included": {"lists": [{"id": "5", "name": "X", "boardId": "11"}]}}
    made = read("planka", [board(), other], board="Other")
    assert (made.name, made.boards) == ("Other", ("Plans", "Other"))
    assert note(made.report.dropped, "Other boards").examples == ("Plans",)
    with pytest.raises(Invalid, match="no board of that id"):
        read("planka", board(), board="Nowhere")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"items": [{"id": "m", "cardId": "c", "text": "Hello"}], "included": {}}, "only comments"),
        ({"items": [card("c")], "included": {}}, "only cards of one"),
        ({"items": [{"id": "100", "name": "Project"}], "included": {"boards": []}}, "not a board of Planka"),
        ([5, None], "not a board of Planka"),
        ({"item": 5}, "not a board of Planka"),
    ],
)
def test_answers_without_a_board_are_refused(content: Any, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read("planka", content)
