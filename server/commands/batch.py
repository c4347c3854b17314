"""One batch of the group commit: known ids, reads, verbs on drafts, one write. Cold, in a transaction: lock, load, apply, write.

Not here: the shorter way with working copies at hand (warm), which submits go together, and what happens when the database does not
answer (executor).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from server.commands.applying import NO_PROJECT, Applied, add_reads, apply
from server.commands.copies import Copy
from server.commands.submission import Outcome, Submission
from server.domain.errors import IdReuse, NotFound
from server.domain.records import KINDS
from server.storage.draft import Draft, Limits, NeedsMore
from server.storage.pen import Known, LockedHead, Pen, Prepared, prepare
from server.storage.reads import Reads
from server.storage.rows import Row, Rows
from server.storage.statements import Part

SLICE_SECONDS = 0.002
"""How long a batch may keep the event loop to itself."""

WHOLE_TASKS = 500
"""Tasks ever made up to which a board may be held whole."""

_MADE = {kind: Part(kind, True) for kind in KINDS}
_CHANGED = {kind: Part(kind, False) for kind in KINDS}

Work = Mapping[UUID, list[Submission]]
Drafts = Mapping[UUID, tuple[Draft, Applied]]
TakePen = Callable[[], AbstractAsyncContextManager[Pen]]
"""Opens a pen without a transaction, or yields the one whose transaction is open."""


class Done(msgspec.Struct):
    """What a batch did; it is durable, its answers can be given and its changes announced.

    `left` are projects of which nothing was done: with a warm batch they go cold, with a cold one they are locked by somebody else.
    """

    applied: list[Applied] = []
    copies: dict[UUID, Copy] = {}
    left: list[UUID] = []


async def run_cold(
    pen: Pen, work: Work, copies: Mapping[UUID, Copy], limits: Limits, *, whole: bool, wait: bool, again: bool
) -> Done:
    """Applies `work` inside the pen's transaction, which the caller commits.

    With `whole` there is memory to hold small boards whole. `again` says that this work may have been committed by a try whose end was
    not seen.
    """
    locked = await pen.lock({project: [one.id for one in submits] for project, submits in work.items()}, wait=wait)
    read_at = time.monotonic()
    done = Done([], {}, [])
    await _sort_out_unlocked(pen, work, locked, done)
    drafts: dict[UUID, tuple[Draft, Applied]] = {}
    fresh: dict[UUID, list[Submission]] = {}
    for project, one in locked.items():
        applied = Applied([], [], [])
        drafts[project] = Draft(one.head, _rows(one, copies.get(project)), one.now, limits), applied
        fresh[project] = _answer_known(applied, work[project], one.known, again=again)
        done.applied.append(applied)
    take_pen = partial(_same, pen)
    await load(take_pen, fresh, drafts, whole=whole)
    for project, (draft, applied) in drafts.items():
        await apply_all(draft, fresh[project], applied, take_pen)
    changed = {project: one for project, one in drafts.items() if one[1].entries}
    if changed:
        written = await pen.write(prepare_write(drafts))
        assert written.projects == changed.keys()
    for project, (draft, _) in drafts.items():
        done.copies[project] = Copy(draft.head, draft.rows, locked[project].now, read_at)
    return done


def dirty_rows(drafts: Iterable[Draft]) -> dict[Part, list[tuple[UUID, Row[Any]]]]:
    """Each row that sealed submits touched, once."""
    found: dict[Part, list[tuple[UUID, Row[Any]]]] = {}
    for draft in drafts:
        for kind, id in draft.dirty:
            row = draft.rows.get(kind, id)
            assert row is not None
            part = _MADE[kind] if (kind, id) in draft.made else _CHANGED[kind]
            found.setdefault(part, []).append((draft.project, row))
    return found


async def apply_all(draft: Draft, submits: list[Submission], applied: Applied, take_pen: TakePen) -> None:
    """Applies submits in order, in slices, and loads what turns out to be needed."""
    until = time.perf_counter() + SLICE_SECONDS
    for submission in submits:
        while True:
            try:
                apply(draft, submission, applied)
                break
            except NeedsMore as more:
                async with take_pen() as pen:
                    await pen.load({draft.project: more.reads}, {draft.project: draft.rows})
        if time.perf_counter() > until:
            await asyncio.sleep(0)
            until = time.perf_counter() + SLICE_SECONDS


@asynccontextmanager
async def _same(pen: Pen) -> AsyncIterator[Pen]:
    """The transaction's own pen."""
    yield pen


def prepare_write(drafts: Drafts) -> Prepared:
    """The write of the drafts, asking on the way whether submits that did nothing had taken effect before."""
    sealed = [draft for draft, applied in drafts.values() if applied.entries]
    entries = [entry for _, applied in drafts.values() for entry in applied.entries]
    unsettled = [
        (one.project, one.id)
        for _, applied in drafts.values()
        for one, result in applied.results
        if not isinstance(result, Outcome) or result.noop
    ]
    return prepare([draft.head for draft in sealed], dirty_rows(sealed), entries, unsettled)


async def _sort_out_unlocked(pen: Pen, work: Work, locked: Mapping[UUID, LockedHead], done: Done) -> None:
    others = [project for project in work if project not in locked]
    existing = await pen.existing(others) if others else set()
    for project in others:
        if project in existing:
            done.left.append(project)
        else:
            done.applied.append(Applied([(one, NotFound(NO_PROJECT)) for one in work[project]]))


def _rows(locked: LockedHead, copy: Copy | None) -> Rows:
    """The working copy, warm when nobody else wrote since it was left."""
    head = locked.head
    if copy is None or (copy.head.epoch, copy.head.seq) != (head.epoch, head.seq):
        return Rows(head.project_id)
    copy.rows.accounts.clear()  # accounts change without a project's seq
    return copy.rows


def _answer_known(
    applied: Applied, submits: list[Submission], known: tuple[Known, ...], *, again: bool
) -> list[Submission]:
    """Answers submits that took effect before, and returns the others."""
    by_id = {entry.id: entry for entry in known}
    fresh = []
    for submission in submits:
        entry = by_id.get(submission.id)
        if entry is None:
            fresh.append(submission)
        else:
            applied.results.append((submission, repeated(submission, entry, duplicate=not again)))
    return fresh


def repeated(submission: Submission, entry: Known, *, duplicate: bool) -> Outcome | IdReuse:
    if entry.digest == submission.digest:
        return Outcome(entry.seq, duplicate=duplicate)
    return IdReuse("This command id was used for something else.")


async def load(take_pen: TakePen, fresh: Work, drafts: Drafts, *, whole: bool, assume: bool = False) -> None:
    """Loads what the submits will look at; a small board that this process edits time and again, whole.

    With `assume` ids that should be unused are not looked up: the write fails if one was used.
    """
    missing: dict[UUID, Reads] = {}
    for project, submits in fresh.items():
        draft = drafts[project][0]
        reads = Reads()
        for submission in submits:
            add_reads(submission, reads)
        if assume:
            # What another submit asks for by the same id is looked up.
            draft.rows.assume_unused(reads.fresh - reads.rows)
            reads.fresh.clear()
        else:
            reads.look_up_fresh()
        missing[project] = draft.rows.missing(reads)
        if whole and missing[project] and _worth_holding_whole(draft):
            missing[project].whole = True
    if any(missing.values()):
        async with take_pen() as pen:
            await pen.load(missing, {project: draft.rows for project, (draft, _) in drafts.items()})


def _worth_holding_whole(draft: Draft) -> bool:
    edited_before = len(draft.rows) > 0
    return edited_before and not draft.rows.whole and draft.head.last_number <= WHOLE_TASKS
