"""A socket's first frame: who says hello, or why they are turned away. Not here: the conversation that follows (socket)."""

import msgspec

from server.api.auth import Identity
from server.api.problems import TokenExpired, TokenInvalid, error
from server.api.services import Services
from server.domain.errors import Invalid, Refusal
from server.protocol import codec, codes
from server.protocol.codec import BadMessage, NotAMessage
from server.protocol.frames import Error, Hello, Up

PROTOCOL = 1


class Guest(msgspec.Struct, frozen=True):
    """Somebody who may come in. `rest` are the messages that came in the same frame, to be taken after the welcome."""

    identity: Identity
    client: str | None
    inbox_seq: int
    rest: list[Up | BadMessage]


class TurnedAway(Exception):
    """Why not, and the close code that says whether to come back. `told` goes before the close, if it is anything."""

    def __init__(self, code: int, reason: str, told: Error | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.told = told


async def greet(services: Services, frame: bytes, header_token: str | None) -> Guest:
    """Reads the first frame and looks its sender up. Raises `TurnedAway`."""
    hello, rest = _read(frame)
    if hello.protocol != PROTOCOL:
        raise TurnedAway(codes.WRONG_PROTOCOL, f"this server speaks protocol {PROTOCOL}")
    try:
        token = hello.token or header_token or ""
        identity = await services.auth.identify(token)
        account = await services.accounts.get(identity.actor.id)
        if account is None:
            raise TokenInvalid("This account is gone.")
        identity = await services.auth.identify(token)  # it may have been revoked while we asked
    except (TokenExpired, TokenInvalid) as refusal:
        raise TurnedAway(codes.UNAUTHENTICATED, refusal.code, error(refusal, "hello")) from None
    except Refusal as refusal:
        raise TurnedAway(codes.OVERLOADED, refusal.code, error(refusal, "hello")) from refusal
    return Guest(identity, hello.client, account.inbox_seq, rest)


def _read(frame: bytes) -> tuple[Hello, list[Up | BadMessage]]:
    try:
        first, *rest = codec.decode(frame)
    except NotAMessage as wrong:
        raise _bad(error(Invalid(str(wrong)))) from None
    match first:
        case Hello():
            return first, rest
        case BadMessage(refusal=refusal, type=kind):
            raise _bad(error(refusal, kind))
        case _:
            raise _bad(error(Invalid("The first message is a hello."), codec.type_of(first)))


def _bad(told: Error) -> TurnedAway:
    return TurnedAway(codes.BAD_MESSAGE, "bad message", told)
