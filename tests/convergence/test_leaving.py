"""G9: a board that is exported, imported somewhere else and exported again is the same file, byte for byte."""

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import commands as c
from server.domain.changes import Actor
from server.domain.errors import Conflict, Refusal
from server.domain.ids import new_id
from server.formats import chunks
from server.storage.accounts import Accounts
from server.storage.engine import Database
from tests.convergence import invariants
from tests.convergence.strategies import Submit, submits
from tests.convergence.test_every_command import script
from tests.convergence.test_random_commands import ACTORS, executor_of, furnished, send
from tests.helpers.board import Board
from tests.helpers.databases import Databases
from tests.helpers.leaving import Form, exported, imported

ZOE = Actor(new_id(), "Zoe")
FORMS: tuple[Form, ...] = ("json", "ndjson")


@pytest.fixture
async def elsewhere(databases: Databases) -> AsyncIterator[Database]:
    """Another instance, where nobody of the first one has an account."""
    async with databases.new() as url:
        database = Database(url, writing=True)
        await Accounts(database).create(ZOE.id, "zoe@example.org", ZOE.name, None)
        yield database
        await database.close()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a task and what belongs to it come by several commands."""
    monkeypatch.setattr(chunks, "IMPORT_MAX", 3)


async def comes_back_the_same(board: Board, elsewhere: Database, form: Form) -> Board:
    file = await exported(board.database, board.project, form)
    async with executor_of(elsewhere) as executor:
        there = await imported(executor, elsewhere, ZOE, file, form)
        assert await exported(elsewhere, there.project, form) == file
        await invariants.hold(there)
        await invariants.details_hold(there)
    return there


@given(groups=st.lists(submits(), min_size=1, max_size=40), form=st.sampled_from(FORMS))
async def test_g9_any_board_comes_back_byte_by_byte(
    database: Database, elsewhere: Database, groups: list[Submit], form: Form
) -> None:
    for actor in ACTORS:
        with suppress(Conflict):
            await Accounts(database).create(actor.id, f"{actor.id.hex}@example.org", actor.name, None)
    async with executor_of(database) as executor:
        board = await furnished(executor, database)
        for submit in groups:
            await send(board, submit)
        await comes_back_the_same(board, elsewhere, form)


@pytest.mark.parametrize("form", FORMS)
async def test_g9_a_board_that_every_command_was_used_on_comes_back(
    board: Board, elsewhere: Database, form: Form
) -> None:
    commands, tasks = await script(board)
    for command in commands:
        with suppress(Refusal):
            await board.submit(command)
    comment, label, step = (new_id() for _ in range(3))
    await board.submit(
        c.UpdateProject(background="teal"),
        c.CreateLabel(id=label, name="Gone", color="blue"),
        c.UpdateTask(id=tasks[0], labels=c.SetEdit(add=(label,)), assignees=c.SetEdit(add=(board.actor.id,))),
        c.DeleteLabel(id=label),
        c.AddComment(id=comment, task_id=tasks[0], text='Gone, too\r\n\u2028 \\ " \ud7ff 🌱'),
        c.DeleteComment(id=comment),
        c.AddChecklistItem(id=step, task_id=tasks[0], text="Gone as well"),
        c.DeleteChecklistItem(id=step),
        c.DescribeTask(id=tasks[1], text="", base_seq=10_000),
        c.ArchiveTask(id=tasks[1]),
        c.DeleteTask(id=tasks[0]),
    )
    there = await comes_back_the_same(board, elsewhere, form)
    assert (await exported(board.database, board.project, "json")) == await exported(elsewhere, there.project, "json")


async def test_an_export_tells_nothing_of_the_place_it_comes_from(board: Board) -> None:
    commands, _ = await script(board)
    for command in commands:
        with suppress(Refusal):
            await board.submit(command)
    epoch = str((await board.snapshot()).epoch)
    for form in FORMS:
        file = (await exported(board.database, board.project, form)).decode()
        secrets = (str(board.project), epoch, "example.org", "user_id", '"role"', "workspace", '"seq"')
        assert [secret for secret in secrets if secret in file] == []
