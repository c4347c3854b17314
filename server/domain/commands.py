"""Intents: everything that can be done to a project, one struct a verb. This union is the feature list of the product.

Field rules that need only the value live here; rules that need rows live in server/commands. A field left UNSET is left alone, None clears it.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import force_setattr

from server.domain import text
from server.domain.records import (
    Category,
    ChecklistItem,
    Column,
    Comment,
    Dependency,
    Description,
    Label,
    Member,
    Role,
    Task,
)

COMMANDS_MAX = 500
IMPORT_MAX = 500
"""Records in one `import_records`: each costs one op, and at most one more on a task outside the chunk."""

Priority = Annotated[int, Meta(ge=1, le=10)]
WipLimit = Annotated[int, Meta(ge=1, le=10_000)]
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Ids = Annotated[tuple[UUID, ...], Meta(max_length=100)]


def wire_name(name: str) -> str:
    """`MoveTask` → `move_task`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class _Command(
    msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag=wire_name
):
    """A verb. Subclasses canonicalise their texts with `_clean` after decoding."""

    def _clean(self, field: str, rule: Callable[..., str], *limits: int) -> None:
        value = getattr(self, field)
        if isinstance(value, str):
            try:
                force_setattr(self, field, rule(value, *limits))
            except ValueError as wrong:
                raise ValueError(f"`{field}` {wrong}") from None


class Anchor(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A place beside a sibling: exactly one of `after` and `before`."""

    after: UUID | UnsetType = UNSET
    before: UUID | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.after is UNSET) == (self.before is UNSET):
            raise ValueError("a place names exactly one of `after` and `before`")


Place = Literal["top", "bottom"] | Anchor


class SetEdit(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Members to add to and to remove from a set; what is there already, or not there, is left alone."""

    add: Ids = ()
    remove: Ids = ()


# Tasks


class CreateTask(_Command, frozen=True, kw_only=True):
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
        self._clean("title", text.line, text.TITLE_MAX)
        self._clean("description", text.prose, text.DESCRIPTION_MAX)
        self._clean("start_at", text.when)
        self._clean("due_at", text.when)


class UpdateTask(_Command, frozen=True, kw_only=True):
    id: UUID
    title: str | UnsetType = UNSET
    priority: Priority | None | UnsetType = UNSET
    start_at: str | None | UnsetType = UNSET
    due_at: str | None | UnsetType = UNSET
    labels: SetEdit | UnsetType = UNSET
    assignees: SetEdit | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self._clean("title", text.line, text.TITLE_MAX)
        self._clean("start_at", text.when)
        self._clean("due_at", text.when)


class MoveTask(_Command, frozen=True, kw_only=True):
    id: UUID
    column_id: UUID
    place: Place
    base_seq: Seq | None = None


class DescribeTask(_Command, frozen=True, kw_only=True):
    id: UUID
    text: str
    base_seq: Seq

    def __post_init__(self) -> None:
        self._clean("text", text.prose, text.DESCRIPTION_MAX)


class ArchiveTask(_Command, frozen=True, kw_only=True):
    id: UUID


class UnarchiveTask(_Command, frozen=True, kw_only=True):
    id: UUID


class DeleteTask(_Command, frozen=True, kw_only=True):
    id: UUID


class RestoreTask(_Command, frozen=True, kw_only=True):
    id: UUID


# Columns


class CreateColumn(_Command, frozen=True, kw_only=True):
    id: UUID
    name: str
    category: Category = "todo"
    wip_limit: WipLimit | None = None
    place: Place = "bottom"

    def __post_init__(self) -> None:
        self._clean("name", text.line, text.NAME_MAX)


class UpdateColumn(_Command, frozen=True, kw_only=True):
    id: UUID
    name: str | UnsetType = UNSET
    category: Category | UnsetType = UNSET
    wip_limit: WipLimit | None | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self._clean("name", text.line, text.NAME_MAX)


class MoveColumn(_Command, frozen=True, kw_only=True):
    id: UUID
    place: Place
    base_seq: Seq | None = None


class DeleteColumn(_Command, frozen=True, kw_only=True):
    id: UUID
    move_to: UUID | None = None


class RestoreColumn(_Command, frozen=True, kw_only=True):
    id: UUID


# Labels


class CreateLabel(_Command, frozen=True, kw_only=True):
    id: UUID
    name: str
    color: str

    def __post_init__(self) -> None:
        self._clean("name", text.prose, text.NAME_MAX)
        self._clean("color", text.color)


class UpdateLabel(_Command, frozen=True, kw_only=True):
    id: UUID
    name: str | UnsetType = UNSET
    color: str | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self._clean("name", text.prose, text.NAME_MAX)
        self._clean("color", text.color)


class DeleteLabel(_Command, frozen=True, kw_only=True):
    id: UUID


class RestoreLabel(_Command, frozen=True, kw_only=True):
    id: UUID


# Comments


class AddComment(_Command, frozen=True, kw_only=True):
    id: UUID
    task_id: UUID
    text: str

    def __post_init__(self) -> None:
        self._clean("text", _spoken, text.COMMENT_MAX)


class EditComment(_Command, frozen=True, kw_only=True):
    id: UUID
    text: str
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self._clean("text", _spoken, text.COMMENT_MAX)


class DeleteComment(_Command, frozen=True, kw_only=True):
    id: UUID


class RestoreComment(_Command, frozen=True, kw_only=True):
    id: UUID


def _spoken(value: str, most: int) -> str:
    """Prose that says something."""
    if not value.strip():
        raise ValueError("must not be empty")
    return text.prose(value, most)


# Checklist


class AddChecklistItem(_Command, frozen=True, kw_only=True):
    id: UUID
    task_id: UUID
    text: str
    place: Place = "bottom"

    def __post_init__(self) -> None:
        self._clean("text", text.line, text.CHECKLIST_TEXT_MAX)


class UpdateChecklistItem(_Command, frozen=True, kw_only=True):
    id: UUID
    text: str | UnsetType = UNSET
    done: bool | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self._clean("text", text.line, text.CHECKLIST_TEXT_MAX)


class MoveChecklistItem(_Command, frozen=True, kw_only=True):
    id: UUID
    place: Place


class DeleteChecklistItem(_Command, frozen=True, kw_only=True):
    id: UUID


class RestoreChecklistItem(_Command, frozen=True, kw_only=True):
    id: UUID


# Dependencies


class AddDependency(_Command, frozen=True, kw_only=True):
    id: UUID
    task_id: UUID
    depends_on_id: UUID


class RemoveDependency(_Command, frozen=True, kw_only=True):
    id: UUID


# The project and its members


class UpdateProject(_Command, frozen=True, kw_only=True):
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self._clean("name", text.line, text.NAME_MAX)
        self._clean("description", text.prose, text.PROJECT_DESCRIPTION_MAX)


class AddMember(_Command, frozen=True, kw_only=True):
    """By `user_id` or by the e-mail of an account, exactly one of them."""

    role: Role
    user_id: UUID | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        if (self.user_id is None) == (self.email is None):
            raise ValueError("name exactly one of `user_id` and `email`")
        self._clean("email", text.line, 320)


class SetMemberRole(_Command, frozen=True, kw_only=True):
    id: UUID
    role: Role


class RemoveMember(_Command, frozen=True, kw_only=True):
    id: UUID


# Imports and restores


class ImportedMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="member"):
    record: Member


class ImportedColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="column"):
    record: Column


class ImportedLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="label"):
    record: Label


class ImportedTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="task"):
    record: Task


class ImportedDescription(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="description"):
    record: Description


class ImportedComment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="comment"):
    record: Comment


class ImportedChecklistItem(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="checklist_item"
):
    record: ChecklistItem


class ImportedDependency(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="dependency"):
    record: Dependency


ImportedRecord = (
    ImportedMember
    | ImportedColumn
    | ImportedLabel
    | ImportedTask
    | ImportedDescription
    | ImportedComment
    | ImportedChecklistItem
    | ImportedDependency
)


class ImportRecords(_Command, frozen=True, kw_only=True):
    """Full records with their authors, times, numbers and order, for imports and restores only.

    A record comes after those it refers to. A task's number is kept when it is above every number given so far, else a new one is given;
    its counters are counted anew.
    """

    import_id: UUID
    records: Annotated[tuple[ImportedRecord, ...], Meta(min_length=1, max_length=IMPORT_MAX)]


# The project as a whole: not on the socket, each has a REST route of its own


class DeleteProject(_Command, frozen=True, kw_only=True):
    pass


class RestoreProject(_Command, frozen=True, kw_only=True):
    pass


Command = (
    CreateTask
    | UpdateTask
    | MoveTask
    | DescribeTask
    | ArchiveTask
    | UnarchiveTask
    | DeleteTask
    | RestoreTask
    | CreateColumn
    | UpdateColumn
    | MoveColumn
    | DeleteColumn
    | RestoreColumn
    | CreateLabel
    | UpdateLabel
    | DeleteLabel
    | RestoreLabel
    | AddComment
    | EditComment
    | DeleteComment
    | RestoreComment
    | AddChecklistItem
    | UpdateChecklistItem
    | MoveChecklistItem
    | DeleteChecklistItem
    | RestoreChecklistItem
    | AddDependency
    | RemoveDependency
    | UpdateProject
    | AddMember
    | SetMemberRole
    | RemoveMember
    | ImportRecords
)

ProjectCommand = DeleteProject | RestoreProject
AnyCommand = Command | ProjectCommand

COMMANDS: tuple[type[Any], ...] = get_args(Command)
PROJECT_COMMANDS: tuple[type[Any], ...] = get_args(ProjectCommand)


def kind_of(command: AnyCommand) -> str:
    """A command's name on the wire, such as `create_task`."""
    return str(type(command).__struct_config__.tag)
