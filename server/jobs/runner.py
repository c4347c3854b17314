"""Runs the jobs that stand in PostgreSQL: holds one while it runs, tells how far it is, and tries again what was interrupted.

A message on the queue names a job and may be lost or doubled: whoever holds the row runs it. Not here: what a job does, each kind in its
own file.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from server.domain.errors import Refusal
from server.domain.ids import new_id
from server.domain.jobs import Job, JobKind, JobProblem, JobProgress
from server.storage import jobs
from server.storage.engine import Database
from server.storage.jobs import CANCELLED, Held
from server.tasks import end

RUN_JOB = "run_job"

LEASE = timedelta(seconds=10)
"""How long a silent worker keeps its jobs; the clock then gives them to another."""

BEAT_SECONDS = 0.5
"""How often a worker says that it lives and how far it is: to the database, and to the job's owner."""

ATTEMPTS_MAX = 20
BUGS_MAX = 3
PAUSE = timedelta(seconds=1)
PAUSE_MAX = timedelta(minutes=5)

log = structlog.get_logger(__name__)


class Work:
    """A job while it runs: what was asked, and where it says how far it is."""

    def __init__(self, held: Held, note: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self.job = held.job
        self.asked = held.asked
        self.noted = held.noted
        self.progress = JobProgress(0, None)
        self._note = note

    async def note(self, **noted: Any) -> None:
        """What a second try must know of this one; durable when this returns."""
        self.noted = {**self.noted, **noted}
        await self._note(self.noted)


Run = Callable[[Work], Awaitable[dict[str, Any]]]
"""Does the work and returns its result. Raises a `Refusal`: one that is retryable is tried again, any other is the end."""

Tell = Callable[[Job], None]
"""Tells the job's owner; must not block, and may be lost."""


class Kind(NamedTuple):
    """`limit_s`: how long one try may take."""

    run: Run
    limit_s: float


class Runner:
    """Runs at most `at_once` jobs side by side; the clock offers again what found no place."""

    def __init__(self, database: Database, kinds: Mapping[JobKind, Kind], tell: Tell, at_once: int) -> None:
        self._database = database
        self.kinds = kinds
        self._tell = tell
        self._at_once = at_once
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, id: str) -> None:
        """Runs the job if it is due, and returns when that is over."""
        if len(self._running) >= self._at_once:
            return
        running = asyncio.create_task(self._run(UUID(id)), name=f"job {id}")
        self._running.add(running)
        try:
            await asyncio.wait([running])
        finally:
            await end(running)
            self._running.discard(running)
        if not running.cancelled():
            running.result()

    async def stop(self) -> None:
        """Interrupts what runs; it is due again at once."""
        await end(*self._running)

    async def _run(self, id: UUID) -> None:
        holder = new_id()
        async with self._database.begin() as connection:
            held = await jobs.take(connection, id, holder, LEASE)
        if held is None:
            return
        await self.carry_out(held, holder)

    async def carry_out(self, held: Held, holder: UUID) -> None:
        """Runs a job that the holder has taken; when this is cancelled it is due again at once."""
        id = held.job.id
        log.info("job begins", job=str(id), kind=held.job.kind, attempt=held.attempts)
        try:
            await self._settle(held, holder, await self._outcome(held, holder))
        except asyncio.CancelledError:
            async with self._database.begin() as connection:
                await jobs.put_off(connection, id, holder, timedelta(0))
            raise

    async def _outcome(self, held: Held, holder: UUID) -> "Outcome":
        """Does the work, beside the heartbeat that may end it."""
        kind = self.kinds[held.job.kind]
        work = Work(held, lambda noted: self._note(held.job.id, noted))
        working = asyncio.create_task(self._limited(kind, work), name="job's work")
        beating = asyncio.create_task(self._beat(work, holder), name="job's heartbeat")
        try:
            await asyncio.wait([working, beating], return_when=asyncio.FIRST_COMPLETED)
            if beating.done() and not working.done():
                return Outcome(beating.result(), work.progress)
            return Outcome(_result(working), work.progress)
        finally:
            await end(working, beating)

    async def _limited(self, kind: Kind, work: Work) -> dict[str, Any]:
        async with asyncio.timeout(kind.limit_s):
            return await kind.run(work)

    async def _beat(self, work: Work, holder: UUID) -> JobProblem | None:
        """Beats until the job is cancelled, or held by somebody else (None)."""
        loop = asyncio.get_running_loop()
        told, beaten = None, loop.time()
        while True:
            try:
                async with self._database.begin() as connection:
                    goes_on = await jobs.beat(connection, work.job.id, holder, LEASE, work.progress)
            except Refusal:
                goes_on = True if loop.time() - beaten < LEASE.total_seconds() else None
            else:
                beaten = loop.time()
            if not goes_on:
                return CANCELLED if goes_on is False else None
            if work.progress != told:
                told = work.progress
                self._tell(_seen(work.job, told))
            await asyncio.sleep(BEAT_SECONDS)

    async def _settle(self, held: Held, holder: UUID, outcome: "Outcome") -> None:
        """Writes down how it ended, or that it must be tried again."""
        ended: Job | None = None
        async with self._database.begin() as connection:
            match outcome.came:
                case dict() as result:
                    ended = await jobs.complete(connection, held.job.id, holder, result, outcome.progress)
                case JobProblem() as problem:
                    ended = await jobs.fail(connection, held.job.id, holder, problem)
                case Exception() as failure:
                    final = verdict(failure, held.attempts)
                    log.warning("job failed", job=str(held.job.id), final=final is not None, exc_info=failure)
                    if final is not None:
                        ended = await jobs.fail(connection, held.job.id, holder, final)
                    else:
                        await jobs.put_off(connection, held.job.id, holder, pause(held.attempts))
                case None:
                    log.warning("job is somebody else's", job=str(held.job.id))
        if ended is not None:
            log.info("job ended", job=str(ended.id), status=ended.status)
            self._tell(_seen(ended, ended.progress))

    async def _note(self, id: UUID, noted: dict[str, Any]) -> None:
        async with self._database.begin() as connection:
            await jobs.note(connection, id, noted)


class Outcome(NamedTuple):
    """What came of a try: a result, a problem, what it raised, or None when somebody else has the job."""

    came: dict[str, Any] | JobProblem | Exception | None
    progress: JobProgress


def verdict(failure: Exception, attempts: int) -> JobProblem | None:
    """What to tell of a failure that is final; None for one that is worth another try."""
    match failure:
        case TimeoutError():
            return JobProblem("limit", "The job took too long.")
        case Refusal(retryable=True) if attempts < ATTEMPTS_MAX:
            return None
        case Refusal():
            return JobProblem.of(failure)
        case _ if attempts < BUGS_MAX:
            return None
        case _:
            return JobProblem("internal", "Something went wrong on our side.")


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    doubled: int = 2 ** min(attempts - 1, 16)
    return min(PAUSE_MAX, PAUSE * doubled)


def _result(working: asyncio.Task[dict[str, Any]]) -> dict[str, Any] | Exception:
    try:
        return working.result()
    except Exception as failure:
        return failure


def _seen(job: Job, progress: JobProgress) -> Job:
    """As its owner is told while it goes on: what came of it is for whoever asks."""
    return Job(
        **{name: getattr(job, name) for name in Job.__struct_fields__ if name not in ("progress", "result")},
        progress=progress,
        result=None,
    )
