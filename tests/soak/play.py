"""A board that people work on while it is disturbed: who is there, and what they do."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx

from server.storage.engine import Database
from tests.helpers.people import Message, Server
from tests.helpers.replica import Replica
from tests.history import checker
from tests.history.checker import History, Violation
from tests.history.clients import GIVE_UP_SECONDS, PAUSE_SECONDS, Client, history, quiet
from tests.soak.lines import Lines
from tests.soak.stack import Stack

BEGUN = 1
"""The seq of a board that was only made."""

CARDS = 40
"""Cards that writers fill a board up to."""


class Board:
    """A project of Ann's, with lines to both web processes and the clients that are at it."""

    def __init__(self, stack: Stack, lines: Sequence[Lines], database: Database, open_: AsyncExitStack) -> None:
        self.stack = stack
        self.lines = lines
        self.database = database
        self.clients: list[Client] = []
        self.project = str(uuid4())
        self._open = open_

    @classmethod
    @asynccontextmanager
    async def on(cls, stack: Stack) -> AsyncIterator["Board"]:
        async with AsyncExitStack() as open_:
            lines = [await open_.enter_async_context(Lines(web.port).running()) for web in stack.webs]
            database = Database(stack.database_url)
            open_.push_async_callback(database.close)
            board = cls(stack, lines, database, open_)
            await board._make()
            yield board

    async def _make(self) -> None:
        """After an earlier fault the first answers may be that the database is away."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            made = await self.rest("POST", "/v1/projects", {"id": self.project, "name": "Soak"})
            while made.status_code == 503:
                await asyncio.sleep(PAUSE_SECONDS)
                made = await self.rest("POST", "/v1/projects", {"id": self.project, "name": "Soak"})

    async def rest(self, method: str, path: str, body: Message) -> httpx.Response:
        """Ann asks the first web process."""
        return await replace(self.stack.ann, server=Server(self.stack.webs[0].url)).rest(method, path, json=body)

    async def client(self, *at: int, **options: Any) -> Client:
        """Somebody at these web processes, one after the other, live."""
        servers = [Server(self.lines[n].url) for n in at]
        client = Client(f"client {len(self.clients)}", self.stack.ann, self.project, servers, **options)
        self.clients.append(await self._open.enter_async_context(client.running()))
        return client

    async def quiet(self, seconds: float = 5.0) -> float:
        """Waits until everybody holds the head; how long that took."""
        return await quiet(self.database, self.project, self.clients, seconds)

    async def history(self) -> History:
        return await history(self.database, self.project, self.clients, BEGUN)

    async def violations(self) -> list[Violation]:
        return checker.violations(await self.history())


@asynccontextmanager
async def writing(clients: Sequence[Client], chance: random.Random, pause: float = 0.05) -> AsyncIterator[None]:
    """Meanwhile these clients edit, each one edit after the other; on the way out what was begun is finished."""
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for client in clients:
            tasks.create_task(_write(client, random.Random(chance.random()), enough, pause))
        try:
            yield
        finally:
            enough.set()


async def _write(client: Client, chance: random.Random, enough: asyncio.Event, pause: float) -> None:
    while not enough.is_set():
        await client.submit(*edit(client.replica, chance))
        await asyncio.sleep(chance.uniform(0, 2 * pause))


def edit(replica: Replica, chance: random.Random) -> list[Message]:
    """What somebody might do to the board that they see; now and then what is refused, or does nothing."""
    columns, tasks = list(replica.records.get("column", {})), list(replica.records.get("task", {}))
    if len(tasks) < CARDS and (not tasks or chance.random() < 0.3):
        return [_create(chance, columns), *([_create(chance, columns)] if chance.random() < 0.2 else [])]
    task, other = chance.choice(tasks), chance.choice(tasks)
    place = chance.choice(["top", "bottom", {"after": other}, {"before": other}])
    possible: list[Message] = [
        {"type": "move_task", "id": task, "column_id": chance.choice(columns), "place": place},
        {"type": "update_task", "id": task, "title": f"Task {chance.randrange(1000)}"},
        {"type": "update_task", "id": task, "priority": chance.randint(1, 10)},
        {"type": "add_comment", "id": str(uuid4()), "task_id": task, "text": "Said"},
        {"type": "delete_task", "id": task},
        {"type": "delete_task", "id": str(uuid4())},
    ]
    return chance.choices(possible, [8, 4, 4, 2, 1 if len(tasks) < CARDS else 4, 1])


def _create(chance: random.Random, columns: Sequence[str]) -> Message:
    place = chance.choice(["top", "bottom"])
    return {
        "type": "create_task",
        "id": str(uuid4()),
        "column_id": chance.choice(columns),
        "title": "Dig",
        "place": place,
    }
