"""Writes our own format, piece by piece: whoever reads the records asks for the bytes of each page. Not here: where they come from."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from server.domain.exports import (
    Exported,
    ExportedChecklistItem,
    ExportedComment,
    ExportedDescription,
    ExportedProject,
    ExportedTask,
)

FORMAT: Final = "lockstep"
VERSION: Final = 1

Part = ExportedDescription | ExportedComment | ExportedChecklistItem

_encode = msgspec.json.Encoder().encode


class JsonFile:
    """One object; a record a line, so that people can read it and compare two."""

    def begin(self, project: ExportedProject) -> bytes:
        return b'{"format":"%s","version":%d,\n"project":%s' % (FORMAT.encode(), VERSION, _plain(project))

    def array(self, name: str) -> bytes:
        self._first = True
        return b',\n"%s":[' % name.encode()

    def records(self, page: Iterable[Exported]) -> bytes:
        lines = b",\n".join(map(_plain, page))
        if not lines:
            return b""
        head, self._first = (b"\n" if self._first else b",\n"), False
        return head + lines

    def end_array(self) -> bytes:
        return b"]" if self._first else b"\n]"

    def end(self) -> bytes:
        return b"\n}\n"


class Lines:
    """A line a record, and a last one that tells how many of each kind there were."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def begin(self) -> bytes:
        return b'{"kind":"export","format":"%s","version":%d}\n' % (FORMAT.encode(), VERSION)

    def records(self, page: Iterable[Exported]) -> bytes:
        lines = bytearray()
        for record in page:
            self._counts[str(record.__struct_config__.tag)] += 1
            lines += _encode(record)
            lines += b"\n"
        return bytes(lines)

    def tasks(self, page: Sequence[ExportedTask], parts: Iterable[Part]) -> bytes:
        """Tasks, each with its `parts` right behind it in the order in which they come."""
        of_task: defaultdict[UUID, list[Part]] = defaultdict(list)
        for part in parts:
            of_task[part.id if isinstance(part, ExportedDescription) else part.task_id].append(part)
        return b"".join(self.records([task, *of_task[task.id]]) for task in page)

    def changes(self, page: Iterable[str]) -> bytes:
        """Lines of the log, as they were sent."""
        written = [f'{{"kind":"change","change":{message}}}\n' for message in page]
        self._counts["change"] += len(written)
        return "".join(written).encode()

    def end(self) -> bytes:
        return _encode({"kind": "end", "counts": dict(self._counts)}) + b"\n"


def _plain(record: Exported) -> bytes:
    """Without its kind, which the array around it tells."""
    tag = f'{{"kind":"{record.__struct_config__.tag}",'
    return b"{" + _encode(record)[len(tag) :]
