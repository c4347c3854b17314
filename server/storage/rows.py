"""The working copy: the rows of one project that a batch reads and writes, held in memory under the project's lock.

It outlives its batch: while the head's seq is the one it was left at, nobody else wrote, so every row it holds is still true. Not here:
how rows come from and go to the database (pen), and the rules of writing (draft).
"""

from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from server.domain.records import KINDS, Attachment, Dependency, Kind, MemberKind, Record
from server.storage.reads import RANKED, WHOLE, Reads

R = TypeVar("R", bound=Record)

BOUNDS_MAX = 20_000
"""Ranks held beyond one for each row; about 150 bytes each."""


class Row(msgspec.Struct, Generic[R], frozen=True, gc=False):
    """A record with what only the server knows: when it was deleted, and the seq of each field's last change."""

    record: R
    deleted_at: datetime | None = None
    field_seq: dict[str, int] = {}


class Account(msgspec.Struct, frozen=True):
    """Somebody who can become a member."""

    id: UUID
    name: str
    kind: MemberKind


class Undeclared(Exception):
    """A verb looked at something that its `reads` did not name: a bug of that verb."""


class Rows:
    """Known rows, known absences and known ranks of one project."""

    def __init__(self, project_id: UUID) -> None:
        self.project_id = project_id
        self.by_kind: dict[Kind, dict[UUID, Row[Any] | None]] = {kind: {} for kind in KINDS}
        self.accounts: dict[str, Account | None] = {}
        self._ranks: dict[tuple[Kind, UUID], list[str]] = {}
        self._places: set[tuple[Kind, UUID, str]] = set()
        self._noted = 0
        self._links: dict[UUID, set[UUID]] = {}
        self._known = Reads()
        self._assumed: set[tuple[Kind, UUID]] = set()

    def __len__(self) -> int:
        return sum(map(len, self.by_kind.values()))

    # What is known

    def missing(self, reads: Reads) -> Reads:
        """The part of `reads` that is not held."""
        known = self._known
        rows = {key for key in reads.rows if self._unknown(key)}
        fresh = {key for key in reads.fresh if self._unknown(key)}
        accounts = reads.accounts - self.accounts.keys()
        attachments_of = reads.attachments_of - known.attachments_of
        if known.whole:
            return Reads(rows, fresh, accounts=accounts, attachments_of=attachments_of)
        return Reads(
            rows=rows,
            fresh=fresh,
            edges=reads.edges - known.edges,
            neighbours={key for key in reads.neighbours if self._apart(*key)},
            crowds=reads.crowds - known.crowds,
            links=reads.links - known.links,
            closures=reads.closures - known.closures,
            tasks_of=reads.tasks_of - known.tasks_of,
            all_of=reads.all_of - known.all_of,
            accounts=accounts,
            attachments_of=attachments_of,
            whole=reads.whole,
        )

    @property
    def whole(self) -> bool:
        """Whether every record of the kinds in `WHOLE` is held."""
        return self._known.whole

    def _unknown(self, key: tuple[Kind, UUID]) -> bool:
        """Whether nothing is known of this record. Of a kind that is held whole, what is not there does not exist."""
        kind, id = key
        if id in self.by_kind[kind]:
            return False
        if (self._known.whole and kind in WHOLE) or kind in self._known.all_of:
            self.by_kind[kind][id] = None
            return False
        return True

    def _apart(self, kind: Kind, id: UUID) -> bool:
        """Whether a ranked record may have neighbours that are not known."""
        row = self.by_kind[kind].get(id)
        if row is None:
            return id not in self.by_kind[kind]
        return not self.has_place(kind, self.container(kind, row.record), row.record.rank)

    def assume_unused(self, ids: set[tuple[Kind, UUID]]) -> None:
        """Takes it that there are no records with these ids but those known. Making one is checked by the database when it is written."""
        for key in ids:
            if self._unknown(key):
                kind, id = key
                self.by_kind[kind][id] = None
                self._assumed.add(key)

    def forget_assumptions(self) -> None:
        """What was assumed and not made is not known."""
        for kind, id in self._assumed:
            if self.by_kind[kind][id] is None:
                del self.by_kind[kind][id]
        self._assumed.clear()

    def learned(self, reads: Reads) -> None:
        """Everything that `reads` names has been loaded: what did not come does not exist."""
        for kind, id in reads.rows:
            self.by_kind[kind].setdefault(id, None)
        for key in reads.accounts:
            self.accounts.setdefault(key, None)
        known = self._known
        known.edges |= reads.edges
        known.crowds |= reads.crowds
        known.links |= reads.links
        known.closures |= reads.closures
        known.tasks_of |= reads.tasks_of
        known.all_of |= reads.all_of
        known.attachments_of |= reads.attachments_of
        known.whole |= reads.whole

    # Rows

    def get(self, kind: Kind, id: UUID) -> Row[Any] | None:
        """The row, deleted or not; None when there never was one. Raises `Undeclared` when nobody asked for it."""
        try:
            return self.by_kind[kind][id]
        except KeyError:
            raise Undeclared(f"{kind} {id}") from None

    def every(self, kind: Kind) -> list[Row[Any]]:
        """All rows of a small kind, deleted ones too. Raises `Undeclared` when nobody asked for all of them."""
        if kind not in self._known.all_of and not (self._known.whole and kind in WHOLE):
            raise Undeclared(f"every {kind}")
        return [row for row in self.by_kind[kind].values() if row is not None]

    def attachments(self, task: UUID) -> list[Row[Attachment]]:
        """A task's attachments, deleted ones too. Raises `Undeclared` when nobody asked for them."""
        if task not in self._known.attachments_of:
            raise Undeclared(f"attachments of {task}")
        held = self.by_kind["attachment"].values()
        return [row for row in held if row is not None and row.record.task_id == task]

    def load(self, kind: Kind, row: Row[Any]) -> None:
        """Takes a row as the database has it; a row that is held already is newer and stays."""
        if self.by_kind[kind].get(row.record.id) is None:
            self.set(kind, row.record.id, row)

    def set(self, kind: Kind, id: UUID, row: Row[Any] | None) -> None:
        """Replaces a row. None forgets that it was made, when the submit that made it is refused."""
        self.by_kind[kind][id] = row
        if row is None:
            return
        if kind in RANKED:
            self.note_rank(kind, self.container(kind, row.record), row.record.rank)
        elif kind == "dependency":
            for end in (row.record.task_id, row.record.depends_on_id):
                self._links.setdefault(end, set()).add(id)

    def container(self, kind: Kind, record: Any) -> UUID:
        """The id of what a ranked record stands in."""
        return self.project_id if kind == "column" else getattr(record, RANKED[kind])

    # Ranks. A rank that a row has left stays as a bound: keys between bounds are still in order.

    def note_rank(self, kind: Kind, container: UUID, rank: str) -> None:
        ranks = self._ranks.setdefault((kind, container), [])
        at = bisect_left(ranks, rank)
        if at == len(ranks) or ranks[at] != rank:
            ranks.insert(at, rank)
            self._noted += 1

    def placed(self, kind: Kind, container: UUID, rank: str) -> None:
        """The ranks on both sides of this one are known: they were read, or it was made between them here."""
        self._places.add((kind, container, rank))

    def has_place(self, kind: Kind, container: UUID, rank: str) -> bool:
        """Whether `above` and `below` are true for this rank."""
        return (kind, container, rank) in self._places or (self._known.whole and kind in WHOLE)

    @property
    def worn(self) -> bool:
        """Whether so many ranks were left behind that it is better to read the project anew."""
        return self._noted > BOUNDS_MAX + len(self)

    def above(self, kind: Kind, container: UUID, rank: str) -> str | None:
        """The next rank after `rank`, None at the end. True where `has_place` is, and inside a crowd that was read."""
        ranks = self._ranks.get((kind, container), [])
        at = bisect_right(ranks, rank)
        return ranks[at] if at < len(ranks) else None

    def below(self, kind: Kind, container: UUID, rank: str) -> str | None:
        ranks = self._ranks.get((kind, container), [])
        at = bisect_left(ranks, rank)
        return ranks[at - 1] if at else None

    def edge(self, kind: Kind, container: UUID, *, last: bool) -> str | None:
        """The first or last rank of the container; None when it is empty."""
        if (kind, container) not in self._known.edges and not (self._known.whole and kind in WHOLE):
            raise Undeclared(f"edge of {kind}s in {container}")
        ranks = self._ranks.get((kind, container))
        return ranks[-1 if last else 0] if ranks else None

    def started(self, kind: Kind, container: UUID) -> None:
        """A container made here is empty: its edges are known."""
        self._known.edges.add((kind, container))

    def forget_tasks_of(self, column: UUID) -> None:
        """The column holds so many tasks that perhaps not all of them were read: read it again next time."""
        self._known.tasks_of.discard(column)

    # Dependencies

    def links(self, task: UUID) -> list[Dependency]:
        """The dependencies that are not removed and have the task at either end."""
        if task not in self._known.links and not self._known.whole:
            raise Undeclared(f"dependencies of {task}")
        return self._live_links(task)

    def reaches(self, start: UUID, goal: UUID) -> bool:
        """Whether `goal` can be walked to from `start` along dependencies."""
        if start not in self._known.closures and not self._known.whole:
            raise Undeclared(f"closure of {start}")
        seen, waiting = {start}, [start]
        while waiting:
            here = waiting.pop()
            if here == goal:
                return True
            onward = {link.depends_on_id for link in self._live_links(here) if link.task_id == here} - seen
            seen |= onward
            waiting.extend(onward)
        return False

    def _live_links(self, task: UUID) -> list[Dependency]:
        rows = self.by_kind["dependency"]
        found = (rows.get(id) for id in sorted(self._links.get(task, ())))
        return [row.record for row in found if row is not None and row.deleted_at is None]


__all__ = ["Account", "Row", "Rows", "Undeclared"]
