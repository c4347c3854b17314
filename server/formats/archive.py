"""ZIPs that others made, looked at from outside before anything in them is unpacked. Shared by all importers of such files."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from server.domain.errors import Invalid

BYTES_MAX = 512 * 1024 * 1024
"""What the parts that are read may unpack to."""

_PARTS_MAX = 10_000
_RATIO_MAX = 200
_RATIO_FROM = 10 * 1024 * 1024
_SLICE = 1024 * 1024
_OVERLAP = 256
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, KeyError)


class Archive:
    """Raises `Invalid`, with the sentence `damaged`, when the file is no ZIP, and when it unpacks to far more than it holds."""

    def __init__(self, content: bytes, damaged: str) -> None:
        self._damaged = damaged
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGED:
            raise Invalid(damaged) from None
        parts = self._zip.infolist()
        if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > BYTES_MAX or any(map(_bursts, parts)):
            raise Invalid("The file unpacks to far more than it holds (a ZIP bomb); it was not opened.")
        self.names = [part.filename for part in parts]

    def read(self, name: str) -> bytes:
        """One part, whole."""
        try:
            return self._zip.read(name)
        except _DAMAGED:
            raise Invalid(self._damaged) from None

    def pieces(self, name: str) -> Iterator[bytes]:
        """One part, a piece at a time; each begins with the end of the one before, so that no short word is cut in two."""
        try:
            with self._zip.open(name) as part:
                before = b""
                while piece := part.read(_SLICE):
                    yield before + piece
                    before = piece[-_OVERLAP:]
        except _DAMAGED:
            raise Invalid(self._damaged) from None


def _bursts(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_FROM and part.file_size > part.compress_size * _RATIO_MAX
