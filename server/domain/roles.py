"""Who may do what: the least role of every command in a project, one literal table, and the order of a workspace's roles."""

from typing import Literal

from server.domain import commands as c
from server.domain.records import Role

ORDER: dict[Role, int] = {"viewer": 0, "commenter": 1, "editor": 2, "admin": 3}

LEAST_ROLE: dict[type[c.AnyCommand], Role] = {
    c.CreateTask: "editor",
    c.UpdateTask: "editor",
    c.MoveTask: "editor",
    c.DescribeTask: "editor",
    c.ArchiveTask: "editor",
    c.UnarchiveTask: "editor",
    c.DeleteTask: "editor",
    c.RestoreTask: "editor",
    c.CreateColumn: "editor",
    c.UpdateColumn: "editor",
    c.MoveColumn: "editor",
    c.DeleteColumn: "editor",
    c.RestoreColumn: "editor",
    c.CreateLabel: "editor",
    c.UpdateLabel: "editor",
    c.DeleteLabel: "editor",
    c.RestoreLabel: "editor",
    c.AddComment: "commenter",
    c.EditComment: "commenter",  # one's own; nobody edits another's words
    c.DeleteComment: "commenter",  # one's own; an admin may delete any
    c.RestoreComment: "commenter",
    c.AddChecklistItem: "editor",
    c.UpdateChecklistItem: "editor",
    c.MoveChecklistItem: "editor",
    c.DeleteChecklistItem: "editor",
    c.RestoreChecklistItem: "editor",
    c.AddAttachment: "editor",
    c.DeleteAttachment: "editor",
    c.RestoreAttachment: "editor",
    c.AddDependency: "editor",
    c.RemoveDependency: "editor",
    c.MakeTask: "editor",  # so are the commands that these come to
    c.EditTask: "editor",
    c.ReplaceTask: "editor",
    c.ExpectTask: "viewer",
    c.UpdateProject: "admin",
    c.AddMember: "admin",
    c.SetMemberRole: "admin",
    c.RemoveMember: "viewer",  # oneself: leaving; an admin may remove any
    c.ImportRecords: "admin",
    c.UpdateProfile: "viewer",
    c.ForgetUser: "viewer",  # former members, too
    c.DeleteProject: "admin",
    c.RestoreProject: "admin",
}


def allows(role: Role | None, least: Role) -> bool:
    """Whether `role` is enough where `least` is asked; no role is never enough."""
    return role is not None and ORDER[role] >= ORDER[least]


WorkspaceRole = Literal["owner", "admin", "member", "guest"]

WORKSPACE_ORDER: dict[WorkspaceRole, int] = {"guest": 0, "member": 1, "admin": 2, "owner": 3}

JOINS_AS: dict[WorkspaceRole, Role | None] = {"owner": "admin", "admin": "admin", "member": "editor", "guest": None}
"""As what somebody of the workspace lets themselves into one of its projects; admins and owners into private ones, too."""


def stands(role: WorkspaceRole | None, least: WorkspaceRole) -> bool:
    """Whether `role` in a workspace is enough where `least` is asked."""
    return role is not None and WORKSPACE_ORDER[role] >= WORKSPACE_ORDER[least]
