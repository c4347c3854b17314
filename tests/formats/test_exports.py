"""Boards for other programs: what they read is what is on the board, and nothing that they would run."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import IO, Any
from uuid import uuid5
from xml.etree import ElementTree

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from server.domain.exports import ExportedColumn, ExportedProject
from server.domain.records import ChecklistItem, Column, Description, Member, Task
from server.formats.detection import Format
from server.formats.exports import calendar
from server.formats.exports.calendar import Todos
from server.formats.exports.cards import BoardHead, Card, Step, Writer
from server.formats.exports.outline import Outline
from server.formats.exports.table import COLUMNS, Csv
from server.formats.exports.workbook import CELL_MAX, Workbook
from tests.formats.boards import IMPORT, only, read, records

WHEN = datetime(2026, 3, 1, 10, 30, 15, 250_000, UTC)
TODO, DONE = (
    ExportedColumn(id=uuid5(IMPORT, name), name=name, rank=rank, category=category)  # type: ignore[arg-type]
    for name, rank, category in (("To do", "a0", "todo"), ("Done", "a1", "completed"))
)
HEAD = BoardHead.of(ExportedProject(name="Garden", description="Beds"), [DONE, TODO], [], [])

CARD = Card(
    id=uuid5(IMPORT, "card"),
    number=7,
    title="Dig",
    column_id=TODO.id,
    column=TODO.name,
    status=TODO.category,
    priority=1,
    labels=("Soon", "Wet, cold"),
    assignees=("Ann",),
    start_at=None,
    due_at="2026-05-12",
    completed_at=None,
    archived_at=None,
    created_at=WHEN,
    created_by="Ben",
    updated_at=WHEN,
    description="Deep\n\n- *so*",
    steps=(Step("Spade", True), Step("Rake", False)),
)


def written(make: Callable[[IO[bytes], BoardHead], Writer], *cards: Card) -> bytes:
    out = io.BytesIO()
    writer = make(out, HEAD)
    for card in cards:
        writer.cards([card])
    writer.end()
    return out.getvalue()


def rows(*cards: Card, **options: Any) -> list[dict[str, str]]:
    text = written(lambda out, head: Csv(out, head, **options), *cards).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_is_a_row_a_card() -> None:
    (row,) = rows(CARD)
    assert list(row) == list(COLUMNS)
    assert (row["Number"], row["Title"], row["Column"], row["Due"], row["Completed"]) == (
        "7",
        "Dig",
        "To do",
        "2026-05-12",
        "",
    )
    assert (row["Labels"], row["Created"]) == ("Soon, Wet, cold", "2026-03-01T10:30:15Z")
    assert (row["Description"], row["Checklist"]) == ("Deep\n\n- *so*", "[x] Spade\n[ ] Rake")


def test_csv_has_the_mark_on_request_and_ends_lines_as_the_standard_says() -> None:
    plain = written(Csv, CARD)
    assert plain.startswith(b"Number,") and plain.endswith(b"\r\n")
    assert written(lambda out, head: Csv(out, head, bom=True), CARD) == b"\xef\xbb\xbf" + plain


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil")']


@pytest.mark.parametrize("title", FORMULAS)
def test_nothing_in_a_table_is_a_formula(title: str) -> None:
    card = replace(CARD, title=title, labels=(title,), description=title, created_by=title)
    (row,) = rows(card)
    assert [row[name] for name in ("Title", "Labels", "Description", "Created by")] == [f"'{title}"] * 4
    sheet = sheet_of(written(Workbook, card))
    assert not list(sheet.iter(f"{MAIN}f"))


MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_of(file: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))


def cells(row: ElementTree.Element) -> dict[str, str]:
    return {str(cell.get("r")): "".join(cell.itertext()) for cell in row}


def test_xlsx_has_texts_as_texts_and_dates_as_dates() -> None:
    file = written(Workbook, CARD, replace(CARD, due_at="2026-05-12T12:00:00Z", description="x" * 40_000))
    head, first, second = sheet_of(file).iter(f"{MAIN}row")
    names = list(COLUMNS)
    place = {name: chr(ord("A") + names.index(name)) for name in names}
    assert list(cells(head).values()) == names
    assert cells(first)[f"{place['Number']}2"] == "7"
    assert cells(first)[f"{place['Title']}2"] == "Dig"
    assert float(cells(first)[f"{place['Due']}2"]) == (date(2026, 5, 12) - date(1899, 12, 30)).days
    assert float(cells(second)[f"{place['Due']}3"]) % 1 == 0.5
    assert len(cells(second)[f"{place['Description']}3"]) <= CELL_MAX
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert not [name for name in archive.namelist() if "external" in name.lower()]


def test_markdown_has_every_column_and_ticks_what_is_done() -> None:
    done = replace(
        CARD, title="[Sow] *now*", column_id=DONE.id, completed_at=WHEN, description="", steps=(), archived_at=WHEN
    )
    assert written(Outline, CARD, done).decode() == (
        "# Garden\n\nBeds\n"
        "\n## To do\n\n"
        "- [ ] Dig (#7) · `Soon` · `Wet, cold` · due 2026-05-12 · @Ann\n"
        "\n  Deep\n\n  - *so*\n\n"
        "  - [x] Spade\n  - [ ] Rake\n"
        "\n## Done\n\n"
        "- [x] \\[Sow\\] \\*now\\* (#7) · `Soon` · `Wet, cold` · due 2026-05-12 · @Ann · archived\n"
    )
    assert written(Outline).decode().count("\n## ") == 2


def todo(card: Card) -> Any:
    (found,) = icalendar.Calendar.from_ical(written(Todos, card)).walk("VTODO")
    return found


def test_to_dos_say_what_the_cards_say() -> None:
    found = todo(CARD)
    assert (found["UID"], found["SUMMARY"], found["STATUS"], found["PRIORITY"]) == (
        f"{CARD.id}@lockstep",
        "Dig",
        "NEEDS-ACTION",
        1,
    )
    assert found["DESCRIPTION"] == CARD.description
    assert found.decoded("DUE") == date(2026, 5, 12)
    assert [str(label) for label in found["CATEGORIES"].cats] == ["Soon", "Wet, cold"]
    assert found.decoded("DTSTAMP") == WHEN.replace(microsecond=0)
    done = todo(replace(CARD, status="completed", completed_at=WHEN, start_at="2026-05-01"))
    assert (done["STATUS"], done.decoded("COMPLETED"), done.decoded("DTSTART")) == (
        "COMPLETED",
        WHEN.replace(microsecond=0),
        date(2026, 5, 1),
    )
    assert not icalendar.Calendar.from_ical(written(Todos, replace(CARD, archived_at=WHEN))).walk("VTODO")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-05-12", "2026-05-11"),
        ("2026-05-12T10:00:00Z", "2026-05-12"),
        ("2026-05-12T10:00:00Z", "2026-05-12T10:00:00Z"),
    ],
)
def test_a_start_that_no_calendar_would_take_is_left_out(start: str, due: str) -> None:
    assert "DTSTART" not in todo(replace(CARD, start_at=start, due_at=due))


def event(card: Card) -> Any:
    file = calendar.begin("Garden") + calendar.event(card, "https://board.example/p/1/t/2") + calendar.end()
    (found,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return found


def test_a_day_is_an_event_of_the_whole_day_with_an_alarm_the_noon_before() -> None:
    found = event(CARD)
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2026, 5, 12), date(2026, 5, 13))
    (alarm,) = found.walk("VALARM")
    assert (alarm["ACTION"], str(alarm["TRIGGER"].to_ical(), "ascii")) == ("DISPLAY", "-PT12H")
    assert found["URL"] == "https://board.example/p/1/t/2"
    span = event(replace(CARD, start_at="2026-05-01"))
    assert (span.decoded("DTSTART"), span.decoded("DTEND")) == (date(2026, 5, 1), date(2026, 5, 13))


def test_a_time_is_told_in_utc_and_what_is_done_rings_no_more() -> None:
    timed = replace(CARD, start_at="2026-05-12T08:00:00Z", due_at="2026-05-12T09:30:00Z")
    found = event(timed)
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (
        datetime(2026, 5, 12, 8, 0, tzinfo=UTC),
        datetime(2026, 5, 12, 9, 30, tzinfo=UTC),
    )
    assert not event(replace(timed, completed_at=WHEN)).walk("VALARM")
    assert "DTEND" not in event(replace(timed, start_at=None))
    assert event(replace(timed, due_at=None)).decoded("DTSTART") == datetime(2026, 5, 12, 8, 0, tzinfo=UTC)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)


@given(title=TEXTS, text=TEXTS)
def test_any_text_comes_out_of_a_calendar_as_it_went_in(title: str, text: str) -> None:
    file = written(Todos, replace(CARD, title=title, description=text + "\n;,\\n"))
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    (found,) = icalendar.Calendar.from_ical(file).walk("VTODO")
    assert (found["SUMMARY"], found["DESCRIPTION"]) == (title, text + "\n;,\\n")


@pytest.mark.parametrize(("format", "make"), [("csv", Csv), ("xlsx", Workbook)])
def test_our_own_tables_are_read_again_as_they_were(
    format: Format, make: Callable[[IO[bytes], BoardHead], Writer]
) -> None:
    card = replace(CARD, title="=1+1", start_at="2026-05-01T09:30:00Z", labels=("Soon",), archived_at=WHEN)
    made = read(format, written(make, card))
    task = only(made, Task)
    assert made.table is not None and made.table.dialect == "lockstep"
    assert (task.number, task.title, task.priority, task.due_at) == (7, "=1+1", 1, "2026-05-12")
    assert task.start_at == "2026-05-01T09:30:00Z"
    assert task.created_at == task.archived_at == WHEN.replace(microsecond=0)
    assert [(item.text, item.done) for item in records(made, ChecklistItem)] == [("Spade", True), ("Rake", False)]
    assert only(made, Description).text == card.description and only(made, Column).name == "To do"
    assert {member.name for member in records(made, Member)} == {"Ann", "Ben"}
    assert not made.report.dropped
