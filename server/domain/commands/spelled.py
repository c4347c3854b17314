"""Tasks as REST and bulk spell them, with names where a command has ids. Under the lock they become plain commands (commands/spelling).

Only the server makes these: the socket has the plain ones. In the log they stand under the names of what they come to.
"""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from server.domain import text
from server.domain.commands.fields import Cleaned, Ids, Intent, Place, Priority

Status = Literal["backlog", "todo", "pending", "in_progress", "completed"]
"""`pending` is another word for `todo`."""

PriorityName = Literal["urgent", "high", "medium", "low"]
PRIORITIES: dict[PriorityName, int] = {"urgent": 1, "high": 3, "medium": 5, "low": 8}

Name = Annotated[str, Meta(min_length=1, max_length=text.ADDRESS_MAX)]
Names = Annotated[tuple[Name, ...], Meta(max_length=100)]
Ends = Annotated[tuple[UUID, ...], Meta(max_length=50)]


class Spelling(Cleaned, frozen=True, kw_only=True):
    """What may be said of a task in words. Left out: as it is, or as it is by default; null: the default.

    `labels` are names, `assignees` member ids, e-mail addresses or `me`.
    """

    description: str | None | UnsetType = UNSET
    column_id: UUID | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    completed: bool | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
    place: Place | UnsetType = UNSET
    priority: Priority | PriorityName | None | UnsetType = UNSET
    start_at: str | None | UnsetType = UNSET
    due_at: str | None | UnsetType = UNSET
    labels: Names | None | UnsetType = UNSET
    label_ids: Ids | None | UnsetType = UNSET
    assignees: Names | None | UnsetType = UNSET
    assignee_ids: Ids | None | UnsetType = UNSET

    def __post_init__(self) -> None:
        self.clean("title", text.line, text.TITLE_MAX)
        self.clean("description", text.prose, text.DESCRIPTION_MAX)
        self.clean("start_at", text.when)
        self.clean("due_at", text.when)
        for one, other in (("labels", "label_ids"), ("assignees", "assignee_ids")):
            if getattr(self, one) is not UNSET and getattr(self, other) is not UNSET:
                raise ValueError(f"`{other}` says what `{one}` says: send one of them")


class TaskEdit(Spelling, frozen=True, kw_only=True):
    """What is to change of a task."""

    title: str | UnsetType = UNSET


class WholeTask(Spelling, frozen=True, kw_only=True):
    """All of a task."""

    title: str


class MakeTask(Intent, frozen=True, kw_only=True, tag="create_task"):
    """`depends_on` are the tasks that it waits for."""

    id: UUID
    task: WholeTask
    depends_on: Ends = ()


class EditTask(Intent, frozen=True, kw_only=True, tag="update_task"):
    """`depends_on`: the tasks that it waits for from now on."""

    id: UUID
    task: TaskEdit
    depends_on: Ends | UnsetType = UNSET


class ReplaceTask(Intent, frozen=True, kw_only=True, tag="update_task"):
    """Makes the task where there never was one. It stays in its column unless told, and waits for what it waits for."""

    id: UUID
    task: WholeTask
    depends_on: Ends | UnsetType = UNSET


class ExpectTask(Intent, frozen=True, kw_only=True):
    """Refuses the submit unless the task was as somebody thinks before it: with one of `tags`, with any if null; or, `absent`, not there."""

    id: UUID
    tags: tuple[str, ...] | None = None
    absent: bool = False
