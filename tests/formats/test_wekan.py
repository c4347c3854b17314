"""A WeKan board keeps its order, its people and its words; what has no place here stands in a table or in the report."""

from datetime import UTC, datetime
from typing import Any

import pytest

from server.domain.errors import Invalid
from server.domain.records import ChecklistItem, Column, Comment, Description, Label, Member, Task
from tests.formats.boards import note, only, read, records


def board(**parts: Any) -> dict[str, Any]:
    lists = [{"_id": "l", "title": "To do", "sort": 1}]
    return {"_format": "wekan-board-1.0.0", "_id": "b", "title": "Plans", "lists": lists, "cards": [], **parts}


def card(id: str, **fields: Any) -> dict[str, Any]:
    return {"_id": id, "title": f"Card {id}", "listId": "l", "sort": 0, **fields}


def test_lists_keep_order_limit_and_archive() -> None:
    lists = [
        {"_id": "b", "title": "Later", "sort": 2.5, "wipLimit": {"value": 3, "enabled": True}},
        {"_id": "a", "title": "Done", "sort": 1},
        {"_id": "z", "title": "Old", "sort": 0, "archived": True, "archivedAt": "2026-01-02T00:00:00Z"},
    ]
    made = read("wekan", board(lists=lists, cards=[card("c", listId="z")]))
    columns = sorted(records(made, Column), key=lambda column: column.rank)
    assert [(column.name, column.category, column.wip_limit) for column in columns] == [
        ("Done", "completed", None),
        ("Later", "backlog", 3),
        ("Old (archived)", "todo", None),
    ]
    assert only(made, Task).archived_at == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_card_keeps_its_number_dates_and_people() -> None:
    users = [{"_id": "u1", "username": "ann", "profile": {"fullname": "Ann Lee"}}, {"_id": "u2", "username": "ben"}]
    made = read(
        "wekan",
        board(
            users=users,
            members=[{"userId": "u1", "isAdmin": True}],
            cards=[
                card(
                    "c",
                    cardNumber=42,
                    userId="u2",
                    members=["u1"],
                    assignees=["u1", "u2"],
                    startAt="2026-03-01T09:00:00.000Z",
                    dueAt="2026-03-15T17:00:00.000Z",
                    createdAt="2026-02-20T10:00:00.000Z",
                    modifiedAt="2026-02-21T10:00:00.000Z",
                )
            ],
        ),
    )
    task, names = only(made, Task), {member.id: member.name for member in records(made, Member)}
    assert (task.number, task.start_at, task.due_at) == (42, "2026-03-01T09:00:00Z", "2026-03-15T17:00:00Z")
    assert [names[id] for id in task.assignee_ids] == ["Ann Lee", "ben"]
    assert task.created_by and names[task.created_by] == "ben"
    assert (task.created_at.day, task.updated_at.day) == (20, 21)


def test_what_tasks_have_no_field_for_stands_in_the_table() -> None:
    fields = [
        {"_id": "f1", "name": "Size", "settings": {"dropdownItems": [{"_id": "o", "name": "Large"}]}},
        {"_id": "f2", "name": "Urgent"},
    ]
    made = read(
        "wekan",
        board(
            customFields=fields,
            swimlanes=[{"_id": "s1", "title": "Web"}, {"_id": "s2", "title": "Shop"}],
            cards=[
                card("p"),
                card(
                    "c",
                    parentId="p",
                    swimlaneId="s2",
                    customFields=[{"_id": "f1", "value": "o"}, {"_id": "f2", "value": True}, {"_id": "x", "value": 1}],
                    requestedBy="Ann",
                    spentTime=1.5,
                ),
            ],
        ),
    )
    assert only(made, Description).text.splitlines()[2:] == [
        "| Swimlane | Shop |",
        "| Parent | Card p |",
        "| Requested by | Ann |",
        "| Hours spent | 1.5 |",
        "| Size | Large |",
        "| Urgent | yes |",
    ]
    assert note(made.report.dropped, "Values of custom fields").count == 1


def test_checklists_comments_and_labels_come_along() -> None:
    made = read(
        "wekan",
        board(
            labels=[{"_id": "x", "name": "Bug", "color": "crimson"}],
            cards=[card("c", labelIds=["x"])],
            checklists=[{"_id": "k", "cardId": "c", "title": "Steps", "sort": 0}, {"_id": "e", "cardId": "gone"}],
            checklistItems=[
                {"_id": "2", "checklistId": "k", "title": "Second", "sort": 1},
                {"_id": "1", "checklistId": "k", "title": "First", "sort": 0, "isFinished": True},
                {"_id": "3", "checklistId": "nowhere", "title": "Astray"},
            ],
            comments=[{"_id": "m", "cardId": "c", "text": "Hello", "createdAt": "2026-03-02T11:30:00.000Z"}],
        ),
    )
    assert only(made, Label).color == "red" and len(only(made, Task).label_ids) == 1
    assert [(item.text, item.done) for item in records(made, ChecklistItem)] == [("First", True), ("Second", False)]
    assert (only(made, Comment).text, only(made, Comment).created_at.day) == ("Hello", 2)
    assert note(made.report.dropped, "Checklists of cards").count == 1
    assert note(made.report.dropped, "Checklist items whose").count == 1


def test_what_is_lost_is_told() -> None:
    losses = {"coverId": "x", "color": "red", "vote": {"question": "Yes?"}}
    made = read("wekan", board(cards=[card("c", **losses)], rules=[{}, {}], attachments=[{"_id": "a", "cardId": "c"}]))
    told = {each.text: each.count for each in made.report.dropped}
    assert told == {"Rules of the board.": 2, "Card covers.": 1, "Colours of cards.": 1, "Votes.": 1, "Attachments.": 1}


@pytest.mark.parametrize("content", [b"[]", b"7", b'{"_format": "wekan-board-1.0.0"}', b'{"lists": 1, "cards": []}'])
def test_what_is_no_board_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="not the export of a WeKan board"):
        read("wekan", content)
