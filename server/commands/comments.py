"""The verbs of comments. Nobody edits another's words; an admin may delete and restore any. None of it touches the task's `updated_at`."""

from uuid import UUID

from server.domain import commands as c
from server.domain.errors import Forbidden, NotFound
from server.domain.records import Comment, Task
from server.storage.draft import Draft
from server.storage.reads import Reads


def add_reads(command: c.AddComment, project: UUID, found: Reads) -> None:
    found.row("task", command.task_id).fresh.add(("comment", command.id))


def add_comment(command: c.AddComment, draft: Draft) -> None:
    task = draft.find("task", command.task_id, Task)
    comment = Comment(id=command.id, task_id=task.id, author_id=draft.actor.id, text=command.text, created_at=draft.now)
    draft.create("comment", comment)
    _count(draft, task, +1)


def reads(command: c.EditComment | c.DeleteComment | c.RestoreComment, project: UUID, found: Reads) -> None:
    found.row("comment", command.id)


def edit_comment(command: c.EditComment, draft: Draft) -> None:
    comment, task = _own(draft, command.id, admin_too=False)
    draft.check("comment", comment.id, command.base_seq, "text")
    if comment.text != command.text:
        draft.patch("comment", comment.id, text=command.text, edited_at=draft.now)
        draft.touch(task.id)


def delete_comment(command: c.DeleteComment, draft: Draft) -> None:
    comment, task = _own(draft, command.id)
    draft.remove("comment", comment.id)
    _count(draft, task, -1)


def restore_comment(command: c.RestoreComment, draft: Draft) -> None:
    comment, task = _own(draft, command.id, deleted_too=True)
    if draft.peek("comment", comment.id, Comment) is None:
        draft.restore("comment", comment.id)
        _count(draft, task, +1)


def _own(draft: Draft, id: UUID, *, admin_too: bool = True, deleted_too: bool = False) -> tuple[Comment, Task]:
    """The comment and its task, if the actor may change it."""
    row = draft.row("comment", id)
    if row is None or (row.deleted_at is not None and not deleted_too):
        raise NotFound("There is no such comment.")
    comment: Comment = row.record
    draft.require(Reads().row("task", comment.task_id))
    task = draft.find("task", comment.task_id, Task)
    if comment.author_id != draft.actor.id and not (admin_too and draft.role == "admin"):
        raise Forbidden("This comment is somebody else's.")
    return comment, task


def _count(draft: Draft, task: Task, by: int) -> None:
    draft.patch("task", task.id, comment_count=task.comment_count + by)
