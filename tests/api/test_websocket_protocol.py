"""What our protocol class leans on in uvicorn and websockets, and how it behaves towards peers that are no library."""

import inspect
import json
from importlib.metadata import requires, version
from typing import Any

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Close, Opcode

from server.api import websocket_protocol
from server.api.websocket_protocol import WireProtocol
from server.app import uvicorn_config
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden
from tests.helpers.raw import Raw, hello, masked, text_frame

READ_MAX = 256_000
"""Bytes that uvloop reads from a line at a time (UV_STREAM_RECV_BUF_SIZE)."""


def test_uvicorn_is_the_version_that_this_class_was_written_for() -> None:
    assert f"uvicorn=={version('uvicorn')}" in {requirement.split(";")[0] for requirement in requires("lockstep") or ()}


def test_what_is_overridden_or_used_is_still_there() -> None:
    for name in (
        "handle_connect",
        "handle_ping",
        "send_receive_event_to_app",
        "resume_writing",
        "keepalive_timeout",
        "connection_lost",
        "shutdown",
        "stop_keepalive",
    ):
        theirs, ours = getattr(WebSocketsSansIOProtocol, name), getattr(WireProtocol, name)
        assert list(inspect.signature(theirs).parameters) == list(inspect.signature(ours).parameters), name
    source = inspect.getsource(WebSocketsSansIOProtocol)
    for attribute in ("queue", "frames", "curr_msg_data_type", "read_paused", "close_sent", "close_timer", "transport"):
        assert f"self.{attribute} = " in source or f"self.{attribute}: " in source, attribute


async def kinds(raw: Raw) -> list[str]:
    opcode, payload = await raw.frame()
    assert opcode == Opcode.TEXT
    return [message["type"] for message in json.loads(payload)]


async def test_a_message_in_fragments_is_one_message(garden: Garden) -> None:
    message = b'{"type":"ping","at":"' + "käfer".encode() + b'"}'
    async with Raw.connect(garden.server) as raw:
        await raw.send(hello(garden.ann))
        assert await kinds(raw) == ["welcome"]
        for start in range(len(message)):
            opcode = Opcode.TEXT if start == 0 else Opcode.CONT
            await raw.send(masked(opcode, message[start : start + 1], fin=start == len(message) - 1))
        _, payload = await raw.frame()
        assert json.loads(payload) == [{"type": "pong", "at": "käfer"}]


async def test_pings_of_the_transport_are_answered_between_messages(garden: Garden) -> None:
    async with Raw.connect(garden.server) as raw:
        await raw.send(hello(garden.ann))
        await kinds(raw)
        await raw.send(masked(Opcode.PING, b"still there?"))
        assert await raw.frame() == (Opcode.PONG, b"still there?")


async def test_g7_pings_of_a_peer_that_does_not_read_are_not_kept(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for those that one reading of the line brings."""
    monkeypatch.setattr(websocket_protocol, "PONGS_BYTES", 10_000)
    wires: list[WireProtocol] = []
    listen = WireProtocol.listen

    def remembered(wire: WireProtocol, *callbacks: Any) -> None:
        wires.append(wire)
        listen(wire, *callbacks)

    monkeypatch.setattr(WireProtocol, "listen", remembered)
    async with Raw.connect(garden.server) as raw:
        await raw.send(hello(garden.ann))
        for _ in range(300):
            await raw.send(masked(Opcode.PING, b"x" * 125) * 200)
        assert wires[-1].buffered() <= 10_000 + READ_MAX


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (masked(Opcode.TEXT, b'{"type":"ping","at":"\xff"}'), 4000),
        (masked(Opcode.BINARY, b"{}"), 4000),
        (b"\x81\x02{}", 1002),  # not masked
        (masked(Opcode.CONT, b"{}"), 1002),
        (b"\xf1\x80\0\0\0\0", 1002),  # reserved bits
    ],
    ids=["bad UTF-8", "binary", "unmasked", "continuation of nothing", "reserved bits"],
)
async def test_frames_that_no_library_sends_close_the_connection(garden: Garden, sent: bytes, code: int) -> None:
    async with Raw.connect(garden.server) as raw:
        await raw.send(hello(garden.ann))
        await kinds(raw)
        await raw.send(sent)
        assert (await raw.rest())[1] == code


async def test_a_close_of_the_client_is_answered_and_its_session_ends(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as watcher:
        await watcher.expect("presence")
        async with garden.ann.socket(garden.project) as socket:
            await watcher.expect("presence")
            await socket.connection.close(4999, "bye")
        gone = await watcher.expect("presence")
        assert [one["state"] for one in gone["sessions"]] == [None]


async def test_after_its_close_was_sent_nothing_of_the_client_counts(garden: Garden) -> None:
    submit = {"type": "submit", "id": garden.columns[0], "project": garden.project, "commands": [garden.create()]}
    async with Raw.connect(garden.server) as raw:
        await raw.send(hello(garden.ann))
        await kinds(raw)
        await raw.send(text_frame() + text_frame(submit))
        messages, code, _ = await raw.rest()
    assert ([message["type"] for message in messages], code) == (["error"], 4000)
    assert (await garden.board.snapshot()).seq == 1


async def test_a_peer_that_does_not_answer_our_close_is_dropped(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket_protocol, "CLOSE_SECONDS", 0.01)
    async with Raw.connect(garden.server) as raw:
        await raw.send(text_frame())
        opcode, payload = await raw.frame()
        while opcode != Opcode.CLOSE:
            opcode, payload = await raw.frame()
        assert Close.parse(payload).code == 4000
        with pytest.raises((EOFError, ConnectionError)):
            await raw.frame()


async def test_a_peer_that_does_not_answer_pings_is_dropped(
    settings: Settings, garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(*args: object) -> object:
        config = uvicorn_config(*args)  # type: ignore[arg-type]
        config.ws_ping_interval = config.ws_ping_timeout = 0.02
        return config

    monkeypatch.setattr("tests.conftest.uvicorn_config", impatient)
    async with serving(settings) as server, Raw.connect(server) as raw:
        await raw.send(hello(garden.ann))
        assert (await raw.rest())[1] is None
