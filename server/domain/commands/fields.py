"""What commands are made of: the base of all, places, edits of sets, and the ranges of numbers."""

import re
from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import force_setattr

COMMANDS_MAX = 500
IMPORT_MAX = 500
"""Records in one `import_records`: each costs one op, and at most one more on a task outside the chunk."""

Priority = Annotated[int, Meta(ge=1, le=10)]
WipLimit = Annotated[int, Meta(ge=1, le=10_000)]
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Ids = Annotated[tuple[UUID, ...], Meta(max_length=100)]


def wire_name(name: str) -> str:
    """`MoveTask` → `move_task`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Cleaned(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What canonicalises its texts with `clean` after decoding."""

    def clean(self, field: str, rule: Callable[..., str], *limits: int) -> None:
        value = getattr(self, field)
        if isinstance(value, str):
            try:
                force_setattr(self, field, rule(value, *limits))
            except ValueError as wrong:
                raise ValueError(f"`{field}` {wrong}") from None


class Intent(Cleaned, frozen=True, gc=False, kw_only=True, tag_field="type", tag=wire_name):
    """A command."""


class Anchor(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A place beside a sibling: exactly one of `after` and `before`."""

    after: UUID | UnsetType = UNSET
    before: UUID | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.after is UNSET) == (self.before is UNSET):
            raise ValueError("a place names exactly one of `after` and `before`")


Place = Literal["top", "bottom"] | Anchor


class SetEdit(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Members to add to and to remove from a set; what is there already, or not there, is left alone."""

    add: Ids = ()
    remove: Ids = ()
