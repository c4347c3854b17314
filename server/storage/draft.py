"""The pen's hand: handlers write rows here and nowhere else, and every write is also an op, so tables and log cannot disagree.

A draft belongs to one project under its lock. Submits are applied one after the other; each is sealed into a change or rolled back to its
mark without touching its neighbours. Not here: the statements (pen), and what a command means (commands/).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from msgspec.structs import replace

from server.domain.changes import OP_BYTES, OPS_BYTES_MAX, OPS_MAX, Actor, Change, Op, Patch, Put, Remove
from server.domain.errors import Conflict, NotFound, TooLarge
from server.domain.reach import IN_PERSON, Reach
from server.domain.records import Kind, Member, Record, Role
from server.storage.pen import Head, LogEntry
from server.storage.reads import Reads
from server.storage.rows import Row, Rows

R = TypeVar("R", bound=Record)

_encode = msgspec.json.Encoder().encode


DELETION = "deletion"
"""In `field_seq`: the change that deleted the record last."""

MADE = "made"
"""In the `field_seq` of a task: the change that made it."""

TOUCH = "touch"
"""In the `field_seq` of a task: the change that touched its details last. The highest entry of all is what touched the task at all."""


class Limits(msgspec.Struct, frozen=True):
    """Most tasks of a project that are not deleted, and of those most that are not archived."""

    tasks: int = 250_000
    open_tasks: int = 50_000


class NeedsMore(Exception):
    """The submit turned out to need rows that its `reads` could not know of; it is applied again once they are loaded."""

    def __init__(self, reads: Reads) -> None:
        super().__init__()
        self.reads = reads


class Part:
    """Of a submit; `keep` says that it shall be."""

    kept = False

    def keep(self) -> None:
        self.kept = True


class Draft:
    """The open changes of one project. `now` is the database's clock under the lock, `seq` the number the present submit will get."""

    def __init__(self, head: Head, rows: Rows, now: datetime, limits: Limits = Limits()) -> None:
        self.head = head
        self.rows = rows
        self.now = now
        self.limits = limits
        self.dirty: set[tuple[Kind, UUID]] = set()
        self.made: set[tuple[Kind, UUID]] = set()
        self.actor: Actor
        self.reach: Reach
        self._ops: list[Op] = []
        self._was: list[Any] = []
        self._before: dict[tuple[Kind, UUID], Row[Any] | None] = {}
        self._counts_before = self._counts

    @property
    def project(self) -> UUID:
        return self.head.project_id

    @property
    def seq(self) -> int:
        return self.head.seq + 1

    # One submit: mark, then seal or roll back

    def mark(self, actor: Actor, reach: Reach = IN_PERSON) -> None:
        self.actor = actor
        self.reach = reach
        self._ops, self._was, self._before = [], [], {}
        self._counts_before = self._counts

    def rollback(self) -> None:
        """Undoes the present submit. Ranks it noted stay as bounds, which harms no order."""
        self._put_back(self._before)
        self._count(self._counts_before)

    @contextmanager
    def part(self) -> Iterator["Part"]:
        """A part of the present submit that is undone unless it is kept."""
        earlier, ops, counts = self._before, len(self._ops), self._counts
        self._before, part = {}, Part()
        try:
            yield part
        finally:
            if not part.kept:
                self._put_back(self._before)
                del self._ops[ops:], self._was[ops:]
                self._count(counts)
                self._before = {}
            self._before = {**self._before, **earlier}

    def _put_back(self, before: dict[tuple[Kind, UUID], Row[Any] | None]) -> None:
        for (kind, id), row in before.items():
            self.rows.set(kind, id, row)

    @property
    def _counts(self) -> tuple[int, int, int, datetime | None]:
        head = self.head
        return head.last_number, head.task_count, head.open_count, head.deleted_at

    def _count(self, counts: tuple[int, int, int, datetime | None]) -> None:
        self.head.last_number, self.head.task_count, self.head.open_count, self.head.deleted_at = counts

    def seal(self, command_id: UUID, digest: bytes, kind: str) -> tuple[Change, bytes, LogEntry] | None:
        """The submit as the next change, its message and its line of the log; None when it changed nothing. Raises `TooLarge` when it is too big for one change."""
        if not self._ops:
            return None
        change = Change(self.project, self.seq, command_id, self.actor, self.now, kind, tuple(self._ops))
        message = _encode(change)
        if len(self._ops) > OPS_MAX or len(message) > OPS_BYTES_MAX + OP_BYTES * len(self._ops):
            raise TooLarge(f"One change has at most {OPS_MAX} ops and {OPS_BYTES_MAX // 1024} KiB; send this in parts.")
        entry = LogEntry(
            project_id=self.project,
            seq=self.seq,
            command_id=command_id,
            digest=digest,
            actor_id=self.actor.id,
            at=self.now,
            kind=kind,
            message=message.decode(),
            was=_encode(self._was).decode(),
        )
        self.dirty.update(self._before)
        self.made.update(key for key, before in self._before.items() if before is None)
        self.head.seq += 1
        return change, message, entry

    # Reading

    def require(self, reads: Reads) -> None:
        """Makes sure that `reads` are held; a verb calls this when what it read tells it to read more."""
        missing = self.rows.missing(reads)
        if missing:
            raise NeedsMore(missing)

    def row(self, kind: Kind, id: UUID) -> Row[Any] | None:
        return self.rows.get(kind, id)

    def before(self, kind: Kind, id: UUID) -> Row[Any] | None:
        """The row as it was before the present submit."""
        key = kind, id
        return self._before[key] if key in self._before else self.rows.get(kind, id)

    def peek(self, kind: Kind, id: UUID, type_: type[R]) -> R | None:
        """The record if it is there and not deleted."""
        row = self.rows.get(kind, id)
        return None if row is None or row.deleted_at is not None else cast(R, row.record)

    def find(self, kind: Kind, id: UUID, type_: type[R]) -> R:
        """The record; raises `NotFound` when it is deleted or was never there."""
        record = self.peek(kind, id, type_)
        if record is None:
            raise NotFound(f"There is no such {kind.replace('_', ' ')}.")
        return record

    @property
    def role(self) -> Role | None:
        """The actor's role in the project, as far as their credentials reach."""
        member = self.peek("member", self.actor.id, Member)
        return self.reach.role(self.project, member.role if member is not None else None)

    def check(self, kind: Kind, id: UUID, base_seq: int | None, *fields: str) -> None:
        """Raises `Conflict` with the current values when somebody changed one of these fields after `base_seq`.

        What an earlier command of the same submit changed is no conflict.
        """
        row = self.rows.get(kind, id)
        if base_seq is None or row is None:
            return
        later = [name for name in fields if base_seq < row.field_seq.get(name, 0) < self.seq]
        if later:
            current = {name: getattr(row.record, name) for name in fields}
            raise Conflict(f"Somebody changed {', '.join(later)} since you read it.", current=current)

    # Writing

    def create(self, kind: Kind, record: Record) -> None:
        """A new record. Raises `Conflict` when its id was ever used for this kind."""
        if self.rows.get(kind, record.id) is not None:
            raise _used(kind)
        self._set(kind, record.id, Row(record, None, self._made(kind)))
        self._record(Put(kind, record), None)

    def create_unseen(self, kind: Kind, record: Record, deleted_at: datetime | None) -> None:
        """A new record that nobody sees: deleted at that time, or hidden by what it belongs to. Raises as `create` does."""
        if self.rows.get(kind, record.id) is not None:
            raise _used(kind)
        self._set(kind, record.id, Row(record, deleted_at, self._made(kind)))
        self.hide(kind, record)

    def patch(self, kind: Kind, id: UUID, /, **fields: Any) -> bool:
        """Sets fields; only those that really change become part of the op. Tells whether any did."""
        row = self.rows.get(kind, id)
        assert row is not None
        old = row.record
        changed = {name: value for name, value in fields.items() if getattr(old, name) != value}
        if not changed:
            return False
        seqs = {**row.field_seq, **dict.fromkeys(changed, self.seq)}
        self._set(kind, id, Row(replace(old, **changed), row.deleted_at, seqs))
        if row.deleted_at is None:
            self._record(Patch(kind, id, changed), {name: getattr(old, name) for name in changed})
        return True

    def remove(self, kind: Kind, id: UUID) -> None:
        """Deletes softly. The row tells by which change, under a name that no field has."""
        row = self.rows.get(kind, id)
        assert row is not None
        self._set(kind, id, Row(row.record, self.now, {**row.field_seq, DELETION: self.seq}))
        self.hide(kind, row.record)

    def restore(self, kind: Kind, id: UUID, /, **fields: Any) -> None:
        """Brings a deleted record back, with these fields changed."""
        row = self.rows.get(kind, id)
        assert row is not None
        record = replace(row.record, **fields)
        self._set(kind, id, Row(record, None, {**row.field_seq, **dict.fromkeys(fields, self.seq)}))
        self.show(kind, record)

    def touch(self, *tasks: UUID) -> None:
        """Notes that details of these tasks change, where no field of the tasks themselves tells of it."""
        for id in tasks:
            row = self.rows.get("task", id)
            if row is not None:
                self._set("task", id, replace(row, field_seq={**row.field_seq, TOUCH: self.seq}))

    def hide(self, kind: Kind, record: Record) -> None:
        """An op only: the record is out of sight, because what it belongs to is."""
        self._record(Remove(kind, record.id), record)

    def show(self, kind: Kind, record: Record) -> None:
        """An op only: the record is in sight again."""
        self._record(Put(kind, record), None)

    def _made(self, kind: Kind) -> dict[str, int]:
        """What is known of a new record."""
        return {MADE: self.seq} if kind == "task" else {}

    def _set(self, kind: Kind, id: UUID, row: Row[Any]) -> None:
        self._before.setdefault((kind, id), self.rows.get(kind, id))
        self.rows.set(kind, id, row)

    def _record(self, op: Op, was: Any) -> None:
        self._ops.append(op)
        self._was.append(was)


def _used(kind: Kind) -> Conflict:
    return Conflict(f"This id was used for a {kind.replace('_', ' ')} before.")
