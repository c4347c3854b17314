"""Commands on members."""

from uuid import UUID

from server.domain import text
from server.domain.commands.fields import Intent
from server.domain.records import Role


class AddMember(Intent, frozen=True, kw_only=True):
    """By `user_id` or by the e-mail of an account, exactly one of them."""

    role: Role
    user_id: UUID | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        if (self.user_id is None) == (self.email is None):
            raise ValueError("name exactly one of `user_id` and `email`")
        self.clean("email", text.address)


class SetMemberRole(Intent, frozen=True, kw_only=True):
    id: UUID
    role: Role


class RemoveMember(Intent, frozen=True, kw_only=True):
    id: UUID
