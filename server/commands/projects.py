"""The verbs of the project itself. Making one is `Executor.create_project`: before it there is no head to lock."""

from typing import Any
from uuid import UUID

from msgspec import UNSET

from server.domain import commands as c
from server.domain import ranks
from server.domain.ids import child_id
from server.domain.records import Category, Column, Member, MemberKind, Project
from server.storage.draft import Draft
from server.storage.reads import Reads

DEFAULT_COLUMNS: tuple[tuple[str, Category], ...] = (
    ("To do", "todo"),
    ("In progress", "in_progress"),
    ("Done", "completed"),
)


def create_project(draft: Draft, made: Project, *, default_columns: bool) -> None:
    """Fills the draft of a project that did not exist; its maker becomes its admin."""
    project, actor = draft.project, draft.actor
    columns = DEFAULT_COLUMNS if default_columns else ()
    ids = [child_id(project, str(n)) for n in range(len(columns))]
    draft.rows.learned(Reads().row("project", project).row("member", actor.id).row("column", *ids))
    draft.create("project", made)
    kind: MemberKind = "bot" if actor.kind == "bot" else "person"
    draft.create("member", Member(id=actor.id, user_id=actor.id, name=actor.name, role="admin", kind=kind))
    for id, rank, (title, category) in zip(ids, ranks.spread(None, None, len(columns)), columns, strict=True):
        draft.create("column", Column(id=id, name=title, rank=rank, category=category))


def reads(command: c.UpdateProject | c.DeleteProject | c.RestoreProject, project: UUID, found: Reads) -> None:
    found.row("project", project)


def update_project(command: c.UpdateProject, draft: Draft) -> None:
    project = draft.find("project", draft.project, Project)
    fields: dict[str, Any] = {
        name: value
        for name in ("name", "description", "background", "visibility")
        if (value := getattr(command, name)) is not UNSET
    }
    draft.check("project", project.id, command.base_seq, *fields)
    draft.patch("project", project.id, **fields)


def delete_project(command: c.DeleteProject, draft: Draft) -> None:
    """Hides the whole project; the rooms end its joins when they see the project removed."""
    draft.head.deleted_at = draft.now
    draft.remove("project", draft.find("project", draft.project, Project).id)


def restore_project(command: c.RestoreProject, draft: Draft) -> None:
    if draft.head.deleted_at is not None:
        draft.head.deleted_at = None
        draft.restore("project", draft.project)
