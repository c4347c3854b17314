"""Submits that are not atomic: what is refused is left out without a trace, the rest is one change."""

from server.domain import commands as c
from server.domain.errors import Blocked, Forbidden, NotFound
from server.domain.ids import new_id
from tests.commands.scene import stored
from tests.helpers.board import Board


def create(board: Board, title: str) -> c.CreateTask:
    return c.CreateTask(id=new_id(), column_id=board.columns[0], title=title)


async def test_what_is_refused_is_left_out_and_the_rest_is_one_change(board: Board) -> None:
    waiting, end = await board.task("Waiting"), await board.task("End")
    await board.submit(c.AddDependency(id=new_id(), task_id=waiting, depends_on_id=end))
    before = (await board.snapshot()).seq
    commands = (
        create(board, "One"),
        c.DeleteTask(id=new_id()),
        c.MoveTask(id=waiting, column_id=board.columns[2], place="bottom"),
        create(board, "Two"),
    )
    outcome = await board.executor.execute(board.project, new_id(), commands, board.actor, atomic=False)
    assert outcome.seq == before + 1
    assert {place: type(refusal) for place, refusal in outcome.refused.items()} == {1: NotFound, 2: Blocked}
    assert [outcome.refused[place].errors[0].pointer for place in (1, 2)] == ["/commands/1", "/commands/2"]
    tasks = {task.title: task for task in (await board.snapshot()).tasks}
    assert [tasks[title].number for title in ("One", "Two")] == [3, 4]
    assert tasks["Waiting"].column_id == board.columns[0]


async def test_a_submit_of_which_everything_is_refused_changes_nothing(board: Board) -> None:
    viewer = await board.member("Vi", "viewer")
    before, id = await stored(board), new_id()
    commands = tuple(create(board, title) for title in "AB")
    for _ in range(2):
        outcome = await board.executor.execute(board.project, id, commands, viewer, atomic=False)
        assert (outcome.noop, {type(refusal) for refusal in outcome.refused.values()}) == (True, {Forbidden})
    assert await stored(board) == before
    outcome = await board.executor.execute(board.project, id, commands, board.actor, atomic=False)
    assert (outcome.noop, outcome.refused) == (False, {})


async def test_a_repeat_is_a_duplicate(board: Board) -> None:
    commands, id = (create(board, "A"), c.DeleteTask(id=new_id())), new_id()
    first = await board.executor.execute(board.project, id, commands, board.actor, atomic=False)
    again = await board.executor.execute(board.project, id, commands, board.actor, atomic=False)
    assert (again.seq, again.duplicate, first.duplicate) == (first.seq, True, False)
