"""Links by mail: a new password for who forgot theirs, and proof that an address is somebody's. Not here: what letters say, and who sends them."""

import hashlib
import secrets
from datetime import timedelta
from typing import Literal

import msgspec
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from server.api import answers, bodies
from server.api.api_tokens import Identity
from server.api.contract import Contract
from server.api.fields import BODY_MAX, Email, NewPassword, Password, canonical
from server.api.profile import ProfileRoutes
from server.api.services import Services
from server.api.sign_ins import User, user_of
from server.domain import letters
from server.domain.changes import Actor
from server.domain.errors import Conflict, Invalid
from server.storage import audit, credentials
from server.storage.accounts import Account, normal_email
from server.storage.credentials import Purpose
from server.storage.engine import AsyncConnection

RESET_LIFETIME = timedelta(minutes=30)
VERIFY_LIFETIME = timedelta(hours=24)
TOKEN_MAX = 200


class Forgotten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email

    def __post_init__(self) -> None:
        canonical(self, "email", normal_email)


class NewSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`token` is what stands behind the # of the link."""

    token: str
    password: NewPassword


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: str


class EmailChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    password: Password = ""

    def __post_init__(self) -> None:
        canonical(self, "email", normal_email)


class Accepted(msgspec.Struct, frozen=True):
    """Something goes out by mail, if there is somebody to send it to."""

    status: Literal["accepted"] = "accepted"


class Verified(msgspec.Struct, frozen=True):
    """The account's address from now on."""

    email: str


CONTRACTS = {
    "POST /v1/auth/password-reset": Contract(
        name="ask_for_password_reset",
        says="Mail a link for a new password to whoever has this address.",
        takes=Forgotten,
        answers={202: Accepted},
    ),
    "POST /v1/auth/password-reset/confirm": Contract(
        name="reset_password",
        says="Set a new password with a mailed link; every sign-in ends.",
        takes=NewSecret,
        answers={204: None},
    ),
    "POST /v1/auth/verify-email": Contract(
        name="verify_email",
        says="Confirm an address with a mailed link.",
        takes=Proof,
        answers={200: Verified},
        refuses=(Conflict,),
    ),
    "POST /v1/me/email": Contract(
        name="change_email",
        says="Change your address: at once, or where mail is sent once its link was used.",
        takes=EmailChange,
        answers={200: User, 202: User},
        refuses=(Conflict,),
    ),
    "POST /v1/me/email/verification": Contract(
        name="verify_email_again", says="Mail another link for your address.", answers={202: Accepted}
    ),
}


class RecoveryRoutes:
    """The handlers of `/v1/auth/password-reset`, `/v1/auth/verify-email` and `/v1/me/email`."""

    def __init__(self, services: Services, profile: ProfileRoutes) -> None:
        self._services = services
        self._profile = profile

    async def ask(self, request: Request) -> Response:
        """The same answer at the same time, whoever asks: the account is looked up when it is out."""
        wanted = await bodies.json(request, Forgotten, BODY_MAX)
        await self._services.quotas.mail(request, wanted.email)
        response = answers.json(Accepted(), 202)
        response.background = BackgroundTask(self._mail_reset, wanted.email)
        return response

    async def reset(self, request: Request) -> Response:
        """Uses the link up; every sign-in of the account ends."""
        wanted = await bodies.json(request, NewSecret, BODY_MAX)
        await self._services.passwords.refuse_weak(wanted.password)
        hashed = await self._services.passwords.hash(wanted.password)
        async with self._services.database.begin() as connection:
            link = await credentials.take_link(connection, _hash(wanted.token), "reset")
            if link is None:
                raise _used()
            changed = await credentials.set_password(connection, link.account_id, hashed, None)
            if changed is not None:
                await self._confirm(connection, changed, link.email)
                await audit.record(connection, "password_reset", _actor(changed))
                await self._services.postbox.put(
                    connection, letters.password_changed(changed.email, changed.language, changed.name)
                )
        return answers.empty()

    async def verify(self, request: Request) -> Response:
        """The link's address is the account's from now on, and known to be."""
        proof = await bodies.json(request, Proof, BODY_MAX)
        async with self._services.database.begin() as connection:
            link = await credentials.take_link(connection, _hash(proof.token), "verify")
            if link is None:
                raise _used()
            changed = await credentials.set_email(connection, link.account_id, link.email, verified=True)
            if changed is not None:
                await audit.record(connection, "email_changed", _actor(changed))
        return answers.json(Verified(link.email if changed is None else changed.email))

    async def change_email(self, request: Request, identity: Identity) -> Response:
        """With mail, the address changes once its link was used; the old one is told. Without, at once."""
        wanted = await bodies.json(request, EmailChange, BODY_MAX)
        account = await self._profile.account(identity)
        await self._profile.require_password(request, account, wanted.password, "/password")
        async with self._services.database.begin() as connection:
            if not self._services.settings.sends_mail:
                changed = await credentials.set_email(connection, account.id, wanted.email, verified=False)
                await audit.record(connection, "email_changed", identity.actor)
                return answers.json(user_of(changed or account))
            await self._link(connection, account, "verify", wanted.email)
            told = letters.email_changes(account.email, account.language, account.name, wanted.email)
            await self._services.postbox.put(connection, told)
        return answers.json(user_of(account), 202)

    async def verify_again(self, request: Request, identity: Identity) -> Response:
        """Another link for the present address, which need not be theirs."""
        account = await self._profile.account(identity)
        await self._services.quotas.mail(request, account.email)
        await self.mail_verification(account)
        return answers.json(Accepted(), 202)

    async def mail_verification(self, account: Account) -> None:
        """Asks the account's owner to confirm the address, where mail is sent at all."""
        if self._services.settings.sends_mail and account.email_verified_at is None:
            async with self._services.database.begin() as connection:
                await self._link(connection, account, "verify", account.email)

    async def _mail_reset(self, email: str) -> None:
        known = await self._services.accounts.credentials(email)
        if known is not None and known.account.kind == "person":
            async with self._services.database.begin() as connection:
                await self._link(connection, known.account, "reset", email)

    async def _link(self, connection: AsyncConnection, account: Account, purpose: Purpose, email: str) -> None:
        """Writes a letter with a fresh link. The secret stands behind a #, so browsers send it to nobody."""
        token = secrets.token_urlsafe(32)
        lifetime = RESET_LIFETIME if purpose == "reset" else VERIFY_LIFETIME
        await credentials.make_link(connection, _hash(token), account.id, purpose, email, lifetime)
        url = f"{self._services.settings.url}/{purpose}#{token}"
        write = letters.reset if purpose == "reset" else letters.verify
        await self._services.postbox.put(connection, write(email, account.language, account.name, url))

    async def _confirm(self, connection: AsyncConnection, account: Account, email: str) -> None:
        """Whoever used a link reads mail at its address."""
        if account.email == email and account.email_verified_at is None:
            await credentials.set_email(connection, account.id, email, verified=True)


def _actor(account: Account) -> Actor:
    return Actor(account.id, account.name, account.kind)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token[:TOKEN_MAX].encode()).digest()


def _used() -> Invalid:
    return Invalid.at("/token", "This link was used already, or is too old.")
