"""Frames that no library would send, at random: the connection lives on or closes with a code, nothing is raised, others notice nothing (P7)."""

import asyncio
import json
import logging
import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from websockets.frames import Opcode

from server.protocol import codes
from server.protocol.codec import MESSAGES_MAX
from tests.helpers.garden import Garden
from tests.helpers.people import Person
from tests.helpers.raw import Raw, hello, masked, text_frame

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
CALM = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
some = settings(max_examples=2_000 if LONG else 60, derandomize=not LONG, deadline=None, suppress_health_check=CALM)

ENDS = codes.KNOWN | {1002, 1007, None}
"""Ours, the transport's for what is no WebSocket, and none at all for a line that ended first."""

FRAME_MAX = 768 * 1024
DEEP = 50_000

# What JSON may be

words = st.sampled_from(("type", "id", "project", "commands", "title", "at", "state", "since", "place", "\ud800", ""))
kinds = st.sampled_from(("submit", "join", "leave", "presence", "ping", "auth", "hello", "create_task", "change", "?"))
ids = st.sampled_from((str(UUID(int=7)), "00000000-0000-0000-0000-00000000000g", "", "7"))
leaves = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), words, kinds, ids),
    st.sampled_from((10**30, -(10**299), 1e308, -0.0, 2**63, "\udfff\ud83d", "\0", "é" * 300)),
    st.text(st.characters(codec=None), max_size=8),
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | kinds, inner, max_size=4),
    max_leaves=12,
)
messages = st.builds(
    lambda kind, id, more: {"id": id, **more, "type": kind}, kinds, ids, st.dictionaries(words, values, max_size=5)
)
several = st.lists(messages | values, max_size=4) | messages | values
json_texts = several.map(lambda found: json.dumps(found).encode())

deep = st.builds(
    lambda opening, depth, closing: (opening * depth).encode() + (closing * depth).encode(),
    *(
        st.sampled_from(("[", '{"type":', '{"a":[', '[{"type":"ping","at":')),
        st.integers(1, DEEP),
        st.sampled_from("]} "),
    ),
)
huge = st.builds(
    lambda digits, lead: b'{"type":"ping","at":' + lead + b"9" * digits + b"}",
    *(st.integers(1, 6_000), st.sampled_from((b"", b"-", b"0.", b"1e", b"1e-", b"00"))),
)
raw_escapes = st.sampled_from(
    (rb"\ud800", rb"\udfff\ud800", rb"\uD83D\u0041", rb"\u00", rb"\x", b"\xed\xa0\x80", b"\xff")
)
escapes = st.builds(lambda escape, times: b'{"type":"' + escape * times + b'"}', raw_escapes, st.integers(1, 400))
texts = st.one_of(
    json_texts, json_texts, deep, huge, escapes, st.binary(max_size=200), st.just(b"[]" * (MESSAGES_MAX + 1))
)


# What frames may be


def fragments(data: bytes, cuts: Sequence[int]) -> bytes:
    """One message in several frames, with pings of the transport in between."""
    at = sorted({0, *(cut % (len(data) + 1) for cut in cuts)})
    parts = [data[start:end] for start, end in zip(at, [*at[1:], len(data)], strict=True)]
    opcodes = [Opcode.TEXT, *[Opcode.CONT] * (len(parts) - 1)]
    sent = [masked(op, part, fin=n == len(parts)) for n, (op, part) in enumerate(zip(opcodes, parts, strict=True), 1)]
    return masked(Opcode.PING, b"between").join(sent)


whole = texts.map(lambda data: masked(Opcode.TEXT, data))
broken = st.builds(fragments, texts, st.lists(st.integers(0, 1_000), min_size=1, max_size=20))
wrong = st.sampled_from(
    (
        masked(Opcode.CONT, b"of nothing"),
        masked(Opcode.TEXT, b"[", fin=False) + masked(Opcode.TEXT, b"]"),
        masked(Opcode.BINARY, b"{}"),
        masked(Opcode.PONG, b"unasked"),
        masked(Opcode.PING, b"x" * 125),
        masked(Opcode.CLOSE, b""),
        masked(Opcode.CLOSE, b"\x03"),
        masked(Opcode.CLOSE, (5_000).to_bytes(2, "big") + b"\xff"),
        b"\x89\xfe\x00\x7e" + bytes(130),  # a ping of 126 bytes
        b"\xf1\x80\0\0\0\0",  # reserved bits
        b"\x83\x80\0\0\0\0",  # an opcode that means nothing
        b"\x81\x02{}",  # not masked
        b"\x81\xff" + (2**63 - 1).to_bytes(8, "big") + bytes(4),
        b"\x81\xff" + (FRAME_MAX + 1).to_bytes(8, "big") + bytes(4),
        masked(Opcode.TEXT, b" " * (FRAME_MAX // 2), fin=False) + masked(Opcode.CONT, b" " * (FRAME_MAX // 2 + 1)),
    )
)
talks = st.lists(st.one_of(whole, whole, broken, wrong), min_size=1, max_size=5)


class Watch:
    """Whatever is raised, or logged as an error, while it is there."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.raised: list[dict[str, Any]] = []
        self._caplog = caplog
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self.raised.append(context))

    def found(self) -> list[Any]:
        return [*self.raised, *(record for record in self._caplog.records if record.levelno >= logging.ERROR)]


@pytest.fixture
async def watch(caplog: pytest.LogCaptureFixture) -> Watch:
    return Watch(caplog)


@some
@given(talk=talks, greeted=st.booleans())
async def test_p7_whatever_frames_come_the_connection_lives_or_closes_with_a_code_and_nothing_is_raised(
    garden: Garden, watch: Watch, talk: list[bytes], greeted: bool
) -> None:
    with capture_logs() as logs:
        async with Raw.connect(garden.server) as raw:
            lives, code = await outcome(raw, garden.ann, talk, greeted=greeted)
    assert lives or code in ENDS
    assert watch.found() == []
    assert [entry for entry in logs if entry["log_level"] in ("error", "critical")] == []


async def outcome(raw: Raw, person: Person, talk: list[bytes], *, greeted: bool) -> tuple[bool, int | None]:
    """Whether a ping is answered after all of it, or else the code that it was closed with."""
    try:
        for frame in ([hello(person), *talk] if greeted else talk) + [text_frame({"type": "ping", "at": "the end"})]:
            await raw.send(frame)
    except ConnectionError:
        pass  # closed already; what it said is still to be read
    code = None
    while True:
        try:
            opcode, payload = await raw.frame()
        except (EOFError, ConnectionError):
            return False, code
        if opcode == Opcode.CLOSE:
            code = int.from_bytes(payload[:2], "big") if payload else codes.NORMAL
            await raw.answer_close(payload)
        elif opcode == Opcode.TEXT and {"type": "pong", "at": "the end"} in json.loads(payload):
            return True, None


@some
@given(noise=st.binary(min_size=1, max_size=300), greeted=st.booleans())
async def test_p7_noise_on_the_line_ends_the_connection_and_raises_nothing(
    garden: Garden, watch: Watch, noise: bytes, greeted: bool
) -> None:
    with capture_logs() as logs:
        async with Raw.connect(garden.server) as raw:
            if greeted:
                await raw.send(hello(garden.ann))
            await raw.send(noise)
            raw.send_no_more()
            _, code, _ = await raw.rest()
    assert code in ENDS
    assert watch.found() == []
    assert [entry for entry in logs if entry["log_level"] in ("error", "critical")] == []


async def test_p7_beside_frames_of_every_bad_kind_others_go_on(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as other:
        for frame in (b"[" * DEEP, b'{"type":"ping","at":' + b"9" * 5_000 + b"}", rb'{"type":"\ud800"}', b"\xff"):
            async with Raw.connect(garden.server) as raw:
                await outcome(raw, garden.ann, [masked(Opcode.TEXT, frame)], greeted=True)
            assert (await other.submit(garden.project, garden.create()))["type"] == "ack"
