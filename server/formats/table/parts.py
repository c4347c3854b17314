"""What the parts of a workbook give away before it is opened: formulas, and what will not come along."""

import re

from server.domain.errors import Invalid
from server.formats.archive import Archive
from server.formats.run import Run

_FORMULA = re.compile(rb"<f[\s>/]")


def holds_formulas(archive: Archive) -> bool:
    """Also refuses parts that bring declarations of their own: no spreadsheet writes any, and they can be made to grow."""
    return sum(_has_formula(archive, name) for name in archive.names if name.endswith((".xml", ".rels"))) > 0


def note_losses(archive: Archive, run: Run) -> None:
    links = sum(name.startswith("xl/externalLinks/externalLink") for name in archive.names)
    if links:
        run.findings.dropped("Links to other workbooks; the values that were saved are taken.", count=links)
    if "xl/vbaProject.bin" in archive.names:
        run.findings.dropped("Macros.")
    pictures = sum(name.startswith("xl/media/") for name in archive.names)
    if pictures:
        run.findings.dropped("Pictures on the sheets.", count=pictures)


def _has_formula(archive: Archive, name: str) -> bool:
    found, sheet = False, name.startswith("xl/worksheets/")
    for n, piece in enumerate(archive.pieces(name)):
        if n == 0 and b"<!DOCTYPE" in piece:
            raise Invalid("The workbook declares entities, which no spreadsheet does; it was not opened.")
        if not sheet:
            break
        found = found or _FORMULA.search(piece) is not None
    return found
