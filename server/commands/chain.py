"""Warm batches of the same projects, one behind the other: while one is written the next is applied, so that neither we nor the database wait.

Not here: one warm batch (warm), and what happens to those that are not warm or go wrong (executor).
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog

from server.commands import warm
from server.commands.batch import Done, TakePen, Work
from server.commands.copies import Copies, Copy
from server.commands.queues import Draw, Queues
from server.commands.submission import Submission
from server.commands.warm import Sealed, Warm
from server.storage.draft import Limits

log = structlog.get_logger()


class Chain:
    """`answer` hears of what was done once it is durable, and the next write is on its way."""

    def __init__(
        self, take_pen: TakePen, queues: Queues, copies: Copies, limits: Limits, answer: Callable[[Done], None]
    ) -> None:
        self._take_pen = take_pen
        self._queues = queues
        self._copies = copies
        self._limits = limits
        self._answer = answer

    async def run(self, work: Work, copies: dict[UUID, Copy]) -> dict[UUID, list[Submission]]:
        """Commits what working copies suffice for, and what comes behind it; leaves in `copies` those that are still good.

        Returns the part of `work` that is not done. Raises what made the first write fail: then nothing was done. Whatever else cannot be
        written goes back to the head of its queue, to be a batch of its own.
        """
        at_hand = {project: copies.pop(project) for project in work if project in copies}
        begun = self._begin(at_hand)
        await begun.add({project: work[project] for project in at_hand})
        sealed = begun.seal()
        copies |= {project: copy for project, copy in at_hand.items() if project not in sealed.drafts}
        rest = {project: submits for project, submits in work.items() if project not in sealed.drafts}
        if not sealed.drafts:
            return rest
        done, after = await self._link(sealed, Done(), alone=not rest)
        rest |= {project: sealed.submits(project) for project in done.left}
        while after.drafts:
            sealed = after
            try:
                done, after = await self._link(sealed, done, alone=not rest)
            except Exception:  # whatever it was, these submits meet it again
                self._queues.put_back({project: sealed.submits(project) for project in sealed.drafts})
                return rest
            self._queues.put_back({project: sealed.submits(project) for project in done.left})  # before those behind it
        self._answer(done)
        return rest

    async def _link(self, sealed: Sealed, before: Done, *, alone: bool) -> tuple[Done, Sealed]:
        """Writes a batch, answers the one `before`, and meanwhile applies the next, unless there is other work left."""
        write = asyncio.create_task(warm.write(self._take_pen, sealed))
        self._answer(before)
        following = self._begin(sealed.copies)
        follow = asyncio.create_task(self._follow(following, write, alone=alone))
        try:
            done = await write
        except Exception:
            await follow
            self._queues.put_back(following.work)
            raise
        await follow
        self._copies.hold({id: copy for id, copy in done.copies.items() if not following.touched(id)})
        after = _sealed(following, without=done.left)
        self._queues.put_back(
            {project: submits for project, submits in following.work.items() if project not in after.drafts}
        )
        return done, after

    def _begin(self, copies: dict[UUID, Copy]) -> Warm:
        return Warm(self._take_pen, copies, self._limits, whole=self._copies.roomy)

    async def _follow(self, following: Warm, write: "asyncio.Task[Done]", *, alone: bool) -> None:
        """Applies the next submits of the projects that are being written, as they come; none while other projects wait for a lane."""
        if not alone:
            return
        write.add_done_callback(self._queues.stir)
        draw = Draw()
        try:
            while not write.done():
                work = {} if self._queues.somebody_waits else self._queues.take_following(following.copies, draw)
                if work:
                    await following.add(work)
                else:
                    await self._queues.stirred()
        except Exception as failed:  # whatever it was, it is met again when these submits are a batch of their own
            log.info("following batch not started", reason=repr(failed.__cause__ or failed))


def _sealed(following: Warm, without: list[UUID]) -> Sealed:
    """The next write; none when something went wrong."""
    try:
        return Sealed({}, {}, None) if following.spoilt else following.seal(without)
    except Exception:
        log.exception("following batch not sealed")
        return Sealed({}, {}, None)
