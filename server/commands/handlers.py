"""Every command's verb, one literal table: what it reads and what it does. A test proves the table total."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from server.commands import (
    attachments,
    checklists,
    columns,
    comments,
    dependencies,
    expectations,
    imports,
    labels,
    members,
    projects,
    spelling,
    tasks,
)
from server.domain import commands as c
from server.storage.draft import Draft
from server.storage.reads import Reads


class Verb(NamedTuple):
    """`reads` adds what `run` will look at in the project; `run` writes on the draft or raises a `Refusal`."""

    reads: Callable[[Any, UUID, Reads], None]
    run: Callable[[Any, Draft], None]


HANDLERS: dict[type[c.AnyCommand], Verb] = {
    c.CreateTask: Verb(tasks.create_reads, tasks.create_task),
    c.UpdateTask: Verb(tasks.update_reads, tasks.update_task),
    c.MoveTask: Verb(tasks.move_reads, tasks.move_task),
    c.DescribeTask: Verb(tasks.describe_reads, tasks.describe_task),
    c.ArchiveTask: Verb(tasks.archive_reads, tasks.archive_task),
    c.UnarchiveTask: Verb(tasks.archive_reads, tasks.unarchive_task),
    c.DeleteTask: Verb(tasks.delete_reads, tasks.delete_task),
    c.RestoreTask: Verb(tasks.delete_reads, tasks.restore_task),
    c.MakeTask: Verb(spelling.make_reads, spelling.make_task),
    c.EditTask: Verb(spelling.edit_reads, spelling.edit_task),
    c.ReplaceTask: Verb(spelling.replace_reads, spelling.replace_task),
    c.ExpectTask: Verb(expectations.reads, expectations.expect_task),
    c.CreateColumn: Verb(columns.create_reads, columns.create_column),
    c.UpdateColumn: Verb(columns.update_reads, columns.update_column),
    c.MoveColumn: Verb(columns.move_reads, columns.move_column),
    c.DeleteColumn: Verb(columns.delete_reads, columns.delete_column),
    c.RestoreColumn: Verb(columns.restore_reads, columns.restore_column),
    c.CreateLabel: Verb(labels.create_reads, labels.create_label),
    c.UpdateLabel: Verb(labels.reads, labels.update_label),
    c.DeleteLabel: Verb(labels.reads, labels.delete_label),
    c.RestoreLabel: Verb(labels.reads, labels.restore_label),
    c.AddComment: Verb(comments.add_reads, comments.add_comment),
    c.EditComment: Verb(comments.reads, comments.edit_comment),
    c.DeleteComment: Verb(comments.reads, comments.delete_comment),
    c.RestoreComment: Verb(comments.reads, comments.restore_comment),
    c.AddChecklistItem: Verb(checklists.add_reads, checklists.add_checklist_item),
    c.UpdateChecklistItem: Verb(checklists.reads, checklists.update_checklist_item),
    c.MoveChecklistItem: Verb(checklists.reads, checklists.move_checklist_item),
    c.DeleteChecklistItem: Verb(checklists.reads, checklists.delete_checklist_item),
    c.RestoreChecklistItem: Verb(checklists.reads, checklists.restore_checklist_item),
    c.AddAttachment: Verb(attachments.add_reads, attachments.add_attachment),
    c.DeleteAttachment: Verb(attachments.reads, attachments.delete_attachment),
    c.RestoreAttachment: Verb(attachments.reads, attachments.restore_attachment),
    c.AddDependency: Verb(dependencies.add_reads, dependencies.add_dependency),
    c.RemoveDependency: Verb(dependencies.remove_reads, dependencies.remove_dependency),
    c.UpdateProject: Verb(projects.reads, projects.update_project),
    c.DeleteProject: Verb(projects.reads, projects.delete_project),
    c.RestoreProject: Verb(projects.reads, projects.restore_project),
    c.AddMember: Verb(members.add_reads, members.add_member),
    c.SetMemberRole: Verb(members.reads, members.set_member_role),
    c.RemoveMember: Verb(members.reads, members.remove_member),
    c.UpdateProfile: Verb(members.profile_reads, members.update_profile),
    c.ForgetUser: Verb(members.profile_reads, members.forget_user),
    c.ImportRecords: Verb(imports.reads, imports.import_records),
}
