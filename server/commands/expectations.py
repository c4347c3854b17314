"""The verb of what somebody thinks a task is, before their submit: HTTP's `If-Match`, checked under the lock."""

from uuid import UUID

from server.domain import commands as c
from server.domain.errors import Refusal
from server.storage.draft import Draft
from server.storage.reads import Reads
from server.storage.shown import tag_of


class PreconditionFailed(Refusal):
    """The task is not what the caller thinks. Only HTTP asks for it, so only HTTP is told."""

    code = "precondition_failed"


def reads(command: c.ExpectTask, project: UUID, found: Reads) -> None:
    found.row("task", command.id)


def expect_task(command: c.ExpectTask, draft: Draft) -> None:
    """It comes last in its submit: what would be refused anyway is refused for that (RFC 9110, 13.2.1)."""
    row = draft.before("task", command.id)
    there = row is not None and row.deleted_at is None
    if command.absent:
        if there:
            raise PreconditionFailed("There is such a task.")
        return
    if row is None or not there:
        raise PreconditionFailed("There is no such task.")
    draft.require(Reads().row("column", row.record.column_id))
    column = draft.before("column", row.record.column_id)
    touched = max((*row.field_seq.values(), column.field_seq.get("category", 0) if column else 0))
    if command.tags is not None and tag_of(draft.head.epoch, touched) not in command.tags:
        raise PreconditionFailed("Somebody changed the task since you read it.")
