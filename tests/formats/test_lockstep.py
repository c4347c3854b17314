"""Our own format: what a sound file holds comes as it was, and what a damaged one lacks is told."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import exports, records
from server.domain.commands import ImportedColumn, ImportedMember, ImportedTask
from server.domain.errors import Invalid
from server.domain.records import KINDS
from server.formats.choices import Choices
from server.formats.detection import detect
from server.formats.lockstep import translate, translate_lines
from server.formats.lockstep.reading import Reading
from server.formats.report import Translation
from server.formats.run import Run
from tests.formats.boards import IMPORT, NOW

ANN, COLUMN, LABEL, FIRST, SECOND = (uuid5(IMPORT, name) for name in ("ann", "column", "label", "first", "second"))
SAID, STEP, LINK = (uuid5(IMPORT, name) for name in ("said", "step", "link"))
WHEN = "2026-03-01T10:00:00.000001Z"
Json = dict[str, Any]


def a_task(id: UUID, number: int, **fields: Any) -> Json:
    return {
        "id": str(id), "number": number, "column_id": str(COLUMN), "rank": f"a{number}", "title": f"Card {number}",
        "created_at": WHEN, "updated_at": WHEN, **fields,
    }  # fmt: skip


def a_file(**parts: Any) -> Json:
    """Two cards with everything that a card can have, the second blocked by the first."""
    return {
        "format": "lockstep",
        "version": 1,
        "project": {"name": "Garden", "description": "Beds", "background": "teal"},
        "members": [{"id": str(ANN), "name": "Ann"}],
        "columns": [{"id": str(COLUMN), "name": "To do", "rank": "a0"}],
        "labels": [{"id": str(LABEL), "name": "Soon", "color": "red"}],
        "tasks": [
            a_task(FIRST, 7, created_by=str(ANN), label_ids=[str(LABEL)], assignee_ids=[str(ANN)]),
            a_task(SECOND, 5),
        ],
        "descriptions": [{"id": str(FIRST), "text": "Words"}],
        "comments": [{"id": str(SAID), "task_id": str(FIRST), "author_id": str(ANN), "text": "Hi", "created_at": WHEN}],
        "checklist_items": [{"id": str(STEP), "task_id": str(SECOND), "rank": "a0", "text": "Step"}],
        "dependencies": [{"id": str(LINK), "task_id": str(SECOND), "depends_on_id": str(FIRST)}],
        **parts,
    }


def read(file: Json | None = None, **options: Any) -> Translation:
    return translate(msgspec.json.encode(file or a_file()), import_id=IMPORT, now=NOW, **options)


def lines_of(file: Json) -> list[Json]:
    """The same board as NDJSON has it."""
    kinds = {name: name.removesuffix("s") for name in file if name.endswith("s")} | {"dependencies": "dependency"}
    found = [{"kind": kind, **record} for name, kind in kinds.items() for record in file[name]]
    counts: Json = {"project": 1}
    for line in found:
        counts[line["kind"]] = counts.get(line["kind"], 0) + 1
    head = {"kind": "export", "format": "lockstep", "version": file["version"]}
    return [head, {"kind": "project", **file["project"]}, *found, {"kind": "end", "counts": counts}]


def ndjson(lines: list[Json]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def dropped(translation: Translation) -> dict[str, int]:
    return {note.text: note.count for note in translation.report.dropped}


def test_every_field_of_every_record_is_exported_or_counted_or_left_behind_on_purpose() -> None:
    behind = {
        "project": {"id", "workspace_id", "visibility"},
        "member": {"user_id", "role", "kind"},
        "task": exports.COUNTED,
    }
    assert exports.EXPORTED.keys() == KINDS.keys() - {"attachment"}
    for kind, record in KINDS.items() - {("attachment", records.Attachment)}:
        exported = set(exports.EXPORTED[kind].__struct_fields__) - {"deleted_at"}
        assert exported == set(record.__struct_fields__) - behind.get(kind, set()), kind


def test_a_board_comes_as_it_was_each_record_after_those_it_names() -> None:
    found = read()
    assert (found.name, found.description, found.background) == ("Garden", "Beds", "teal")
    assert [type(imported).__struct_config__.tag for imported in found.records] == [
        "member", "column", "label", "task", "checklist_item", "task", "description", "comment", "dependency",
    ]  # fmt: skip
    task = found.records[5].record
    assert isinstance(task, records.Task)
    assert (task.id, task.number, task.label_ids, task.assignee_ids, task.created_by) == (
        FIRST,
        7,
        (LABEL,),
        (ANN,),
        ANN,
    )
    assert task.created_at == datetime(2026, 3, 1, 10, 0, 0, 1, UTC)
    assert found.records[0] == ImportedMember(records.Member(id=ANN, user_id=None, name="Ann", role=None))
    assert [(person.id, person.name, person.email) for person in found.people] == [(str(ANN), "Ann", None)]
    assert (found.report.mapped, found.report.guessed, found.report.dropped) == ((), (), ())


def test_lines_say_the_same_one_by_one() -> None:
    file = a_file()
    whole = translate_lines(ndjson(lines_of(file)), import_id=IMPORT, now=NOW)
    assert sorted(map(repr, whole.records)) == sorted(map(repr, read(file).records))
    reading = Reading(Run(IMPORT, NOW, Choices()))
    lines = iter(ndjson(lines_of(file)).splitlines(keepends=True))
    assert isinstance(next(reading.of_lines(lines)), ImportedMember)
    assert len(list(lines)) > 5  # it had not read on


def test_both_are_told_from_other_files() -> None:
    assert detect("board.json", msgspec.json.encode(a_file())) == "lockstep_json"
    assert detect("board.txt", ndjson(lines_of(a_file()))) == "lockstep_ndjson"


def test_in_a_project_that_was_in_use_everything_gets_a_new_id_and_the_report_tells() -> None:
    found = read(last_rank="a5")
    text = repr(found.records)
    assert not [id for id in (ANN, FIRST, SECOND, COLUMN, LABEL, SAID, STEP, LINK) if str(id) in text]
    assert read(last_rank="a5").records == found.records
    (note,) = found.report.mapped
    assert note.text.startswith("Ids: ") and note.count == 7
    made = {type(one).__struct_config__.tag: one.record for one in found.records}
    task, said, link = made["task"], made["comment"], made["dependency"]
    assert isinstance(task, records.Task) and isinstance(said, records.Comment) and isinstance(link, records.Dependency)
    assert (said.task_id, link.depends_on_id, task.column_id) == (task.id, task.id, made["column"].id)


def test_columns_stand_behind_those_of_the_project() -> None:
    columns = [{"id": str(uuid4()), "name": name, "rank": rank} for name, rank in (("Z", "a5"), ("A", "a1"))]
    found = read(
        a_file(columns=columns, tasks=[], descriptions=[], comments=[], checklist_items=[], dependencies=[]),
        last_rank="b00",
    )
    made = [imported.record for imported in found.records if isinstance(imported, ImportedColumn)]
    assert [column.name for column in made] == ["A", "Z"]
    assert "b00" < made[0].rank < made[1].rank


def test_people_may_be_given_a_member_of_the_project() -> None:
    ben = uuid4()
    found = read(choices=Choices(people={str(ANN): ben}))
    assert not [imported for imported in found.records if isinstance(imported, ImportedMember)]
    (task,) = [one.record for one in found.records if isinstance(one, ImportedTask) and one.record.id == FIRST]
    assert (task.assignee_ids, task.created_by) == ((ben,), ben)


def test_what_refers_to_nothing_is_left_out_and_told() -> None:
    nobody = str(uuid4())
    lost = read(
        a_file(
            tasks=[a_task(FIRST, 1, assignee_ids=[nobody], created_by=nobody), a_task(SECOND, 2, column_id=nobody)],
            comments=[{"id": str(SAID), "task_id": str(FIRST), "author_id": nobody, "text": "Hi", "created_at": WHEN}],
        )
    )
    assert dropped(lost) == {
        "Cards of columns that are not in the file.": 1,
        "Names of people who are not in the file.": 3,
        "Parts of cards that are not in the file: a checklist item.": 1,
        "Dependencies on cards that are not in the file.": 1,
    }
    assert lost.report.created == {"member": 1, "column": 1, "label": 1, "task": 1, "description": 1, "comment": 1}


def test_what_is_there_twice_or_in_a_circle_comes_once() -> None:
    file = a_file()
    back = {"id": str(uuid4()), "task_id": str(FIRST), "depends_on_id": str(SECOND)}
    for name in ("members", "columns", "labels", "tasks", "descriptions", "comments", "checklist_items"):
        file[name] = file[name] * 2
    file["dependencies"].append(back)
    found = read(file)
    assert found.report.created == read().report.created
    assert sum(dropped(found).values()) == 2 + 2 + 2 + 2 + 1


DAMAGE: dict[str, tuple[Json, str]] = {
    "a newer version": (a_file(version=2), "version 2"),
    "no version": ({"format": "lockstep"}, "version"),
    "another format": (a_file(format="trello"), "format"),
    "a field nobody knows": (a_file(attachments=[]), "attachments"),
    "a missing array": ({name: part for name, part in a_file().items() if name != "labels"}, "labels"),
    "a title that is too long": (a_file(tasks=[a_task(FIRST, 1, title="x" * 201)]), "tasks[0], `title`"),
    "a blank title": (a_file(tasks=[a_task(FIRST, 1, title="\u2028")]), "tasks[0], `title`"),
    "NUL in a text": (a_file(descriptions=[{"id": str(FIRST), "text": "a\0b"}]), "descriptions[0], `text`"),
    "no rank": (a_file(columns=[{"id": str(COLUMN), "name": "C", "rank": "!"}]), "columns[0], `rank`"),
    "a date that is none": (a_file(tasks=[a_task(FIRST, 1, due_at="soon")]), "tasks[0], `due_at`"),
    "a time without zone": (
        a_file(tasks=[a_task(FIRST, 1, deleted_at="2026-01-01T00:00:00")]),
        "tasks[0], `deleted_at`",
    ),
    "a nameless project": (a_file(project={"name": " "}), "project"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_file_is_refused_with_the_place(what: str) -> None:
    file, place = DAMAGE[what]
    with pytest.raises(Invalid) as refused:
        read(file)
    assert place in refused.value.message


def test_lines_that_were_cut_off_or_lost_are_refused() -> None:
    lines = lines_of(a_file())
    whole = ndjson(lines)
    for file in (
        whole[:-40],
        ndjson(lines[:-1]),
        ndjson(lines[:5] + lines[6:]),
        ndjson(lines[:1]),
        ndjson([*lines, lines[1]]),
    ):
        with pytest.raises(Invalid):
            translate_lines(file, import_id=IMPORT, now=NOW)
    with pytest.raises(Invalid, match="Line 3"):
        translate_lines(ndjson([*lines[:2], {"kind": "wish"}, *lines[2:]]), import_id=IMPORT, now=NOW)
    with pytest.raises(Invalid, match="version 9"):
        translate_lines(ndjson([{**lines[0], "version": 9}, *lines[1:]]), import_id=IMPORT, now=NOW)


@given(
    content=st.one_of(st.binary(max_size=200), st.integers(0, 3000).map(lambda n: msgspec.json.encode(a_file())[:n]))
)
def test_whatever_else_a_file_is_it_is_refused(content: bytes) -> None:
    for reader in (translate, translate_lines):
        with pytest.raises(Invalid):
            reader(content[:-1], import_id=IMPORT, now=NOW)
