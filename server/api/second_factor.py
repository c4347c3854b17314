"""The second factor: codes of an authenticator (RFC 6238) and recovery codes. Not here: what comes before it, the password."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from pyotp import TOTP, random_base32
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.fields import BODY_MAX, Password
from server.api.problems import SecondFactorNeeded
from server.api.profile import ProfileRoutes
from server.api.services import Services
from server.domain.errors import Conflict, Invalid
from server.storage import audit, second_factors
from server.storage.engine import AsyncConnection
from server.storage.second_factors import Authenticator

ISSUER = "Lockstep"
STEP_SECONDS = 30
RECOVERY_CODES = 10
CODE_MAX = 64

Code = Annotated[str, Meta(max_length=CODE_MAX)]


class WithPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: Password = ""


class WithCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Code


class WithBoth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Code
    password: Password = ""


class Proposed(msgspec.Struct, frozen=True):
    """`uri` is what an authenticator's camera reads, `secret` what is typed instead."""

    secret: str
    uri: str


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Shown once; each is good once in the place of a code."""

    recovery_codes: list[str]


CONTRACTS = {
    "POST /v1/me/second-factor": Contract(
        name="propose_second_factor",
        says="A seed for an authenticator; nothing changes yet.",
        takes=WithPassword,
        answers={200: Proposed},
        refuses=(Conflict,),
    ),
    "POST /v1/me/second-factor/confirm": Contract(
        name="confirm_second_factor",
        says="Show a first code: from now on signing in takes one.",
        takes=WithCode,
        answers={200: RecoveryCodes},
        refuses=(Conflict,),
    ),
    "POST /v1/me/second-factor/recovery-codes": Contract(
        name="renew_recovery_codes",
        says="Other recovery codes; the ones before are good no more.",
        takes=WithBoth,
        answers={200: RecoveryCodes},
        refuses=(Conflict,),
    ),
    "POST /v1/me/second-factor/remove": Contract(
        name="remove_second_factor",
        says="From now on the password is enough.",
        takes=WithBoth,
        answers={204: None},
        refuses=(Conflict,),
    ),
}


class Codes:
    """Judges codes. `clock` tells seconds since 1970."""

    def __init__(self, services: Services, clock: Callable[[], float] = time.time) -> None:
        self._services = services
        self._clock = clock

    async def require(self, owner: UUID, code: str) -> None:
        """Lets the owner pass who has no second factor, or a code of it. Raises `SecondFactorNeeded`."""
        async with self._services.database.begin() as connection:
            known = await second_factors.find(connection, owner)
            if known is None or not known.confirmed:
                return
            if not code:
                raise SecondFactorNeeded("This account needs a code of its authenticator, or a recovery code.")
            if not await self.takes(connection, owner, known, code):
                raise SecondFactorNeeded("This code is not right, or was used already.")

    async def takes(self, connection: AsyncConnection, owner: UUID, known: Authenticator, code: str) -> bool:
        """Whether the code is good; uses it up if so."""
        said = "".join(code.split()).replace("-", "").lower()
        if len(said) > 6:
            return await second_factors.use_recovery(connection, owner, _hash(said))
        totp = TOTP(self._services.vault.open(known.seed).decode())
        step = int(self._clock()) // STEP_SECONDS
        right = [near for near in (step - 1, step, step + 1) if _same(totp.generate_otp(near), said)]
        if not right or not await second_factors.use_step(connection, owner, right[0]):
            return False
        await second_factors.reseal(connection, owner, self._services.vault.reseal(known.seed))
        return True


class SecondFactorRoutes:
    """The handlers of `/v1/me/second-factor`."""

    def __init__(self, services: Services, profile: ProfileRoutes, codes: Codes) -> None:
        self._services = services
        self._profile = profile
        self._codes = codes

    async def propose(self, request: Request, identity: Identity) -> Response:
        """A seed for an authenticator; nothing changes until a code of it was shown."""
        wanted = await bodies.json(request, WithPassword, BODY_MAX)
        account = await self._profile.account(identity)
        await self._profile.require_password(request, account, wanted.password, "/password")
        secret = random_base32()
        async with self._services.database.begin() as connection:
            await second_factors.propose(connection, account.id, self._services.vault.seal(secret.encode()))
        return answers.json(Proposed(secret, TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)))

    async def confirm(self, request: Request, identity: Identity) -> Response:
        """From now on signing in takes a code."""
        wanted = await bodies.json(request, WithCode, BODY_MAX)
        owner = identity.actor.id
        await self._services.quotas.sign_in(request, str(owner))
        async with self._services.database.begin() as connection:
            known = await second_factors.find(connection, owner)
            if known is None or known.confirmed:
                raise Conflict("There is no second factor to confirm.")
            if not await self._codes.takes(connection, owner, known, wanted.code):
                raise _wrong()
            await audit.record(connection, "second_factor_switched_on", identity.actor)
            return answers.json(await _fresh_codes(connection, owner))

    async def renew(self, request: Request, identity: Identity) -> Response:
        """Other recovery codes; the ones before are good no more."""
        owner = await self._shown(request, identity)
        async with self._services.database.begin() as connection:
            await audit.record(connection, "recovery_codes_renewed", identity.actor)
            return answers.json(await _fresh_codes(connection, owner))

    async def remove(self, request: Request, identity: Identity) -> Response:
        """From now on the password is enough."""
        owner = await self._shown(request, identity)
        async with self._services.database.begin() as connection:
            await second_factors.remove(connection, owner)
            await audit.record(connection, "second_factor_switched_off", identity.actor)
        return answers.empty()

    async def _shown(self, request: Request, identity: Identity) -> UUID:
        """Who has shown both of their factors just now. Raises `Invalid` and `Conflict`."""
        wanted = await bodies.json(request, WithBoth, BODY_MAX)
        account = await self._profile.account(identity)
        if not account.second_factor:
            raise Conflict("There is no second factor.")
        await self._profile.require_password(request, account, wanted.password, "/password")
        try:
            await self._codes.require(account.id, wanted.code)
        except SecondFactorNeeded:
            raise _wrong() from None
        return account.id


async def _fresh_codes(connection: AsyncConnection, owner: UUID) -> RecoveryCodes:
    codes = [secrets.token_hex(8) for _ in range(RECOVERY_CODES)]
    await second_factors.confirm(connection, owner, [_hash(code) for code in codes])
    return RecoveryCodes(["-".join(code[n : n + 4] for n in range(0, 16, 4)) for code in codes])


def _same(right: str, said: str) -> bool:
    return hmac.compare_digest(right.encode(), said.encode("utf-8", "replace"))


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()


def _wrong() -> Invalid:
    return Invalid.at("/code", "This code is not right, or was used already.")
