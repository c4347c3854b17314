"""The verbs of attachments. They keep the task's counter, and leave its `updated_at` alone. Not here: bytes."""

from uuid import UUID

from server.domain import commands as c
from server.domain.errors import NotFound, TooLarge
from server.domain.records import Attachment, Task
from server.storage.draft import Draft
from server.storage.reads import Reads

ATTACHMENTS_MAX = 200
"""Of one task."""


def add_reads(command: c.AddAttachment, project: UUID, found: Reads) -> None:
    found.row("task", command.task_id).fresh.add(("attachment", command.id))
    found.attachments_of.add(command.task_id)


def add_attachment(command: c.AddAttachment, draft: Draft) -> None:
    task = draft.find("task", command.task_id, Task)
    _refuse_more(task)
    named: list[Attachment] = [row.record for row in draft.rows.attachments(task.id) if row.record.name == command.name]
    attachment = Attachment(
        id=command.id,
        task_id=task.id,
        name=command.name,
        version=max((each.version for each in named), default=0) + 1,  # deleted ones keep theirs, and may come back
        size=command.size,
        media_type=command.media_type,
        sha256=command.sha256,
        created_at=draft.now,
        created_by=draft.actor.id,
    )
    draft.create("attachment", attachment)
    _count(draft, task, +1)


def reads(command: c.DeleteAttachment | c.RestoreAttachment, project: UUID, found: Reads) -> None:
    found.row("attachment", command.id)


def delete_attachment(command: c.DeleteAttachment, draft: Draft) -> None:
    attachment, task = _attachment(draft, command.id)
    draft.remove("attachment", attachment.id)
    _count(draft, task, -1)


def restore_attachment(command: c.RestoreAttachment, draft: Draft) -> None:
    attachment, task = _attachment(draft, command.id, deleted_too=True)
    if draft.peek("attachment", attachment.id, Attachment) is None:
        _refuse_more(task)
        draft.restore("attachment", attachment.id)
        _count(draft, task, +1)


def _attachment(draft: Draft, id: UUID, *, deleted_too: bool = False) -> tuple[Attachment, Task]:
    row = draft.row("attachment", id)
    if row is None or (row.deleted_at is not None and not deleted_too):
        raise NotFound("There is no such attachment.")
    attachment: Attachment = row.record
    draft.require(Reads().row("task", attachment.task_id))
    return attachment, draft.find("task", attachment.task_id, Task)


def _refuse_more(task: Task) -> None:
    if task.attachment_count >= ATTACHMENTS_MAX:
        raise TooLarge(f"A task has at most {ATTACHMENTS_MAX} attachments.")


def _count(draft: Draft, task: Task, by: int) -> None:
    draft.patch("task", task.id, attachment_count=task.attachment_count + by)
