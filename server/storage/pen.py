"""The statements of the edit path: lock heads, load what verbs declared, write rows and log. One round trip each.

Not here: what a command does (commands/), and reads that need no lock (boards, log). Rows travel as JSON both ways: one parameter a
kind whatever the batch's size, decoded by msgspec into the very records that ops carry.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import asdict

from server.domain.records import KINDS, MemberKind
from server.storage import loads, statements
from server.storage.reads import Reads
from server.storage.rows import Account, Row, Rows


class Head(msgspec.Struct):
    """A project's locked head row; mutable, because a batch counts on it."""

    project_id: UUID
    epoch: UUID
    seq: int
    last_number: int
    task_count: int
    open_count: int
    deleted_at: datetime | None


class Known(msgspec.Struct, frozen=True):
    """A command id that took effect before. It is known in its project only."""

    project_id: UUID
    id: UUID
    seq: int
    digest: bytes


Prepared = tuple[Any, ...]
"""A write's arguments, encoded: later edits of the same working copies are no part of it."""


class Written(msgspec.Struct, frozen=True):
    """What a write did: the projects it wrote, and what was known of the ids asked for."""

    projects: frozenset[UUID]
    known: tuple[Known, ...]


class LockedHead(msgspec.Struct, frozen=True):
    """`seen` is the seq that the rest was read at: while the lock was waited for, the head may have moved on."""

    head: Head
    known: tuple[Known, ...]
    now: datetime
    seen: int | None = None


class LogEntry(msgspec.Struct, frozen=True, gc=False):
    """One line of the log, ready to be written. `message` and `was` are JSON texts."""

    project_id: UUID
    seq: int
    command_id: UUID
    digest: bytes
    actor_id: UUID
    at: datetime
    kind: str
    message: str
    was: str


class _Found(msgspec.Struct, frozen=True):
    project_id: UUID
    row: msgspec.Raw


class _Rank(msgspec.Struct, frozen=True):
    """Ranks of a container; with `place`, they are those on both sides of it."""

    project_id: UUID
    container: UUID
    ranks: tuple[str | None, ...]
    place: str | None = None


class _Account(msgspec.Struct, frozen=True):
    asked: str
    id: UUID
    name: str
    kind: MemberKind


_ROW_DECODERS = {kind: msgspec.json.Decoder(Row[record]) for kind, record in KINDS.items()}  # type: ignore[valid-type]
_FOUND = msgspec.json.Decoder(list[_Found])
_RANKS = msgspec.json.Decoder(list[_Rank])
_LOCKED = msgspec.json.Decoder(list[LockedHead])
_WRITTEN = msgspec.json.Decoder(Written)
_ACCOUNTS = msgspec.json.Decoder(list[_Account])
_encode = msgspec.json.Encoder().encode


class Pen:
    """One connection, inside a transaction or without one (pens)."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def lock(self, ids: Mapping[UUID, list[UUID]], *, wait: bool = False) -> dict[UUID, LockedHead]:
        """Locks the heads of the projects named, passing over those that somebody else holds unless `wait`.

        `ids` maps a project to the command ids of its submits; those known from before are returned with their head.
        """
        arguments = list(ids), [id for known in ids.values() for id in known]
        locked = _LOCKED.decode(await self._connection.fetchval(statements.lock(wait=wait), *arguments))
        if any(one.seen != one.head.seq for one in locked):  # somebody committed meanwhile, perhaps the very same ids
            locked = _LOCKED.decode(await self._connection.fetchval(statements.lock(wait=wait), *arguments))
        return {one.head.project_id: one for one in locked}

    async def existing(self, projects: list[UUID]) -> set[UUID]:
        """Those of `projects` that there are, locked or not."""
        rows = await self._connection.fetch(statements.EXISTING, projects)
        return {row["project_id"] for row in rows}

    async def open(self, project: UUID, epoch: UUID) -> LockedHead | None:
        """Makes the head of a new project and locks it; None when there is one already."""
        text = await self._connection.fetchval(statements.OPEN, project, epoch)
        return None if text is None else msgspec.json.decode(text, type=LockedHead)

    async def load(self, reads: Mapping[UUID, Reads], rows: Mapping[UUID, Rows]) -> None:
        """Loads what `reads` names, by project, into `rows`."""
        fragments = [fragment for fragment in loads.LOADS if fragment.wanted(reads.values())]
        if fragments:
            statement, arguments = loads.load(fragments, reads)
            found = await self._connection.fetchrow(statement, *arguments)
            assert found is not None
            for fragment, text in zip(fragments, found, strict=True):
                if text is not None:
                    _take(fragment, text, rows)
        for project, read in reads.items():
            rows[project].learned(read)

    async def write(self, prepared: Prepared) -> Written:
        """Writes rows, log and heads in one statement, of each project all or nothing.

        A project is passed over when its head is not at the seq before its log, or locked by somebody else.
        """
        return _WRITTEN.decode(await self._connection.fetchval(statements.WRITE, *prepared))


def prepare(
    heads: Iterable[Head],
    rows: Mapping[statements.Part, list[tuple[UUID, Row[Any]]]],
    log: list[LogEntry],
    asked: Iterable[tuple[UUID, UUID]] = (),
) -> Prepared:
    """Encodes a write. `asked` are command ids, with their projects, of which to tell whether they took effect before."""
    asked = list(asked)
    return (
        _json(_encode(_with_expected(heads, log))),
        [entry.project_id for entry in log],
        [entry.seq for entry in log],
        [entry.command_id for entry in log],
        [entry.digest for entry in log],
        [entry.actor_id for entry in log],
        [entry.at for entry in log],
        [entry.kind for entry in log],
        [entry.message for entry in log],
        [entry.was for entry in log],
        [project for project, _ in asked] or None,
        [id for _, id in asked] or None,
        *(_stored(rows[part]) if part in rows else None for part in statements.PARTS),
    )


def _take(fragment: loads.Load, text: str, rows: Mapping[UUID, Rows]) -> None:
    match fragment.yields:
        case "ranks":
            for found in _RANKS.decode(text):
                held = rows[found.project_id]
                for rank in found.ranks:
                    if rank is not None:
                        held.note_rank(fragment.kind, found.container, rank)
                if found.place is not None:
                    held.placed(fragment.kind, found.container, found.place)
        case "accounts":
            for account in _ACCOUNTS.decode(text):
                for held in rows.values():
                    held.accounts[account.asked] = Account(account.id, account.name, account.kind)
        case "rows":
            decode = _ROW_DECODERS[fragment.kind].decode
            for one in _FOUND.decode(text):
                rows[one.project_id].load(fragment.kind, decode(one.row))


def _with_expected(heads: Iterable[Head], log: list[LogEntry]) -> list[dict[str, Any]]:
    """The heads as they shall be, each with the seq it must have been left at."""
    entries = Counter(entry.project_id for entry in log)
    return [{**asdict(head), "expected": head.seq - entries[head.project_id]} for head in heads]


def _stored(rows: list[tuple[UUID, Row[Any]]]) -> str:
    """Rows as flat JSON objects: the record's own fields, then the private columns."""
    return _json(b"[" + b",".join(_flat(*row) for row in rows) + b"]")


def _flat(project: UUID, row: Row[Any]) -> bytes:
    private = {"project_id": project, "deleted_at": row.deleted_at, "field_seq": row.field_seq}
    return _encode(row.record)[:-1] + b"," + _encode(private)[1:]


def _json(encoded: bytes) -> str:
    return encoded.decode()
