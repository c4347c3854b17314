"""The socket as an AsyncAPI 3 document, read off the same structs: `python -m server.protocol.asyncapi` prints docs/asyncapi.json.

Not here: what the messages mean and the rules they keep to (docs/protocol.md), and REST.
"""

import sys
from functools import cache
from typing import Any, get_args

import msgspec

from server.protocol import codes, frames
from server.protocol.schemas import SCHEMAS, components

VERSION = "1"
_CHANNEL = "#/channels/socket"
_SENT = codes.KNOWN - {codes.NORMAL, codes.ABNORMAL}
_ANSWERS: dict[type, tuple[type, ...]] = {
    frames.Hello: (frames.Welcome, frames.Error),
    frames.Join: (frames.Joined, frames.Error),
    frames.Leave: (frames.Left,),
    frames.Submit: (frames.Ack, frames.Reject, frames.Error),
    frames.Ping: (frames.Pong,),
}
"""What is answered, and by what. The rest is answered only when it is refused."""


@cache
def document() -> bytes:
    """The whole document as JSON, the same bytes each time."""
    up, down = get_args(frames.Up), get_args(frames.Down)
    described = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lockstep",
            "version": VERSION,
            "description": "A board's live connection. The rules are in docs/protocol.md.",
        },
        "defaultContentType": "application/json",
        "channels": {"socket": _channel((*up, *down))},
        "operations": {**_operations("receive", up), **_operations("send", down)},
        "components": {
            "messages": {each.__name__: _message(each) for each in (*up, *down)},
            "schemas": _schemas(up, down),
        },
        "x-close-codes": {
            str(code): name.lower() for name, code in vars(codes).items() if name.isupper() and code in _SENT
        },
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=1) + b"\n"


def _channel(messages: tuple[type, ...]) -> dict[str, Any]:
    return {
        "address": "/v1/socket",
        "title": "The socket",
        "description": "Text frames. A client's frame is one message or an array of messages, a frame of the server always an array.",
        "messages": {each.__name__: {"$ref": f"#/components/messages/{each.__name__}"} for each in messages},
        "bindings": {"ws": {"method": "GET"}},
    }


def _operations(action: str, messages: tuple[type, ...]) -> dict[str, Any]:
    """One a message, as the server sees it: it receives what clients send."""
    return {f"{action}{each.__name__}": _operation(action, each) for each in messages}


def _operation(action: str, message: type) -> dict[str, Any]:
    told: dict[str, Any] = {"action": action, "channel": {"$ref": _CHANNEL}, "messages": [_in_channel(message)]}
    if answers := _ANSWERS.get(message):
        told["reply"] = {"channel": {"$ref": _CHANNEL}, "messages": [_in_channel(each) for each in answers]}
    return told


def _in_channel(message: type) -> dict[str, str]:
    return {"$ref": f"{_CHANNEL}/messages/{message.__name__}"}


def _message(message: Any) -> dict[str, Any]:
    return {"name": message.__struct_config__.tag, "payload": {"$ref": SCHEMAS + message.__name__}}


def _schemas(*unions: tuple[type, ...]) -> dict[str, Any]:
    """AsyncAPI's discriminator is another than the one that msgspec knows, and nobody needs it here."""
    schemas = components(each for union in unions for each in union)
    return {name: _without_discriminator(schema) for name, schema in schemas.items()}


def _without_discriminator(schema: Any) -> Any:
    match schema:
        case dict():
            return {key: _without_discriminator(value) for key, value in schema.items() if key != "discriminator"}
        case list():
            return [_without_discriminator(each) for each in schema]
        case _:
            return schema


if __name__ == "__main__":
    sys.stdout.buffer.write(document())
