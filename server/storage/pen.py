"""The statements of the edit path: lock heads, load what verbs declared, write rows and log. One round trip each.

Not here: what a command does (commands/), and reads that need no lock (boards, log). Rows travel as JSON both ways: one parameter a
kind whatever the batch's size, decoded by msgspec into the very records that ops carry.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import asdict

from server.domain.errors import Unavailable
from server.domain.records import KINDS, MemberKind
from server.storage import loads, statements
from server.storage.engine import UNABLE, Database, refusing
from server.storage.reads import Reads
from server.storage.rows import Account, Row, Rows

TRANSACTION_SECONDS = 20.0
"""Above every time limit of the server's own: only a dead connection gets here."""


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


class Prepared(NamedTuple):
    """A write, encoded: later edits of the same working copies are no part of it."""

    statement: str
    arguments: tuple[Any, ...]


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
    """One connection, inside a transaction or (`warm_writing`) without one."""

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
        statement, arguments = prepared
        return _WRITTEN.decode(await self._connection.fetchval(statement, *arguments))


def prepare(
    heads: Iterable[Head],
    rows: Mapping[statements.Part, list[tuple[UUID, Row[Any]]]],
    log: list[LogEntry],
    asked: Iterable[tuple[UUID, UUID]] = (),
) -> Prepared:
    """Encodes a write. `asked` are command ids, with their projects, of which to tell whether they took effect before."""
    parts = tuple(part for part in statements.PARTS if part in rows)
    if len(parts) > statements.FEW_PARTS:
        parts = statements.PARTS
    asked = list(asked)
    return Prepared(
        statements.write(parts),
        (
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
            [project for project, _ in asked],
            [id for _, id in asked],
            *(_json(b"[" + b",".join(_stored(*row) for row in rows.get(part, ())) + b"]") for part in parts),
        ),
    )


class WriteRefused(Exception):
    """The database refused a statement: nothing of the transaction took effect."""


class WriteInterrupted(Exception):
    """The connection or the time ran out, perhaps during COMMIT: whether the transaction took effect is unknown."""


@asynccontextmanager
async def writing(database: Database) -> AsyncIterator[Pen]:
    """A transaction to write in; leaving without an exception commits.

    Raises `WriteRefused`, `WriteInterrupted`, and `Overloaded` when no connection is free in time.
    """
    async with _driver(database) as driver, driver.transaction():
        yield Pen(driver)


@asynccontextmanager
async def warm_writing(database: Database) -> AsyncIterator[Pen]:
    """A pen without a transaction: its one statement commits by itself. Raises as `writing` does."""
    async with _driver(database) as driver:
        yield Pen(driver)


@asynccontextmanager
async def _driver(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the pool without the expression layer; its failures told as ours."""
    try:
        async with refusing(), database.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            try:
                async with asyncio.timeout(TRANSACTION_SECONDS):
                    yield driver
            except _INTERRUPTED:
                await connection.invalidate()
                raise
    except (*_INTERRUPTED, Unavailable) as lost:
        raise WriteInterrupted from lost
    except asyncpg.PostgresError as refused:
        raise WriteRefused from refused


_INTERRUPTED = (
    *UNABLE,
    asyncpg.InterfaceError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    OSError,
    TimeoutError,
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


def _stored(project: UUID, row: Row[Any]) -> bytes:
    """A row as one flat JSON object: the record's own fields, then the private columns."""
    private = {"project_id": project, "deleted_at": row.deleted_at, "field_seq": row.field_seq}
    return _encode(row.record)[:-1] + b"," + _encode(private)[1:]


def _json(encoded: bytes) -> str:
    return encoded.decode()
