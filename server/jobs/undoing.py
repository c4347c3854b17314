"""Takes an import back: what it made goes to the trash, but for what somebody has worked on since. Not here: imports themselves (imports).

What an import made stands in the log, under the ids of its chunks. A task stays when anybody changed it or wrote on it, a column or a label
when anybody changed it or a task that stays needs it; people stay as they are, for they have no access. A try that was interrupted is
repeated: what is deleted already is left alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from server.commands.executor import Executor
from server.domain import commands as c
from server.domain.changes import Actor
from server.domain.errors import Conflict, NotFound, TooLarge
from server.domain.ids import new_id
from server.domain.jobs import JobProgress
from server.domain.records import Kind
from server.formats.chunks import chunk_id
from server.jobs.runner import Work
from server.storage import imports
from server.storage.engine import Database
from server.storage.imports import LogLine

CHUNKS_AT_A_TIME = 20
CHANGES_AT_A_TIME = 200
DELETED_AT_A_TIME = 250
TITLES_MAX = 10

Ids = defaultdict[Kind, set[UUID]]
"""By kind."""

VERBS: dict[Kind, type[c.DeleteTask | c.DeleteLabel | c.DeleteColumn]] = {
    "task": c.DeleteTask,
    "label": c.DeleteLabel,
    "column": c.DeleteColumn,
}
"""What goes, in this order: columns and labels once no task needs them."""


class Asked(msgspec.Struct, frozen=True):
    """`import_id` is the job that is taken back."""

    actor: Actor
    import_id: UUID


class _Op(msgspec.Struct, frozen=True):
    """Of any op as much as is needed here."""

    op: str
    kind: Kind
    id: UUID | None = None
    record: dict[str, Any] = {}
    fields: dict[str, Any] = {}

    @property
    def about(self) -> UUID:
        return self.id or UUID(self.record["id"])


class _Change(msgspec.Struct, frozen=True):
    ops: tuple[_Op, ...]


_decode = msgspec.json.Decoder(_Change).decode


class Undoing:
    """The job; `executor` is this process's own."""

    def __init__(self, database: Database, executor: Executor) -> None:
        self._database = database
        self._executor = executor

    async def run(self, work: Work) -> dict[str, Any]:
        asked = msgspec.convert(work.asked, Asked)
        project = work.job.project_id
        made = await self._made(project, asked.import_id)
        touched = await self._touched(project, made)
        deleted: dict[str, int] = {}
        for kind in VERBS:
            going = await self._going(project, kind, made.ids[kind] - touched[kind])
            done = sum(deleted.values())
            deleted[kind] = 0
            for some in _groups(sorted(going)):
                deleted[kind] += await self._delete(project, kind, some, asked.actor)
                work.progress = JobProgress(done + deleted[kind], None)
        work.progress = JobProgress(sum(deleted.values()), sum(deleted.values()))
        return await self._told(project, made, deleted)

    async def _made(self, project: UUID, import_id: UUID) -> "_Made":
        made = _Made(import_id)
        for first in count(0, CHUNKS_AT_A_TIME):
            ids = [chunk_id(import_id, number) for number in range(first, first + CHUNKS_AT_A_TIME)]
            async with self._database.statement() as connection:
                found = await imports.changes_of(connection, project, ids)
            for change in found:
                made.take(change)
            if len(found) < len(ids):
                return made
        raise AssertionError

    async def _touched(self, project: UUID, made: "_Made") -> Ids:
        """What somebody else has changed, by the log since the import's first change."""
        touched: Ids = defaultdict(set)
        seq = made.first
        while seq is not None:
            async with self._database.statement() as connection:
                page = await imports.changes_after(connection, project, seq, CHANGES_AT_A_TIME)
            for change in page:
                if change.command_id not in made.commands:
                    for op in _decode(change.message).ops:
                        _touch(op, made, touched)
            seq = page[-1].seq if page else None
        return touched

    async def _going(self, project: UUID, kind: Kind, ids: set[UUID]) -> set[UUID]:
        """Those that are there and that nothing needs which stays."""
        async with self._database.snapshot() as connection:
            there = await imports.left_of(connection, kind, project, list(ids))
            return there if kind == "task" else there - await imports.in_use(connection, project, kind)

    async def _delete(self, project: UUID, kind: Kind, ids: Sequence[UUID], actor: Actor) -> int:
        """Deletes them together, or by halves when somebody was faster with one of them; returns how many."""
        commands = tuple(VERBS[kind](id=id) for id in ids)
        try:
            await self._executor.execute(project, new_id(), commands, actor)
        except (NotFound, Conflict, TooLarge):
            if len(ids) == 1:
                return 0
            half = len(ids) // 2
            first = await self._delete(project, kind, ids[:half], actor)
            return first + await self._delete(project, kind, ids[half:], actor)
        return len(ids)

    async def _told(self, project: UUID, made: "_Made", deleted: dict[str, int]) -> dict[str, Any]:
        kept: dict[str, int] = {}
        async with self._database.snapshot() as connection:
            for kind in VERBS:
                kept[kind] = len(await imports.left_of(connection, kind, project, list(made.ids[kind])))
            titles = await imports.titles_of(connection, project, list(made.ids["task"]), TITLES_MAX)
        return {"import_id": str(made.import_id), "deleted": deleted, "kept": kept, "kept_tasks": titles}


class _Made:
    """What an import put there: ids by kind, of which task each part is, and the changes that did it."""

    def __init__(self, import_id: UUID) -> None:
        self.import_id = import_id
        self.ids: Ids = defaultdict(set)
        self.parts: dict[UUID, UUID] = {}
        self.commands: set[UUID] = set()
        self.first: int | None = None

    def take(self, change: LogLine) -> None:
        self.first = change.seq if self.first is None else self.first
        self.commands.add(change.command_id)
        for op in _decode(change.message).ops:
            if op.op == "put":
                self.ids[op.kind].add(op.about)
                if "task_id" in op.record:
                    self.parts[op.about] = UUID(op.record["task_id"])


def _touch(op: _Op, made: _Made, touched: Ids) -> None:
    """Notes what the op of somebody else means for what was imported. Ranks move by themselves, and counters with their parts."""
    match op.op, op.kind:
        case "patch", "task":
            if "updated_at" in op.fields:
                touched["task"].add(op.about)
        case "patch", "column" | "label":
            if op.fields.keys() != {"rank"}:
                touched[op.kind].add(op.about)
        case "put", "task" | "column" | "label":
            touched[op.kind].add(op.about)
        case "put" | "patch", "description":
            touched["task"].add(op.about)
        case "put", "comment" | "checklist_item" | "dependency" | "attachment":
            touched["task"].add(UUID(op.record["task_id"]))
        case "patch", "comment" | "checklist_item" if op.about in made.parts:
            touched["task"].add(made.parts[op.about])
        case _:
            pass


def _groups(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[first : first + DELETED_AT_A_TIME] for first in range(0, len(ids), DELETED_AT_A_TIME))
