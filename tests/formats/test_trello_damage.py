"""Files that are not boards are refused with a sentence; wrong pieces of a board are left out and told, and nothing crashes."""

import random
from pathlib import Path

import msgspec
import pytest

from server.domain.commands import ImportRecords
from server.domain.errors import Invalid
from server.domain.records import Column, Description, Task
from server.formats.trello import translate
from tests.formats.boards import IMPORT, NOW, a_list, board, card, note, only, records, translated
from tests.formats.damage import damaged

DEMO = Path(__file__).parents[2] / "server/demo/trello-board.json"


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        translate(content, import_id=IMPORT, now=NOW)
    return refused.value.message


def test_a_card_export_is_named_as_such() -> None:
    assert "single Trello card" in refusal(msgspec.json.encode(card("c", idBoard="b")))


@pytest.mark.parametrize(
    "content", [b"[]", b"{}", b"7", b'"board"', b"null", b'{"lists": []}', b'{"lists": 1, "cards": []}']
)
def test_other_json_is_not_a_board(content: bytes) -> None:
    assert "not the export of a Trello board" in refusal(content)


@pytest.mark.parametrize("content", [b"", b'{"lists": [], "cards": [{"name": "Ha', b'{"lists": ['])
def test_a_truncated_file_is_named_as_such(content: bytes) -> None:
    assert "ends in the middle" in refusal(content)


@pytest.mark.parametrize("content", [b"Card ID,Card Name\n1,x", b"<html>", b"\xff\xd8\xff\xe0", b"[" * 100_000])
def test_what_is_not_json_is_refused(content: bytes) -> None:
    assert refusal(content)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_fine(encoding: str) -> None:
    content = msgspec.json.encode(board(cards=[card("c", name="Grüße 🌊")])).decode().encode(encoding)
    assert only(translate(content, import_id=IMPORT, now=NOW), Task).title == "Grüße 🌊"


def test_half_characters_and_controls_are_repaired() -> None:
    content = msgspec.json.encode(board(cards=[card("c", name="HERE", desc="a\x00b\x07c")]))
    made = translate(content.replace(b"HERE", rb"a\ud83d b"), import_id=IMPORT, now=NOW)
    assert only(made, Task).title == "a\ufffd b"
    assert only(made, Description).text == "abc"


def test_a_wrong_field_does_not_cost_the_card() -> None:
    made = translated(cards=[card("c", due=5, idLabels="red", desc=None, badges=None, pos="top", idShort="7")])
    task = only(made, Task)
    assert (task.title, task.due_at, task.label_ids, task.number) == ("Card c", None, (), 7)
    told = {each.text for each in made.report.dropped}
    assert told == {
        f"Unreadable pieces of the file: card with a wrong `{field}`." for field in ("due", "idLabels", "pos")
    }


def test_pieces_without_an_id_or_with_one_twice_are_left_out() -> None:
    made = translated(
        cards=[card("c"), card("c", name="Again"), {"name": "No id"}, 5, None], lists=[a_list("l"), a_list("l")]
    )
    assert only(made, Task).title == "Card c" and len(records(made, Column)) == 1
    assert sum(each.count for each in made.report.dropped) == 5


def test_cards_of_an_unknown_list_share_a_column() -> None:
    made = translated(cards=[card("a", idList="gone"), card("b", idList=None)])
    stray = records(made, Column)[-1]
    assert stray.name == "Without a list"
    assert {task.column_id for task in records(made, Task)} == {stray.id}
    assert note(made.report.guessed, "The list of cards").examples == ("Without a list",)


def test_a_nameless_list_is_untitled() -> None:
    assert only(translated(lists=[a_list("l", "")]), Column).name == "Untitled"


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_crashes_the_translation_and_what_comes_out_is_sound(seed: int) -> None:
    board = damaged(msgspec.json.decode(DEMO.read_bytes()), random.Random(seed))
    try:
        made = translate(msgspec.json.encode(board), import_id=IMPORT, now=NOW)
    except Invalid:
        return
    for start in range(0, len(made.records), 900):
        command = ImportRecords(import_id=IMPORT, records=made.records[start : start + 900])
        assert msgspec.json.decode(msgspec.json.encode(command), type=ImportRecords) == command
