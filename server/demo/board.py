"""The demo board: the export of an invented team's Trello board, moved in time so that it looks as if it were used today."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import resources
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from server.commands.executor import Executor
from server.demo.people import DEMO, DemoAccount
from server.domain.commands import ImportedComment, ImportedMember, ImportedRecord, ImportedTask
from server.domain.errors import Conflict, Refusal
from server.formats import trello
from server.formats.chunks import chunked
from server.formats.report import Translation

PROJECT = uuid5(DEMO, "board")

_TIME = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3}Z"')


async def fill(executor: Executor, ann: DemoAccount, ben: DemoAccount) -> None:
    """Makes the board, with Ann as its admin and Ben as an editor. What is there already is left as it is."""
    made = translated(datetime.now(UTC))
    with suppress(Conflict):  # made by an earlier run, which perhaps did not come to its end
        await executor.create_project(
            ann.actor, PROJECT, made.name, description=made.description, default_columns=False
        )
    try:
        for id, command in chunked(PROJECT, with_accounts(made, ann, ben)):
            await executor.execute(PROJECT, id, (command,), ann.actor)
    except Refusal as refused:
        if refused.retryable:
            raise  # any other says that the board is there and has been worked on since


def translated(now: datetime) -> Translation:
    """The board's records, with its last activity on the day before `now`."""
    return trello.translate(_moved(_export(), now), import_id=PROJECT, now=now)


def with_accounts(made: Translation, *accounts: DemoAccount) -> list[ImportedRecord]:
    """The records with accounts in the place of the imported people of the same names; the first is there as admin."""
    ids = {
        imported.record.id: account.id
        for imported in made.records
        if isinstance(imported, ImportedMember)
        for account in accounts
        if imported.record.name == account.name
    }
    members: list[ImportedRecord] = [ImportedMember(account.member("editor")) for account in accounts[1:]]
    kept = (imported for imported in made.records if imported.record.id not in ids)
    return members + [_reassigned(imported, ids) for imported in kept]


def _export() -> bytes:
    return resources.files("server.demo").joinpath("trello-board.json").read_bytes()


def _moved(export: bytes, now: datetime) -> bytes:
    """Every time in the file, later by the same number of days."""
    last = msgspec.json.decode(export, type=_LastActivity).dateLastActivity
    days = timedelta(days=(now - last).days)

    def move(found: re.Match[bytes]) -> bytes:
        moment = datetime.fromisoformat(found[1].decode()) + days
        return f'"{moment.isoformat()}.000Z"'.encode()

    return _TIME.sub(move, export)


def _reassigned(imported: ImportedRecord, ids: dict[UUID, UUID]) -> ImportedRecord:
    match imported:
        case ImportedTask(task):
            assignees = tuple(ids.get(id, id) for id in task.assignee_ids)
            author = ids.get(task.created_by, task.created_by) if task.created_by else None
            return ImportedTask(replace(task, assignee_ids=assignees, created_by=author))
        case ImportedComment(comment):
            author = ids.get(comment.author_id, comment.author_id) if comment.author_id else None
            return ImportedComment(replace(comment, author_id=author))
        case _:
            return imported


class _LastActivity(msgspec.Struct):
    dateLastActivity: datetime
