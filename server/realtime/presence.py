"""Who is in a room and what they are doing: ephemeral, never logged, latest wins, the first thing to go missing under load.

Each process tells the others of its own sessions, and tells it all again every `REFRESH_SECONDS`; a process that falls silent is
forgotten. Not here: the relay that carries it.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from server.protocol import codec, codes
from server.protocol.frames import Presence as PresenceFrame
from server.protocol.frames import PresentSession
from server.realtime.session import Chunk, Session

LIST_MAX = 100
"""Sessions in one message."""

OWED_MAX = 1_000
"""Of how many others a session that lags may learn later."""

DIFFERENCE_SECONDS = 0.25
REFRESH_SECONDS = 7.0
FORGET_SECONDS = 18.0
"""Silence after which a process is taken for dead: one refresh may be lost, and at the next its people are gone, within 30 s."""

STATE_BYTES_MAX = 1024


class Elsewhere(msgspec.Struct, frozen=True, tag="presence"):
    """What another process tells of its sessions in a project; `whole` lists them all."""

    process: UUID
    project: UUID
    sessions: tuple[PresentSession, ...]
    whole: bool


class Presence:
    """The people of one room. `publish` hands what changed here to the other processes; `clock` tells seconds and never goes back."""

    def __init__(
        self,
        project: UUID,
        process: UUID,
        publish: Callable[[Elsewhere], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._project = project
        self._process = process
        self._publish = publish
        self._here: dict[Session, dict[str, Any]] = {}
        self._elsewhere: dict[UUID, tuple[float, dict[UUID, PresentSession]]] = {}
        self._changed: dict[UUID, PresentSession] = {}
        self._changed_here: dict[UUID, PresentSession] = {}
        self._owed: dict[Session, dict[UUID, PresentSession]] = {}
        """What sessions that lag have not been told: the latest of each."""
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, session: Session) -> None:
        """Somebody joined: they get the list, the others the difference."""
        self._here[session] = {}
        everybody = [_present(other, state) for other, state in self._here.items()]
        everybody += [one for _, there in self._elsewhere.values() for one in there.values()]
        more = {"more": len(everybody) - LIST_MAX} if len(everybody) > LIST_MAX else {}
        session.send(PresenceFrame(project=self._project, sessions=tuple(everybody[:LIST_MAX]), **more))
        self._tell(_present(session, {}), local=True)

    def set(self, session: Session, state: dict[str, Any]) -> None:
        """What somebody is doing now."""
        if session in self._here:
            self._here[session] = state
            self._tell(_present(session, state), local=True)

    def exit(self, session: Session) -> None:
        self._owed.pop(session, None)
        if self._here.pop(session, None) is not None:
            self._tell(_present(session, None), local=True)

    def catch_up(self, session: Session) -> None:
        """Tells a session that lags no more what it was not told."""
        owed = self._owed.pop(session, None)
        if owed:
            session.push(self._chunk(list(owed.values())))

    def hear(self, news: Elsewhere) -> None:
        """Another process tells of its sessions."""
        _, there = self._elsewhere.get(news.process, (0.0, {}))
        present = {one.session: one for one in news.sessions if one.state is not None}
        gone = [one for one in news.sessions if one.state is None and one.session in there]
        if news.whole:
            gone = [_gone(one) for id, one in there.items() if id not in present]
        fresh = [one for id, one in present.items() if there.get(id) != one]
        kept = {id: one for id, one in there.items() if id not in {one.session for one in gone}}
        self._elsewhere[news.process] = (self._clock(), {**kept, **present})
        for one in (*gone, *fresh):
            self._tell(one, local=False)
        if present and not there and self._here:
            self._publish_all()  # the first of theirs to come should not wait for our next refresh

    def refresh(self) -> None:
        """Tells the others of everybody here once more, and forgets processes that have not done so."""
        self._publish_all()
        for session in [session for session in self._owed if not session.lagging]:
            self.catch_up(session)
        for process, (heard, there) in list(self._elsewhere.items()):
            if self._clock() - heard > FORGET_SECONDS:
                del self._elsewhere[process]
                for one in there.values():
                    self._tell(_gone(one), local=False)

    def _publish_all(self) -> None:
        here = tuple(_present(*one) for one in self._here.items())
        self._publish(Elsewhere(self._process, self._project, here, whole=True))

    def _tell(self, one: PresentSession, *, local: bool) -> None:
        self._changed[one.session] = one
        if local:
            self._changed_here[one.session] = one
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DIFFERENCE_SECONDS, self._send_differences)

    def _send_differences(self) -> None:
        self._timer = None
        changed, self._changed = list(self._changed.values()), {}
        here, self._changed_here = self._changed_here, {}
        chunk = self._chunk(changed)
        for session in self._here:
            if session.lagging:
                self._owe(session, changed)
            else:
                self.catch_up(session)
                session.push(chunk)
        if here:
            self._publish(Elsewhere(self._process, self._project, tuple(here.values()), whole=False))

    def _owe(self, session: Session, changed: list[PresentSession]) -> None:
        """Bounded: whoever is owed too much comes back and is told of everybody anew."""
        owed = self._owed.setdefault(session, {})
        owed.update((one.session, one) for one in changed)
        if len(owed) > OWED_MAX:
            session.close(codes.TOO_SLOW, "too slow")

    def _chunk(self, present: list[PresentSession]) -> Chunk:
        parts = (tuple(present[start : start + LIST_MAX]) for start in range(0, len(present), LIST_MAX))
        return Chunk([codec.message(PresenceFrame(project=self._project, sessions=part)) for part in parts])


def _present(session: Session, state: dict[str, Any] | None) -> PresentSession:
    return PresentSession(session=session.id, user=session.user, client=session.client, state=state)


def _gone(one: PresentSession) -> PresentSession:
    return msgspec.structs.replace(one, state=None)
