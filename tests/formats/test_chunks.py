"""An import is cut into commands that fit a change, the same commands each time."""

from uuid import UUID, uuid4, uuid5

import msgspec

from server.domain.changes import OPS_BYTES_MAX, OPS_MAX
from server.domain.commands import (
    IMPORT_MAX,
    ImportedComment,
    ImportedDescription,
    ImportedRecord,
    ImportedTask,
    ImportRecords,
)
from server.domain.records import Comment, Description, Task
from server.formats.chunks import chunked
from tests.formats.boards import IMPORT, NOW

COLUMN = uuid4()


def task(n: int) -> ImportedTask:
    id = uuid5(IMPORT, f"task {n}")
    record = Task(
        id=id, number=n + 1, column_id=COLUMN, rank="a0", title="T", created_at=NOW, created_by=None, updated_at=NOW
    )
    return ImportedTask(record)


def comment(on: ImportedTask, text: str = "Hello") -> ImportedComment:
    return ImportedComment(Comment(id=uuid4(), task_id=on.record.id, author_id=None, text=text, created_at=NOW))


def commands(*records: ImportedRecord) -> list[tuple[UUID, ImportRecords]]:
    made = list(chunked(IMPORT, records))
    assert [record for _, command in made for record in command.records] == list(records)
    return made


def test_nothing_becomes_no_command() -> None:
    assert commands() == []


def test_a_command_has_no_more_records_than_the_wire_takes() -> None:
    made = commands(*(task(n) for n in range(2_000)))
    assert all(len(command.records) <= IMPORT_MAX for _, command in made) and len(made) >= 4
    for _, command in made:
        assert len(msgspec.json.encode(command)) < OPS_BYTES_MAX
        assert msgspec.convert(msgspec.to_builtins(command), ImportRecords) == command


def test_a_repeated_import_repeats_its_commands() -> None:
    records = [task(n) for n in range(1_000)]
    assert commands(*records) == commands(*records)
    assert len({id for id, _ in commands(*records)}) == len(commands(*records))


def test_big_records_are_spread_by_their_size() -> None:
    texts = [ImportedDescription(Description(id=uuid4(), text="ü" * 40_000)) for _ in range(10)]
    assert [len(command.records) for _, command in commands(*texts)] == [2] * 5


def test_a_record_over_the_size_goes_alone() -> None:
    small, big = task(1), ImportedDescription(Description(id=task(1).record.id, text="\x01" * 50_000))
    assert [len(command.records) for _, command in commands(small, big, task(2))] == [1, 1, 1]


def test_patches_of_earlier_tasks_count_as_ops() -> None:
    tasks = [task(n) for n in range(900)]
    made = commands(*tasks, *(comment(each) for each in tasks))
    for n, (_, command) in enumerate(made):
        put = {record.record.id for record in command.records if isinstance(record, ImportedTask)}
        said = {record.record.task_id for record in command.records if isinstance(record, ImportedComment)}
        assert len(command.records) + len(said - put) <= OPS_MAX, n


def test_descriptions_of_earlier_tasks_count_as_two_ops() -> None:
    texts = [ImportedDescription(Description(id=task(n).record.id, text="T")) for n in range(OPS_MAX)]
    assert [len(command.records) for _, command in commands(*texts)] == [OPS_MAX // 2] * 2


def test_comments_beside_their_task_cost_no_patch() -> None:
    records = [record for n in range(200) for record in (task(n), comment(task(n)))]
    assert len(commands(*records)) == 1
