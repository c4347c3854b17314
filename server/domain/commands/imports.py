"""The command of imports and restores, and the records it carries."""

from datetime import datetime
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


class Deletable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """With `deleted_at` the record comes deleted, as it has been since then."""

    deleted_at: datetime | None = None


class ImportedMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="member"):
    record: Member


class ImportedColumn(Deletable, frozen=True, tag_field="kind", tag="column"):
    record: Column


class ImportedLabel(Deletable, frozen=True, tag_field="kind", tag="label"):
    record: Label


class ImportedTask(Deletable, frozen=True, tag_field="kind", tag="task"):
    record: Task


class ImportedDescription(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="description"):
    record: Description


class ImportedComment(Deletable, frozen=True, tag_field="kind", tag="comment"):
    record: Comment


class ImportedChecklistItem(Deletable, frozen=True, tag_field="kind", tag="checklist_item"):
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

    A record comes after those it refers to, which may be deleted; only a task that is not stands in a column that is not. A task's number is
    kept when it is above every number given so far, else a new one is given; its counters are counted anew.
    """

    import_id: UUID
    records: Annotated[tuple[ImportedRecord, ...], Meta(min_length=1, max_length=IMPORT_MAX)]
