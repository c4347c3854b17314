"""A project's sessions on this process, and its changes in order: exactly once, without gaps.

The room owns its `seq`: the next change is delivered, an old one dropped, one too far ahead makes it read the log. It is loaded after it
is registered to hear of changes, so nothing falls between. Not here: which rooms there are and the sweep (rooms).
"""

import asyncio
from uuid import UUID

import msgspec
import structlog

from server.domain.errors import NotFound, Refusal
from server.protocol import codes
from server.protocol.frames import Joined, Left
from server.realtime.history import History
from server.realtime.presence import Presence
from server.realtime.session import Chunk, Session
from server.storage import log as project_log
from server.storage.engine import Database
from server.tasks import end
from server.telemetry import Telemetry

log = structlog.get_logger()

EARLY_MAX = 1_000
"""Changes kept that came before the ones they follow; beyond, the log is read."""

RESUME_MAX = 5_000
"""Changes that a join is sent at most; beyond, a snapshot is smaller."""
PAGE = 200
GAP_SECONDS = 0.03
"""How long a change that came too early waits for the ones before it."""

NO_PROJECT = "There is no such project."


class _Join:
    """A session in the room. While its past is read from the log it is sent nothing; what comes meanwhile waits here."""

    __slots__ = ("held", "session")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.held: list[Chunk] | None = []


class _Ops(msgspec.Struct):
    """Of a change, what a room looks into itself."""

    ops: list[dict[str, object]]


class Room:
    def __init__(self, project: UUID, database: Database, presence: Presence, telemetry: Telemetry) -> None:
        self.project = project
        self.presence = presence
        self.seq = -1
        self.epoch: UUID
        self.roles: dict[UUID, str] = {}
        self.gone = False
        """Ended: nobody can join, the room is dropped."""
        self._database = database
        self._telemetry = telemetry
        self._joins: dict[Session, _Join] = {}
        self._history = History(project, database, telemetry)
        self._early: dict[int, tuple[UUID, bytes]] = {}
        self._heard_of = 0
        self._filling: asyncio.Task[None] | None = None
        self._catching_up: dict[Session, asyncio.Task[None]] = {}

    @property
    def empty(self) -> bool:
        return not self._joins

    async def load(self) -> None:
        """Reads where the log stands and who is a member, at one moment. Raises `NotFound` for a project that is absent or deleted."""
        async with self._database.snapshot() as connection:
            at = await project_log.head_of(connection, self.project)
            roles = await project_log.roles_of(connection, self.project)
        if at is None or at.deleted:
            self.gone = True
            raise NotFound(NO_PROJECT)
        self.epoch, self.seq, self.roles = at.epoch, at.seq, roles
        self._release_early()

    async def close(self) -> None:
        """Ends what is under way."""
        await end(*self._catching_up.values(), *([self._filling] if self._filling is not None else ()))

    # Joining

    async def join(self, session: Session, since: int | None, epoch: UUID | None) -> None:
        """Lets a session in, in place of an earlier join of its, and sends it what it missed. Raises `NotFound` when its user is no member."""
        self.leave(session)
        if since is not None and since > self.seq:
            await self.catch_up()
        if session.actor.id not in self.roles:
            raise NotFound(NO_PROJECT)
        if since is not None and not self._resumable(since, epoch):
            self._answer(session, self.seq, "resync")
            return
        join = self._joins[session] = _Join(session)
        try:
            missed = [] if since is None else await self._missed(since, self.seq)
        except BaseException:
            if self._joins.get(session) is join:
                del self._joins[session]
            raise
        if self._joins.get(session) is join:  # neither removed nor joined anew in the meantime
            self._admit(join, since, missed)

    def _admit(self, join: _Join, since: int | None, missed: list[bytes] | None) -> None:
        """Answers a join, sends what was missed and held, and lets it go live. What cannot be caught up with (None) is not joined."""
        session = join.session
        if missed is None:
            del self._joins[session]
            self._answer(session, self.seq, "resync")
            return
        self._answer(session, self.seq if since is None else since, "live" if since is None else "resumed")
        if missed:
            session.push(Chunk(missed))
        for chunk in join.held or ():
            session.push(chunk)
        join.held = None
        session.seqs[self.project] = self.seq
        self.presence.enter(session)
        self._telemetry.joined.inc()

    def leave(self, session: Session) -> None:
        join = self._joins.pop(session, None)
        if join is not None and join.held is None:
            session.leave(self.project)
            self.presence.exit(session)
            self._telemetry.joined.dec()

    def remembers(self, since: int | None) -> bool:
        """Whether a join needs no database."""
        return since is None or (since <= self.seq and self._history.ring.between(since, self.seq) is not None)

    def _resumable(self, since: int, epoch: UUID | None) -> bool:
        known = epoch is None or epoch == self.epoch
        return known and not self.gone and self.seq - RESUME_MAX <= since <= self.seq

    def _answer(self, session: Session, seq: int, mode: str) -> None:
        self._telemetry.joins.labels(mode).inc()
        session.send(Joined(project=self.project, epoch=self.epoch, seq=seq, mode=mode))  # type: ignore[arg-type]

    async def _missed(self, since: int, upto: int) -> list[bytes] | None:
        """The changes after `since` up to `upto`; None when a snapshot is smaller."""
        return await self._history.between(since, upto, self.epoch)

    # Slow sessions

    def catch_up_session(self, session: Session) -> None:
        """Hands over what was let go while it was slow: from memory at once, else from the log."""
        since = session.seqs[self.project]
        remembered = self._history.ring.between(since, self.seq)
        if remembered is not None:
            self._telemetry.gap_fills.labels("lag").inc(len(remembered))
            session.caught_up(self, remembered, self.seq)
            self.presence.catch_up(session)
        elif session not in self._catching_up:
            reading = asyncio.get_running_loop().create_task(self._catch_up_from_log(self._joins[session], since))
            self._catching_up[session] = reading
            reading.add_done_callback(lambda _: self._catching_up.pop(session))

    async def _catch_up_from_log(self, join: _Join, since: int) -> None:
        """What came while it was read is in memory; if that is too much, too, a snapshot is smaller."""
        session, upto = join.session, self.seq
        try:
            missed = await self._missed(since, upto) if self._resumable(since, None) else None
        except Exception as failed:
            log.warning("session not caught up", project=str(self.project), reason=repr(failed))
            session.close(codes.TOO_SLOW, "too slow")
            return
        if self._joins.get(session) is not join or session.seqs.get(self.project) != since:
            return
        fresh = self._history.ring.between(upto, self.seq)
        if missed is None or fresh is None:
            self.leave(session)
            self._answer(session, self.seq, "resync")
        else:
            session.caught_up(self, missed + fresh, self.seq)
            self.presence.catch_up(session)

    # Changes

    def offer(self, epoch: UUID, first: int, messages: list[bytes]) -> None:
        """Changes that were committed, numbered from `first`; in any order, any number of times."""
        if self.seq < 0 or first > self.seq + 1:
            self._early.update((first + n, (epoch, message)) for n, message in enumerate(messages))
            if len(self._early) > EARLY_MAX:
                self._early.clear()
            self._hear_of(first + len(messages) - 1, GAP_SECONDS)
        elif epoch == self.epoch and (fresh := messages[self.seq + 1 - first :]):
            self._deliver(fresh)
            self._release_early()

    def hint(self, seq: int) -> None:
        """Somebody says that the log has reached `seq`."""
        self._hear_of(seq, 0.0)

    def _hear_of(self, seq: int, patience: float) -> None:
        """There are changes up to `seq`: reads those that have not come within `patience` seconds."""
        self._heard_of = max(self._heard_of, seq)
        if 0 <= self.seq < seq and (self._filling is None or self._filling.done()):
            self._filling = asyncio.get_running_loop().create_task(self._fill(patience))

    async def _fill(self, patience: float) -> None:
        await asyncio.sleep(patience)
        try:
            while self.seq < self._heard_of:
                self._heard_of = 0  # what is heard from here on may be missing from what is read
                await self.catch_up()
        except Refusal as refusal:
            log.warning("gap not filled", project=str(self.project), code=refusal.code)  # the sweep comes again
        except Exception:
            log.exception("gap not filled", project=str(self.project))

    async def catch_up(self) -> None:
        """Reads the log up to its head."""
        async with self._database.begin() as connection:
            while True:
                since = self.seq
                page = await project_log.read(connection, self.project, since, PAGE)
                if page is None or page.epoch != self.epoch or page.floor > self.seq:
                    self.end("deleted" if page is None else None)
                    return
                self._telemetry.gap_fills.labels("log").inc(len(page.messages))
                self.offer(page.epoch, since + 1, [message.encode() for message in page.messages])
                if self.seq >= page.head or not page.messages:
                    return

    def _release_early(self) -> None:
        ready: list[bytes] = []
        while (early := self._early.get(self.seq + 1 + len(ready))) is not None and early[0] == self.epoch:
            ready.append(early[1])
        self._deliver(ready)
        self._early = {seq: early for seq, early in self._early.items() if seq > self.seq}

    def _deliver(self, messages: list[bytes]) -> None:
        """Hands the next changes to every session; stops where one takes somebody's access away."""
        start = 0
        for n, message in enumerate(messages):
            if b'"kind":"member"' in message or b'"kind":"project"' in message:
                self._send(messages[start : n + 1])
                start = n + 1
                self._note(message)
        self._send(messages[start:])

    def _send(self, messages: list[bytes]) -> None:
        if not messages:
            return
        for message in messages:
            self.seq += 1
            self._history.ring.add(self.seq, message)
        chunk = Chunk(messages)
        for session, join in self._joins.items():
            if join.held is None:
                session.deliver(chunk, self, self.seq)
            else:
                join.held.append(chunk)
        self._telemetry.deliveries.inc(len(messages) * len(self._joins))

    def _note(self, message: bytes) -> None:
        """Keeps the roles right, and shows out who lost theirs."""
        for op in msgspec.json.decode(message, type=_Ops).ops:
            match op:
                case {"op": "put", "kind": "member", "record": {"user_id": str(user), "role": role}}:
                    self._set_role(UUID(user), role)
                case {"op": "patch", "kind": "member", "id": str(user), "fields": {"role": role}}:
                    self._set_role(UUID(user), role)
                case {"op": "remove", "kind": "project"}:
                    self.end("deleted")
                case _:
                    pass

    def _set_role(self, user: UUID, role: str | None) -> None:
        if role is not None:
            self.roles[user] = role
            return
        self.roles.pop(user, None)
        for session in [session for session in self._joins if session.actor.id == user]:
            self.leave(session)
            session.left(Left(project=self.project, reason="removed"))

    def end(self, reason: str | None) -> None:
        """Shows everybody out: the project is deleted, or (None) its history is another one now and must be fetched afresh."""
        self.gone = True
        if reason is not None:
            self.roles.clear()
        for session in list(self._joins):
            self.leave(session)
            if reason is None:
                self._answer(session, self.seq, "resync")
            else:
                session.left(Left(project=self.project, reason=reason))  # type: ignore[arg-type]
