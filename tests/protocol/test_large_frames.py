"""What a large frame is filled with is not built before it is known to be wanted: memory stands for the time it would take."""

import tracemalloc
from uuid import UUID

import pytest

from server.protocol import codec
from server.protocol.codec import BadMessage, NotAMessage, decode

FRAME_BYTES = 768 * 1024
BUILT_BYTES = 1024 * 1024
ID = UUID(int=7)
SUBMIT = f'{{"type":"submit","id":"{ID}","project":"{ID}","commands":['


def full(head: str, unit: str, tail: str) -> bytes:
    count = (FRAME_BYTES - len(head) - len(tail)) // (len(unit) + 1)
    return (head + ",".join([unit] * count) + tail).encode()


def built(frame: bytes) -> int:
    """The most memory that decoding it takes."""
    tracemalloc.start()
    try:
        list(decode(frame))
    except NotAMessage:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak


@pytest.mark.parametrize(
    "frame",
    [
        full("[", "1", "]"),
        full("[", "{}", "]"),
        full("[", "[]", "]"),
        full('{"type":"x","a":[', "1", "]}"),
        full('{"type":"x",', '"ab":1', "}"),
        full('{"type":"ping","at":[', "{}", "]}"),
        full(f'{{"type":"presence","project":"{ID}","state":{{"a":[', "{}", "]}}"),
        full(SUBMIT, f'{{"type":"delete_task","id":"{ID}"}}', "]}"),
    ],
    ids=lambda frame: repr(frame[:30]),
)
def test_p7_what_a_large_frame_is_filled_with_is_not_built(frame: bytes) -> None:
    assert FRAME_BYTES - 100 < len(frame) <= FRAME_BYTES
    assert built(frame) < BUILT_BYTES


def test_p7_a_bad_message_of_a_large_frame_names_its_ids_and_what_is_wrong() -> None:
    many = ",".join([f'{{"type":"delete_task","id":"{ID}"}}'] * 501)
    pad = " " * codec.PLAIN_BYTES
    ping, bad, last = decode(f' \n[{pad}{{"type":"ping"}},{SUBMIT}{many}]}},{SUBMIT}{{"type":"fly"}}]}}]'.encode())
    assert not isinstance(ping, BadMessage)
    assert isinstance(bad, BadMessage)
    assert (bad.type, bad.id, bad.project, bad.refusal.errors[0].pointer) == ("submit", ID, ID, "/commands")
    assert isinstance(last, BadMessage)
    assert (last.id, last.refusal.errors[0].pointer) == (ID, "/commands/0/type")


def test_p7_a_lone_surrogate_in_a_large_frame_costs_only_its_own_message() -> None:
    long = "x" * codec.PLAIN_BYTES
    frame = rf'[{{"type":"ping","at":"\ud800{long}"}},{{"type":"ping","at":1}}]'.encode()
    bad, good = decode(frame)
    assert isinstance(bad, BadMessage)
    assert bad.type == "ping"
    assert not isinstance(good, BadMessage)
    with pytest.raises(NotAMessage):
        decode(frame[:-1] + b"," + full("", '{"type":"ping"}', "]"))
