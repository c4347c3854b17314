"""Who may do what: every command tried by every role, and by those who have none."""

from typing import Any, get_args

import pytest

from server.commands.handlers import HANDLERS
from server.domain import commands as c
from server.domain.changes import Actor
from server.domain.commands import (
    ACCOUNT_COMMANDS,
    COMMANDS,
    FILE_COMMANDS,
    PROJECT_COMMANDS,
    SPELLED_COMMANDS,
    wire_name,
)
from server.domain.errors import Forbidden, NotFound, Refusal
from server.domain.ids import new_id
from server.domain.records import Role
from server.domain.roles import LEAST_ROLE, ORDER
from tests.commands.scene import EXAMPLES, Scene, stored
from tests.helpers.board import Board

ALL: tuple[type[Any], ...] = (*COMMANDS, *PROJECT_COMMANDS, *ACCOUNT_COMMANDS, *SPELLED_COMMANDS, *FILE_COMMANDS)
ROLES_ONLY = [each for each in ALL if each is not c.ForgetUser]
"""Being forgotten takes no role."""


def test_every_command_has_a_role_a_verb_and_an_example() -> None:
    assert set(LEAST_ROLE) == set(HANDLERS) == set(EXAMPLES) == set(ALL)
    assert set(ORDER) == set(get_args(Role))


def test_viewers_only_leave_commenters_only_comment_and_admins_alone_change_people_and_project() -> None:
    by_role: dict[str, set[str]] = {}
    for type_, role in LEAST_ROLE.items():
        by_role.setdefault(role, set()).add(wire_name(type_.__name__))
    assert by_role.pop("viewer") == {"remove_member", "update_profile", "forget_user", "expect_task"}
    assert by_role.pop("commenter") == {"add_comment", "edit_comment", "delete_comment", "restore_comment"}
    assert by_role.pop("admin") == {
        "add_member",
        "set_member_role",
        "update_project",
        "delete_project",
        "restore_project",
        "import_records",
    }
    assert set(by_role) == {"editor"}


def test_every_command_is_named_after_its_verb_on_the_wire() -> None:
    for type_ in (*COMMANDS, *PROJECT_COMMANDS, *ACCOUNT_COMMANDS, *FILE_COMMANDS):
        assert type_.__struct_config__.tag == wire_name(type_.__name__)


@pytest.mark.parametrize("role", ORDER)
async def test_a_role_allows_exactly_the_commands_of_its_rank(board: Board, role: Role) -> None:
    scene = await Scene.make(board, await board.member("Somebody"))
    await board.submit(c.SetMemberRole(id=scene.actor.id, role=role))
    before = await stored(board)
    for command_type in ALL:
        allowed = ORDER[role] >= ORDER[LEAST_ROLE[command_type]]
        assert await _try(scene, command_type, scene.actor) is (None if allowed else Forbidden), command_type
    assert await stored(board) == before


@pytest.mark.parametrize("standing", ["removed", "stranger"])
async def test_who_is_no_member_does_not_learn_that_the_project_exists(board: Board, standing: str) -> None:
    somebody = await (board.account if standing == "stranger" else board.member)("Somebody")
    scene = await Scene.make(board, somebody, author=board.actor if standing == "stranger" else None)
    if standing == "removed":
        await board.submit(c.RemoveMember(id=somebody.id))
    for command_type in ROLES_ONLY:
        assert await _try(scene, command_type, somebody) is NotFound, command_type


async def test_a_deleted_project_is_not_found_by_anything_but_an_admins_restoration(board: Board) -> None:
    scene = await Scene.make(board)
    editor = await board.member("Ed")
    await board.submit(c.DeleteProject())
    before = await stored(board)
    for command_type in ROLES_ONLY:
        restores = command_type is c.RestoreProject
        assert await _try(scene, command_type, scene.actor) is (None if restores else NotFound), command_type
        assert await _try(scene, command_type, editor) is (Forbidden if restores else NotFound), command_type
    assert await stored(board) == before


async def _try(scene: Scene, command_type: type[Any], actor: Actor) -> type[Refusal] | None:
    """How the example is refused; None when it is allowed. It never takes effect, because a second command is refused."""
    impossible = c.DeleteTask(id=new_id())
    with pytest.raises(Refusal) as refused:
        await scene.board.submit(EXAMPLES[command_type](scene), impossible, actor=actor)
    return None if refused.value.errors[0].pointer.startswith("/commands/1") else type(refused.value)
