"""Commands on labels."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from server.domain import text
from server.domain.commands.fields import Intent, Seq


class CreateLabel(Intent, frozen=True, kw_only=True):
    id: UUID
    name: str
    color: str

    def __post_init__(self) -> None:
        self.clean("name", text.prose, text.NAME_MAX)
        self.clean("color", text.color)


class UpdateLabel(Intent, frozen=True, kw_only=True):
    id: UUID
    name: str | UnsetType = UNSET
    color: str | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self.clean("name", text.prose, text.NAME_MAX)
        self.clean("color", text.color)


class DeleteLabel(Intent, frozen=True, kw_only=True):
    id: UUID


class RestoreLabel(Intent, frozen=True, kw_only=True):
    id: UUID
