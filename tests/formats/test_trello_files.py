"""Whole files: real exports of other projects where they are at hand, and our own in the shape of 2026."""

from pathlib import Path

import pytest

from server.domain.records import ChecklistItem, Column, Comment, Description, Label, Member, Task
from server.formats.chunks import chunked
from server.formats.report import Translation
from server.formats.trello import translate
from tests.formats.boards import IMPORT, NOW, note, only, records

DEMO = Path(__file__).parents[2] / "server/demo/trello-board.json"
SAMPLES = Path(__file__).parents[3] / "shared/data/trello"


def sample(name: str) -> Translation:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"no sample file {path}")
    return translate(path.read_bytes(), import_id=IMPORT, now=NOW)


def test_a_board_of_january_2021() -> None:
    made = sample("wekan-trello-project100.json")
    columns = {column.id: column for column in records(made, Column)}
    assert [(column.name, column.category) for column in columns.values()] == [
        ("Todo", "todo"),
        ("In Progress", "in_progress"),
        ("Done", "completed"),
    ]
    by_rank = sorted(records(made, Task), key=lambda task: (columns[task.column_id].rank, task.rank))
    assert [(columns[task.column_id].name, task.number, task.title) for task in by_rank] == [
        ("Todo", 2, "Write code"),
        ("Todo", 1, "Review code"),
        ("In Progress", 3, "Visualize code"),
    ]
    assert "| Number Value | 100.32 |" in records(made, Description)[1].text
    assert len(records(made, Label)) == 6
    assert not made.report.dropped


def test_an_anonymised_board_whose_ids_tell_no_time() -> None:
    task = only(sample("deck-data-trelloJson.json"), Task)
    assert (task.number, task.created_at.isoformat()) == (7, "2017-09-15T16:14:03.187000+00:00")


def test_a_board_in_the_shape_of_2026() -> None:
    made = translate(DEMO.read_bytes(), import_id=IMPORT, now=NOW)
    names = [column.name for column in records(made, Column)]
    assert names == ["Backlog", "To do", "In progress", "Review", "Done"]
    assert 45 <= len(records(made, Task)) <= 60
    assert len(records(made, Member)) == 7 and len(records(made, Label)) == 10
    assert len(records(made, Comment)) >= 30 and len(records(made, ChecklistItem)) >= 45
    assert {task.priority for task in records(made, Task)} == {1, 3, 5, 8}
    assert note(made.report.mapped, "People who left").examples == ("Ellis Moreau",)
    done = next(column.id for column in records(made, Column) if column.name == "Done")
    assert all((task.completed_at is not None) == (task.column_id == done) for task in records(made, Task))
    assert len(list(chunked(IMPORT, made.records))) == 1


def test_details_follow_their_task() -> None:
    made = translate(DEMO.read_bytes(), import_id=IMPORT, now=NOW)
    seen = set()
    for record in (imported.record for imported in made.records):
        if isinstance(record, Task):
            seen.add(record.id)
        if isinstance(record, Comment | ChecklistItem):
            assert record.task_id in seen
        if isinstance(record, Description):
            assert record.id in seen
