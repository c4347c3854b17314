"""Commands on columns."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from server.domain import text
from server.domain.commands.fields import Intent, Place, Seq, WipLimit
from server.domain.records import Category


class CreateColumn(Intent, frozen=True, kw_only=True):
    id: UUID
    name: str
    category: Category = "todo"
    wip_limit: WipLimit | None = None
    place: Place = "bottom"

    def __post_init__(self) -> None:
        self.clean("name", text.line, text.NAME_MAX)


class UpdateColumn(Intent, frozen=True, kw_only=True):
    id: UUID
    name: str | UnsetType = UNSET
    category: Category | UnsetType = UNSET
    wip_limit: WipLimit | None | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self.clean("name", text.line, text.NAME_MAX)


class MoveColumn(Intent, frozen=True, kw_only=True):
    id: UUID
    place: Place
    base_seq: Seq | None = None


class DeleteColumn(Intent, frozen=True, kw_only=True):
    id: UUID
    move_to: UUID | None = None


class RestoreColumn(Intent, frozen=True, kw_only=True):
    id: UUID
