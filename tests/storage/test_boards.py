"""What REST reads of a project: from one moment, of that project only, without what was deleted."""

from server.domain import commands as c
from server.domain.ids import new_id
from server.storage import boards, shown
from tests.commands.scene import Scene, another
from tests.helpers.board import Board


async def test_a_task_in_detail_has_everything_of_it_and_nothing_of_others(board: Board) -> None:
    scene = await Scene.make(board)
    await Scene.make(await another(board))
    await board.submit(c.DescribeTask(id=scene.task, text="Words", base_seq=10_000))
    link = new_id()
    await board.submit(c.AddDependency(id=link, task_id=scene.task, depends_on_id=scene.other))
    detail = await board.detail(scene.task)
    assert detail is not None
    assert detail.description is not None
    assert (detail.seq, detail.task.id, detail.description.text) == (
        (await board.snapshot()).seq,
        scene.task,
        "Words",
    )
    assert [comment.id for comment in detail.comments] == [scene.comment]
    assert {item.id for item in detail.checklist_items} == {scene.item, scene.other_item}
    assert [one.id for one in detail.dependencies] == [link]
    other = await board.detail(scene.other)
    assert other is not None
    assert {one.id for one in other.dependencies} == {link, scene.link}
    assert (other.description, other.comments, other.checklist_items) == (None, [], [])


async def test_a_task_that_is_deleted_or_of_another_project_is_not_there(board: Board) -> None:
    scene, elsewhere = await Scene.make(board), await Scene.make(await another(board))
    for id in (scene.deleted_task, elsewhere.task, new_id()):
        assert await board.detail(id) is None
    async with board.database.snapshot() as connection:
        assert await shown.task(connection, new_id(), scene.task) is None


async def test_a_snapshot_has_archived_tasks_and_nothing_deleted(board: Board) -> None:
    scene = await Scene.make(board)
    snapshot = await board.snapshot()
    tasks = {task.id for task in snapshot.tasks}
    assert scene.archived in tasks
    assert scene.deleted_task not in tasks
    assert scene.deleted_column not in {column.id for column in snapshot.columns}
    assert scene.deleted_label not in {label.id for label in snapshot.labels}
    assert scene.deleted_link not in {link.id for link in snapshot.dependencies}
    for records in (snapshot.members, snapshot.columns, snapshot.labels, snapshot.tasks, snapshot.dependencies):
        assert list(records) == sorted(records, key=lambda record: record.id)


async def test_somebodys_projects_come_by_name_with_their_role(board: Board) -> None:
    ben = await board.account("Ben")
    for name, role in (("beta", "viewer"), ("Alpha", "admin"), ("gamma", "editor")):
        one = await another(board)
        await one.submit(c.UpdateProject(name=name), c.AddMember(user_id=ben.id, role=role))  # type: ignore[arg-type]
        if name == "gamma":
            await one.submit(c.RemoveMember(id=ben.id))
    async with board.database.begin() as connection:
        found = await boards.projects_of(connection, ben.id)
        access = await boards.access_of(connection, found[1].id, ben.id)
        assert access is not None
        assert (access.role, access.at.seq) == ("viewer", found[1].seq)
        assert await boards.projects_of(connection, new_id()) == []
    assert [(one.name, one.role, one.deleted_at) for one in found] == [
        ("Alpha", "admin", None),
        ("beta", "viewer", None),
    ]
