"""The bench's mix is what it says: every edit command is in it, and with many in flight the server refuses none."""

import asyncio
from collections import Counter

import msgspec

from server.domain import commands as c
from server.domain.commands import Command
from server.domain.ids import new_id
from tests.helpers.board import Board
from tests.load import edits

NOT_EDITS = {c.AddMember, c.RemoveMember, c.ImportRecords, c.DeleteAttachment, c.RestoreAttachment}
IN_FLIGHT = 32
EDITS = 4_000


async def test_every_edit_command_is_taken_with_many_in_flight(board: Board) -> None:
    guest = await board.member("Guest", "viewer")
    project, mix = new_id(), edits.Board(7, str(guest.id))
    await board.executor.create_project(board.actor, project, "Bench", default_columns=False)
    adding: list[Command] = [c.AddMember(user_id=guest.id, role="viewer")]
    outcome = await board.executor.execute(project, new_id(), (*adding, *_decoded(mix.first())), board.actor)
    mix.head = outcome.seq
    done: Counter[type[Command]] = Counter()
    for _ in range(EDITS // IN_FLIGHT):
        burst = [mix.next() for _ in range(IN_FLIGHT)]
        commands = _decoded([edit.command for edit in burst])
        answers = [board.executor.submit(project, new_id(), (command,), board.actor) for command in commands]
        for edit, answer in zip(burst, await asyncio.gather(*answers), strict=True):
            mix.settled(edit, answer.seq)
        done.update(map(type, commands))
    assert set(c.COMMANDS) - set(done) == NOT_EDITS


def test_the_mix_follows_from_its_seed() -> None:
    first, second = edits.Board(3), edits.Board(3)
    assert first.first() == second.first()
    assert [first.next().command for _ in range(500)] == [second.next().command for _ in range(500)]


def _decoded(commands: list[edits.Command]) -> tuple[Command, ...]:
    return msgspec.json.decode(msgspec.json.encode(commands), type=tuple[Command, ...])
