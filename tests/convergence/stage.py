"""Where random scripts are played: clients of Ann's on one new board, each on a line of its own to one of two servers."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from server.commands.executor import Executor
from server.domain import commands as c
from server.domain.changes import Actor
from server.domain.errors import Conflict
from server.settings import Settings
from server.storage.accounts import Accounts
from server.storage.engine import Database
from server.telemetry import Telemetry
from tests.convergence.scripts import BEGUN, Away, Cut, Edit, Garble, Reload, Repeat, Step, Wait
from tests.convergence.strategies import FURNITURE, PEOPLE
from tests.helpers.board import Board
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Server
from tests.history import checker
from tests.history.checker import Violation
from tests.history.clients import Client, history, quiet
from tests.history.pages import Node, Page
from tests.soak.lines import Lines

ANN = Actor(PEOPLE[0], "Person 0")


class Stage:
    """Who is there, and what is under way."""

    def __init__(
        self, board: Board, clients: Sequence[Client | Page], lines: Sequence[Lines], garbled: list[str]
    ) -> None:
        self._board = board
        self._clients = clients
        self._lines = lines
        self._garbled = garbled
        self._sent: list[tuple[int, str, list[Message]]] = []
        self._answers: list[tuple[int, asyncio.Task[Any]]] = []
        self._away: dict[int, AsyncExitStack] = {}

    async def play(self, step: Step) -> None:
        match step:
            case Edit(client, commands):
                self._submit(client, str(uuid4()), [msgspec.to_builtins(one) for one in commands])
            case Repeat(client):
                await self._repeat(client)
            case Cut(client, after, up):
                self._lines[client].cut_within(after, up=up)
            case Away(client) if client in self._away:
                await self._away.pop(client).aclose()
            case Away(client):
                away = self._away[client] = AsyncExitStack()
                await away.enter_async_context(self._clients[client].offline())
                self._lines[client].cut()
            case Reload(client):
                page = self._clients[client]
                if isinstance(page, Page):
                    await page.reload()
            case Garble(how):
                self._garbled.append(how)
            case Wait():
                await asyncio.gather(*(answer for client, answer in self._answers if client not in self._away))

    async def violations(self) -> list[Violation]:
        """Everybody comes back, every edit is answered, and all is quiet."""
        self._garbled.clear()
        for away in self._away.values():
            await away.aclose()
        await asyncio.gather(*(answer for _, answer in self._answers))
        project = str(self._board.project)
        await quiet(self._board.database, project, self._clients)
        found = checker.violations(await history(self._board.database, project, self._clients, BEGUN))
        pages = [page for page in self._clients if isinstance(page, Page)]
        never = [page.observer.name for page in pages if len(page.sent) < page.edits]
        return [*found, *(Violation("lost", f"{name} never sent an edit") for name in never)]

    async def _repeat(self, client: int) -> None:
        """Of what others have sent the last that this one has not; a page chooses ids itself, so it repeats its own."""
        who = self._clients[client]
        if isinstance(who, Page):
            await who.twice()
            return
        own = {id for at, id, _ in self._sent if at == client}
        models = [(id, commands) for _, id, commands in self._sent]
        pages = [sent for page in self._clients if isinstance(page, Page) for sent in page.sent.items()]
        for id, commands in [each for each in models + pages if each[0] not in own][-1:]:
            self._submit(client, id, commands)

    def _submit(self, client: int, id: str, commands: list[Message]) -> None:
        who = self._clients[client]
        submitting: Coroutine[Any, Any, Any]
        if isinstance(who, Page):
            submitting = who.submit(*commands)
        else:
            self._sent.append((client, id, commands))
            submitting = who.submit(*commands, id=id)
        self._answers.append((client, asyncio.create_task(submitting)))


@asynccontextmanager
async def staged(
    database: Database,
    settings: Settings,
    servers: Sequence[Server],
    garbled: list[str],
    *,
    models: Sequence[int],
    pages: Sequence[int] = (),
    node: Node | None = None,
) -> AsyncIterator[Stage]:
    """Model clients at these servers, by number, and pages at those."""
    executor = Executor(database, lambda committed: None, Telemetry())
    async with executor.running(), AsyncExitStack() as open_:
        board = await _board(executor, database)
        ann = await Garden(servers[0], settings, board).person(ANN)
        project = str(board.project)
        lines: list[Lines] = []
        clients: list[Client | Page] = []
        for n, at in enumerate((*models, *pages)):
            line = await open_.enter_async_context(Lines(urlsplit(servers[at].url).port or 0).running())
            name = f"client {n} at {project}"
            who: Client | Page
            if n < len(models):
                who = Client(name, replace(ann, server=servers[at]), project, [Server(line.url)])
            else:
                assert node is not None
                who = Page(node, name, ann, project, line.url)
            lines.append(line)
            clients.append(who)
            await open_.enter_async_context(who.running())
        yield Stage(board, clients, lines, garbled)


async def _board(executor: Executor, database: Database) -> Board:
    with suppress(Conflict):
        await Accounts(database).create(ANN.id, f"{ANN.id.hex}@example.org", ANN.name, None)
    board = Board(executor, database, [], uuid4(), ANN)
    await executor.create_project(ANN, board.project, "Random", default_columns=False)
    await board.submit(*(one for one in FURNITURE if not isinstance(one, c.AddMember)))
    return board
