"""The verbs of labels. Deleting one leaves the tasks' `label_ids` alone: readers skip it, restoring brings it back."""

from typing import Any
from uuid import UUID

from msgspec import UNSET

from server.domain import commands as c
from server.domain.errors import NotFound
from server.domain.records import Label
from server.storage.draft import Draft
from server.storage.reads import Reads


def reads(command: c.UpdateLabel | c.DeleteLabel | c.RestoreLabel, project: UUID, found: Reads) -> None:
    found.row("label", command.id)


def create_reads(command: c.CreateLabel, project: UUID, found: Reads) -> None:
    found.fresh.add(("label", command.id))


def create_label(command: c.CreateLabel, draft: Draft) -> None:
    draft.create("label", Label(id=command.id, name=command.name, color=command.color))


def update_label(command: c.UpdateLabel, draft: Draft) -> None:
    label = draft.find("label", command.id, Label)
    fields: dict[str, Any] = {
        name: value for name in ("name", "color") if (value := getattr(command, name)) is not UNSET
    }
    draft.check("label", label.id, command.base_seq, *fields)
    draft.patch("label", label.id, **fields)


def delete_label(command: c.DeleteLabel, draft: Draft) -> None:
    draft.remove("label", draft.find("label", command.id, Label).id)


def restore_label(command: c.RestoreLabel, draft: Draft) -> None:
    row = draft.row("label", command.id)
    if row is None:
        raise NotFound("There never was such a label.")
    if row.deleted_at is not None:
        draft.restore("label", command.id)
