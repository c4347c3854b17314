"""Model clients over real sockets: each keeps a replica and its pending edits over lines that break, and writes down all it does and sees.

A client follows the protocol's recipe and nothing else: snapshot, join from there, apply what follows, send again by id what was not
answered. Not here: what is wrong with what it wrote down (checker).
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx
import msgspec
from sqlalchemy import text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from server.storage import boards
from server.storage.engine import Database
from tests.helpers.people import Message, Person, Server
from tests.helpers.replica import Replica
from tests.history.checker import (
    Acked,
    Answer,
    Ended,
    Entry,
    Event,
    Fetched,
    History,
    Joined,
    Observer,
    Received,
    Refused,
    Seen,
    Submit,
    content,
)

AGAIN_SECONDS = 3.0
"""How long an answer is waited for on a line that seems to live before the edit is sent again."""

PAUSE_SECONDS = 0.2
"""After a refusal that is not final."""

PING_SECONDS = 2.0
"""A peer that does not answer a ping for so long is gone, though its line seems to stand."""

GIVE_UP_SECONDS = 30.0

_LOST = (OSError, WebSocketException, TimeoutError, httpx.HTTPError)
_Frame = msgspec.json.Decoder(list[msgspec.Raw]).decode


class _Pending:
    """An edit that waits for its final answer."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.news: asyncio.Queue[Answer] = asyncio.Queue(100)


class Client:
    """A person's page on one project. It turns to the next of `servers` whenever its line is lost.

    With `twice` it sends each frame after the greeting twice; `pace` is what it dwells on each frame it reads, in seconds.
    """

    def __init__(
        self,
        name: str,
        person: Person,
        project: str,
        servers: Sequence[Server],
        *,
        twice: bool = False,
        pace: float = 0,
    ) -> None:
        self.observer = Observer(name)
        self.submits: dict[str, Submit] = {}
        self.seconds: list[float] = []
        """What each edit took until its final answer; `inf` for those that never got one."""
        self.snapshots: list[Seen] = []
        self.losses = 0
        self.pauses: list[float] = []
        """How long it was not live, each time it had been, in seconds."""
        self._person, self._project, self._servers = person, project, servers
        self._twice, self._pace = twice, pace
        self._pending: dict[str, _Pending] = {}
        self._line: ClientConnection | None = None
        self._epoch: str | None = None
        self._live = False
        self._lost_at: float | None = None
        self._turn = 0
        self._moved = asyncio.Event()
        self._online = asyncio.Event()
        self._online.set()

    @property
    def replica(self) -> Replica:
        return self.observer.replica

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Client"]:
        """Live when it is entered, and from then on whenever it can be."""
        living = asyncio.create_task(self._live_on(), name=self.observer.name)
        try:
            await self.until_live()
            yield self
        finally:
            living.cancel()
            await asyncio.wait([living])
            if not living.cancelled() and (failed := living.exception()) is not None:
                raise failed

    # Editing

    async def submit(self, *commands: Message, id: str | None = None) -> Answer:
        """Sends an edit until it is known what became of it; a refusal that is not final when that takes too long."""
        id = id or str(uuid4())
        self.submits.setdefault(id, Submit(id))
        pending = _Pending({"type": "submit", "id": id, "project": self._project, "commands": commands})
        self._pending[id] = pending
        begun, took = time.monotonic(), float("inf")
        try:
            async with asyncio.timeout(GIVE_UP_SECONDS):
                if self._live:
                    await self._send(pending.message)
                answer = await self._until_final(pending)
                took = time.monotonic() - begun
                return answer
        except TimeoutError:
            return Refused("unknown", final=False)
        finally:
            self._pending.pop(id, None)
            self.seconds.append(took)

    async def _until_final(self, pending: _Pending) -> Answer:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS):
                    answer = await pending.news.get()
                    if isinstance(answer, Acked) or answer.final:
                        return answer
                    await asyncio.sleep(PAUSE_SECONDS)
            if self._live:
                await self._send(pending.message)

    async def _send(self, *messages: Message) -> None:
        """On the present line. Whether it arrives is not known, so it counts as sent."""
        line = self._line
        if line is None:
            return
        for _ in range(1 + self._twice):
            for message in messages:
                if message["type"] == "submit":
                    self.submits[message["id"]].sent += 1
            with suppress(*_LOST):
                await line.send(json.dumps(messages))

    # Being disturbed

    def drop(self) -> None:
        """Loses the line, without a word to the server."""
        if self._line is not None:
            self._line.transport.abort()

    def go_home(self) -> None:
        """Turns back to the first of its servers, where another one has taken it in."""
        if (self._turn - 1) % len(self._servers):
            self._turn = 0
            self.drop()

    @asynccontextmanager
    async def offline(self) -> AsyncIterator[None]:
        self._online.clear()
        self.drop()
        await self._until(lambda: not self._live)
        try:
            yield
        finally:
            self._online.set()

    async def until_live(self, losses: int = 0) -> None:
        """Waits until it is live, having lost its line so many times."""
        await self._until(lambda: self._live and self.losses >= losses)

    async def reached(self, seq: int) -> None:
        """Waits until it holds `seq`."""
        await self._until(lambda: self.replica.seq >= seq)

    async def _until(self, holds: Any) -> None:
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while not holds():
                self._moved.clear()
                await self._moved.wait()

    # Living

    async def _live_on(self) -> None:
        while True:
            await self._online.wait()
            server = self._servers[self._turn % len(self._servers)]
            self._turn += 1
            try:
                async with connect(
                    server.socket_url,
                    compression=None,
                    max_size=None,
                    max_queue=4,
                    open_timeout=PING_SECONDS,
                    ping_interval=PING_SECONDS / 2,
                    ping_timeout=PING_SECONDS,
                    close_timeout=0.1,
                ) as self._line:
                    await self._talk(self._line, replace(self._person, server=server))
            except _LOST:
                self.losses += 1
            finally:
                if self._live:
                    self._lost_at = time.monotonic()
                self._line, self._live = None, False
                self._note(Ended())
            await asyncio.sleep(random.uniform(0.02, 0.1))

    async def _talk(self, line: ClientConnection, person: Person) -> None:
        await line.send(json.dumps([{"type": "hello", "protocol": 1, "token": person.token}]))
        if self._epoch is None:
            await self._fetch(person)
        await self._join()
        while True:
            for raw in _Frame(await line.recv(decode=False)):
                await self._take(bytes(raw), person)
            if self._pace:
                await asyncio.sleep(self._pace)

    async def _take(self, raw: bytes, person: Person) -> None:
        message = msgspec.json.decode(raw)
        match message["type"]:
            case "change":
                self._apply(message, raw)
            case "joined" if message["mode"] == "resync":
                self._note(Ended())
                await self._fetch(person)
                await self._join()
            case "joined":
                self._live = True
                if self._lost_at is not None:
                    self.pauses.append(time.monotonic() - self._lost_at)
                    self._lost_at = None
                self._note(Joined(message["seq"]))
                for pending in list(self._pending.values()):
                    await self._send(pending.message)
            case "ack":
                self._answered(message["id"], Acked(None if message.get("noop") else message["seq"]))
            case "reject":
                self._answered(message["id"], Refused(message["code"], final=not message["retryable"]))
            case "left":
                self._note(Ended())
            case "error" if message.get("re") == "join":
                raise ConnectionError(message["code"])
            case _:
                pass

    def _apply(self, message: Message, raw: bytes) -> None:
        """Applies what is newer than what it holds. After a gap it goes on all the same: finding it is not its business."""
        self._note(Received(message["seq"], content(raw)))
        if message["seq"] > self.replica.seq:
            self.replica.seq = message["seq"] - 1
            self.replica.apply(message)
            self._moved.set()

    def _answered(self, id: str, answer: Answer) -> None:
        self.submits[id].answers.append(answer)
        if id in self._pending:
            self._pending[id].news.put_nowait(answer)

    async def _fetch(self, person: Person) -> None:
        """Takes the snapshot in place of what it holds."""
        found = await person.rest("GET", f"/v1/projects/{self._project}/snapshot")
        found.raise_for_status()
        self.observer.replica = Replica.of_answer(found.json())
        self._epoch = found.json()["epoch"]
        self._note(Fetched(self.replica.seq))
        self.snapshots.append(Seen(self.replica.seq, {kind: dict(each) for kind, each in self.replica.records.items()}))

    async def _join(self) -> None:
        await self._send({"type": "join", "project": self._project, "since": self.replica.seq, "epoch": self._epoch})

    def _note(self, event: Event) -> None:
        self.observer.events.append(event)
        self._moved.set()


# Afterwards


class Witness(Protocol):
    """A client that writes down what it does and sees."""

    observer: Observer
    submits: dict[str, Submit]
    snapshots: list[Seen]

    async def reached(self, seq: int) -> None: ...


async def quiet(database: Database, project: str, clients: Sequence[Witness], seconds: float = 5.0) -> float:
    """Waits until everybody holds the database's head, at most `seconds`; returns how long it took. Who is behind then, the checker tells."""
    begun = time.monotonic()
    async with database.begin() as connection:
        head = await connection.scalar(text("SELECT seq FROM head WHERE project_id = :project"), {"project": project})
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(client.reached(head) for client in clients))
    return time.monotonic() - begun


async def history(database: Database, project: str, clients: Sequence[Witness], begun: int) -> History:
    """What `clients` did and saw since `begun`, and what there is."""
    lines = "SELECT seq, command_id, message FROM change WHERE project_id = :project ORDER BY seq"
    async with database.snapshot() as connection:
        rows = await connection.execute(text(lines), {"project": project})
        log = [Entry(row.seq, str(row.command_id), row.message.encode()) for row in rows]
        found = await boards.snapshot(connection, UUID(project))
    assert found is not None
    final = Replica.of_snapshot(found)
    return History(
        begun=begun,
        submits=[submit for client in clients for submit in client.submits.values()],
        observers=[client.observer for client in clients],
        log=log,
        final=Seen(final.seq, final.records),
        snapshots=[seen for client in clients for seen in client.snapshots],
    )
