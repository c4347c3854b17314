"""A board of Nextcloud Deck, out of a file that may hold several."""

from datetime import UTC, datetime
from typing import Any

import pytest

from server.domain.errors import Invalid
from server.domain.records import Column, Comment, Label, Member, Task
from tests.formats.boards import note, only, read, records

ANN = {"uid": "ann", "displayname": "Ann Lee", "type": 0}


def board(*cards: dict[str, Any], **fields: Any) -> dict[str, Any]:
    stacks = {"6": {"id": 6, "title": "To do", "order": 1, "cards": list(cards)}}
    return {"id": 1, "title": "Plans", "labels": [], "stacks": stacks, **fields}


def card(id: int, **fields: Any) -> dict[str, Any]:
    return {"id": id, "title": f"Card {id}", "stackId": 6, "order": 999, "createdAt": 1689667569, **fields}


def export(*boards: dict[str, Any]) -> dict[str, Any]:
    return {"version": "1.11.0", "boards": {str(each["id"]): each for each in boards}}


def test_a_card_keeps_its_people_dates_and_labels() -> None:
    label = {"id": 6, "title": "Bug", "color": "31CC7C"}
    given = card(
        6,
        owner=ANN,
        assignedUsers=[{"participant": ANN, "type": 0}, {"participant": {"uid": "team"}, "type": 1}],
        labels=[label],
        duedate="2050-07-24T22:00:00+00:00",
        startdate="2023-07-10T08:00:00+02:00",
        lastModified=1689667779,
        archived=True,
        comments=[{"id": 1, "message": "Hello", "actorId": "ben", "creationDateTime": "2023-07-19T08:00:00+00:00"}],
        commentsCount=2,
    )
    made = read("deck", export(board(given, labels=[label], owner=ANN)))
    task, ann = only(made, Task), records(made, Member)[0]
    assert (task.due_at, task.start_at) == ("2050-07-24T22:00:00Z", "2023-07-10T06:00:00Z")
    assert (task.created_by, task.assignee_ids, ann.name) == (ann.id, (ann.id,), "Ann Lee")
    assert task.created_at == datetime.fromtimestamp(1689667569, UTC)
    assert task.archived_at == task.updated_at == datetime.fromtimestamp(1689667779, UTC)
    assert only(made, Label).color == "#31cc7c" and task.label_ids == (only(made, Label).id,)
    assert only(made, Comment).text == "Hello" and records(made, Member)[1].name == "ben"
    assert len({task.id, only(made, Label).id, only(made, Column).id}) == 3
    assert note(made.report.dropped, "Groups to whom").count == 1
    assert note(made.report.dropped, "Comments that are counted").count == 1


def test_done_is_a_column_and_deleted_things_stay_out() -> None:
    stacks = [
        {
            "id": 1,
            "title": "Finished?",
            "order": 2,
            "isDoneColumn": True,
            "cards": [card(1, done="2023-07-18T10:00:00Z")],
        },
        {"id": 2, "title": "Gone", "deletedAt": 1689667779, "cards": [card(2)]},
        {"id": 3, "title": "To do", "order": 1, "cards": [card(3, deletedAt=5), card(4, done="2023-07-18T10:00:00Z")]},
    ]
    made = read("deck", board(stacks=stacks))
    columns = sorted(records(made, Column), key=lambda column: column.rank)
    assert [(column.name, column.category) for column in columns] == [("To do", "todo"), ("Finished?", "completed")]
    assert {task.title: task.completed_at for task in records(made, Task)} == {
        "Card 1": datetime(2023, 7, 18, 10, tzinfo=UTC),
        "Card 4": None,
    }
    assert note(made.report.dropped, "Deleted stacks").count == 2
    assert note(made.report.dropped, "Deleted cards").count == 1
    assert note(made.report.dropped, "The mark of complete cards").count == 1


def test_one_of_several_boards_is_chosen() -> None:
    second = board(card(5), id=2, title="Second")
    assert only(read("deck", export(board(), second), board="2"), Task).title == "Card 5"
    made = read("deck", export(board(), second))
    assert (made.name, made.boards) == ("Plans", ("Plans", "Second"))
    assert note(made.report.dropped, "Other boards").examples == ("Second",)
    with pytest.raises(Invalid, match="no board of that id"):
        read("deck", export(board()), board="3")


@pytest.mark.parametrize("content", [{"boards": {}}, {"boards": [{"id": 1}]}, {"title": "x"}, [1], {"boards": 5}])
def test_what_is_no_board_is_refused(content: Any) -> None:
    with pytest.raises(Invalid, match="not an export of Nextcloud Deck"):
        read("deck", content)
