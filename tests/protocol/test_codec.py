"""What a client's frame is read as, whatever is in it: messages in order, refusals in place of bad ones, or no message at all (P7)."""

import json
from typing import Any
from uuid import UUID

import pytest

from server.domain.commands import UpdateTask
from server.protocol import codec
from server.protocol.codec import BadMessage, NotAMessage
from server.protocol.frames import Join, Ping, Submit

ID = "01a1f979-0bec-7557-bc54-a8923541121d"
DEEP = 100_000


def submit(*commands: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "submit", "id": ID, "project": ID, "commands": commands, **fields}


def create(**fields: Any) -> dict[str, Any]:
    return {"type": "create_task", "id": ID, "column_id": ID, "title": "Dig", **fields}


def bad(frame: bytes | str | dict[str, Any]) -> BadMessage:
    """The only message of the frame, which must be a bad one."""
    raw = frame if isinstance(frame, bytes) else (frame if isinstance(frame, str) else json.dumps(frame)).encode()
    (found,) = codec.decode(raw)
    assert isinstance(found, BadMessage), found
    return found


def test_a_frame_is_one_message_or_an_array_of_messages() -> None:
    assert codec.decode(b'{"type":"ping","at":1}') == [Ping(at=1)]
    assert codec.decode(b'[{"type":"ping","at":1},{"type":"ping","at":2}]') == [Ping(at=1), Ping(at=2)]
    assert codec.decode(b' \n[{"type":"ping"}]') == [Ping()]


def test_a_bad_message_stands_in_its_place_and_spares_its_neighbours() -> None:
    first, second, third = codec.decode(b'[{"type":"ping","at":1},{"type":"pong"},{"type":"ping","at":3}]')
    assert (first, third) == (Ping(at=1), Ping(at=3))
    assert isinstance(second, BadMessage) and second.type == "pong"


def test_ids_are_taken_in_any_case_and_version() -> None:
    assert codec.decode(f'{{"type":"join","project":"{ID.upper()}"}}'.encode()) == [Join(project=UUID(ID))]
    nil = "00000000-0000-0000-0000-000000000000"
    assert codec.decode(f'{{"type":"join","project":"{nil}"}}'.encode()) == [Join(project=UUID(nil))]


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b"3",
        b'"hello"',
        b"[3]",
        b'[{"type":"ping"},3]',
        b"{}",
        b'{"at":1}',
        b'{"type":3}',
        b'{"type":"ping","at":NaN}',
        b'{"type":"ping","at":-Infinity}',
        b'{"type":"ping"} {"type":"ping"}',
        b'{"type":"ping","at":"\xff"}',
        b'\xef\xbb\xbf{"type":"ping"}',
        '{"type":"ping"}'.encode("utf-16"),
        b'{"type":"ping","at":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b"[" + b",".join([b'{"type":"ping"}'] * (codec.MESSAGES_MAX + 1)) + b"]",
        b"[" + b",".join([b'{"type":"ping","x":1}'] * (codec.MESSAGES_MAX + 1)) + b"]",
    ],
    ids=lambda frame: repr(frame[:40]),
)
def test_what_is_no_message_is_told_apart_from_a_bad_one(frame: bytes) -> None:
    with pytest.raises(NotAMessage):
        codec.decode(frame)


@pytest.mark.parametrize(
    ("message", "pointer"),
    [
        ({"type": "dance"}, "/type"),
        ({"type": "ping", "att": 1}, ""),
        ({"type": "join"}, ""),
        ({"type": "join", "project": "garden"}, "/project"),
        ({"type": "join", "project": ID, "since": -1}, "/since"),
        ({"type": "join", "project": ID, "since": 1.5}, "/since"),
        ({"type": "join", "project": ID, "since": 2**53}, "/since"),
        ({"type": "presence", "project": ID, "state": []}, "/state"),
        ({"type": "hello", "protocol": "1"}, "/protocol"),
        (submit(), "/commands"),
        (submit(*[create()] * 501), "/commands"),
        (submit(create(), {"type": "fly"}), "/commands/1/type"),
        (submit(create(titel="Dig")), "/commands/0"),
        (submit(create(title=3)), "/commands/0/title"),
        (submit(create(priority=11)), "/commands/0/priority"),
        (submit(create(priority=10**30)), "/commands/0/priority"),
        (submit(create(label_ids=["red"])), "/commands/0/label_ids/0"),
        (submit(create(title="a\0b")), "/commands/0"),
        (submit(create(title="x" * 201)), "/commands/0"),
        (submit(create(title=" ")), "/commands/0"),
        (submit(create(due_at="soon")), "/commands/0"),
        (submit(create(place={"after": ID, "before": ID})), "/commands/0/place"),
        (submit({"type": "delete_project"}), "/commands/0/type"),
    ],
    ids=str,
)
def test_a_refusal_points_at_the_field_that_is_wrong(message: dict[str, Any], pointer: str) -> None:
    found = bad(message)
    assert (found.refusal.code, found.type) == ("invalid", message["type"])
    assert [error.pointer for error in found.refusal.errors] == [pointer]


def test_a_refusal_names_the_ids_that_its_answer_needs() -> None:
    found = bad(submit(create(title=3)))
    assert (found.id, found.project) == (UUID(ID), UUID(ID))
    found = bad(submit(create(), id="first", project=7))
    assert (found.id, found.project) == (None, None)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 30, "-" + "9" * 5_000])
def test_a_number_too_large_to_keep_is_refused_and_never_becomes_null(number: str) -> None:
    text = json.dumps(submit({"type": "update_task", "id": ID, "priority": 0}))
    found = bad(text.replace('"priority": 0', f'"priority": {number}'))
    assert (found.type, found.id) == ("submit", UUID(ID))


def test_no_priority_and_a_null_one_are_two_things() -> None:
    frame = json.dumps(submit({"type": "update_task", "id": ID, "priority": None}, {"type": "update_task", "id": ID}))
    (message,) = codec.decode(frame.encode())
    assert isinstance(message, Submit)
    cleared, untouched = message.commands
    assert isinstance(cleared, UpdateTask) and cleared.priority is None
    assert isinstance(untouched, UpdateTask) and untouched.priority is not None


@pytest.mark.parametrize("text", ['"\\ud800"', '"a\\udfffb"', '"\\ude00\\ud83d"'])
def test_lone_surrogates_are_refused_wherever_they_stand(text: str) -> None:
    frame = json.dumps(submit(create(title="?"))).replace('"?"', text)
    assert bad(frame).id == UUID(ID)
    assert bad(f'{{"type":{text}}}').type is not None
    assert bad(f'{{"type":"ping",{text}:1}}').type == "ping"


def test_a_pair_of_surrogates_is_one_character() -> None:
    frame = json.dumps(submit(create(title="\N{SEEDLING}")))
    assert "\\ud83c" in frame
    (message,) = codec.decode(frame.encode())
    assert isinstance(message, Submit)
    assert message.commands[0].title == "\N{SEEDLING}"  # type: ignore[union-attr]


def test_what_a_refusal_repeats_can_be_sent_and_is_short() -> None:
    for frame in ('{"type":"\\ud800"}', f'{{"type":"{"x" * 9_999}"}}', f'{{"type":"ping","{"x" * 9_999}":1}}'):
        found = bad(frame)
        told = codec.encode({"type": found.type, "message": found.refusal.message, "errors": found.refusal.errors})
        assert len(told) < 1_000


@pytest.mark.parametrize("size", [2, 125, 126, 65_535, 65_536, 70_000])
def test_a_frame_is_one_unmasked_text_frame_of_its_length(size: int) -> None:
    frame = codec.frame([b"x" * (size - 2)])
    assert frame[0] == 0x81  # final, text
    extended = {126: 2, 127: 8}.get(frame[1], 0)
    length = int.from_bytes(frame[2 : 2 + extended], "big") if extended else frame[1]
    assert frame[2 + extended :] == b"[" + b"x" * (size - 2) + b"]"
    assert length == size
