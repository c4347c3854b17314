"""Commands on attachments. Not here: their bytes, which come before the command does (api.attachments)."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from server.domain import text
from server.domain.commands.fields import Intent


class AddAttachment(Intent, frozen=True, kw_only=True):
    """Only the server makes this: it knows that the bytes are there, and what they are."""

    id: UUID
    task_id: UUID
    name: str
    size: Annotated[int, Meta(ge=1)]
    media_type: str
    sha256: str

    def __post_init__(self) -> None:
        self.clean("name", text.file_name)


class DeleteAttachment(Intent, frozen=True, kw_only=True):
    id: UUID


class RestoreAttachment(Intent, frozen=True, kw_only=True):
    id: UUID
