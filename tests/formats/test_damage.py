"""Whatever a file holds, an importer refuses it or makes records that the executor takes; nothing else ever comes out of one."""

import random
from contextlib import suppress
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.domain.commands import ImportRecords
from server.domain.errors import Invalid
from server.domain.ids import new_id
from server.domain.records import ChecklistItem, Comment, Description, Task
from server.formats.choices import Choices
from server.formats.chunks import chunked
from server.formats.detection import HEAD_BYTES, Format, detect
from server.formats.report import Translation
from server.formats.translators import TRANSLATORS
from tests.formats.boards import IMPORT, NOW
from tests.formats.damage import SOUND, harmed
from tests.helpers.board import Board

patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def translated(format: Format, content: bytes, import_id: UUID = IMPORT) -> Translation | None:
    try:
        return TRANSLATORS[format](content, import_id=import_id, now=NOW, choices=Choices())
    except Invalid:
        return None


def assert_sound(made: Translation) -> None:
    """On the wire and back it is the same, and everything comes after what it refers to."""
    there: set[UUID] = set()
    for imported in made.records:
        match imported.record:
            case Task(column_id=column, created_by=author, assignee_ids=assignees):
                needed = {column, *([author] if author else []), *assignees}
            case Comment(task_id=task, author_id=author):
                needed = {task, *([author] if author else [])}
            case ChecklistItem(task_id=task) | Description(id=task):
                needed = {task}
            case _:
                needed = set()
        assert needed <= there
        there.add(imported.record.id)
    for _, command in chunked(IMPORT, made.records):
        assert msgspec.json.decode(msgspec.json.encode(command), type=ImportRecords) == command


@pytest.mark.parametrize("format", SOUND)
@patient
@given(content=st.binary(max_size=2_000))
def test_any_bytes_are_refused_or_read(format: Format, content: bytes) -> None:
    made = translated(format, content)
    if made is not None:
        assert_sound(made)


@patient
@given(name=st.text(max_size=20), content=st.binary(max_size=500))
def test_any_bytes_are_of_a_format_or_of_none(name: str, content: bytes) -> None:
    with suppress(Invalid):
        assert detect(name, content) in TRANSLATORS


@pytest.mark.parametrize("format", SOUND)
@patient
@given(seed=st.integers(0, 2**32))
def test_harmed_files_are_refused_or_read(format: Format, seed: int) -> None:
    content = harmed(format, random.Random(seed))
    with suppress(Invalid):
        detect("file", content[:HEAD_BYTES])
    made = translated(format, content)
    if made is not None:
        assert_sound(made)


@pytest.mark.parametrize("format", SOUND)
async def test_what_comes_of_harmed_files_is_taken_by_the_executor(format: Format, board: Board) -> None:
    taken = 0
    for seed in range(40):
        import_id = new_id()
        made = translated(format, harmed(format, random.Random(seed)), import_id)
        if made is not None:
            for id, command in chunked(import_id, made.records):
                await board.submit(command, id=id)
            taken += 1
    assert taken
