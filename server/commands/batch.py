"""One transaction of the group commit: lock, load, apply each submit to the working copies, write, commit.

Not here: which submits go together and what happens when the database does not answer (executor).
"""

import asyncio
import time
from collections.abc import Mapping
from uuid import UUID

import structlog

from server.commands.handlers import HANDLERS
from server.commands.submission import Batch, Outcome, Submission
from server.domain.changes import Committed
from server.domain.commands import RestoreProject, kind_of
from server.domain.errors import FieldError, Forbidden, IdReuse, Internal, NotFound, Refusal
from server.domain.records import Kind
from server.domain.roles import LEAST_ROLE, allows
from server.storage.draft import Draft, Limits, NeedsMore
from server.storage.pen import LockedHead, LogEntry, Pen
from server.storage.reads import Reads
from server.storage.rows import Row, Rows

log = structlog.get_logger()

SLICE_SECONDS = 0.002
"""How long a batch may keep the event loop to itself."""

NO_PROJECT = "There is no such project."

Work = Mapping[UUID, list[Submission]]
Held = Mapping[UUID, tuple[UUID, int, Rows]]


async def run(pen: Pen, work: Work, held: Held, limits: Limits, *, wait: bool, again: bool) -> Batch:
    """Applies `work` inside the pen's transaction; the caller commits, then settles and announces what is returned.

    `held` are working copies left by earlier batches. `again` says that this work may have been committed by a try whose end was not seen.
    """
    locked = await pen.lock({project: [one.id for one in submits] for project, submits in work.items()}, wait=wait)
    batch = Batch([], [], {}, [])
    await _sort_out_unlocked(pen, work, locked, batch)
    drafts = {project: Draft(one.head, _rows(one, held), one.now, limits) for project, one in locked.items()}
    fresh = {project: _answer_known(batch, work[project], one, again=again) for project, one in locked.items()}
    await _load(pen, fresh, drafts)
    entries = await _apply(pen, fresh, drafts, batch)
    if entries:
        sealed = [draft for draft in drafts.values() if draft.dirty]
        await pen.write([draft.head for draft in sealed], dirty_rows(sealed), entries)
    for project, draft in drafts.items():
        batch.held[project] = (draft.head.epoch, draft.head.seq, draft.rows)
    return batch


async def _sort_out_unlocked(pen: Pen, work: Work, locked: Mapping[UUID, LockedHead], batch: Batch) -> None:
    others = [project for project in work if project not in locked]
    if not others:
        return
    existing = await pen.existing(others)
    for project in others:
        if project in existing:
            batch.locked_elsewhere.append(project)
        else:
            batch.results += [(one, NotFound(NO_PROJECT)) for one in work[project]]


def _rows(one: LockedHead, held: Held) -> Rows:
    """The working copy, warm when nobody else wrote since it was left."""
    head = one.head
    left = held.get(head.project_id)
    if left is None or left[:2] != (head.epoch, head.seq):
        return Rows(head.project_id)
    rows = left[2]
    rows.accounts.clear()  # accounts change without a project's seq
    return rows


def _answer_known(batch: Batch, submits: list[Submission], one: LockedHead, *, again: bool) -> list[Submission]:
    """Answers submits that took effect before, and returns the others."""
    known = {entry.id: entry for entry in one.known}
    fresh = []
    for submission in submits:
        entry = known.get(submission.id)
        if entry is None:
            fresh.append(submission)
        elif entry.digest == submission.digest:
            batch.results.append((submission, Outcome(entry.seq, duplicate=not again)))
        else:
            batch.results.append((submission, IdReuse("This command id was used for something else.")))
    return fresh


async def _load(pen: Pen, fresh: Work, drafts: Mapping[UUID, Draft]) -> None:
    missing: dict[UUID, Reads] = {}
    for project, submits in fresh.items():
        reads = Reads()
        for submission in submits:
            reads.row("member", submission.actor.id)
            for command in submission.commands:
                HANDLERS[type(command)].reads(command, project, reads)
        missing[project] = drafts[project].rows.missing(reads)
    if any(missing.values()):
        await pen.load(missing, {project: draft.rows for project, draft in drafts.items()})


async def _apply(pen: Pen, fresh: Work, drafts: Mapping[UUID, Draft], batch: Batch) -> list[LogEntry]:
    entries: list[LogEntry] = []
    until = time.perf_counter() + SLICE_SECONDS
    for project, submits in fresh.items():
        draft = drafts[project]
        for submission in submits:
            batch.results.append((submission, await _submit(pen, draft, submission, batch, entries)))
            if time.perf_counter() > until:
                await asyncio.sleep(0)
                until = time.perf_counter() + SLICE_SECONDS
    return entries


async def _submit(
    pen: Pen, draft: Draft, submission: Submission, batch: Batch, entries: list[LogEntry]
) -> Outcome | Refusal:
    """Applies one submit: all of its commands or, after a refusal or a bug, none."""
    while True:
        draft.mark(submission.actor)
        try:
            _run_commands(draft, submission)
            sealed = draft.seal(submission.id, submission.digest, kind_of(submission.commands[0]))
        except NeedsMore as more:
            draft.rollback()
            await pen.load({draft.project: more.reads}, {draft.project: draft.rows})
            continue
        except Refusal as refusal:
            draft.rollback()
            return refusal
        except Exception:
            draft.rollback()
            log.exception("verb failed", project=str(draft.project), command_id=str(submission.id))
            return Internal("Something went wrong here; nothing was changed.")
        if sealed is None:
            return Outcome(draft.head.seq, noop=True)
        change, entry = sealed
        entries.append(entry)
        batch.committed.append(Committed(draft.head.epoch, change, entry.message.encode()))
        return Outcome(change.seq)


def _run_commands(draft: Draft, submission: Submission) -> None:
    for index, command in enumerate(submission.commands):
        try:
            _authorise(draft, command)
            HANDLERS[type(command)].run(command, draft)
        except Refusal as refusal:
            raise _pointed(refusal, f"/commands/{index}") from refusal.__cause__


def _authorise(draft: Draft, command: object) -> None:
    role = draft.role
    if role is None or (draft.head.deleted_at is not None and not isinstance(command, RestoreProject)):
        raise NotFound(NO_PROJECT)
    least = LEAST_ROLE[type(command)]  # type: ignore[index]
    if not allows(role, least):
        raise Forbidden(f"This takes the role {least}; yours is {role}.")


def _pointed(refusal: Refusal, pointer: str) -> Refusal:
    """The refusal with the place of the refused command in its errors."""
    inner = refusal.errors or (FieldError("", refusal.message),)
    refusal.errors = tuple(FieldError(pointer + error.pointer, error.message) for error in inner)
    return refusal


def dirty_rows(drafts: list[Draft]) -> dict[Kind, list[tuple[UUID, Row]]]:  # type: ignore[type-arg]
    """Each row that sealed submits touched, once, by kind."""
    found: dict[Kind, list[tuple[UUID, Row]]] = {}  # type: ignore[type-arg]
    for draft in drafts:
        for kind, id in draft.dirty:
            row = draft.rows.get(kind, id)
            assert row is not None
            found.setdefault(kind, []).append((draft.project, row))
    return found
