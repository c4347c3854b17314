"""G1 to G4 for several clients over lines that break: random edits at two servers, repeats, lines cut in mid-frame, clients away for a
while, and a relay that loses, doubles and reorders what it is told. The checker of tests/history judges.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.commands.executor import Executor
from server.domain import commands as c
from server.domain.changes import Actor
from server.domain.errors import Conflict
from server.realtime import rooms
from server.realtime.relay import Relay
from server.settings import Settings
from server.storage.accounts import Accounts
from server.storage.engine import Database
from server.telemetry import Telemetry
from tests.conftest import serving
from tests.convergence.strategies import COLUMNS, FURNITURE, PEOPLE, TASKS, places, words
from tests.helpers.board import Board
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Server
from tests.history import checker
from tests.history.clients import Client, history, quiet
from tests.soak.lines import Lines

ANN = Actor(PEOPLE[0], "Person 0")
AT = (0, 1, 1)
"""The server that each client is at."""

BEGUN = 2
FRAME = 400
"""Bytes: about a change's size, so that a cut often falls inside one."""


# What may happen


@dataclass(frozen=True)
class Edit:
    """A client sends an edit, and does not wait for its answer."""

    client: int
    commands: tuple[c.Command, ...]


@dataclass(frozen=True)
class Repeat:
    """A client sends an edit that another has sent."""

    client: int


@dataclass(frozen=True)
class Cut:
    """A client's line breaks, once so many more bytes have come down."""

    client: int
    after: int


@dataclass(frozen=True)
class Away:
    """A client goes offline, or comes back."""

    client: int


@dataclass(frozen=True)
class Garble:
    """What becomes of the next announcement to the other server."""

    how: Literal["lost", "twice", "late"]


@dataclass(frozen=True)
class Wait:
    """Until all answers are there."""


Step = Edit | Repeat | Cut | Away | Garble | Wait

who = st.integers(0, len(AT) - 1)
card, column = st.sampled_from(TASKS[:6]), st.sampled_from(COLUMNS[:3])
doings = st.one_of(
    st.builds(c.MoveTask, id=card, column_id=column, place=places(card)),
    st.builds(c.UpdateTask, id=card, title=words),
    st.builds(c.UpdateTask, id=card, priority=st.integers(1, 10), base_seq=st.sampled_from((None, BEGUN, 10))),
    st.builds(c.CreateTask, id=st.uuids(), column_id=column, title=words),
    st.builds(c.AddComment, id=st.uuids(), task_id=card, text=words),
    st.builds(c.DeleteTask, id=card),
    st.builds(c.RestoreTask, id=card),
    st.builds(c.MoveColumn, id=column, place=places(column)),
)
"""To what is there from the beginning, so that most takes effect; the other tests here try everything else."""

edits = st.builds(Edit, who, st.lists(doings, min_size=1, max_size=3).map(tuple))
disturbances = st.one_of(
    st.builds(Repeat, who),
    st.builds(Cut, who, st.integers(0, FRAME)),
    st.builds(Away, who),
    st.builds(Garble, st.sampled_from(("lost", "twice", "late"))),
    st.builds(Wait),
)
scripts = st.lists(st.tuples(edits, edits, disturbances), min_size=5, max_size=15).map(
    lambda rounds: [step for each in rounds for step in each]
)


# Where it happens


class Stage:
    """Clients of Ann's on one new board, and what is under way there."""

    def __init__(self, clients: list[Client], lines: list[Lines], garbled: list[str]) -> None:
        self.clients = clients
        self._lines = lines
        self._garbled = garbled
        self._sent: list[tuple[int, str, list[Message]]] = []
        self._answers: list[asyncio.Task[Any]] = []
        self._away: dict[int, AsyncExitStack] = {}

    async def play(self, step: Step) -> None:
        match step:
            case Edit(client, commands):
                self._submit(client, str(uuid4()), [msgspec.to_builtins(one) for one in commands])
            case Repeat(client):
                own = {id for at, id, _ in self._sent if at == client}
                for _, id, same in [sent for sent in self._sent if sent[1] not in own][-1:]:
                    self._submit(client, id, same)
            case Cut(client, after):
                self._lines[client].cut_within(after)
            case Away(client) if client in self._away:
                await self._away.pop(client).aclose()
            case Away(client):
                away = self._away[client] = AsyncExitStack()
                await away.enter_async_context(self.clients[client].offline())
            case Garble(how):
                self._garbled.append(how)
            case Wait():
                await asyncio.gather(
                    *(answer for answer, at in zip(self._answers, self._sent, strict=True) if at[0] not in self._away)
                )

    async def end(self) -> None:
        """Everybody comes back, and every edit is answered."""
        self._garbled.clear()
        for away in self._away.values():
            await away.aclose()
        await asyncio.gather(*self._answers)

    def _submit(self, client: int, id: str, commands: list[Message]) -> None:
        self._sent.append((client, id, commands))
        self._answers.append(asyncio.create_task(self.clients[client].submit(*commands, id=id)))


@pytest.fixture
def garbled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What becomes of the next announcements, in order; the sweep makes good for it soon. Name it before the servers."""
    plan: list[str] = []
    late: list[Any] = []
    tell = Relay.tell

    def tell_garbled(relay: Relay, news: Any) -> None:
        how = plan.pop(0) if plan else ""
        if how == "late":
            late.append((relay, news))
        elif how != "lost":
            tell(relay, news)
        if how == "twice":
            tell(relay, news)
        while how != "late" and late:
            tell(*late.pop())

    monkeypatch.setattr(Relay, "tell", tell_garbled)
    monkeypatch.setattr(rooms, "SWEEP_SECONDS", 0.1)
    return plan


@pytest.fixture
async def servers(garbled: list[str], settings: Settings) -> AsyncIterator[list[Server]]:
    async with serving(settings) as one, serving(settings) as two:
        yield [one, two]


@asynccontextmanager
async def staged(
    database: Database, settings: Settings, servers: list[Server], garbled: list[str]
) -> AsyncIterator[tuple[Board, Stage]]:
    executor = Executor(database, lambda committed: None, Telemetry())
    async with executor.running(), AsyncExitStack() as open_:
        board = Board(executor, database, [], uuid4(), ANN)
        await executor.create_project(ANN, board.project, "Random", default_columns=False)
        await board.submit(*(one for one in FURNITURE if not isinstance(one, c.AddMember)))
        ann = await Garden(servers[0], settings, board).person(ANN)
        lines = [await open_.enter_async_context(Lines(urlsplit(servers[at].url).port or 0).running()) for at in AT]
        clients = [
            Client(f"client {n}", replace(ann, server=servers[at]), str(board.project), [Server(lines[n].url)])
            for n, at in enumerate(AT)
        ]
        for client in clients:
            await open_.enter_async_context(client.running())
        yield board, Stage(clients, lines, garbled)


@given(script=scripts)
async def test_g1_g2_g3_g4_whatever_happens_to_their_lines_clients_lose_nothing_and_agree(
    database: Database, settings: Settings, servers: list[Server], garbled: list[str], script: list[Step]
) -> None:
    with contextlib.suppress(Conflict):
        await Accounts(database).create(ANN.id, f"{ANN.id.hex}@example.org", ANN.name, None)
    async with staged(database, settings, servers, garbled) as (board, stage):
        for step in script:
            await stage.play(step)
        await stage.end()
        await quiet(database, str(board.project), stage.clients)
        assert checker.violations(await history(database, str(board.project), stage.clients, BEGUN)) == []
