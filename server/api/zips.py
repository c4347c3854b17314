"""A ZIP that is sent while it is made: nothing of it is kept. Not here: what is in it."""

import io
import zipfile
from datetime import UTC, datetime


class _Sink(io.RawIOBase):
    """Takes what the archive writes, and can neither go back nor be asked where it stands."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


class Zip:
    """Each method returns the bytes that go out next."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)

    def file(self, name: str, content: bytes) -> bytes:
        now = datetime.now(UTC)
        info = zipfile.ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, now.second))
        info.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(info, content)
        return self._sink.taken()

    def end(self) -> bytes:
        self._archive.close()
        return self._sink.taken()
