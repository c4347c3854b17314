"""Commands on tasks."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from server.domain import text
from server.domain.commands.fields import Ids, Intent, Place, Priority, Seq, SetEdit


class CreateTask(Intent, frozen=True, kw_only=True):
    id: UUID
    column_id: UUID
    title: str
    description: str | None = None
    priority: Priority | None = None
    start_at: str | None = None
    due_at: str | None = None
    label_ids: Ids = ()
    assignee_ids: Ids = ()
    place: Place = "bottom"

    def __post_init__(self) -> None:
        self.clean("title", text.line, text.TITLE_MAX)
        self.clean("description", text.prose, text.DESCRIPTION_MAX)
        self.clean("start_at", text.when)
        self.clean("due_at", text.when)


class UpdateTask(Intent, frozen=True, kw_only=True):
    id: UUID
    title: str | UnsetType = UNSET
    priority: Priority | None | UnsetType = UNSET
    start_at: str | None | UnsetType = UNSET
    due_at: str | None | UnsetType = UNSET
    labels: SetEdit | UnsetType = UNSET
    assignees: SetEdit | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self.clean("title", text.line, text.TITLE_MAX)
        self.clean("start_at", text.when)
        self.clean("due_at", text.when)


class MoveTask(Intent, frozen=True, kw_only=True):
    id: UUID
    column_id: UUID
    place: Place
    base_seq: Seq | None = None


class DescribeTask(Intent, frozen=True, kw_only=True):
    id: UUID
    text: str
    base_seq: Seq

    def __post_init__(self) -> None:
        self.clean("text", text.prose, text.DESCRIPTION_MAX)


class ArchiveTask(Intent, frozen=True, kw_only=True):
    id: UUID


class UnarchiveTask(Intent, frozen=True, kw_only=True):
    id: UUID


class DeleteTask(Intent, frozen=True, kw_only=True):
    id: UUID


class RestoreTask(Intent, frozen=True, kw_only=True):
    id: UUID
