"""The demo board and what it is looked at through: the people, and the places that every scene begins at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.async_api import expect

from server.demo.board import PROJECT
from server.demo.people import DemoAccount
from tests.browser.boards import submit
from tests.browser.conftest import Open
from tests.browser.screen import Screen
from tests.helpers.people import Person, Server

CARD = "New checkout: one page instead of four"
"""The card that is opened: it has people, labels, a checklist, comments and a past."""

AXE = Path(__file__).parents[2] / "client" / "web" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass
class Stage:
    ann: Person
    """Admin of the demo board."""
    ben: Person
    """Editor of it."""
    card: str
    fresh: str
    """A board that was just made."""
    bare: str
    """A board without columns."""
    workspace: str
    """One with Ben, a bot and its token, and an open invitation."""

    @classmethod
    async def of(cls, server: Server, accounts: list[DemoAccount]) -> "Stage":
        """On a server whose database holds the demo."""
        ann, ben = [await server.sign_in(each.email, each.password) for each in accounts]
        tasks = (await ann.snapshot(str(PROJECT)))["tasks"]
        card = next(task["id"] for task in tasks if task["title"] == CARD)
        fresh, bare = await ann.project("A garden for everybody"), await ann.project("Nothing yet")
        columns = (await ann.snapshot(bare))["columns"]
        await submit(ann, bare, *({"type": "delete_column", "id": column["id"]} for column in columns))
        gone = await ann.project("Winter plans")
        answer = await ann.rest("DELETE", f"/v1/projects/{gone}", headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code < 300, answer.text
        return cls(ann, ben, card, fresh, bare, await workspace_of(ann, ben))


async def workspace_of(ann: Person, ben: Person) -> str:
    """Another one, each time."""

    async def made(path: str, body: dict[str, Any]) -> Any:
        answer = await ann.rest("POST", path, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    place = f"/v1/workspaces/{(await made('/v1/workspaces', {'name': 'Night trains'}))['id']}"
    link = await made(f"{place}/invitations", {"role": "member", "max_uses": 5})
    await ben.rest("POST", "/v1/invitations/accept", json={"secret": link["secret"]})
    bot = await made(f"{place}/bots", {"name": "Robbie"})
    await made(f"{place}/bots/{bot['id']}/tokens", {"name": "Timetables", "scopes": ["write"]})
    return place.rpartition("/")[2]


@dataclass
class Look:
    """One way to look at the stage: `open` opens pages, all with the same options."""

    stage: Stage
    open: Open
    options: dict[str, Any]

    async def at(self, path: str, person: Person | None = None) -> Screen:
        """Where `person` is, else Ann."""
        return await self.open(person or self.stage.ann, path, **self.options)

    async def nobody(self, path: str) -> Screen:
        return await self.open(None, path, **self.options)

    async def board(self, query: str = "") -> Screen:
        """The demo board, with its cards drawn."""
        screen = await self.at(f"/p/{PROJECT}{query}")
        await expect(screen.page.locator("main [data-card]").first).to_be_attached()
        await expect(screen.page.get_by_title("All changes are saved")).to_be_attached()
        return screen

    async def task(self) -> Screen:
        """The card, open beside the board, with all of its texts."""
        screen = await self.at(f"/p/{PROJECT}/t/{self.stage.card}")
        await expect(screen.sheet.get_by_role("heading", name="Comments and activity")).to_be_visible()
        await expect(screen.page.locator("main [data-card]").first).to_be_attached()
        return screen
