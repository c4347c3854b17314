"""The verbs of members and of the project itself: a project keeps an admin, and nobody comes in by a wrong door."""

import asyncio
from uuid import UUID

import pytest

from server.domain import commands as c
from server.domain.changes import Actor, Patch
from server.domain.errors import Conflict, Forbidden, NotFound, Refusal
from server.domain.ids import new_id
from server.domain.records import Member
from server.storage import boards
from server.storage.accounts import Accounts
from tests.commands.scene import another, stored
from tests.helpers.board import Board


async def find(board: Board, id: UUID) -> Member:
    return next(member for member in (await board.snapshot()).members if member.id == id)


async def sees(board: Board, actor: Actor) -> bool:
    async with board.database.begin() as connection:
        access = await boards.access_of(connection, board.project, actor.id)
        listed = {one.id for one in await boards.projects_of(connection, actor.id)}
    assert (access is not None) == (board.project in listed)
    return access is not None


# Members


async def test_somebody_is_added_by_id_or_by_e_mail_however_it_is_spelt(board: Board) -> None:
    ben, cid = await board.account("Ben"), await board.account("Cid")
    await board.submit(c.AddMember(user_id=ben.id, role="viewer"))
    await board.submit(c.AddMember(email=f"  {board.email(cid).upper()} ", role="editor"))
    assert await find(board, ben.id) == Member(id=ben.id, user_id=ben.id, name="Ben", role="viewer")
    assert await find(board, cid.id) == Member(id=cid.id, user_id=cid.id, name="Cid", role="editor")
    assert await sees(board, ben)


async def test_who_has_no_account_cannot_be_added(board: Board) -> None:
    before = await stored(board)
    for command in (
        c.AddMember(email="nobody@example.org", role="viewer"),
        c.AddMember(email="%@%", role="viewer"),
        c.AddMember(email=f"{board.actor.id}@", role="viewer"),
        c.AddMember(user_id=new_id(), role="viewer"),
        c.AddMember(user_id=board.columns[0], role="viewer"),
    ):
        with pytest.raises(NotFound):
            await board.submit(command)
    assert await stored(board) == before


async def test_adding_somebody_twice_is_a_conflict_that_tells_their_role(board: Board) -> None:
    ben = await board.member("Ben", "viewer")
    for command in (c.AddMember(user_id=ben.id, role="admin"), c.AddMember(email=board.email(ben), role="admin")):
        with pytest.raises(Conflict) as refused:
            await board.submit(command)
        assert refused.value.current == {"role": "viewer"}
    cid = await board.account("Cid")
    answers = await asyncio.gather(
        board.submit(c.AddMember(user_id=cid.id, role="viewer")),
        board.submit(c.AddMember(email=board.email(cid), role="admin")),
        return_exceptions=True,
    )
    assert isinstance(answers[1], Conflict)


async def test_an_account_made_after_a_refusal_is_found(board: Board) -> None:
    """Accounts change without the project's seq, so they are asked for each time."""
    ben = Actor(new_id(), "Ben")
    by_mail, by_id = c.AddMember(email=board.email(ben), role="viewer"), c.AddMember(user_id=ben.id, role="viewer")
    for command in (by_mail, by_id, by_mail):
        with pytest.raises(NotFound):
            await board.submit(command)
    await Accounts(board.database).create(ben.id, board.email(ben), "Ben", None)
    await board.submit(by_mail)
    assert (await find(board, ben.id)).role == "viewer"


async def test_the_last_admin_can_neither_leave_nor_be_demoted(board: Board) -> None:
    ann, ben = board.actor, await board.member("Ben")
    before = await stored(board)
    for command in (c.RemoveMember(id=ann.id), c.SetMemberRole(id=ann.id, role="editor")):
        with pytest.raises(Conflict):
            await board.submit(command)
    assert await stored(board) == before
    assert (await board.submit(c.SetMemberRole(id=ann.id, role="admin"))).noop
    await board.submit(c.SetMemberRole(id=ben.id, role="admin"), c.SetMemberRole(id=ann.id, role="viewer"))
    with pytest.raises(Forbidden):
        await board.submit(c.SetMemberRole(id=ann.id, role="admin"))


async def test_of_two_admins_that_leave_at_once_one_stays(board: Board) -> None:
    ann, ben = board.actor, await board.member("Ben", "admin")
    answers = await asyncio.gather(
        board.submit(c.RemoveMember(id=ann.id), actor=ann),
        board.submit(c.RemoveMember(id=ben.id), actor=ben),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers if isinstance(answer, Refusal)] == [Conflict]
    admins = [member.id for member in (await board.snapshot()).members if member.role == "admin"]
    assert admins == [ben.id]


async def test_everybody_may_leave_and_only_an_admin_removes_others(board: Board) -> None:
    vera, ed = await board.member("Vera", "viewer"), await board.member("Ed")
    with pytest.raises(Forbidden):
        await board.submit(c.RemoveMember(id=ed.id), actor=vera)
    await board.submit(c.RemoveMember(id=vera.id), actor=vera)
    await board.submit(c.RemoveMember(id=ed.id))
    assert not await sees(board, vera)
    for member in (vera, ed):
        assert (await find(board, member.id)).role is None
        for command in (c.RemoveMember(id=member.id), c.SetMemberRole(id=member.id, role="admin")):
            with pytest.raises(NotFound):
                await board.submit(command)


async def test_who_left_keeps_what_they_did_and_may_come_back(board: Board) -> None:
    ben = await board.member("Ben")
    task = await board.task()
    await board.submit(c.AddComment(id=new_id(), task_id=task, text="Mine"), actor=ben)
    await board.submit(c.UpdateTask(id=task, assignees=c.SetEdit(add=(ben.id,))))
    await board.submit(c.RemoveMember(id=ben.id))
    with pytest.raises(NotFound):
        await board.submit(c.UpdateTask(id=task, title="X"), actor=ben)
    assert (await board.get(task)).assignee_ids == (ben.id,)
    await board.submit(c.AddMember(user_id=ben.id, role="commenter"))
    (op,) = board.announced[-1].change.ops
    assert op.fields == {"role": "commenter"}  # type: ignore[union-attr]
    assert await sees(board, ben)


async def test_an_imported_person_without_an_account_has_no_way_in(board: Board) -> None:
    ghost = new_id()
    record = Member(id=ghost, user_id=None, name="Ghost", role=None)
    await board.submit(c.ImportRecords(import_id=new_id(), records=(c.ImportedMember(record),)))
    for command in (
        c.SetMemberRole(id=ghost, role="admin"),
        c.RemoveMember(id=ghost),
        c.AddMember(user_id=ghost, role="admin"),
    ):
        with pytest.raises(NotFound):
            await board.submit(command)
    with pytest.raises(NotFound):
        await board.submit(c.UpdateProject(name="Mine"), actor=Actor(ghost, "Ghost"))
    await board.task(assignee_ids=(ghost,))


async def test_a_role_counts_from_the_change_that_gives_or_takes_it(board: Board) -> None:
    """In one batch: each submit is judged by the roles that the ones before it left."""
    ben = await board.account("Ben")
    answers = await asyncio.gather(
        board.submit(c.CreateLabel(id=new_id(), name="early", color="red"), actor=ben),
        board.submit(c.AddMember(user_id=ben.id, role="editor")),
        board.submit(c.CreateLabel(id=new_id(), name="in time", color="red"), actor=ben),
        board.submit(c.RemoveMember(id=ben.id)),
        board.submit(c.CreateLabel(id=new_id(), name="late", color="red"), actor=ben),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers if isinstance(answer, Refusal)] == [NotFound, NotFound]
    assert [label.name for label in (await board.snapshot()).labels] == ["in time"]


# The project


async def test_a_project_is_renamed_and_described(board: Board) -> None:
    read = (await board.snapshot()).seq
    await board.submit(c.UpdateProject(name=" Orchard ", description="Trees"))
    found = (await board.snapshot()).project
    assert (found.name, found.description) == ("Orchard", "Trees")
    with pytest.raises(Conflict):
        await board.submit(c.UpdateProject(name="Field", base_seq=read))
    assert (await board.submit(c.UpdateProject(name="Orchard"))).noop


async def test_a_background_is_one_of_the_hues_or_none(board: Board) -> None:
    read = (await board.snapshot()).seq
    assert (await board.snapshot()).project.background is None
    await board.submit(c.UpdateProject(background="teal", base_seq=read))
    assert (await board.snapshot()).project.background == "teal"
    assert (await board.submit(c.UpdateProject(background="teal"))).noop
    with pytest.raises(Conflict) as refused:
        await board.submit(c.UpdateProject(background="red", base_seq=read))
    assert refused.value.current == {"background": "teal"}
    await board.submit(c.UpdateProject(name="Orchard", base_seq=read))
    await board.submit(c.UpdateProject(background=None))
    (op,) = board.announced[-1].change.ops
    assert isinstance(op, Patch) and op.fields == {"background": None}


async def test_a_deleted_project_is_gone_for_all_and_comes_back_whole(board: Board) -> None:
    ben = await board.member("Ben")
    await board.task()
    before = await board.snapshot()
    await board.submit(c.DeleteProject())
    async with board.database.snapshot() as connection:
        assert await boards.snapshot(connection, board.project) is None
        trash = await boards.projects_of(connection, board.actor.id, deleted=True)
    assert [one.id for one in trash if one.id == board.project]
    assert not await sees(board, ben)
    with pytest.raises(NotFound):
        await board.submit(c.DeleteProject())
    with pytest.raises(Forbidden):
        await board.submit(c.RestoreProject(), actor=ben)
    await board.submit(c.RestoreProject())
    after = await board.snapshot()
    assert (after.project, after.members, after.tasks) == (before.project, before.members, before.tasks)
    assert after.seq == before.seq + 2
    assert (await board.submit(c.RestoreProject())).noop


async def test_a_project_without_default_columns_has_none(board: Board) -> None:
    id = new_id()
    outcome = await board.executor.create_project(board.actor, id, "Bare", description="Nothing", default_columns=False)
    bare = Board(board.executor, board.database, [], id, board.actor)
    snapshot = await bare.snapshot()
    assert (outcome.seq, snapshot.seq, snapshot.columns) == (1, 1, ())
    assert (snapshot.project.name, snapshot.project.description) == ("Bare", "Nothing")
    assert [(member.id, member.role) for member in snapshot.members] == [(board.actor.id, "admin")]


async def test_the_same_ids_in_two_projects_are_two_records(board: Board) -> None:
    other = await another(board)
    id = new_id()
    for one in (board, other):
        await one.submit(c.CreateTask(id=id, column_id=one.columns[0], title=str(one.project)))
    await board.submit(c.DeleteTask(id=id))
    assert await other.order() == [str(other.project)]
