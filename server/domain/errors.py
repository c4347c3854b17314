"""Refusals: everything a caller may be told, with a stable code. Bugs are not here; they stay ordinary exceptions.

Refusal
├── Invalid        malformed or out of range; carries pointers to the fields
├── NotFound       absent, deleted, or not yours to see
├── Forbidden      visible to you, but your role does not allow it
├── Conflict       the state changed since, an id is taken, a rule of state forbids it
├── IdReuse        the command id was used for something else
├── Blocked        unfinished dependencies
├── Cycle          the dependency would close a circle
├── TooLarge       over a limit of size or number                          code "limit"
├── RateLimited    too fast                                                code "rate"
├── Overloaded     the queue is full                                       retryable
├── Unavailable    the database did not answer, the outcome may be unknown retryable
└── Internal       our fault; nothing of it is told                        retryable
"""

from typing import Any, ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One wrong field: a JSON Pointer (RFC 6901) into what was sent, and what is wrong with it."""

    pointer: str
    message: str


class Refusal(Exception):
    """Base of all refusals.

    `message` is one public sentence. `retry_ms` is when a retry makes sense, in milliseconds. `current` holds the present values of the
    fields in conflict.
    """

    code: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        errors: tuple[FieldError, ...] = (),
        current: dict[str, Any] | None = None,
        retry_ms: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors
        self.current = current
        self.retry_ms = retry_ms


class Invalid(Refusal):
    code = "invalid"

    @classmethod
    def at(cls, pointer: str, message: str) -> "Invalid":
        """A refusal of one field, named by its JSON Pointer."""
        return cls(message, errors=(FieldError(pointer, message),))


class NotFound(Refusal):
    code = "not_found"


class Forbidden(Refusal):
    code = "forbidden"


class Conflict(Refusal):
    code = "conflict"


class IdReuse(Refusal):
    code = "id_reuse"


class Blocked(Refusal):
    code = "blocked"


class Cycle(Refusal):
    code = "cycle"


class TooLarge(Refusal):
    code = "limit"


class RateLimited(Refusal):
    code = "rate"
    retryable = True


class Overloaded(Refusal):
    code = "overloaded"
    retryable = True


class Unavailable(Refusal):
    code = "unavailable"
    retryable = True


class Internal(Refusal):
    code = "internal"
    retryable = True


REFUSALS: tuple[type[Refusal], ...] = (
    Invalid,
    NotFound,
    Forbidden,
    Conflict,
    IdReuse,
    Blocked,
    Cycle,
    TooLarge,
    RateLimited,
    Overloaded,
    Unavailable,
    Internal,
)
"""Every refusal a client can meet; transports map each of them, a test proves it."""
