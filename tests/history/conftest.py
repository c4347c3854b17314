"""Two servers on one database, and clients at them that write down what they do and see."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden
from tests.helpers.people import Server
from tests.history import checker
from tests.history.clients import Client, history, quiet


class Trial:
    """Clients of Ann's on one board, to be judged when they are quiet. What was done before the first of them came is furniture."""

    def __init__(self, garden: Garden, servers: list[Server], open_: AsyncExitStack) -> None:
        self.garden = garden
        self._servers = servers
        self._begun = 0
        self._open = open_
        self._clients: list[Client] = []

    async def client(self, at: int = 0) -> Client:
        """A client at one of the servers, live."""
        if not self._clients:
            self._begun = (await self.garden.board.snapshot()).seq
        name = f"client {len(self._clients)}"
        client = Client(name, self.garden.ann, self.garden.project, [self._servers[at]])
        self._clients.append(await self._open.enter_async_context(client.running()))
        return client

    async def kinds(self) -> set[str]:
        """The kinds of violations that are found."""
        database = self.garden.board.database
        await quiet(database, self.garden.project, self._clients)
        found = await history(database, self.garden.project, self._clients, self._begun)
        return {each.kind for each in checker.violations(found)}


@pytest.fixture
async def trial(server: Server, settings: Settings, garden: Garden) -> AsyncIterator[Trial]:
    async with serving(settings) as other, AsyncExitStack() as open_:
        yield Trial(garden, [server, other], open_)


@pytest.fixture(params=["sound", "planted"])
def plant(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Replaces parts of the server, in the run that has the bug: each test runs with its bug, and without."""

    def put(*bugs: tuple[object, str, object]) -> bool:
        if request.param == "planted":
            for owner, name, bug in bugs:
                monkeypatch.setattr(owner, name, bug)
        return bool(request.param == "planted")

    return put
