"""A refused command leaves nothing behind: no row, no op, no number, no seq, and no trace in the working copy."""

from typing import Any

import pytest

from server.domain import commands as c
from server.domain.commands import SPELLED_COMMANDS, wire_name
from server.domain.errors import Conflict, NotFound, Refusal
from server.domain.ids import new_id
from tests.commands.scene import EXAMPLES, Scene, another, instead, references, stored
from tests.helpers.board import Board

FORGIVING = (
    (c.CreateTask, "task"),  # a place beside what was deleted means the bottom
    (c.CreateTask, "label"),  # sets may name what was deleted since
    (c.UpdateTask, "label"),
    (c.MoveTask, "neighbour"),
    (c.AddChecklistItem, "item"),
    (c.MoveChecklistItem, "other_item"),
    (c.CreateColumn, "todo"),
    (c.MoveColumn, "todo"),
    (c.RestoreTask, "deleted_task"),
    (c.RestoreColumn, "deleted_column"),
    (c.RestoreLabel, "deleted_label"),
    (c.RestoreComment, "deleted_comment"),
    (c.RestoreChecklistItem, "deleted_item"),
)
"""Where a deleted record is as good as a present one."""

DELETED = {
    "todo": "deleted_column",
    "doing": "deleted_column",
    "done": "deleted_column",
    "task": "deleted_task",
    "other": "deleted_task",
    "archived": "deleted_task",
    "neighbour": "deleted_task",
    "label": "deleted_label",
    "comment": "deleted_comment",
    "item": "deleted_item",
    "other_item": "deleted_item",
    "link": "deleted_link",
}

CREATED: dict[type[Any], tuple[str, str]] = {
    c.CreateTask: ("task", "deleted_task"),
    c.CreateColumn: ("todo", "deleted_column"),
    c.CreateLabel: ("label", "deleted_label"),
    c.AddComment: ("comment", "deleted_comment"),
    c.AddChecklistItem: ("item", "deleted_item"),
    c.AddDependency: ("link", "deleted_link"),
}
"""Commands that make something, and ids that are taken."""


PLAIN = [each for each in EXAMPLES if each not in SPELLED_COMMANDS]
"""What spelled ones say of ids that lead nowhere stands with the routes that send them."""


@pytest.mark.parametrize("command_type", PLAIN, ids=lambda type_: wire_name(type_.__name__))
async def test_a_wrong_id_is_refused_and_changes_nothing(board: Board, command_type: type[Any]) -> None:
    scene = await Scene.make(board)
    elsewhere = await Scene.make(await another(board))
    command = EXAMPLES[command_type](scene)
    before = await stored(board)
    for name in references(command, scene):
        right = getattr(scene, name)
        wrong = [new_id()]
        if name != "newcomer":  # an account belongs to no project
            wrong.append(getattr(elsewhere, name))
        if (command_type, name) not in FORGIVING and name in DELETED:
            wrong.append(getattr(scene, DELETED[name]))
        for id in wrong:
            await _refused(board, instead(command, right, id), refusal=NotFound)
    assert await stored(board) == before
    await board.submit(command)


@pytest.mark.parametrize(("command_type", "name"), FORGIVING, ids=lambda value: getattr(value, "__name__", value))
async def test_a_deleted_record_is_accepted_where_readers_skip_it(
    board: Board, command_type: type[Any], name: str
) -> None:
    scene = await Scene.make(board)
    command = EXAMPLES[command_type](scene)
    await board.submit(instead(command, getattr(scene, name), getattr(scene, DELETED.get(name, name))))


@pytest.mark.parametrize("command_type", CREATED, ids=lambda type_: wire_name(type_.__name__))
async def test_an_id_ever_used_for_its_kind_is_a_conflict(board: Board, command_type: type[Any]) -> None:
    scene = await Scene.make(board)
    command: Any = EXAMPLES[command_type](scene)
    before = await stored(board)
    for name in CREATED[command_type]:
        await _refused(board, instead(command, command.id, getattr(scene, name)), refusal=Conflict)
    assert await stored(board) == before
    await board.submit(command)


async def test_an_id_used_for_another_kind_is_free(board: Board) -> None:
    scene = await Scene.make(board)
    for command_type, names in CREATED.items():
        command: Any = EXAMPLES[command_type](scene)
        foreign = scene.label if names[0] != "label" else scene.task
        assert not (await board.submit(instead(command, command.id, foreign))).noop


async def test_a_refusal_late_in_a_submit_leaves_nothing_of_the_commands_before_it(board: Board) -> None:
    """Whatever was done before, in the rows, in the head's counters and in the working copy, is undone."""
    scene = await Scene.make(board)
    before = await stored(board)
    for command_type, example in EXAMPLES.items():
        await _refused(board, example(scene), c.DeleteTask(id=new_id()), refusal=NotFound)
        assert await stored(board) == before, command_type


async def _refused(board: Board, *commands: c.AnyCommand, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        await board.submit(*commands)
