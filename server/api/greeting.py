"""A socket's first frame: who says hello, or why they are turned away. Not here: the conversation that follows (socket)."""

import time
from collections.abc import Iterator
from uuid import UUID

import msgspec

from server.api.api_tokens import Identity
from server.api.auth import Auth
from server.api.problems import TokenExpired, TokenInvalid, error
from server.domain.errors import Invalid, Refusal
from server.protocol import codec, codes
from server.protocol.codec import BadMessage, NotAMessage
from server.protocol.frames import Error, Hello, Up
from server.realtime.admission import Admission
from server.storage.accounts import Account, Accounts

PROTOCOL = 1

PLACES = 4
"""Greetings that ask the database at a time: half of its connections at most."""

WAITING_MAX = 4_096
PATIENCE_SECONDS = 10.0
KNOWN_SECONDS = 60.0
KNOWN_MAX = 10_000


class Guest(msgspec.Struct, frozen=True):
    """Somebody who may come in. `rest` are the messages that came in the same frame, to be taken after the welcome."""

    identity: Identity
    client: str | None
    inbox_seq: int
    rest: Iterator[Up | BadMessage]


class TurnedAway(Exception):
    """Why not, and the close code that says whether to come back. `told` goes before the close, if it is anything."""

    def __init__(self, code: int, reason: str, told: Error | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.told = told


class Reception:
    """Lets people in, so many at a time. Whoever was here a moment ago is known: that they come back asks the database nothing."""

    def __init__(self, auth: Auth, accounts: Accounts) -> None:
        self._auth = auth
        self._accounts = accounts
        self._admission = Admission(PLACES, WAITING_MAX, PATIENCE_SECONDS)
        self._known: dict[UUID, tuple[float, Account]] = {}

    async def greet(self, frame: bytes, header_token: str | None) -> Guest:
        """Reads the first frame and looks its sender up. Raises `TurnedAway`."""
        hello, rest = _read(frame)
        if hello.protocol != PROTOCOL:
            raise TurnedAway(codes.WRONG_PROTOCOL, f"this server speaks protocol {PROTOCOL}")
        token = hello.token or header_token or ""
        try:
            identity = await self._auth.identify(token)
            account = await self._account(identity.actor.id)
            identity = await self._auth.identify(token)  # it may have been revoked while we asked
        except (TokenExpired, TokenInvalid) as refusal:
            raise TurnedAway(codes.UNAUTHENTICATED, refusal.code, error(refusal, "hello")) from None
        except Refusal as refusal:
            raise TurnedAway(codes.OVERLOADED, refusal.code, error(refusal, "hello")) from refusal
        return Guest(identity, hello.client, account.inbox_seq, rest)

    async def _account(self, id: UUID) -> Account:
        known = self._recall(id)
        if known is not None:
            return known
        async with self._admission.place():
            known = self._recall(id)  # somebody else may have asked while we waited
            found = known or await self._accounts.get(id)
        if found is None:
            raise TokenInvalid("This account is gone.")
        if known is None:
            self._remember(found)
        return found

    def _recall(self, id: UUID) -> Account | None:
        until, account = self._known.get(id, (0.0, None))
        return account if time.monotonic() < until else None

    def _remember(self, account: Account) -> None:
        self._known.pop(account.id, None)
        self._known[account.id] = time.monotonic() + KNOWN_SECONDS, account
        if len(self._known) > KNOWN_MAX:
            del self._known[next(iter(self._known))]


def _read(frame: bytes) -> tuple[Hello, Iterator[Up | BadMessage]]:
    try:
        rest = iter(codec.decode(frame))
        first = next(rest)
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
