"""A board with one of everything, and for every command an example that works on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text

from server.domain import commands as c
from server.domain.changes import Actor
from server.domain.commands import Anchor
from server.domain.ids import new_id
from server.domain.records import Column
from server.storage.tables import RECORD_TABLES
from tests.helpers.board import Board


@dataclass
class Scene:
    """Ids by what they name. `actor` is who acts; the comments are theirs where they could write any."""

    board: Board
    actor: Actor
    todo: UUID
    doing: UUID
    done: UUID
    deleted_column: UUID
    task: UUID
    other: UUID
    third: UUID
    neighbour: UUID
    archived: UUID
    deleted_task: UUID
    label: UUID
    deleted_label: UUID
    comment: UUID
    deleted_comment: UUID
    item: UUID
    other_item: UUID
    deleted_item: UUID
    link: UUID
    deleted_link: UUID
    attachment: UUID
    deleted_attachment: UUID
    colleague: UUID
    newcomer: UUID

    @classmethod
    async def make(cls, board: Board, actor: Actor | None = None, *, author: Actor | None = None) -> "Scene":
        """Fills `board`. `author` writes the comments, `actor` if nobody is named."""
        todo, doing, done = board.columns
        names = [name for name in cls.__annotations__ if name not in ("board", "actor", "todo", "doing", "done")]
        scene = cls(
            board=board,
            actor=actor or board.actor,
            todo=todo,
            doing=doing,
            done=done,
            **{name: new_id() for name in names},
        )
        scene.colleague = (await board.account("Colleague")).id
        scene.newcomer = (await board.account("Newcomer")).id
        await board.submit(*scene._furniture())
        await board.submit(*scene._comments(), actor=author or scene.actor)
        return scene

    def _furniture(self) -> list[c.AnyCommand]:
        tasks = (self.task, self.other, self.third, self.archived, self.deleted_task)
        return [
            c.AddMember(user_id=self.colleague, role="admin"),
            c.CreateColumn(id=self.deleted_column, name="Gone"),
            c.DeleteColumn(id=self.deleted_column),
            *(c.CreateTask(id=id, column_id=self.todo, title=f"Task {n}") for n, id in enumerate(tasks)),
            c.CreateTask(id=self.neighbour, column_id=self.doing, title="Neighbour"),
            c.ArchiveTask(id=self.archived),
            c.DeleteTask(id=self.deleted_task),
            c.CreateLabel(id=self.label, name="Soon", color="red"),
            c.CreateLabel(id=self.deleted_label, name="Never", color="blue"),
            c.DeleteLabel(id=self.deleted_label),
            *(
                c.AddChecklistItem(id=id, task_id=self.task, text="Step")
                for id in (self.item, self.other_item, self.deleted_item)
            ),
            c.DeleteChecklistItem(id=self.deleted_item),
            *(attached(id, self.task) for id in (self.attachment, self.deleted_attachment)),
            c.DeleteAttachment(id=self.deleted_attachment),
            c.AddDependency(id=self.link, task_id=self.other, depends_on_id=self.third),
            c.AddDependency(id=self.deleted_link, task_id=self.archived, depends_on_id=self.third),
            c.RemoveDependency(id=self.deleted_link),
        ]

    def _comments(self) -> list[c.Command]:
        return [
            c.AddComment(id=self.comment, task_id=self.task, text="Here"),
            c.AddComment(id=self.deleted_comment, task_id=self.task, text="Gone"),
            c.DeleteComment(id=self.deleted_comment),
        ]


def attached(id: UUID, task: UUID, name: str = "plan.txt") -> c.AddAttachment:
    """What the server says of a file that it has stored."""
    return c.AddAttachment(id=id, task_id=task, name=name, size=5, media_type="text/plain", sha256="00")


EXAMPLES: dict[type[c.AnyCommand], Callable[[Scene], c.AnyCommand]] = {
    c.CreateTask: lambda s: c.CreateTask(
        id=new_id(),
        column_id=s.todo,
        title="Fresh",
        description="Words",
        label_ids=(s.label,),
        assignee_ids=(s.colleague,),
        place=Anchor(after=s.task),
    ),
    c.UpdateTask: lambda s: c.UpdateTask(
        id=s.task, title="Renamed", labels=c.SetEdit(add=(s.label,)), assignees=c.SetEdit(add=(s.colleague,))
    ),
    c.MoveTask: lambda s: c.MoveTask(id=s.task, column_id=s.doing, place=Anchor(before=s.neighbour)),
    c.DescribeTask: lambda s: c.DescribeTask(id=s.task, text="Words", base_seq=10_000),
    c.ArchiveTask: lambda s: c.ArchiveTask(id=s.task),
    c.UnarchiveTask: lambda s: c.UnarchiveTask(id=s.archived),
    c.DeleteTask: lambda s: c.DeleteTask(id=s.task),
    c.RestoreTask: lambda s: c.RestoreTask(id=s.deleted_task),
    c.MakeTask: lambda s: c.MakeTask(
        id=new_id(),
        task=c.WholeTask(title="Fresh", column_id=s.todo, labels=("New",), assignee_ids=(s.colleague,)),
        depends_on=(s.task,),
    ),
    c.EditTask: lambda s: c.EditTask(
        id=s.task, task=c.TaskEdit(title="Renamed", label_ids=(s.label,)), depends_on=(s.other,)
    ),
    c.ReplaceTask: lambda s: c.ReplaceTask(id=s.task, task=c.WholeTask(title="Renamed", column_id=s.doing)),
    c.ExpectTask: lambda s: c.ExpectTask(id=s.task),
    c.CreateColumn: lambda s: c.CreateColumn(id=new_id(), name="Fresh", place=Anchor(after=s.todo)),
    c.UpdateColumn: lambda s: c.UpdateColumn(id=s.doing, name="Renamed", category="completed"),
    c.MoveColumn: lambda s: c.MoveColumn(id=s.done, place=Anchor(before=s.todo)),
    c.DeleteColumn: lambda s: c.DeleteColumn(id=s.todo, move_to=s.doing),
    c.RestoreColumn: lambda s: c.RestoreColumn(id=s.deleted_column),
    c.CreateLabel: lambda s: c.CreateLabel(id=new_id(), name="Fresh", color="#123456"),
    c.UpdateLabel: lambda s: c.UpdateLabel(id=s.label, name="Renamed"),
    c.DeleteLabel: lambda s: c.DeleteLabel(id=s.label),
    c.RestoreLabel: lambda s: c.RestoreLabel(id=s.deleted_label),
    c.AddComment: lambda s: c.AddComment(id=new_id(), task_id=s.task, text="Hello"),
    c.EditComment: lambda s: c.EditComment(id=s.comment, text="Edited"),
    c.DeleteComment: lambda s: c.DeleteComment(id=s.comment),
    c.RestoreComment: lambda s: c.RestoreComment(id=s.deleted_comment),
    c.AddChecklistItem: lambda s: c.AddChecklistItem(
        id=new_id(), task_id=s.task, text="Fresh", place=Anchor(after=s.item)
    ),
    c.UpdateChecklistItem: lambda s: c.UpdateChecklistItem(id=s.item, done=True),
    c.MoveChecklistItem: lambda s: c.MoveChecklistItem(id=s.item, place=Anchor(after=s.other_item)),
    c.DeleteChecklistItem: lambda s: c.DeleteChecklistItem(id=s.item),
    c.RestoreChecklistItem: lambda s: c.RestoreChecklistItem(id=s.deleted_item),
    c.AddAttachment: lambda s: attached(new_id(), s.task),
    c.DeleteAttachment: lambda s: c.DeleteAttachment(id=s.attachment),
    c.RestoreAttachment: lambda s: c.RestoreAttachment(id=s.deleted_attachment),
    c.AddDependency: lambda s: c.AddDependency(id=new_id(), task_id=s.task, depends_on_id=s.other),
    c.RemoveDependency: lambda s: c.RemoveDependency(id=s.link),
    c.UpdateProject: lambda s: c.UpdateProject(name="Renamed"),
    c.AddMember: lambda s: c.AddMember(user_id=s.newcomer, role="viewer"),
    c.SetMemberRole: lambda s: c.SetMemberRole(id=s.colleague, role="viewer"),
    c.RemoveMember: lambda s: c.RemoveMember(id=s.actor.id),
    c.UpdateProfile: lambda s: c.UpdateProfile(name="Renamed"),
    c.ForgetUser: lambda s: c.ForgetUser(),
    c.ImportRecords: lambda s: c.ImportRecords(
        import_id=new_id(), records=(c.ImportedColumn(Column(id=new_id(), name="Fresh", rank="a9")),)
    ),
    c.DeleteProject: lambda s: c.DeleteProject(),
    c.RestoreProject: lambda s: c.RestoreProject(),
}
"""What is allowed to somebody with the role for it, once."""


async def another(board: Board) -> Board:
    """A further project of the same admin, in the same database."""
    one = replace(board, project=new_id())
    await one.executor.create_project(one.actor, one.project, "Other")
    one.columns = [column.id for column in sorted((await one.snapshot()).columns, key=lambda column: column.rank)]
    return one


def references(command: c.AnyCommand, scene: Scene) -> list[str]:
    """The names of the scene's records that the command mentions."""
    said = msgspec.json.encode(command).decode()
    return [name for name, value in vars(scene).items() if isinstance(value, UUID) and str(value) in said]


def instead(command: c.AnyCommand, old: UUID, new: UUID) -> c.AnyCommand:
    """The command with one id in the place of another."""
    said = msgspec.json.encode(command).replace(str(old).encode(), str(new).encode())
    return msgspec.json.decode(said, type=type(command))


async def stored(board: Board) -> dict[str, Any]:
    """Every row of the project that there is: records, head and log."""
    found = {}
    async with board.database.begin() as connection:
        for table in (*(table.name for table in RECORD_TABLES.values()), "head", "change"):
            rows = await connection.execute(
                text(f'SELECT to_jsonb(t) FROM "{table}" t WHERE project_id = :project ORDER BY t::text'),
                {"project": board.project},
            )
            found[table] = list(rows.scalars())
    return found
