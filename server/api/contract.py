"""What a route tells programs of itself: one `Contract` a route, beside its handlers. Not here: how they are printed (openapi), and who may (access)."""

import msgspec

from server.api.access import Rule
from server.api.problems import (
    BodyTooLarge,
    BodyTooSlow,
    NotJson,
    SecondFactorNeeded,
    TokenExpired,
    TokenInvalid,
    UnsupportedMediaType,
    WrongCredentials,
)
from server.commands.expectations import PreconditionFailed
from server.domain.errors import (
    Blocked,
    Conflict,
    Cycle,
    Forbidden,
    IdReuse,
    Internal,
    Invalid,
    NotFound,
    Overloaded,
    RateLimited,
    Refusal,
    TooLarge,
    Unavailable,
)

Refusals = tuple[type[Refusal], ...]

BODY: Refusals = (NotJson, BodyTooSlow, BodyTooLarge, UnsupportedMediaType, Invalid)
CREDENTIALS: Refusals = (WrongCredentials, SecondFactorNeeded)
COMMANDED: Refusals = (Conflict, TooLarge, IdReuse, Overloaded)
"""Of whatever changes a project."""
VERBS: Refusals = (*COMMANDED, Blocked, Cycle)


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is the operation's for programs, `says` one line for people.

    What is sent: `takes` as JSON, `form` the same as an HTML form, `files` the media types of a body that is a file, `asks` as the query;
    `once`: with an `Idempotency-Key` it takes effect once; `keyed`: so it does, and no answer is kept for it; `cookie`: the cookie of the
    sign-in instead of a token.

    What comes: `answers` by status: a struct as JSON, media types, or nothing; `kept`: with an `ETag`, and 304 for who has it; `sends` are
    further headers; `guarded`: `If-Match` is heeded. `refuses` is what not every such route refuses. `counted`: under the limits of requests.
    """

    name: str
    says: str
    takes: type | None = None
    form: type | None = None
    files: tuple[str, ...] = ()
    asks: type | None = None
    once: bool = False
    keyed: bool = False
    cookie: bool = False
    answers: dict[int, type | str | tuple[str, ...] | None]
    kept: bool = False
    guarded: bool = False
    sends: tuple[str, ...] = ()
    refuses: Refusals = ()
    counted: bool = True


def refusals(path: str, rule: Rule, contract: Contract) -> set[type[Refusal]]:
    """Everything that the route may refuse: what follows from its rule and from what it takes, and what it says itself."""
    found: set[type[Refusal]] = {*contract.refuses, Internal, Unavailable}
    if contract.takes is not None:
        found.update(BODY)
    if contract.files:
        found.update((BodyTooSlow, BodyTooLarge, UnsupportedMediaType, Invalid))
    if contract.asks is not None:
        found.add(Invalid)
    if contract.once:
        found.update((BodyTooSlow, BodyTooLarge, Conflict, IdReuse, Invalid))
    if contract.guarded:
        found.add(PreconditionFailed)
    if contract.counted:
        found.add(RateLimited)
    if rule.where != "anybody":
        found.update((TokenInvalid, TokenExpired))
        if rule.scope != "read" or rule.where == "workspace":
            found.add(Forbidden)
    if "{" in path:
        found.add(NotFound)
    return found
