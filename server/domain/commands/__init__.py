"""Intents: everything that can be done to a project, one struct a verb. This union is the feature list of the product.

Field rules that need only the value live here; rules that need rows live in server/commands. A field left UNSET is left alone, None clears it.
"""

from typing import Any, get_args

from server.domain.commands.attachments import AddAttachment, DeleteAttachment, RestoreAttachment
from server.domain.commands.checklists import (
    AddChecklistItem,
    DeleteChecklistItem,
    MoveChecklistItem,
    RestoreChecklistItem,
    UpdateChecklistItem,
)
from server.domain.commands.columns import CreateColumn, DeleteColumn, MoveColumn, RestoreColumn, UpdateColumn
from server.domain.commands.comments import AddComment, DeleteComment, EditComment, RestoreComment
from server.domain.commands.dependencies import AddDependency, RemoveDependency
from server.domain.commands.fields import (
    COMMANDS_MAX,
    IMPORT_MAX,
    Anchor,
    Ids,
    Place,
    Priority,
    Seq,
    SetEdit,
    WipLimit,
    wire_name,
)
from server.domain.commands.imports import (
    Deletable,
    ImportedChecklistItem,
    ImportedColumn,
    ImportedComment,
    ImportedDependency,
    ImportedDescription,
    ImportedLabel,
    ImportedMember,
    ImportedRecord,
    ImportedTask,
    ImportRecords,
)
from server.domain.commands.labels import CreateLabel, DeleteLabel, RestoreLabel, UpdateLabel
from server.domain.commands.members import AddMember, ForgetUser, RemoveMember, SetMemberRole, UpdateProfile
from server.domain.commands.projects import DeleteProject, RestoreProject, UpdateProject
from server.domain.commands.spelled import (
    PRIORITIES,
    EditTask,
    ExpectTask,
    MakeTask,
    ReplaceTask,
    Spelling,
    TaskEdit,
    WholeTask,
)
from server.domain.commands.tasks import (
    ArchiveTask,
    CreateTask,
    DeleteTask,
    DescribeTask,
    MoveTask,
    RestoreTask,
    UnarchiveTask,
    UpdateTask,
)

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
    | DeleteAttachment
    | RestoreAttachment
    | AddDependency
    | RemoveDependency
    | UpdateProject
    | AddMember
    | SetMemberRole
    | RemoveMember
    | ImportRecords
)

ProjectCommand = DeleteProject | RestoreProject
AccountCommand = UpdateProfile | ForgetUser
SpelledCommand = MakeTask | EditTask | ReplaceTask | ExpectTask
FileCommand = AddAttachment
AnyCommand = Command | ProjectCommand | AccountCommand | SpelledCommand | FileCommand

COMMANDS: tuple[type[Any], ...] = get_args(Command)
PROJECT_COMMANDS: tuple[type[Any], ...] = get_args(ProjectCommand)
ACCOUNT_COMMANDS: tuple[type[Any], ...] = get_args(AccountCommand)
SPELLED_COMMANDS: tuple[type[Any], ...] = get_args(SpelledCommand)
FILE_COMMANDS: tuple[type[Any], ...] = (AddAttachment,)


def kind_of(command: AnyCommand) -> str:
    """A command's name on the wire, such as `create_task`."""
    return str(type(command).__struct_config__.tag)


__all__ = [
    "ACCOUNT_COMMANDS",
    "COMMANDS",
    "COMMANDS_MAX",
    "FILE_COMMANDS",
    "IMPORT_MAX",
    "PRIORITIES",
    "PROJECT_COMMANDS",
    "SPELLED_COMMANDS",
    "AccountCommand",
    "AddAttachment",
    "AddChecklistItem",
    "AddComment",
    "AddDependency",
    "AddMember",
    "Anchor",
    "AnyCommand",
    "ArchiveTask",
    "Command",
    "CreateColumn",
    "CreateLabel",
    "CreateTask",
    "Deletable",
    "DeleteAttachment",
    "DeleteChecklistItem",
    "DeleteColumn",
    "DeleteComment",
    "DeleteLabel",
    "DeleteProject",
    "DeleteTask",
    "DescribeTask",
    "EditComment",
    "EditTask",
    "ExpectTask",
    "FileCommand",
    "ForgetUser",
    "Ids",
    "ImportRecords",
    "ImportedChecklistItem",
    "ImportedColumn",
    "ImportedComment",
    "ImportedDependency",
    "ImportedDescription",
    "ImportedLabel",
    "ImportedMember",
    "ImportedRecord",
    "ImportedTask",
    "MakeTask",
    "MoveChecklistItem",
    "MoveColumn",
    "MoveTask",
    "Place",
    "Priority",
    "ProjectCommand",
    "RemoveDependency",
    "RemoveMember",
    "ReplaceTask",
    "RestoreAttachment",
    "RestoreChecklistItem",
    "RestoreColumn",
    "RestoreComment",
    "RestoreLabel",
    "RestoreProject",
    "RestoreTask",
    "Seq",
    "SetEdit",
    "SetMemberRole",
    "SpelledCommand",
    "Spelling",
    "TaskEdit",
    "UnarchiveTask",
    "UpdateChecklistItem",
    "UpdateColumn",
    "UpdateLabel",
    "UpdateProfile",
    "UpdateProject",
    "UpdateTask",
    "WholeTask",
    "WipLimit",
    "kind_of",
    "wire_name",
]
