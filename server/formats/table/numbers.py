"""The numbers of tasks, where a column of the table tells them: `42`, `#42`, or a key such as `WEB-42`."""

import re
from collections.abc import Sequence

from server.formats.table.rows import Row

_KEY = re.compile(r"(?P<lead>[^\d]*?)(?P<number>\d{1,6})")


def numbers(rows: Sequence[Row]) -> dict[str, int]:
    """Row → number; nobody has one when keys begin differently, since then numbers come twice."""
    found = {row.id: match for row in rows if (match := _KEY.fullmatch(row.one("number")))}
    if len({match["lead"] for match in found.values()}) > 1:
        return {}
    return {id: int(match["number"]) for id, match in found.items()}
