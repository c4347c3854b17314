"""Cuts an import into commands that the executor takes: each becomes one change, so each obeys the limits of a change.

Not here: the order of records (a translation yields each after those it refers to) and their counters (the server counts anew).
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec

from server.domain.changes import OPS_MAX
from server.domain.commands import (
    IMPORT_MAX,
    ImportedChecklistItem,
    ImportedComment,
    ImportedDescription,
    ImportedRecord,
    ImportedTask,
    ImportRecords,
)
from server.domain.ids import child_id

BYTES_MAX = 200 * 1024
"""Encoded records of one command; what a change adds around them fits into the rest of its 256 KiB."""

_PATCH_BYTES = 180
_encode = msgspec.json.Encoder().encode


def chunked(import_id: UUID, records: Iterable[ImportedRecord]) -> Iterator[tuple[UUID, ImportRecords]]:
    """Commands with their ids, in order. The ids follow from `import_id`, so an import that runs again repeats what it has done.

    A single record over the size is passed on alone; the server judges it.
    """
    chunk = _Chunk()
    number = 0
    for record in records:
        size = len(_encode(record))
        if chunk.records and not chunk.takes(record, size):
            yield chunk_id(import_id, number), ImportRecords(import_id=import_id, records=tuple(chunk.records))
            chunk, number = _Chunk(), number + 1
        chunk.add(record, size)
    if chunk.records:
        yield chunk_id(import_id, number), ImportRecords(import_id=import_id, records=tuple(chunk.records))


def chunk_id(import_id: UUID, number: int) -> UUID:
    """The command id of an import's chunk; they are numbered from 0."""
    return child_id(import_id, f"chunk {number}")


class _Chunk:
    """Counts what its change will hold: a put for each record, and a patch of the counters of each earlier task that gets a detail."""

    def __init__(self) -> None:
        self.records: list[ImportedRecord] = []
        self._put: set[UUID] = set()
        self._patched: set[UUID] = set()
        self._bytes = 0

    def takes(self, record: ImportedRecord, size: int) -> bool:
        patches = len(self._patched) + (self._patch_for(record) is not None)
        return (
            len(self.records) < IMPORT_MAX
            and len(self.records) + 1 + patches <= OPS_MAX
            and self._bytes + size + patches * _PATCH_BYTES <= BYTES_MAX
        )

    def add(self, record: ImportedRecord, size: int) -> None:
        task = self._patch_for(record)
        if task is not None:
            self._patched.add(task)
        if isinstance(record, ImportedTask):
            self._put.add(record.record.id)
        self.records.append(record)
        self._bytes += size

    def _patch_for(self, record: ImportedRecord) -> UUID | None:
        """The task that the record makes the change patch as well, unless it is put or patched there already."""
        match record:
            case ImportedComment() | ImportedChecklistItem():
                task = record.record.task_id
            case ImportedDescription():
                task = record.record.id
            case _:
                return None
        return None if task in self._put or task in self._patched else task
