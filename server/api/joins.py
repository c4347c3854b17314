"""The joins of one conversation: on their way, replaced, given up. Not here: what a room does with a session (realtime.room)."""

import asyncio
from functools import partial
from uuid import UUID

import structlog

from server.api.problems import error, internal
from server.domain.errors import NotFound, RateLimited, Refusal
from server.domain.reach import Reach
from server.protocol.frames import Join, Left
from server.realtime.numbers import Numbers
from server.realtime.rooms import Rooms
from server.realtime.session import Session

log = structlog.get_logger()

JOINS_MAX = 200


class Joins:
    """A join reads the database, so it takes a while; the conversation goes on meanwhile. `tasks` owns what is under way."""

    def __init__(
        self, rooms: Rooms, numbers: Numbers, session: Session, reach: Reach, tasks: asyncio.TaskGroup
    ) -> None:
        self._rooms = rooms
        self._numbers = numbers
        self._reach = reach
        self._session = session
        self._tasks = tasks
        self._under_way: dict[UUID, asyncio.Task[None]] = {}
        self._states: dict[UUID, dict[str, object]] = {}
        """What to tell the others once a join is through."""

    def join(self, message: Join) -> None:
        """Begins to join; the answer follows. Replaces an earlier join of the same project.

        Raises `RateLimited`, and `NotFound` for a project beyond the token's reach.
        """
        if not self._reach.covers(message.project):
            raise NotFound("There is no such project.")
        if len(self._session.seqs.keys() | self._under_way.keys() | {message.project}) > JOINS_MAX:
            raise RateLimited(f"A session joins at most {JOINS_MAX} projects.")
        self._give_up(message.project)
        self._numbers.unfollow(message.project, self._session)
        task = self._tasks.create_task(self._enter(message))
        self._under_way[message.project] = task
        task.add_done_callback(partial(self._done, message.project))

    def leave(self, project: UUID) -> None:
        """Leaves, or gives up joining; answered in any case."""
        self._give_up(project)
        if project in self._session.seqs:
            self._rooms.leave(self._session, project)
        self._session.left(Left(project=project, reason="left"))

    def set_presence(self, project: UUID, state: dict[str, object]) -> None:
        """Raises `NotFound` when the project is neither joined nor about to be."""
        if project in self._session.seqs:
            self._rooms.set_presence(self._session, project, state)
        elif project in self._under_way:
            self._states[project] = state
        else:
            raise NotFound("You have not joined this project.")

    def end(self) -> None:
        """The connection is gone."""
        for task in self._under_way.values():
            task.cancel()
        self._rooms.leave_all(self._session)

    async def _enter(self, message: Join) -> None:
        project = message.project
        try:
            await self._rooms.join(self._session, project, message.since, message.epoch)
        except Refusal as refusal:
            self._session.send(error(refusal, "join", project))
        except Exception:
            log.exception("join failed", project=str(project))
            self._session.send(error(internal(), "join", project))
        else:
            if message.stats:
                self._numbers.follow(project, self._session)
            if state := self._states.pop(project, None):
                self._rooms.set_presence(self._session, project, state)

    def _done(self, project: UUID, task: asyncio.Task[None]) -> None:
        if self._under_way.get(project) is task:
            del self._under_way[project]

    def _give_up(self, project: UUID) -> None:
        self._states.pop(project, None)
        under_way = self._under_way.pop(project, None)
        if under_way is not None:
            under_way.cancel()
