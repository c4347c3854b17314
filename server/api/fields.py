"""Fields that several bodies have. Not here: reading bodies (bodies), and what board texts may be (domain.text)."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr

from server.domain import text

BODY_MAX = 16 * 1024
"""Bytes of a body that speaks of an account."""

PASSWORD_MAX = 1000

Email = Annotated[str, Meta(extra_json_schema={"format": "email"})]
Name = Annotated[str, Meta(extra_json_schema={"minLength": 1, "maxLength": text.NAME_MAX})]
"""What these may be is said when they are made canonical; this is for who reads of it."""

Password = Annotated[str, Meta(max_length=PASSWORD_MAX)]
NewPassword = Annotated[str, Meta(min_length=10, max_length=PASSWORD_MAX)]


def canonical(struct: msgspec.Struct, field: str, rule: Callable[[str], str]) -> None:
    """Puts a field's canonical value in its place while the struct is being made. Raises ValueError."""
    try:
        force_setattr(struct, field, rule(getattr(struct, field)))
    except ValueError as wrong:
        raise ValueError(f"`{field}` {wrong}") from None
