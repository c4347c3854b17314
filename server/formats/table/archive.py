"""The ZIP that a workbook is: looked at from outside before anything in it is unpacked, and for what its parts give away by themselves."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from server.domain.errors import Invalid
from server.formats.run import Run

BYTES_MAX = 512 * 1024 * 1024
"""What all parts of a workbook may unpack to."""

_PARTS_MAX = 10_000
_RATIO_MAX = 200
_RATIO_FROM = 10 * 1024 * 1024
_SLICE = 1024 * 1024
_OVERLAP = 256
_FORMULA = re.compile(rb"<f[\s>/]")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class Archive:
    """Raises `Invalid` when the file is no ZIP, or one that unpacks to more than a workbook would."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGED:
            raise Invalid(DAMAGED) from None
        parts = self._zip.infolist()
        if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > BYTES_MAX or any(map(_bursts, parts)):
            raise Invalid("The workbook unpacks to far more than it holds (a ZIP bomb); it was not opened.")
        self._names = [part.filename for part in parts]

    def holds_formulas(self) -> bool:
        """Also refuses parts that bring declarations of their own: no spreadsheet writes any, and they can be made to grow."""
        return sum(self._has_formula(name) for name in self._names if name.endswith((".xml", ".rels"))) > 0

    def note_losses(self, run: Run) -> None:
        links = sum(name.startswith("xl/externalLinks/externalLink") for name in self._names)
        if links:
            run.findings.dropped("Links to other workbooks; the values that were saved are taken.", count=links)
        if "xl/vbaProject.bin" in self._names:
            run.findings.dropped("Macros.")
        pictures = sum(name.startswith("xl/media/") for name in self._names)
        if pictures:
            run.findings.dropped("Pictures on the sheets.", count=pictures)

    def _has_formula(self, name: str) -> bool:
        found, sheet = False, name.startswith("xl/worksheets/")
        for n, piece in enumerate(self._pieces(name)):
            if n == 0 and b"<!DOCTYPE" in piece:
                raise Invalid("The workbook declares entities, which no spreadsheet does; it was not opened.")
            if not sheet:
                break
            found = found or _FORMULA.search(piece) is not None
        return found

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as part:
                before = b""
                while piece := part.read(_SLICE):
                    yield before + piece
                    before = piece[-_OVERLAP:]
        except _DAMAGED:
            raise Invalid(DAMAGED) from None


DAMAGED = "The file is not a workbook of Excel (.xlsx), or it is damaged."


def _bursts(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_FROM and part.file_size > part.compress_size * _RATIO_MAX
