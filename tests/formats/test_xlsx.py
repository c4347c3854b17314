"""Workbooks: values as a person sees them, and nothing that a file can do to whoever opens it."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from server.domain.errors import Invalid
from server.domain.records import Column, Description, Task
from tests.formats.boards import note, only, read, records

Parts = dict[str, bytes]


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for row in rows:
        first.append(row)
    for title, held in sheets.items():
        sheet = book.create_sheet(title)
        for row in held:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(content: bytes, change: Callable[[Parts], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read("xlsx", content)
    return refused.value.message


def test_cells_are_what_they_show() -> None:
    made = read(
        "xlsx",
        workbook(
            ["Title", "Status", "Start", "Due", "Number", "Share", "Ready"],
            ["Grüße", "Done", date(2026, 3, 5), datetime.fromisoformat("2026-03-13T09:30"), 42.0, 0.5, True],
            [],
            [7, None, None, "soon", None, None, None],
        ),
    )
    first, second = records(made, Task)
    assert (first.title, first.number, first.start_at, first.due_at) == (
        "Grüße",
        42,
        "2026-03-05",
        "2026-03-13T09:30:00Z",
    )
    assert second.title == "7"
    assert only(made, Description).text == "| Field | Value |\n| --- | --- |\n| Share | 0.5 |\n| Ready | yes |"
    assert note(made.report.dropped, "Dates that cannot").examples == ("line 4, Due: soon",)
    assert made.table is not None and (made.table.sheet, made.name) == ("Sheet", "Sheet")


def test_the_first_sheet_with_rows_is_read_and_the_others_told() -> None:
    made = read("xlsx", workbook(Plans=[["Title"], ["A"]], Notes=[["x"]]))
    assert only(made, Task).title == "A" and made.name == "Plans"
    assert note(made.report.dropped, "Other sheets").examples == ("Notes",)


def test_formulas_give_their_saved_values_and_are_told() -> None:
    content = workbook(["Title", "Sum", "Status"], ["A", "=1+1", "Doing"], ["=HYPERLINK(1)", "=2+2", "Doing"])

    def calculate(parts: Parts) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        )

    made = read("xlsx", changed(content, calculate))
    assert [task.title for task in records(made, Task)] == ["A", "Untitled"]
    assert only(made, Description).text.endswith("| Sum | 2 |")
    assert note(made.report.mapped, "Formulas").examples == ("B2", "A3", "B3")


def test_links_to_other_workbooks_macros_and_errors_are_told() -> None:
    content = workbook(["Title", "Size"], ["A", "#REF!"])

    def link(parts: Parts) -> None:
        parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
        parts["xl/vbaProject.bin"] = b"x"

    made = read("xlsx", changed(content, link))
    assert note(made.report.dropped, "Links to other workbooks").count == 1
    assert note(made.report.dropped, "Macros").count == 1
    assert note(made.report.dropped, "Cells that hold an error").examples == ("row 2, column 2: #REF!",)


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    def boast(parts: Parts) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')

    made = read("xlsx", changed(workbook(["Title", "Status"], ["A", "Doing"]), boast))
    assert only(made, Column).name == "Doing" and made.table is not None and len(made.table.headers) == 2


def test_rows_that_claim_every_column_are_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD2"] = "Title", "far"
    file = io.BytesIO()
    book.save(file)
    assert "Row 2 has over 1,024 cells" in refusal(file.getvalue())


def test_bombs_are_not_opened() -> None:
    content = workbook(["Title"], ["A"])

    def burst(parts: Parts) -> None:
        parts["xl/sharedStrings.xml"] = b" " * 30_000_000

    def grow(parts: Parts) -> None:
        entities = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
        parts["xl/workbook.xml"] = entities + parts["xl/workbook.xml"]

    assert "ZIP bomb" in refusal(changed(content, burst))
    assert "declares entities" in refusal(changed(content, grow))


def test_damage_is_a_refusal() -> None:
    content = workbook(["Title"], ["A"])

    def drop(parts: Parts) -> None:
        del parts["xl/workbook.xml"]

    def tear(parts: Parts) -> None:
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:200]

    for damaged in (b"", b"PK\x03\x04", content[:-30], content[100:], changed(content, drop), changed(content, tear)):
        assert "not a workbook of Excel" in refusal(damaged)
    assert refusal(workbook()) == "The workbook is empty."
