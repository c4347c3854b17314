"""A project of Ann's behind a real server, and people to share it with. They have accounts and tokens, but never typed a password."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from server.api.auth import Auth
from server.domain.changes import Actor
from server.settings import Settings
from server.storage.accounts import Accounts
from tests.helpers.board import Board
from tests.helpers.people import Message, Person, Server


class Garden:
    """`board` is the same project from inside: what it commits is not announced to the server, whose sweep finds it."""

    def __init__(self, server: Server, settings: Settings, board: Board) -> None:
        self.server = server
        self.settings = settings
        self.board = board
        self.project = str(board.project)
        self.columns = [str(id) for id in board.columns]
        self.ann: Person

    @classmethod
    async def plant(cls, server: Server, settings: Settings, board: Board) -> "Garden":
        garden = cls(server, settings, board)
        garden.ann = await garden.person(board.actor)
        return garden

    async def person(self, actor: Actor, *, lifetime_s: int | None = None) -> Person:
        """Somebody with an account, signed in; their token lives as the settings say, or `lifetime_s`."""
        account = await Accounts(self.board.database).get(actor.id)
        assert account is not None
        lifetime_s = self.settings.access_token_seconds if lifetime_s is None else lifetime_s
        token = Auth(self.settings.secret, lifetime_s).issue(account).token
        return Person(self.server, str(actor.id), actor.name, account.email, token)

    async def member(self, name: str, role: str = "editor") -> Person:
        return await self.person(await self.board.member(name, role))

    async def stranger(self, name: str = "Eve") -> Person:
        return await self.person(await self.board.account(name))

    async def new_token(self, person: Person, *, lifetime_s: int) -> str:
        """Another token of the same person."""
        return (await self.person(Actor(UUID(person.id), person.name), lifetime_s=lifetime_s)).token

    def elsewhere(self, person: Person, server: Server) -> Person:
        """The same person at another server."""
        return replace(person, server=server)

    def create(self, title: str = "Dig", column: int = 0, **fields: Any) -> Message:
        """The command that makes a task."""
        return {"type": "create_task", "id": str(uuid4()), "column_id": self.columns[column], "title": title, **fields}

    def submit(self, *commands: Message, **fields: Any) -> Message:
        """The message that submits these, with an id of its own; `fields` are put in place of others, or beside them."""
        return {"type": "submit", "id": str(uuid4()), "project": self.project, "commands": commands, **fields}
