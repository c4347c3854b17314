"""The limits that docs/protocol.md tells of are those that a server announces when nothing is set."""

import re
from pathlib import Path

from tests.helpers.people import Server

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def told() -> dict[str, int]:
    table = PAGE.split("| limit | normally | |")[1].split("\n\n")[0]
    return {
        name: int(value.replace(",", ""))
        for name, value in re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", table, re.MULTILINE)
    }


async def test_p10_the_welcome_names_the_limits_of_the_page(server: Server) -> None:
    ann = await server.sign_up("Ann")
    async with ann.socket() as socket:
        assert socket.welcome["limits"] == told()
