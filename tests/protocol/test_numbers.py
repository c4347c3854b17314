"""The numbers that the rules of docs/protocol.md name are those of the code: a page that promises another one is wrong."""

import re
from pathlib import Path

import pytest

from server.api import renewal, socket, websocket_protocol
from server.realtime import history, presence, room, session

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()
MIB = 2**20

SENTENCES = {
    4: [f"larger than {room.RESUME_MAX:,} changes or {history.RESUME_BYTES // MIB} MiB"],
    6: [
        f"more than {session.LAGGING_BYTES // MIB} MiB of changes waits",
        f"more than {session.OUTBOX_BYTES // MIB} MiB of them unread",
        f"reads nothing at all for {session.STALL_SECONDS:.0f} s",
        f"does not answer the close is dropped after {websocket_protocol.CLOSE_SECONDS:.0f} s",
    ],
    10: [f"within {socket.HELLO_SECONDS:.0f} s of the upgrade", f"up to {socket.EARLY_FRAMES_MAX - 1} more frames"],
    11: [
        f"{renewal.RENEW_SECONDS:.0f} s before the token expires",
        f"{renewal.GRACE_SECONDS:.0f} s after it expired",
    ],
    15: [
        f"cut at {presence.LIST_MAX} with",
        f"gathered for {presence.DIFFERENCE_SECONDS * 1000:.0f} ms",
        f"beyond a burst of {socket.PRESENCE_BURST}",
    ],
}
"""Of each rule, what it must say."""


@pytest.mark.parametrize("number", SENTENCES)
def test_a_rule_names_the_numbers_of_the_code(number: int) -> None:
    rule = re.sub(r"\s+", " ", PAGE.split(f"**P{number} ")[1].split("\n\n")[0])
    assert [sentence for sentence in SENTENCES[number] if sentence not in rule] == []


def test_no_hello_is_closed_when_the_table_says() -> None:
    assert f"| 4001 | no hello within {socket.HELLO_SECONDS:.0f} s" in PAGE
