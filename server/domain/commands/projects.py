"""Commands on the project itself; deleting and restoring it have REST routes of their own and never come over the socket."""

from msgspec import UNSET, UnsetType

from server.domain import text
from server.domain.commands.fields import Intent, Seq
from server.domain.records import Background, Visibility


class UpdateProject(Intent, frozen=True, kw_only=True):
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    background: Background | None | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self.clean("name", text.line, text.NAME_MAX)
        self.clean("description", text.prose, text.PROJECT_DESCRIPTION_MAX)


class DeleteProject(Intent, frozen=True, kw_only=True):
    pass


class RestoreProject(Intent, frozen=True, kw_only=True):
    pass
