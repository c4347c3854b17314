"""The command of imports and restores, and the records it carries."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from server.domain.commands.fields import IMPORT_MAX, Intent
from server.domain.records import (
    ChecklistItem,
    Column,
    Comment,
    Dependency,
    Description,
    Label,
    Member,
    Task,
)


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


class ImportRecords(Intent, frozen=True, kw_only=True):
    """Full records with their authors, times, numbers and order, for imports and restores only.

    A record comes after those it refers to. A task's number is kept when it is above every number given so far, else a new one is given;
    its counters are counted anew.
    """

    import_id: UUID
    records: Annotated[tuple[ImportedRecord, ...], Meta(min_length=1, max_length=IMPORT_MAX)]
