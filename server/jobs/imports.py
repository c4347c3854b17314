"""Imports: a look at a file first, then its records as commands, a chunk at a time. Not here: reading files (formats), taking them back (undoing).

A try that was interrupted is repeated from the beginning: the same chunks have the same ids, so what was committed is answered as it was.
"""

import asyncio
from collections import deque
from typing import Any
from uuid import UUID

import msgspec

from server.commands.executor import Executor
from server.commands.submission import Outcome
from server.domain.changes import Actor
from server.domain.jobs import JobProgress
from server.formats.apart import Opening, Order
from server.formats.choices import NO_CHOICES, Choices
from server.formats.detection import Format
from server.formats.report import Person
from server.jobs.runner import Work
from server.jobs.translating import Translating, translating
from server.storage import imports
from server.storage.engine import Database
from server.storage.files import Files

AT_A_TIME = 3
"""Chunks of an import on their way: more would keep editors of the same project waiting."""


TEXT_MAX = 1_000
"""Characters of a text of the file that a result repeats."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The order of an import, and of a look at one. `upload` is where the file is, `file` what it is called.

    `settled`: who is who was chosen, by the ids that were told; else it is proposed.
    """

    actor: Actor
    upload: str
    file: str = ""
    format: Format | None = None
    choices: Choices = NO_CHOICES
    settled: bool = False


class ProposedPerson(msgspec.Struct, frozen=True):
    """Somebody the file names. `member_id`: who they become; None: a member of their own, without access. Addresses are not kept."""

    id: str
    name: str
    has_email: bool
    member_id: UUID | None


class Imports:
    """Both jobs; `executor` is this process's own. `files` has the uploads."""

    def __init__(self, database: Database, files: Files, executor: Executor) -> None:
        self._database = database
        self._files = files
        self._executor = executor

    async def preview(self, work: Work) -> dict[str, Any]:
        """Reads the file and tells what an import would do."""
        asked = msgspec.convert(work.asked, Asked)
        order = msgspec.structs.replace(await self._order(work, asked), opening=True)
        async with translating(order, self._files.get(asked.upload)) as file:
            opening = file.opening
        people = await self._known(work.job.project_id, asked, opening.people)
        if people:
            async with translating(_with(order, people), self._files.get(asked.upload)) as file:
                opening = file.opening
        return told(opening, people)

    async def run(self, work: Work) -> dict[str, Any]:
        """Brings the file's records into the project."""
        asked = msgspec.convert(work.asked, Asked)
        order = await self._order(work, asked)
        people: dict[str, UUID] = {}
        while True:
            async with translating(_with(order, people), self._files.get(asked.upload)) as file:
                found = await self._settled(work, asked, file.opening.people)
                if found != people:
                    people = found
                    continue
                await self._bring(file, work, asked.actor)
                return told(file.opening, people)

    async def _settled(self, work: Work, asked: Asked, people: tuple[Person, ...]) -> dict[str, UUID]:
        """Who is who, the same in every try: what was found once is noted."""
        if "people" not in work.noted:
            known = await self._known(work.job.project_id, asked, people)
            await work.note(people={id: str(member) for id, member in known.items()})
        noted = msgspec.convert(work.noted["people"], dict[str, UUID])
        return {one.id: noted[one.id] for one in people if one.id in noted}

    async def _known(self, project: UUID, asked: Asked, people: tuple[Person, ...]) -> dict[str, UUID]:
        """What was chosen, and nothing else; where nobody chose, what is proposed."""
        if not asked.settled:
            return await self._proposed(project, people)
        chosen = asked.choices.people
        return {one.id: chosen[one.id] for one in people if one.id in chosen}

    async def _bring(self, file: Translating, work: Work, actor: Actor) -> None:
        """A few chunks are on their way at a time: while one is written the next is applied."""
        total = file.opening.records
        work.progress = JobProgress(0, total)
        on_their_way: deque[tuple[asyncio.Future[Outcome], int]] = deque()

        async def settle() -> None:
            came, records = on_their_way.popleft()
            await came
            work.progress = JobProgress(work.progress.done + records, total)

        async for chunk in file.chunks():
            if len(on_their_way) == AT_A_TIME:
                await settle()
            came = self._executor.submit(work.job.project_id, chunk.id, (chunk.command,), actor)
            on_their_way.append((came, len(chunk.command.records)))
        while on_their_way:
            await settle()

    async def _order(self, work: Work, asked: Asked) -> Order:
        """The same each time: the project's columns are looked at once, before the first record comes."""
        if "last_rank" not in work.noted:
            async with self._database.statement() as connection:
                await work.note(last_rank=await imports.last_rank(connection, work.job.project_id))
        return Order(
            import_id=work.job.id,
            now=work.job.created_at,
            file=asked.file,
            format=asked.format,
            last_rank=work.noted["last_rank"],
            choices=asked.choices,
        )

    async def _proposed(self, project: UUID, people: tuple[Person, ...]) -> dict[str, UUID]:
        """Members of the project whose address the file tells, or who have the very id that our own file has."""
        if not people:
            return {}
        async with self._database.statement() as connection:
            there = await imports.members_of(connection, project)
            by_email = await imports.members_by_email(connection, project) if any(one.email for one in people) else {}
        by_id = {str(member): member for member in there}
        found = ((one.id, by_email.get((one.email or "").strip().lower()) or by_id.get(one.id)) for one in people)
        return {id: member for id, member in found if member is not None}


def _with(order: Order, people: dict[str, UUID]) -> Order:
    return msgspec.structs.replace(order, choices=msgspec.structs.replace(order.choices, people=people))


def told(opening: Opening, people: dict[str, UUID]) -> dict[str, Any]:
    """What is kept of an opening as the job's result, for people to read."""
    proposed = tuple(
        ProposedPerson(one.id, one.name, one.email is not None, people.get(one.id)) for one in opening.people
    )
    result: dict[str, Any] = _storable(
        {
            "format": opening.format,
            "name": opening.name,
            "description": opening.description,
            "records": opening.records,
            "report": msgspec.to_builtins(opening.report),
            "people": msgspec.to_builtins(proposed),
            "table": msgspec.to_builtins(opening.table),
            "boards": opening.boards,
            "tasks": msgspec.to_builtins(opening.tasks),
        }
    )
    return result


def _storable(value: Any) -> Any:
    """Without what a database cannot keep, and with texts of a length that can be looked at."""
    match value:
        case str():
            return value.replace("\x00", "")[:TEXT_MAX]
        case dict():
            return {_storable(name): _storable(each) for name, each in value.items()}
        case list() | tuple():
            return [_storable(each) for each in value]
        case _:
            return value
