"""The numbers of tasks, where a column of the table tells them: `42`, `#42`, or a key such as `WEB-42`."""

import re
from collections.abc import Mapping

_KEY = re.compile(r"(?P<lead>[^\d]*?)(?P<number>\d{1,6})")


def numbers(keys: Mapping[str, str]) -> dict[str, int]:
    """Row → number, from row → key. Nobody has one when keys begin differently, since then numbers come twice."""
    found = {id: match for id, key in keys.items() if (match := _KEY.fullmatch(key))}
    if len({match["lead"] for match in found.values()}) > 1:
        return {}
    return {id: int(match["number"]) for id, match in found.items()}
