"""All rooms of this process: found or made on join, swept so that a lost hint never matters, dropped when nobody is there.

Not here: one room's order (room), and how processes reach each other (relay).
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import groupby
from uuid import UUID

import structlog

from server.domain.changes import Committed
from server.domain.errors import NotFound, Overloaded, Unavailable
from server.domain.ids import new_id
from server.realtime.admission import Admission
from server.realtime.presence import REFRESH_SECONDS, Elsewhere, Presence
from server.realtime.relay import Announcement, News, Personal, Relay
from server.realtime.revocations import Revocations
from server.realtime.room import Room
from server.realtime.session import Session
from server.realtime.sessions import Sessions
from server.storage import log as project_log
from server.storage.engine import Database
from server.tasks import end
from server.telemetry import Telemetry

log = structlog.get_logger()

SWEEP_SECONDS = 1.5
"""Pause between comparisons of every room with its log, ± 20 %: what a room is behind at most when all hints are lost."""

PLACES = 2
"""Joins that read the database at a time; the sweep, and snapshots, need connections too."""

WAITING_MAX = 4_096
PATIENCE_SECONDS = 10.0
LINGER_SECONDS = 30.0
"""How long an empty room is kept for who comes back."""


class Rooms:
    """`revocations` are followed by the sweep; `sessions` hear what is for one person alone; `clock` is in seconds."""

    def __init__(
        self,
        database: Database,
        relay: Relay | None,
        telemetry: Telemetry,
        revocations: Revocations,
        sessions: Sessions,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._revocations = revocations
        self._sessions = sessions
        self._clock = clock
        self.process = new_id() if relay is None else relay.process
        self._database = database
        self._relay = relay
        self._telemetry = telemetry
        self._rooms: dict[UUID, Room] = {}
        self._loading: dict[UUID, asyncio.Task[Room]] = {}
        self._emptied: dict[UUID, float] = {}
        self._sweep_now = asyncio.Event()
        self._reading = Admission(PLACES, WAITING_MAX, PATIENCE_SECONDS)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs the sweep and hears the relay. Nobody comes in before it is known who was signed out."""
        await self._compare()
        async with asyncio.TaskGroup() as tasks:
            owned = [
                tasks.create_task(self._sweep(), name="sweep"),
                tasks.create_task(self._refresh(), name="presence"),
            ]
            if self._relay is not None:
                owned.append(tasks.create_task(self._relay.listen(self._heard), name="relay listener"))
            try:
                yield
            finally:
                await end(*owned, *self._loading.values())
                for room in list(self._rooms.values()):
                    await room.close()

    # Sessions

    async def join(self, session: Session, project: UUID, since: int | None, epoch: UUID | None) -> None:
        """Lets a session into a project's room. Raises `NotFound`, the same for what is absent and what is not theirs.

        Raises `Overloaded` when too many wait to be let in.
        """
        room = await self._room(project)
        try:
            if room.remembers(since):
                await room.join(session, since, epoch)
            else:
                async with self._reading.place():
                    await room.join(session, since, epoch)
        finally:
            self._note_empty(room)

    def leave(self, session: Session, project: UUID) -> None:
        room = self._rooms.get(project)
        if room is not None:
            room.leave(session)
            self._note_empty(room)

    def leave_all(self, session: Session) -> None:
        """Its joins; those on their way are for their owner to end."""
        for project in list(session.seqs):
            self.leave(session, project)

    def set_presence(self, session: Session, project: UUID, state: dict[str, object]) -> None:
        if project in session.seqs:
            self._rooms[project].presence.set(session, state)

    # Changes

    def announce(self, committed: list[Committed]) -> None:
        """Changes that this process has committed: to the rooms here at once, to the others through the relay."""
        for project, group in groupby(committed, key=lambda one: one.change.project):
            changes = list(group)
            epoch, first = changes[0].epoch, changes[0].change.seq
            messages = [one.message for one in changes]
            room = self._rooms.get(project)
            if room is not None:
                room.offer(epoch, first, messages)
            if self._relay is not None:
                self._relay.tell(Announcement.of(project, epoch, first, messages))

    def _heard(self, news: News | None) -> None:
        """News from another process; None when news may have been lost."""
        if news is None:
            self._sweep_now.set()
            return
        if isinstance(news, Personal):
            self._sessions.tell(news.account, bytes(news.message))
            return
        room = self._rooms.get(news.project)
        if room is None:
            return
        if isinstance(news, Elsewhere):
            room.presence.hear(news)
        elif news.messages:
            room.offer(news.epoch, news.first, [bytes(message) for message in news.messages])
        else:
            room.hint(news.last)

    # Life of a room

    async def _room(self, project: UUID) -> Room:
        found = self._rooms.get(project)
        if found is not None and found.seq >= 0 and not found.gone:
            self._emptied.pop(project, None)
            return found
        loading = self._loading.get(project)
        if loading is None:
            loading = self._loading[project] = asyncio.create_task(self._load(project))
            loading.add_done_callback(partial(self._loaded, project))
        return await asyncio.shield(loading)

    def _loaded(self, project: UUID, loading: asyncio.Task[Room]) -> None:
        self._loading.pop(project, None)
        if not loading.cancelled():
            loading.exception()  # whoever asked for the room may be gone: that is no error

    async def _load(self, project: UUID) -> Room:
        presence = Presence(project, self.process, self._publish)
        room = self._rooms[project] = Room(project, self._database, presence, self._telemetry)
        try:
            async with self._reading.place():
                await room.load()
        except BaseException:
            self._rooms.pop(project, None)
            raise
        self._note_empty(room)
        return room

    def _publish(self, news: Elsewhere) -> None:
        if self._relay is not None:
            self._relay.tell(news)

    def _note_empty(self, room: Room) -> None:
        if room.empty:
            self._emptied.setdefault(room.project, self._clock())
        else:
            self._emptied.pop(room.project, None)

    async def _sweep(self) -> None:
        while True:
            healthy = self._relay is None or self._relay.healthy
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_SECONDS * random.uniform(0.8, 1.2) * (1.0 if healthy else 0.5)):
                    await self._sweep_now.wait()
            self._sweep_now.clear()
            self._drop_unused()
            try:
                await self._compare()
            except (Unavailable, Overloaded, NotFound) as refusal:
                log.warning("sweep failed", code=refusal.code)
            except Exception:
                log.exception("sweep failed")

    async def _compare(self) -> None:
        """Revocations, and every room against its log's head: the one mechanism that correctness needs."""
        before = {project: room.seq for project, room in self._rooms.items() if room.seq >= 0 and not room.gone}
        async with self._database.begin() as connection:
            await self._revocations.follow(connection)
            if not before:
                return
            heads = await project_log.heads_of(connection, before)
        for (
            project,
            seq,
        ) in before.items():  # rooms may have moved on while the heads were read, never the heads behind `before`
            room, at = self._rooms[project], heads.get(project)
            if at is None or at.epoch != room.epoch or at.floor > room.seq or at.seq < seq:
                room.end("deleted" if at is None else None)
            else:
                room.hint(at.seq)

    def _drop_unused(self) -> None:
        now = self._clock()
        for project, room in list(self._rooms.items()):
            unused = room.empty and now - self._emptied.get(project, now) > LINGER_SECONDS
            if room.gone or unused:
                self._rooms.pop(project)
                self._emptied.pop(project, None)

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS * random.uniform(0.8, 1.2))
            for room in self._rooms.values():
                with suppress(Exception):
                    room.presence.refresh()
