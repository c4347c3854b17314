"""Commands on checklist items."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from server.domain import text
from server.domain.commands.fields import Intent, Place, Seq


class AddChecklistItem(Intent, frozen=True, kw_only=True):
    id: UUID
    task_id: UUID
    text: str
    place: Place = "bottom"

    def __post_init__(self) -> None:
        self.clean("text", text.line, text.CHECKLIST_TEXT_MAX)


class UpdateChecklistItem(Intent, frozen=True, kw_only=True):
    id: UUID
    text: str | UnsetType = UNSET
    done: bool | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self.clean("text", text.line, text.CHECKLIST_TEXT_MAX)


class MoveChecklistItem(Intent, frozen=True, kw_only=True):
    id: UUID
    place: Place


class DeleteChecklistItem(Intent, frozen=True, kw_only=True):
    id: UUID


class RestoreChecklistItem(Intent, frozen=True, kw_only=True):
    id: UUID
