"""G4, for every command: a stale snapshot with the changes since equals a fresh snapshot, and so does a task's detail."""

from uuid import UUID

from server.domain import commands as c
from server.domain.commands import COMMANDS, FILE_COMMANDS, Anchor, AnyCommand, kind_of
from server.domain.ids import new_id
from server.domain.records import DETAIL_KINDS, SNAPSHOT_KINDS
from tests.commands.scene import attached
from tests.convergence.imported import imported_records
from tests.helpers.board import Board
from tests.helpers.replica import Replica


async def script(board: Board) -> tuple[list[AnyCommand], list[UUID]]:
    """Every command at least once, the ones with side effects in several ways; and the tasks it is about."""
    first, second, third = (new_id() for _ in range(3))
    label, comment, link, column, spare = (new_id() for _ in range(5))
    step, other_step, file = new_id(), new_id(), new_id()
    ben, cid = await board.account("Ben"), await board.account("Cid")
    todo, doing, done = board.columns
    commands: list[AnyCommand] = [
        c.UpdateProject(name="Orchard", description="Trees"),
        c.CreateLabel(id=label, name="Urgent", color="red"),
        c.CreateTask(id=first, column_id=todo, title="Dig", description="Deep", due_at="2026-05-12"),
        c.CreateTask(id=second, column_id=todo, title="Plant", label_ids=(label,), place="top"),
        c.CreateTask(id=third, column_id=done, title="Buy seeds", start_at="2026-05-01T08:00:00Z"),
        c.UpdateTask(id=first, title="Dig in", priority=1, labels=c.SetEdit(add=(label,)), due_at=None),
        c.UpdateTask(id=second, labels=c.SetEdit(remove=(label,)), assignees=c.SetEdit(add=(board.actor.id,))),
        c.MoveTask(id=first, column_id=doing, place="bottom"),
        c.MoveTask(id=second, column_id=doing, place=Anchor(before=first)),
        c.DescribeTask(id=first, text="Deeper", base_seq=10_000),
        c.DescribeTask(id=second, text="In rows", base_seq=10_000),
        c.AddComment(id=comment, task_id=first, text="Who has the spade?"),
        c.EditComment(id=comment, text="Who has a spade?"),
        c.DeleteComment(id=comment),
        c.RestoreComment(id=comment),
        c.AddChecklistItem(id=step, task_id=first, text="Mark the bed"),
        c.AddChecklistItem(id=other_step, task_id=first, text="Fetch the spade", place="top"),
        c.UpdateChecklistItem(id=step, text="Mark both beds", done=True),
        c.MoveChecklistItem(id=step, place=Anchor(before=other_step)),
        c.DeleteChecklistItem(id=step),
        c.RestoreChecklistItem(id=step),
        attached(file, first),
        attached(new_id(), first),
        c.DeleteAttachment(id=file),
        c.RestoreAttachment(id=file),
        c.AddDependency(id=link, task_id=second, depends_on_id=first),
        c.ArchiveTask(id=first),
        c.UnarchiveTask(id=first),
        c.DeleteTask(id=first),
        c.RestoreTask(id=first),
        c.MoveTask(id=first, column_id=done, place="top"),
        c.MoveTask(id=first, column_id=doing, place="top"),
        c.RemoveDependency(id=link),
        c.UpdateLabel(id=label, name="Soon", color="#ff8800"),
        c.DeleteLabel(id=label),
        c.RestoreLabel(id=label),
        c.CreateColumn(id=column, name="Review", category="in_progress", wip_limit=3, place=Anchor(after=doing)),
        c.CreateColumn(id=spare, name="Spare"),
        c.MoveColumn(id=column, place="top"),
        c.UpdateColumn(id=column, name="Checked", wip_limit=None, category="completed"),
        c.UpdateColumn(id=doing, category="completed"),
        c.UpdateColumn(id=doing, category="in_progress"),
        c.DeleteColumn(id=doing, move_to=column),
        c.RestoreColumn(id=doing),
        c.DeleteTask(id=third),
        c.DeleteColumn(id=done),
        c.RestoreTask(id=third),
        c.DeleteColumn(id=spare),
        c.AddMember(user_id=ben.id, role="viewer"),
        c.AddMember(email=board.email(cid).upper(), role="admin"),
        c.SetMemberRole(id=ben.id, role="commenter"),
        c.RemoveMember(id=ben.id),
        c.AddMember(user_id=ben.id, role="editor"),
        c.SetMemberRole(id=cid.id, role="editor"),
        c.ImportRecords(import_id=new_id(), records=imported_records(board.actor.id)),
    ]
    return commands, [first, second, third]


async def test_g4_stale_snapshot_and_changes_equal_a_fresh_snapshot_after_every_command(board: Board) -> None:
    commands, _ = await script(board)
    replica = Replica.of_snapshot(await board.snapshot())
    for command in commands:
        outcome = await board.submit(command)
        assert not outcome.noop, command
        await replica.catch_up(board)
        fresh = Replica.of_snapshot(await board.snapshot())
        assert replica.kinds(*SNAPSHOT_KINDS) == fresh.kinds(*SNAPSHOT_KINDS), kind_of(command)
    assert {type(command) for command in commands} == {*COMMANDS, *FILE_COMMANDS}


async def test_g4_stale_detail_and_changes_equal_a_fresh_detail_after_every_command(board: Board) -> None:
    commands, tasks = await script(board)
    replicas: dict[UUID, Replica] = {}
    for command in commands:
        await board.submit(command)
        for task in tasks:
            detail = await board.detail(task)
            if detail is None:
                continue
            replica = replicas.setdefault(task, Replica.of_detail(detail))
            await replica.catch_up(board)
            fresh = Replica.of_detail(detail).of_task(task, *DETAIL_KINDS)
            assert replica.of_task(task, *DETAIL_KINDS) == fresh, kind_of(command)


async def test_g4_every_snapshot_equals_the_fold_of_the_log_from_its_first_change(board: Board) -> None:
    commands, _ = await script(board)
    for command in commands:
        await board.submit(command)
    folded = Replica({}, 0)
    await folded.catch_up(board)
    fresh = Replica.of_snapshot(await board.snapshot())
    assert folded.kinds(*SNAPSHOT_KINDS) == fresh.kinds(*SNAPSHOT_KINDS)
