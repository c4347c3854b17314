"""Bytes to typed messages and back. A frame of the client is one message or an array, a frame of the server always an array."""

import json
from collections.abc import Callable, Iterable, Sized
from math import isfinite
from typing import Any, Never
from uuid import UUID

import msgspec

from server.domain.commands import COMMANDS_MAX
from server.domain.errors import FieldError, Invalid
from server.protocol.frames import Down, Up

encode = msgspec.json.Encoder().encode

_one = msgspec.json.Decoder(Up)
_many = msgspec.json.Decoder(list[Up])

MESSAGES_MAX = 1_000
"""Messages in one frame of a client."""

PLAIN_BYTES = 8 * 1024
"""Larger frames are cut into their messages first, and nothing else is larger than this but a submit: what a frame is filled with must
not be built before it is known to be wanted, or one frame holds up everybody else."""

VALUES_MAX = 5_000
"""Commas in a large frame that is read value by value."""

ECHO_MAX = 200
"""Characters of a client's own text that a refusal repeats."""

INT_DIGITS_MAX = 300
"""Digits of the longest whole number that is read at all; which field it is too large for is msgspec's to say."""


def _cutter(most: int) -> Callable[[bytes | msgspec.Raw], Any]:
    """Cuts an array into its values: at most so many, and one for all that follow."""
    fields = [(f"value_{n}", msgspec.Raw | msgspec.UnsetType, msgspec.UNSET) for n in range(most + 1)]
    return msgspec.json.Decoder(msgspec.defstruct("Values", fields, array_like=True)).decode


_cut, _cut_commands = _cutter(MESSAGES_MAX), _cutter(COMMANDS_MAX)


class _Envelope(msgspec.Struct):
    """What an answer has to name of a message."""

    type: msgspec.Raw
    id: msgspec.Raw = msgspec.Raw(b"null")
    project: msgspec.Raw = msgspec.Raw(b"null")
    commands: msgspec.Raw = msgspec.Raw(b"[]")


_envelope = msgspec.json.Decoder(_Envelope).decode


class NotAMessage(Exception):
    """The frame is not JSON of the right shape: an object with a `type`, or an array of such. The socket closes with 4000."""


class BadMessage(msgspec.Struct, frozen=True):
    """A message that cannot be taken, with what can be said of it: its `type`, and the ids that its answer should name."""

    refusal: Invalid
    type: str
    id: UUID | None = None
    project: UUID | None = None


def decode(frame: bytes) -> "Iterable[Up | BadMessage]":
    """The messages of a frame, in order; a bad one stands in its place as `BadMessage`. Raises `NotAMessage`.

    Those of a large frame are decoded as they are taken.
    """
    if len(frame) > PLAIN_BYTES:
        return _decode_large(frame)
    try:
        messages: list[Up | BadMessage] = [*(_many.decode(frame) if frame[:1] == b"[" else (_one.decode(frame),))]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_each(frame)
    _refuse_other_counts(messages)
    return messages


def frame(messages: Iterable[bytes]) -> bytes:
    """A WebSocket text frame, as it goes over the wire, with an array of encoded messages. Servers do not mask (RFC 6455 §5.1)."""
    payload = b"[" + b",".join(messages) + b"]"
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def message(down: Down) -> bytes:
    """A message of the server, encoded."""
    return encode(down)


def type_of(message: Up | BadMessage) -> str:
    """A message's name on the wire; of a bad one what it calls itself."""
    return message.type if isinstance(message, BadMessage) else str(type(message).__struct_config__.tag)


def _decode_large(frame: bytes) -> "Iterable[Up | BadMessage]":
    raw = frame.lstrip(b" \t\r\n")
    try:
        cut = msgspec.structs.astuple(_cut(raw)) if raw[:1] == b"[" else (msgspec.Raw(raw),)
        messages = [one for one in cut if one is not msgspec.UNSET]
        _refuse_other_counts(messages)
        envelopes = [_envelope(one) for one in messages]
        if not all(_is_text(envelope.type) for envelope in envelopes):
            raise NotAMessage("A message is a JSON object with a `type`.")
        return map(_decode_one, messages, envelopes)
    except (msgspec.ValidationError, RecursionError):
        raise NotAMessage("A message is a JSON object with a `type`.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        if raw.count(b",") > VALUES_MAX:
            raise NotAMessage("A frame is a JSON object or an array of them.") from None
        return _decode_each(raw)  # it may be the text of one message alone


def _decode_one(raw: msgspec.Raw, envelope: _Envelope) -> Up | BadMessage:
    """A message of a large frame."""
    try:
        if len(memoryview(raw)) > PLAIN_BYTES:
            _refuse_large(envelope)
        message: Up = _one.decode(raw)
        return message
    except (msgspec.DecodeError, RecursionError) as wrong:
        text, _, path = str(wrong).partition(" - at `$")
        named = {"type": _text(envelope.type) or "", "id": _text(envelope.id), "project": _text(envelope.project)}
        return _bad(named, text, pointer_of(path.rstrip("`")))


def _refuse_large(envelope: _Envelope) -> None:
    """Only a submit is large, and what is in it is counted before it is built."""
    if bytes(envelope.type) != b'"submit"':
        raise msgspec.ValidationError(f"At most {PLAIN_BYTES} bytes")
    if msgspec.structs.astuple(_cut_commands(envelope.commands))[-1] is not msgspec.UNSET:
        raise msgspec.ValidationError(f"Expected `array` of length <= {COMMANDS_MAX} - at `$.commands`")


def _is_text(raw: msgspec.Raw) -> bool:
    return bytes(memoryview(raw)[:1]) == b'"'


def _text(raw: msgspec.Raw) -> str | None:
    """A name or an id; None where it cannot be one."""
    try:
        return str(msgspec.json.decode(raw)) if _is_text(raw) else None
    except msgspec.DecodeError:
        return None


def _decode_each(raw: bytes) -> "list[Up | BadMessage]":
    """The slow way, for a frame with something wrong in it: each message by itself.

    The standard library reads what msgspec rightly refuses to (lone surrogates), so that only the message at fault is refused.
    """
    try:
        found = json.loads(raw.decode(), parse_int=_int, parse_float=_float, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotAMessage("A frame is a JSON object or an array of them.") from None
    messages = found if isinstance(found, list) else [found]
    _refuse_other_counts(messages)
    if not all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in messages):
        raise NotAMessage("A message is a JSON object with a `type`.")
    return [_convert(one) for one in messages]


def _refuse_other_counts(messages: Sized) -> None:
    if not 1 <= len(messages) <= MESSAGES_MAX:
        raise NotAMessage(f"A frame has 1 to {MESSAGES_MAX} messages.")


def _convert(one: dict[str, Any]) -> Up | BadMessage:
    try:
        message: Up = _one.decode(encode(one))
        return message
    except msgspec.ValidationError as wrong:
        text, _, path = str(wrong).partition(" - at `$")
        return _bad(one, text, pointer_of(path.rstrip("`")))
    except (UnicodeEncodeError, RecursionError, OverflowError, TypeError, ValueError):
        return _bad(one, "Text must not contain lone surrogates, numbers must not be huge.", "")


def _bad(one: dict[str, Any], text: str, pointer: str) -> BadMessage:
    """What is wrong with a message, repeating of it only what can be sent back and is short."""
    refusal = Invalid(text[:ECHO_MAX], errors=(FieldError(pointer, text[:ECHO_MAX]),))
    kind = one["type"][:ECHO_MAX].encode(errors="replace").decode()
    return BadMessage(refusal, kind, _uuid(one.get("id")), _uuid(one.get("project")))


def pointer_of(path: str) -> str:
    """msgspec's path behind the `$` as a JSON Pointer: `.commands[0].title` → `/commands/0/title`."""
    return path.replace("[...]", "").replace(".", "/").replace("[", "/").replace("]", "")


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


_TOO_LARGE = object()
"""Stands for a number that cannot be kept; encoding it fails, so that only its message is refused."""


def _int(text: str) -> object:
    return int(text) if len(text) <= INT_DIGITS_MAX else _TOO_LARGE


def _float(text: str) -> object:
    value = float(text)
    return value if isfinite(value) else _TOO_LARGE


def _no_constant(name: str) -> Never:
    raise ValueError(name)
