"""A Trello board keeps its order, its words, its people and its times; what it cannot keep is told."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4, uuid5

import msgspec
import pytest

from server.domain.records import ChecklistItem, Column, Comment, Description, Label, Member, Task
from server.formats.choices import Choices
from server.formats.report import Person
from server.formats.trello import translate
from tests.formats.boards import IMPORT, NOW, a_list, action, board, card, note, only, records, said, translated


def in_order(of: list[Any]) -> list[Any]:
    return sorted(of, key=lambda record: record.rank)


def test_lists_become_columns_by_pos_whatever_its_size() -> None:
    made = translated(
        lists=[
            a_list("3", "Huge", pos=140737488404480),
            a_list("2", "Fraction", pos=16383.75),
            a_list("5", "Equal, later id", pos=32767.5),
            a_list("4", "Equal, earlier id", pos=32767.5),
        ]
    )
    names = [column.name for column in in_order(records(made, Column))]
    assert names == ["Fraction", "Equal, earlier id", "Equal, later id", "Huge"]


def test_columns_come_after_those_of_the_project() -> None:
    made = translate(msgspec.json.encode(board()), import_id=IMPORT, now=NOW, last_rank="a7")
    assert only(made, Column).rank > "a7"


def test_ids_follow_from_the_import_and_the_foreign_id() -> None:
    made = translated(cards=[card("c")])
    assert only(made, Task).id == uuid5(IMPORT, "c")
    assert only(made, Column).id == only(made, Task).column_id == uuid5(IMPORT, "l")


def test_a_wip_limit_is_kept_and_an_impossible_one_told() -> None:
    made = translated(lists=[a_list("l", softLimit=4), a_list("m", softLimit=0)])
    assert {column.wip_limit for column in records(made, Column)} == {4, None}
    assert note(made.report.dropped, "Card limits").count == 1


def test_an_archived_list_with_cards_is_the_last_column_and_its_cards_are_archived() -> None:
    made = translated(
        lists=[a_list("old", "Sprint 1", closed=True, pos=1), a_list("l"), a_list("empty", "Sprint 0", closed=True)],
        cards=[card("c", idList="old")],
        actions=[
            action("a", "updateList", "2026-02-03T10:00:00Z", list={"id": "old", "closed": True}, old={"closed": False})
        ],
    )
    assert [column.name for column in in_order(records(made, Column))] == ["To do", "Sprint 1 (archived)"]
    assert only(made, Task).archived_at == datetime(2026, 2, 3, 10, tzinfo=UTC)
    assert note(made.report.dropped, "Archived lists without cards").examples == ("Sprint 0",)


def test_cards_keep_their_numbers_and_come_by_number() -> None:
    made = translated(
        cards=[
            card("none"),
            card("b", idShort=12),
            card("a", idShort=7),
            card("twice", idShort=7),
            card("far", idShort=2**40),
        ]
    )
    numbers = [(task.title, task.number) for task in records(made, Task)]
    assert numbers == [("Card a", 7), ("Card b", 12), ("Card none", 13), ("Card twice", 14), ("Card far", 15)]
    assert note(made.report.guessed, "Numbers of cards").count == 3


def test_cards_are_ranked_by_pos_within_their_list() -> None:
    cards = [card("a", pos=140737488404480), card("b", pos=0.5), card("c", pos=16384), card("d", pos=16384)]
    made = translated(cards=cards)
    assert [task.title for task in in_order(records(made, Task))] == ["Card b", "Card c", "Card d", "Card a"]


def test_creation_is_read_from_the_id() -> None:
    made = translated(cards=[card("65f0a1b20000000000000000")])
    assert only(made, Task).created_at == datetime.fromtimestamp(0x65F0A1B2, UTC)


def test_an_id_that_tells_no_time_gives_way_to_the_action_and_to_the_last_activity() -> None:
    made = translated(
        cards=[
            card("ffffffff0000000000000000", dateLastActivity="2026-01-02T00:00:00Z"),
            card("hash", dateLastActivity="2026-03-02T00:00:00Z"),
            card("nothing"),
        ],
        actions=[action("a", "createCard", "2026-01-01T08:00:00.000Z", card={"id": "hash"}, list={"id": "l"})],
    )
    created = {task.title: task.created_at for task in records(made, Task)}
    assert created["Card ffffffff0000000000000000"] == datetime(2026, 1, 2, tzinfo=UTC)
    assert created["Card hash"] == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert created["Card nothing"] == NOW


def test_authors_come_from_the_card_or_its_creation() -> None:
    made = translated(
        members=[{"id": "ann", "fullName": "Ann"}],
        cards=[card("new", idMemberCreator="ann"), card("old"), card("older")],
        actions=[action("a", "createCard", by="gone", card={"id": "old"})],
    )
    by = {task.title: task.created_by for task in records(made, Task)}
    assert by == {"Card new": uuid5(IMPORT, "ann"), "Card old": uuid5(IMPORT, "gone"), "Card older": None}


def test_cards_of_a_completed_column_are_completed_when_they_came_there() -> None:
    made = translated(
        lists=[a_list("l"), a_list("done", "Done 🎉")],
        cards=[
            card("dated", idList="done", dateCompleted="2026-02-02T00:00:00Z"),
            card("moved", idList="done", dateLastActivity="2026-03-09T00:00:00Z"),
            card("plain", idList="done", dateLastActivity="2026-03-05T00:00:00Z"),
            card("marked", dueComplete=True),
        ],
        actions=[
            action("2", "updateCard", "2026-03-03T00:00:00Z", card={"id": "moved"}, listAfter={"id": "done"}),
            action("1", "updateCard", "2026-03-01T00:00:00Z", card={"id": "moved"}, listAfter={"id": "done"}),
        ],
    )
    completed = {task.title: task.completed_at for task in records(made, Task)}
    assert completed == {
        "Card dated": datetime(2026, 2, 2, tzinfo=UTC),
        "Card moved": datetime(2026, 3, 3, tzinfo=UTC),
        "Card plain": datetime(2026, 3, 5, tzinfo=UTC),
        "Card marked": None,
    }
    assert note(made.report.dropped, "The mark of complete cards").examples == ("Card marked",)


def test_an_archived_card_knows_when() -> None:
    made = translated(
        cards=[
            card("told", closed=True, dateClosed="2026-01-05T00:00:00Z"),
            card("acted", closed=True),
            card("seen", closed=True, dateLastActivity="2026-01-07T00:00:00Z"),
        ],
        actions=[
            action(
                "a", "updateCard", "2026-01-06T00:00:00Z", card={"id": "acted", "closed": True}, old={"closed": False}
            )
        ],
    )
    assert {task.title: task.archived_at.day for task in records(made, Task) if task.archived_at} == {
        "Card told": 5,
        "Card acted": 6,
        "Card seen": 7,
    }


def test_start_and_due_are_canonical_and_unreadable_ones_told() -> None:
    made = translated(
        cards=[card("a", start="2026-04-01T07:30:00.000Z", due="2026-04-02T18:00:00.500+02:00"), card("b", due="soon")]
    )
    first, second = records(made, Task)
    assert (first.start_at, first.due_at, second.due_at) == ("2026-04-01T07:30:00Z", "2026-04-02T16:00:00Z", None)
    assert note(made.report.dropped, "Start and due dates").examples == ("Card b",)


def test_labels_keep_their_names_and_the_nearest_colour() -> None:
    shades = {
        "green_dark": "green",
        "sky_light": "teal",
        "lime": "green",
        "black": "gray",
        "pink": "pink",
        None: "gray",
    }
    made = translated(labels=[{"id": str(color), "name": "", "color": color} for color in shades])
    assert [label.color for label in records(made, Label)] == list(shades.values())
    assert {label.name for label in records(made, Label)} == {""}
    assert note(made.report.mapped, "Labels without a colour").count == 1


def test_labels_that_only_cards_describe_come_along() -> None:
    made = translated(
        cards=[card("a", labels=[{"id": "x", "name": "Bug", "color": "red"}]), card("b", idLabels=["x", "lost"])]
    )
    assert only(made, Label).name == "Bug"
    assert [task.label_ids for task in records(made, Task)] == [(uuid5(IMPORT, "x"),)] * 2
    assert note(made.report.dropped, "Labels of cards").count == 1


def test_a_long_title_is_cut_at_a_word_and_kept_whole_in_the_description() -> None:
    title = "word " * 60
    made = translated(cards=[card("a", name=title, desc="Why.")])
    cut = only(made, Task).title
    assert len(cut) <= 200 and cut.endswith("word…")
    assert only(made, Description).text == f"{title.strip()}\n\nWhy."


def test_a_card_without_a_title_is_untitled() -> None:
    made = translated(cards=[card("a", name=" \n ")])
    assert only(made, Task).title == "Untitled"


def test_custom_fields_of_all_types_become_a_table_and_priority_a_priority() -> None:
    fields = [
        {
            "id": "f1",
            "name": "Priority",
            "type": "list",
            "pos": 1,
            "options": [{"id": "o", "value": {"text": "🔥 Urgent"}}],
        },
        {"id": "f2", "name": "A|B", "type": "text", "pos": 2},
        {"id": "f3", "name": "Points", "type": "number", "pos": 3},
        {"id": "f4", "name": "Ready", "type": "checkbox", "pos": 4},
        {"id": "f5", "name": "Release", "type": "date", "pos": 5},
    ]
    values = [
        {"idCustomField": "f5", "value": {"date": "2026-04-01T12:00:00.000Z"}},
        {"idCustomField": "f4", "value": {"checked": "true"}},
        {"idCustomField": "f3", "value": {"number": "0.5"}},
        {"idCustomField": "f2", "value": {"text": "x\ny | z"}},
        {"idCustomField": "f1", "idValue": "o", "value": None},
        {"idCustomField": "gone", "value": {"text": "?"}},
    ]
    made = translated(customFields=fields, cards=[card("a", desc="Text", customFieldItems=values)])
    assert only(made, Description).text.splitlines() == [
        "Text",
        "",
        "| Field | Value |",
        "| --- | --- |",
        "| Priority | 🔥 Urgent |",
        r"| A\|B | x y \| z |",
        "| Points | 0.5 |",
        "| Ready | yes |",
        "| Release | 2026-04-01 12:00 UTC |",
    ]
    assert only(made, Task).priority == 1
    assert note(made.report.dropped, "Values of custom fields").count == 1


def test_attachments_become_links_that_cannot_do_harm() -> None:
    attachments = [
        {"id": "1", "name": "Plan [v2]", "url": "https://a.example/a b", "pos": 2},
        {"id": "2", "name": "Trick", "url": "javascript:alert(1)", "pos": 3},
        {"id": "3", "name": "", "url": "https://b.example/>x", "pos": 1, "isUpload": True},
    ]
    made = translated(cards=[card("a", attachments=attachments)])
    assert only(made, Description).text.splitlines() == [
        "Attachments:",
        "",
        "- [https://b.example/>x](<https://b.example/%3Ex>)",
        r"- [Plan \[v2\]](<https://a.example/a%20b>)",
        "- Trick `javascript:alert(1)`",
    ]
    assert note(made.report.mapped, "Uploaded files stay at Trello").count == 1


def test_the_mail_address_of_a_card_is_nowhere() -> None:
    made = translated(cards=[card("a", email="secret+42@boards.trello.com", desc="x")])
    assert "secret" not in repr(made)


def checklist(id: str, name: str, *items: Any, pos: float = 1) -> dict[str, Any]:
    return {"id": id, "idCard": "a", "name": name, "pos": pos, "checkItems": list(items)}


def test_several_checklists_become_one_with_their_names_in_front() -> None:
    made = translated(
        cards=[card("a")],
        checklists=[
            checklist("0", "Ship", {"id": "i3", "name": "Tag", "pos": 1}, pos=140737488404480),
            checklist(
                "1",
                "Build",
                {"id": "i2", "name": "Second", "pos": 16384.5, "state": "complete"},
                {"id": "i1", "name": "First", "pos": 16384},
            ),
        ],
    )
    items = [(item.text, item.done) for item in in_order(records(made, ChecklistItem))]
    assert items == [("Build: First", False), ("Build: Second", True), ("Ship: Tag", False)]


def test_who_and_when_stand_at_the_end_of_a_checklist_item() -> None:
    item = {"id": "i", "name": "Call", "due": "2026-04-01T09:00:00.000Z", "idMember": "ann"}
    made = translated(
        members=[{"id": "ann", "fullName": "Ann Lee"}], cards=[card("a")], checklists=[checklist("1", "", item)]
    )
    assert only(made, ChecklistItem).text == "Call (due 2026-04-01 09:00 UTC, Ann Lee)"


def test_a_long_checklist_item_is_cut_before_its_end() -> None:
    item = {"id": "i", "name": "many words " * 200, "due": "2026-04-01T09:00:00.000Z"}
    made = translated(cards=[card("a")], checklists=[checklist("1", "", item, {"id": "e", "name": ""})])
    text = only(made, ChecklistItem).text
    assert len(text) <= 1000 and text.endswith("… (due 2026-04-01 09:00 UTC)")
    assert note(made.report.dropped, "The end of checklist items").count == 1
    assert note(made.report.dropped, "Checklist items without text").count == 1


def test_comments_keep_their_authors_and_times() -> None:
    made = translated(
        members=[{"id": "ann", "fullName": "Ann"}],
        cards=[card("a")],
        actions=[
            said("2", "Second", "a", by="gone", date="2026-03-02T10:00:00.000Z"),
            said("1", "First", "a", dateLastEdited="2026-03-01T11:00:00.000Z"),
            action("0", "copyCommentCard", "2026-02-01T10:00:00.000Z", text="Copied", card={"id": "a"}),
            said("3", "On a card elsewhere", "elsewhere"),
            said("4", "  ", "a"),
        ],
    )
    comments = [
        (each.text, each.author_id, each.created_at.day, bool(each.edited_at)) for each in records(made, Comment)
    ]
    ann, gone = uuid5(IMPORT, "ann"), uuid5(IMPORT, "gone")
    assert comments == [("Copied", ann, 1, False), ("First", ann, 1, True), ("Second", gone, 2, False)]
    assert note(made.report.dropped, "Comments on cards").count == 1
    assert note(made.report.dropped, "Comments without text").count == 1


def test_people_become_members_without_access_also_those_who_left() -> None:
    made = translated(
        members=[
            {"id": "ann", "fullName": "Ann Lee", "username": "ann"},
            {"id": "bot", "fullName": "", "username": "butler"},
        ],
        cards=[card("a", idMembers=["ann", "nameless", "ann"])],
        actions=[said("1", "Hello", "a", by="gone")],
    )
    members = records(made, Member)
    assert [member.name for member in members] == ["Ann Lee", "butler", "Former member", "Gone"]
    assert {(member.user_id, member.role) for member in members} == {(None, None)}
    assert only(made, Task).assignee_ids == (uuid5(IMPORT, "ann"), uuid5(IMPORT, "nameless"))
    assert note(made.report.mapped, "People who left").examples == ("Gone",)


def test_the_cap_of_a_thousand_actions_is_told() -> None:
    actions = [action(str(n), "updateCard", card={"id": "x"}) for n in range(1000)]
    assert note(translated(actions=actions).report.dropped, "Comments and authors older").text
    assert not translated(actions=actions[1:]).report.dropped


def test_comments_that_are_counted_but_missing_are_told() -> None:
    made = translated(cards=[card("a", badges={"comments": 5})], actions=[said("1", "One", "a")])
    assert note(made.report.dropped, "Comments that are counted").count == 4


def test_what_has_no_place_here_is_told_once_a_kind() -> None:
    extras = {
        "cover": {"color": "sky"},
        "dueReminder": 60,
        "recurrenceRule": {"rule": "FREQ=DAILY"},
        "badges": {"votes": 2},
        "pluginData": [{}],
        "mirrorSourceId": "x",
        "isTemplate": True,
        "locationName": "Harbour",
    }
    made = translated(cards=[card("a", **extras), card("b", **extras)])
    assert {each.count for each in made.report.dropped} == {2} and len(made.report.dropped) == 6
    assert note(made.report.mapped, "Card templates").count == 2
    assert "| Place | Harbour |" in records(made, Description)[0].text


def test_the_report_counts_what_was_made() -> None:
    made = translated(cards=[card("a", desc="x")], actions=[said("1", "One", "a")])
    assert made.report.created == {"member": 1, "column": 1, "task": 1, "description": 1, "comment": 1}


@pytest.mark.parametrize("text", ["y" * 60_000, "y " * 60_000])
def test_descriptions_and_comments_over_the_limit_are_cut_and_told(text: str) -> None:
    made = translated(
        cards=[card("a", desc=text, attachments=[{"url": "https://a.example"}])], actions=[said("1", text, "a")]
    )
    described = only(made, Description).text
    assert len(described) <= 50_000 and described.endswith("(<https://a.example>)")
    assert len(only(made, Comment).text) <= 20_000
    assert len(made.report.dropped) == 2


def test_people_who_were_given_a_member_are_not_made_again() -> None:
    ann = uuid4()
    made = translate(
        msgspec.json.encode(board(cards=[card("c", idMembers=["ann"])], members=[{"id": "ann", "fullName": "Ann"}])),
        import_id=IMPORT,
        now=NOW,
        choices=Choices(people={"ann": ann}),
    )
    assert only(made, Task).assignee_ids == (ann,)
    assert records(made, Member) == []
    assert made.people == (Person("ann", "Ann"),)
