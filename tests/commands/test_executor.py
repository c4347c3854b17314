"""The one door: idempotency, order, batches, refusals that touch nobody else."""

import asyncio

import pytest

from server.commands.executor import Executor
from server.commands.submission import Outcome
from server.domain import commands as c
from server.domain.errors import Conflict, IdReuse, Invalid, NotFound, Refusal
from server.domain.ids import new_id
from server.storage import log
from server.telemetry import Telemetry
from tests.helpers.board import Board


async def test_g2_the_same_command_id_takes_effect_once(board: Board) -> None:
    id, command = new_id(), c.CreateTask(id=new_id(), column_id=board.columns[0], title="Once")
    first = await board.submit(command, id=id)
    again = await board.submit(command, id=id)
    assert (again.seq, again.duplicate) == (first.seq, True)
    assert await board.order() == ["Once"]


async def test_g2_repeats_in_flight_share_one_outcome(board: Board) -> None:
    id, command = new_id(), c.CreateTask(id=new_id(), column_id=board.columns[0], title="Once")
    outcomes = await asyncio.gather(*(board.submit(command, id=id) for _ in range(5)))
    assert len({outcome.seq for outcome in outcomes}) == 1
    assert await board.order() == ["Once"]


async def test_p5_an_id_with_other_content_is_refused(board: Board) -> None:
    id = new_id()
    await board.submit(c.CreateTask(id=new_id(), column_id=board.columns[0], title="One"), id=id)
    with pytest.raises(IdReuse):
        await board.submit(c.CreateTask(id=new_id(), column_id=board.columns[0], title="Two"), id=id)


async def test_p5_an_id_of_another_author_is_refused(board: Board) -> None:
    ben = await board.member("Ben")
    id, command = new_id(), c.CreateTask(id=new_id(), column_id=board.columns[0], title="One")
    await board.submit(command, id=id)
    with pytest.raises(IdReuse):
        await board.submit(command, id=id, actor=ben)


async def test_p8_submits_take_effect_in_the_order_sent(board: Board) -> None:
    titles = [f"Task {n:03}" for n in range(300)]
    await asyncio.gather(*(board.task(title) for title in titles))
    assert await board.order() == titles
    seqs = [one.change.seq for one in board.announced]
    assert seqs == list(range(2, 302))


async def test_a_refused_submit_in_a_batch_touches_nobody_else(board: Board) -> None:
    good = [board.task(f"Good {n}") for n in range(5)]
    bad = board.submit(
        c.CreateTask(id=new_id(), column_id=board.columns[0], title="Half"),
        c.DeleteTask(id=new_id()),
    )
    results = await asyncio.gather(*good[:3], bad, *good[3:], return_exceptions=True)
    assert [type(result) for result in results].count(NotFound) == 1
    assert await board.order() == [f"Good {n}" for n in range(5)]
    assert sorted(task.number for task in (await board.snapshot()).tasks) == [1, 2, 3, 4, 5]


async def test_a_submit_is_atomic_and_one_change(board: Board) -> None:
    before = len(board.announced)
    ids = [new_id() for _ in range(3)]
    await board.submit(*(c.CreateTask(id=id, column_id=board.columns[0], title="T") for id in ids))
    assert len(board.announced) == before + 1
    assert len(board.announced[-1].change.ops) == 3


async def test_a_refusal_points_at_the_command_at_fault(board: Board) -> None:
    with pytest.raises(Refusal) as refused:
        await board.submit(c.UpdateProject(name="Fine"), c.DeleteColumn(id=board.columns[0], move_to=board.columns[0]))
    assert isinstance(refused.value, Invalid)
    assert [error.pointer for error in refused.value.errors] == ["/commands/1/move_to"]
    assert (await board.snapshot()).project.name == "Garden"


async def test_a_noop_gets_no_seq(board: Board) -> None:
    task = await board.task("Same")
    outcome = await board.submit(c.UpdateTask(id=task, title="Same"))
    assert outcome.noop
    assert outcome.seq == (await board.snapshot()).seq


async def test_a_project_that_is_not_there_is_not_found(board: Board) -> None:
    stranger = await board.account("Cid")
    for project, actor in ((new_id(), board.actor), (board.project, stranger)):
        with pytest.raises(NotFound):
            await board.executor.execute(project, new_id(), (c.UpdateProject(name="Mine"),), actor)


async def test_making_a_project_twice_is_a_conflict(board: Board) -> None:
    with pytest.raises(Conflict):
        await board.executor.create_project(board.actor, board.project, "Again")


async def test_g1_the_log_holds_exactly_what_was_announced(board: Board) -> None:
    await asyncio.gather(*(board.task(f"Task {n}") for n in range(40)))
    async with board.database.begin() as connection:
        page = await log.read(connection, board.project, 1, 1000)
    assert page is not None
    assert [message.encode() for message in page.messages] == [one.message for one in board.announced]


async def test_a_project_locked_elsewhere_stalls_nobody_and_runs_when_free(board: Board) -> None:
    other = new_id()
    await board.executor.create_project(board.actor, other, "Other")
    async with board.database.begin() as connection:
        await connection.exec_driver_sql(f"SELECT 1 FROM head WHERE project_id = '{board.project}' FOR UPDATE")
        waiting = asyncio.create_task(board.submit(c.UpdateProject(name="Late")))
        for n in range(5):
            await board.executor.execute(other, new_id(), (c.UpdateProject(name=f"Name {n}"),), board.actor)
        assert not waiting.done()
    assert (await waiting).seq > 0
    assert (await board.snapshot()).project.name == "Late"


async def test_two_executors_on_one_project_make_one_log(board: Board) -> None:
    """Another process writes between our batches: working copies held from before are not believed."""
    announced = list(board.announced)
    other = Executor(board.database, announced.extend, Telemetry())
    async with other.running():
        for n in range(10):
            executor = (board.executor, other)[n % 2]
            command = c.CreateTask(id=new_id(), column_id=board.columns[0], title=f"Task {n}")
            await executor.execute(board.project, new_id(), (command,), board.actor)
    assert await board.order() == [f"Task {n}" for n in range(10)]
    assert [task.number for task in sorted((await board.snapshot()).tasks, key=lambda t: t.rank)] == list(range(1, 11))


async def test_an_id_that_one_submit_wants_to_make_is_still_found_by_another(board: Board) -> None:
    """A warm batch assumes that new ids are unused; a refused creation must not hide the record that has the id."""
    task, comment = await board.task(), new_id()
    await board.submit(c.AddComment(id=comment, task_id=task, text="Here"))
    other = Executor(board.database, lambda _: None, Telemetry())
    async with other.running():

        def submit(command: c.Command) -> asyncio.Future[Outcome]:
            return other.submit(board.project, new_id(), (command,), board.actor)

        await submit(c.UpdateProject(name="Warm"))
        made = submit(c.AddComment(id=comment, task_id=new_id(), text="Nowhere"))
        edited = submit(c.EditComment(id=comment, text="Still here"))
        renamed = submit(c.UpdateProject(name="Warmer"))  # a batch of refusals alone would be judged under the lock
        results = await asyncio.gather(made, edited, renamed, return_exceptions=True)
    assert isinstance(results[0], NotFound)
    assert isinstance(results[1], Outcome)


async def test_an_id_that_was_used_is_a_conflict_on_a_warm_board_too(board: Board) -> None:
    task, comment = await board.task(), new_id()
    await board.submit(c.AddComment(id=comment, task_id=task, text="Here"))
    other = Executor(board.database, lambda _: None, Telemetry())
    async with other.running():
        for name in ("Cold", "Warm"):
            await other.execute(board.project, new_id(), (c.UpdateProject(name=name),), board.actor)
        again = c.AddComment(id=comment, task_id=task, text="Again")
        with pytest.raises(Conflict):
            await other.execute(board.project, new_id(), (again,), board.actor)
    assert (await board.get(task)).comment_count == 1


async def test_a_repeat_on_a_warm_board_is_answered_as_a_duplicate(board: Board) -> None:
    id, comment = new_id(), new_id()
    task = await board.task()
    first = await board.submit(c.AddComment(id=comment, task_id=task, text="Once"), id=id)
    await board.submit(c.UpdateTask(id=task, title="In between"))
    again = await board.submit(c.AddComment(id=comment, task_id=task, text="Once"), id=id)
    assert (again.seq, again.duplicate) == (first.seq, True)
    assert (await board.get(task)).comment_count == 1
