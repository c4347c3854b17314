"""Order keys: texts that sort by code unit, with room for another one between any two of them.

The field's fractional indexing (an integer part and a fraction, base 62, https://github.com/rocicorp/fractional-indexing). The browser
predicts with the same algorithm: client/web/src/sync/ranks.ts, vectors in tests/vectors/ranks.json. Not here: whose neighbours are meant,
and when a run of long ranks is spread anew (server/commands).
"""

import re

from fractional_indexing import (
    FIError,
    generate_key_between,
    generate_n_keys_between,
)

LONG = 32
"""Characters past which a rank is worth replacing, together with its neighbours."""

_SHAPE = re.compile(r"[A-Za-z][0-9A-Za-z]+")
_SMALLEST = "A" + "0" * 26


def between(left: str | None, right: str | None) -> str:
    """A rank above `left` and below `right`, None being the open end. ValueError unless both are ranks and `left` < `right`."""
    try:
        rank: str = generate_key_between(left, right)
    except (FIError, IndexError) as wrong:
        raise ValueError(f"no rank fits between {left!r} and {right!r}: {wrong}") from None
    return rank


def spread(left: str | None, right: str | None, n: int) -> list[str]:
    """`n` ascending ranks between `left` and `right`, as short as they come. ValueError unless both are ranks and `left` < `right`."""
    try:
        run: list[str] = generate_n_keys_between(left, right, n)
    except (FIError, IndexError) as wrong:
        raise ValueError(f"no ranks fit between {left!r} and {right!r}: {wrong}") from None
    return run


def valid(rank: str) -> bool:
    """Whether `rank` could have come from here. Ask it of ranks from outside; `between` trusts the digits it is given."""
    if not _SHAPE.fullmatch(rank) or rank == _SMALLEST:
        return False
    integer = _integer_length(rank[0])
    return len(rank) == integer or (len(rank) > integer and rank[-1] != "0")


def _integer_length(head: str) -> int:
    """Length of the integer part, head included: `a` and `Z` lead one digit, `z` and `A` twenty-six."""
    return ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2
