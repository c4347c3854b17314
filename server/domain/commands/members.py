"""Commands on members; what an account does in all of its projects never comes over the wire."""

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


class UpdateProfile(Intent, frozen=True, kw_only=True):
    """The actor is called something else now."""

    name: str

    def __post_init__(self) -> None:
        self.clean("name", text.line, text.NAME_MAX)


class ForgetUser(Intent, frozen=True, kw_only=True):
    """The actor's account goes: what they did stays, under nobody's name."""
