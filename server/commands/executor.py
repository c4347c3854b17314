"""The one door: every write to a board, from wherever, is a submit through `Executor`.

Submits that wait are committed together (group commit): a lane drains them, first come first served and in order within a project, one
batch in flight a project. A lone submit commits at once, a burst shares one flush. Not here: what a batch does (batch).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from uuid import UUID, uuid4

import structlog

from server.commands import batch, projects
from server.commands.batch import Done
from server.commands.chain import Chain
from server.commands.copies import Copies
from server.commands.queues import Queues
from server.commands.submission import FAILED, NO_ANSWER, Outcome, Submission
from server.domain.changes import Actor, Committed
from server.domain.commands import AnyCommand
from server.domain.errors import Conflict, IdReuse, Internal, Overloaded, Refusal, Unavailable
from server.domain.reach import IN_PERSON, Reach
from server.domain.records import Project, Visibility
from server.storage.draft import Draft, Limits
from server.storage.engine import Database
from server.storage.pen import prepare
from server.storage.pens import Pens, WriteInterrupted, WriteRefused
from server.storage.rows import Rows
from server.telemetry import Telemetry

log = structlog.get_logger()

GIVE_UP_SECONDS = 5.0
"""How long a submit is tried before its caller hears `unavailable`."""

PATIENCE_SECONDS = 0.05
"""How long a project that is locked elsewhere is left alone before it is waited for."""

Announce = Callable[[list[Committed]], None]


class Executor:
    """Takes submits and commits them. `announce` hears of changes after their COMMIT, in seq order within a project; it must not block."""

    def __init__(
        self,
        database: Database,
        announce: Announce,
        telemetry: Telemetry,
        *,
        limits: Limits = Limits(),
        lanes: int = 2,
        pending_max: int = 20_000,
    ) -> None:
        self._pens = Pens(database)
        self._announce = announce
        self._telemetry = telemetry
        self._limits = limits
        self._lane_count = lanes
        self._pending_max = pending_max
        self._pending = 0
        self._queues = Queues()
        self._by_id: dict[tuple[UUID, UUID], Submission] = {}
        self._copies = Copies()
        self._chain = Chain(self._pens.statement, self._queues, self._copies, limits, self._answer)
        self._tasks: asyncio.TaskGroup

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs the lanes; on the way out what waits is committed first."""
        async with aclosing(self._pens), asyncio.TaskGroup() as self._tasks:
            lanes = [self._tasks.create_task(self._lane(), name=f"lane {n}") for n in range(self._lane_count)]
            try:
                yield
            finally:
                while self._pending:
                    await asyncio.wait([next(iter(self._by_id.values())).answer], timeout=GIVE_UP_SECONDS)
                for lane in lanes:
                    lane.cancel()

    # In

    async def execute(
        self,
        project: UUID,
        id: UUID,
        commands: tuple[AnyCommand, ...],
        actor: Actor,
        reach: Reach = IN_PERSON,
        *,
        atomic: bool = True,
    ) -> Outcome:
        """Commits `commands` as one change, all or none; unless `atomic`, those that are not refused.

        Raises a `Refusal`. Cancelling the caller does not cancel the commit.
        """
        return await asyncio.shield(self.submit(project, id, commands, actor, reach, atomic=atomic))

    def submit(
        self,
        project: UUID,
        id: UUID,
        commands: tuple[AnyCommand, ...],
        actor: Actor,
        reach: Reach = IN_PERSON,
        *,
        atomic: bool = True,
    ) -> "asyncio.Future[Outcome]":
        """Queues a submit and returns its answer to come. While an id is in flight its repeats share the answer.

        Raises `Overloaded` when too many wait, `IdReuse` when the id is in flight with other content.
        """
        twin = self._by_id.get((project, id))
        if twin is None and self._pending >= self._pending_max:
            raise Overloaded("Too many edits are waiting.", retry_ms=1000)
        deadline = asyncio.get_running_loop().time() + GIVE_UP_SECONDS
        submission = Submission(project, id, commands, actor, deadline, reach, atomic=atomic)
        if twin is not None:
            if twin.digest != submission.digest:
                raise IdReuse("This command id was used for something else.")
            return twin.answer
        self._pending += 1
        self._by_id[project, id] = submission
        self._queues.add(submission)
        return submission.answer

    async def create_project(
        self,
        actor: Actor,
        project: UUID,
        name: str,
        *,
        description: str = "",
        workspace: UUID | None = None,
        visibility: Visibility = "private",
        default_columns: bool = True,
    ) -> Outcome:
        """Makes a project with the actor as its admin; its first change is seq 1. Raises `Conflict` when the id is taken.

        Without a `workspace` it is in the actor's own, which has the actor's id.
        """
        made = Project(
            id=project,
            name=name,
            description=description,
            workspace_id=workspace or actor.id,
            visibility=visibility,
        )
        submission = Submission(project, project, (), actor, 0.0)
        try:
            async with self._pens.transaction() as pen:
                opened = await pen.open(project, uuid4())
                if opened is None:
                    raise Conflict("There is a project with this id already.")
                draft = Draft(opened.head, Rows(project), opened.now, self._limits)
                draft.mark(actor)
                projects.create_project(draft, made, default_columns=default_columns)
                sealed = draft.seal(project, submission.digest, "create_project")
                assert sealed is not None
                written = await pen.write(prepare([draft.head], batch.dirty_rows([draft]), [sealed[2]]))
                assert written.projects == {project}
        except WriteInterrupted as lost:
            raise Unavailable(NO_ANSWER, retry_ms=1000) from lost
        return Outcome(sealed[0].seq)

    # The lanes

    async def _lane(self) -> None:
        while True:
            work = await self._queues.take()
            self._telemetry.lane_depth.set(self._pending)
            await self._commit(work)

    async def _commit(self, work: dict[UUID, list[Submission]], *, wait: bool = False, again: bool = False) -> None:
        """Commits a batch whatever happens: by itself, one by one, or again until its time is up."""
        try:
            done = await self._transact(work, wait=wait, again=again)
        except WriteRefused as refused:
            log.warning("batch refused by the database", submits=_count(work), reason=str(refused.__cause__))
            await self._commit_singly(work, refused)
        except (WriteInterrupted, Overloaded) as lost:
            await self._commit_later(work, lost)
        except Exception as bug:
            log.exception("batch failed", submits=_count(work))
            await self._commit_singly(work, bug)
        else:
            for project in done.left:
                self._tasks.create_task(self._patiently(project, work[project]))
            self._queues.finish([project for project in work if project not in done.left])

    async def _transact(self, work: batch.Work, *, wait: bool, again: bool) -> Done:
        """Commits what it can and answers it; projects locked elsewhere are left."""
        copies = self._copies.take(work)
        with self._telemetry.commit_seconds.time():
            if copies and not again:
                with suppress(WriteRefused):  # an id that was used before, most likely: under the lock it is found
                    work = await self._chain.run(work, copies)
            if not work:
                return Done([], {}, [])
            async with self._pens.transaction() as pen:
                whole = self._copies.roomy
                done = await batch.run_cold(pen, work, copies, self._limits, whole=whole, wait=wait, again=again)
        self._answer(done)
        self._copies.hold(done.copies)
        return done

    def _answer(self, done: Done) -> None:
        """What was done is durable: announce it and answer it."""
        committed = [one for applied in done.applied for one in applied.committed]
        if committed:
            self._tell(committed)
        for applied in done.applied:
            for submission, result in applied.results:
                self._settle(submission, result)
        if done.applied:
            self._telemetry.batch_size.observe(sum(len(applied.results) for applied in done.applied))

    def _tell(self, committed: list[Committed]) -> None:
        try:
            self._announce(committed)
        except Exception:  # it is durable: whoever should have heard finds it in the log
            log.exception("announcement failed", changes=len(committed))

    async def _commit_singly(self, work: dict[UUID, list[Submission]], refused: Exception) -> None:
        """Runs the submits one by one, so that only the one at fault is refused."""
        singles = [(project, one) for project, submits in work.items() for one in submits if not one.answer.done()]
        if len(singles) == 1:
            project, one = singles[0]
            log.error("submit failed", project=str(project), command_id=str(one.id), exc_info=refused)
            self._settle(one, Internal(FAILED))
        else:
            for project, one in singles:
                await self._commit_one({project: [one]})
        self._queues.finish(list(work))

    async def _commit_one(self, work: dict[UUID, list[Submission]]) -> None:
        (submission,) = next(iter(work.values()))
        try:
            done = await self._transact(work, wait=True, again=True)
            assert not done.left
        except (WriteInterrupted, Overloaded):
            self._settle(submission, Unavailable(NO_ANSWER, retry_ms=1000))
        except Exception as bug:
            log.error("submit failed", command_id=str(submission.id), exc_info=bug)
            self._settle(submission, Internal(FAILED))

    async def _commit_later(self, work: dict[UUID, list[Submission]], lost: Exception) -> None:
        """Tries again what nobody knows the end of: under the lock the command ids tell what is missing."""
        now = asyncio.get_running_loop().time()
        for one in (one for submits in work.values() for one in submits if one.deadline <= now):
            self._settle(one, Unavailable(NO_ANSWER, retry_ms=1000))
        left = {project: [one for one in submits if not one.answer.done()] for project, submits in work.items()}
        self._queues.finish([project for project, submits in left.items() if not submits])
        left = {project: submits for project, submits in left.items() if submits}
        if left:
            log.warning("commit interrupted", submits=_count(left), reason=repr(lost.__cause__ or lost))
            await asyncio.sleep(PATIENCE_SECONDS * 4)
            await self._commit(left, wait=True, again=True)

    async def _patiently(self, project: UUID, submits: list[Submission]) -> None:
        """A project locked elsewhere runs alone and waits for the lock, so that it stalls nobody."""
        await asyncio.sleep(PATIENCE_SECONDS)
        await self._commit({project: submits}, wait=True)

    # Out

    def _settle(self, submission: Submission, result: Outcome | Refusal) -> None:
        if submission.answer.done():
            return
        submission.settle(result)
        self._pending -= 1
        del self._by_id[submission.project, submission.id]
        if isinstance(result, Refusal):
            self._telemetry.refusals.labels(result.code).inc()


def _count(work: batch.Work) -> int:
    return sum(len(submits) for submits in work.values())
