"""Sending letters: by SMTP where it is configured, else into files. Not here: what letters say (domain.letters), and where they wait."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import structlog

from server.domain.letters import Letter
from server.jobs.queue import Job
from server.storage.engine import Database
from server.storage.postbox import Postbox, Waiting

log = structlog.get_logger(__name__)

SEND_MAIL = "send_mail"
AT_A_TIME = 5
TIMEOUT_SECONDS = 30.0
LEASE = timedelta(minutes=5)
"""Longer than it takes to try so many letters; a worker that dies gives them back after that."""

PAUSE_FIRST = timedelta(seconds=30)
PAUSE_MAX = timedelta(hours=2)
ATTEMPTS_MAX = 20
"""With these pauses a letter is tried for more than a day."""

Send = Callable[[EmailMessage], Awaitable[None]]


class Carrier(Protocol):
    """Takes letters away. `line` is open for some of them; sending on it raises `aiosmtplib.SMTPException` or `OSError`."""

    def line(self) -> AbstractAsyncContextManager[Send]: ...


class Smtp:
    """`url` is smtp://user:password@host:port; smtps:// speaks TLS from the first byte, smtp:// as soon as the server offers it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or (465 if self._secure else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Send]:
        """With a password the line is encrypted or not used at all, unless it does not leave this machine."""
        local = self._host in ("localhost", "127.0.0.1", "::1")
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._secure,
            start_tls=None if self._secure or self._user is None or local else True,
            tls_context=ssl.create_default_context(),
            timeout=TIMEOUT_SECONDS,
        )

        async def send(message: EmailMessage) -> None:
            await client.send_message(message)

        async with client:
            yield send


class Files:
    """Each letter becomes a file of `folder`, for people who try things out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Send]:
        async def send(message: EmailMessage) -> None:
            name = str(message["Message-ID"]).strip("<>").partition("@")[0]
            await asyncio.to_thread(self._write, f"{name}.eml", message.as_bytes())

        yield send

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}"
        unfinished.write_bytes(content)
        unfinished.replace(self._folder / name)


def jobs(database: Database, postbox: Postbox, carrier: Carrier, sender: str) -> dict[str, Job]:
    """The job by its name. `sender` is the From of every letter, such as `Lockstep <board@example.org>`."""

    async def send_mail() -> None:
        while True:
            async with database.begin() as connection:
                waiting = await postbox.take(connection, AT_A_TIME, LEASE)
            if not waiting:
                return
            await _send(database, postbox, carrier, sender, waiting)

    return {SEND_MAIL: send_mail}


async def _send(database: Database, postbox: Postbox, carrier: Carrier, sender: str, waiting: list[Waiting]) -> None:
    left = list(waiting)
    try:
        async with carrier.line() as send:
            while left:
                failure = await _try(send, left[0], sender)
                await _settle(database, postbox, left.pop(0), failure)
    except (aiosmtplib.SMTPException, OSError) as error:  # the line is gone, or never was
        for one in left:
            await _settle(database, postbox, one, Failure(_told(error)))


class Failure(NamedTuple):
    """Why a letter was not taken. `final`: it never will be."""

    reason: str
    final: bool = False


async def _try(send: Send, one: Waiting, sender: str) -> Failure | None:
    """What the server says against this letter. Raises `SMTPException` and OSError when it is about the line."""
    if one.letter is None:
        return Failure("sealed under a key that is not known any more", final=True)
    try:
        await send(message(one.letter, one.id, sender))
    except aiosmtplib.SMTPRecipientsRefused as refused:
        return Failure(_told(refused), final=all(each.code >= 500 for each in refused.recipients))
    except (aiosmtplib.SMTPDataError, aiosmtplib.SMTPSenderRefused) as refused:
        return Failure(_told(refused), final=refused.code >= 500)
    except (aiosmtplib.SMTPNotSupported, ValueError) as refused:
        return Failure(_told(refused), final=True)
    return None


async def _settle(database: Database, postbox: Postbox, one: Waiting, failure: Failure | None) -> None:
    async with database.begin() as connection:
        if failure is None:
            await postbox.sent(connection, one.id)
        else:
            again = None if failure.final else pause(one.attempts)
            await postbox.put_off(connection, one.id, failure.reason, again)
            log.warning("letter not sent", mail=str(one.id), reason=failure.reason, again=again is not None)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def pause(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when it was the last one."""
    if attempts >= ATTEMPTS_MAX:
        return None
    doubled: int = 2 ** min(attempts - 1, 16)
    return min(PAUSE_MAX, PAUSE_FIRST * doubled)


def message(letter: Letter, id: UUID, sender: str) -> EmailMessage:
    """The letter as it travels. The id is stable, so one that comes twice is known. Raises ValueError for a line break in a header."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = letter.recipient
    mail["Subject"] = letter.subject
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{id}@lockstep.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail
