"""`Range`: which bytes of a file are asked for (RFC 9110, 14)."""

import re

from starlette.requests import Request

from server.api.problems import RangeNotSatisfiable

_ONE = re.compile(r"bytes[ \t]*=[ \t]*(?:([0-9]{1,15})-([0-9]{0,15})|-([0-9]{1,15}))[ \t]*", re.IGNORECASE)


def asked(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """From which byte to before which; None for all of it.

    Several ranges, other units and what is no range are answered with all of it, and so is one of a file that is not `etag`.
    Raises `RangeNotSatisfiable`.
    """
    match = _ONE.fullmatch(request.headers.get("range", ""))
    if match is None or request.headers.get("if-range", etag) != etag:
        return None
    first, last, final = match.groups()
    if final is not None:
        start, end = max(0, size - int(final)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise RangeNotSatisfiable(size)
    return start, end
