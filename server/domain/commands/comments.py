"""Commands on comments."""

from uuid import UUID

from server.domain import text
from server.domain.commands.fields import Intent, Seq


class AddComment(Intent, frozen=True, kw_only=True):
    id: UUID
    task_id: UUID
    text: str

    def __post_init__(self) -> None:
        self.clean("text", _spoken, text.COMMENT_MAX)


class EditComment(Intent, frozen=True, kw_only=True):
    id: UUID
    text: str
    base_seq: Seq | None = None

    def __post_init__(self) -> None:
        self.clean("text", _spoken, text.COMMENT_MAX)


class DeleteComment(Intent, frozen=True, kw_only=True):
    id: UUID


class RestoreComment(Intent, frozen=True, kw_only=True):
    id: UUID


def _spoken(value: str, most: int) -> str:
    """Prose that says something."""
    if not value.strip():
        raise ValueError("must not be empty")
    return text.prose(value, most)
