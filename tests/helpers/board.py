"""A board set up through commands, for tests of what commands do."""

from dataclasses import dataclass, field
from uuid import UUID

from server.commands.executor import Executor
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.changes import Actor, Committed, Snapshot
from server.domain.ids import new_id
from server.domain.records import Column, Task
from server.storage import boards, shown
from server.storage.accounts import Accounts
from server.storage.engine import Database
from server.storage.shown import TaskDetail


@dataclass
class Board:
    """A project, seen by `actor`; `announced` is everything committed since the start."""

    executor: Executor
    database: Database
    announced: list[Committed]
    project: UUID
    actor: Actor
    columns: list[UUID] = field(default_factory=list)

    @classmethod
    async def make(cls, executor: Executor, database: Database, announced: list[Committed]) -> "Board":
        board = cls(executor, database, announced, new_id(), Actor(new_id(), "Ann"))
        board.actor = await board.account("Ann")
        await executor.create_project(board.actor, board.project, "Garden")
        columns = sorted((await board.snapshot()).columns, key=lambda column: column.rank)
        board.columns = [column.id for column in columns]
        return board

    async def account(self, name: str) -> Actor:
        """Somebody with an account, who is no member."""
        id = new_id()
        actor = Actor(id, name)
        await Accounts(self.database).create(id, self.email(actor), name, None)
        return actor

    def email(self, actor: Actor) -> str:
        """The address of somebody's account."""
        return f"{actor.id.hex}@example.org"

    async def member(self, name: str, role: str = "editor") -> Actor:
        actor = await self.account(name)
        await self.submit(c.AddMember(user_id=actor.id, role=role))  # type: ignore[arg-type]
        return actor

    async def submit(self, *commands: c.AnyCommand, actor: Actor | None = None, id: UUID | None = None) -> Outcome:
        """One submit; raises the refusal."""
        return await self.executor.execute(self.project, id or new_id(), commands, actor or self.actor)

    async def task(self, title: str = "Dig", column: int = 0, **fields: object) -> UUID:
        id = new_id()
        await self.submit(c.CreateTask(id=id, column_id=self.columns[column], title=title, **fields))  # type: ignore[arg-type]
        return id

    async def snapshot(self) -> Snapshot:
        async with self.database.snapshot() as connection:
            found = await boards.snapshot(connection, self.project)
        assert found is not None
        return found

    async def detail(self, task: UUID) -> TaskDetail | None:
        async with self.database.snapshot() as connection:
            found = await shown.task(connection, self.project, task)
        return None if found is None else found.detail

    async def get(self, task: UUID) -> Task:
        return next(one for one in (await self.snapshot()).tasks if one.id == task)

    async def column(self, id: UUID) -> Column:
        return next(one for one in (await self.snapshot()).columns if one.id == id)

    async def order(self, column: int = 0) -> list[str]:
        """The titles of a column's tasks from top to bottom."""
        tasks = [task for task in (await self.snapshot()).tasks if task.column_id == self.columns[column]]
        return [task.title for task in sorted(tasks, key=lambda task: (task.rank, task.id))]
