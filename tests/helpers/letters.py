"""Reading what Lockstep wrote to people, out of the postbox or off the line of a real SMTP server."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from server.domain.letters import Letter
from server.settings import Settings
from server.storage.engine import Database
from server.storage.postbox import Postbox
from server.storage.tables import mail
from server.storage.vault import Vault


async def written(database: Database, settings: Settings) -> list[Letter]:
    """The letters that wait, the oldest first."""
    postbox = Postbox(Vault(settings.keys))
    async with database.begin() as connection:
        rows = await connection.execute(mail.select().order_by(mail.c.created_at, mail.c.id))
        letters = [postbox._read(row.letter) for row in rows]
    return [letter for letter in letters if letter is not None]


def link(letter: Letter) -> str:
    """The address in the letter, which its text and its HTML both have."""
    [url] = re.findall(r"https?://\S+", letter.text)
    assert f'href="{url}"' in letter.html
    return str(url)


def token(letter: Letter) -> str:
    """What stands behind the # of the letter's link: no server and no log ever sees it."""
    return urlsplit(link(letter)).fragment


class Inbox:
    """An SMTP server's handler: keeps what it accepts. `refusals` answers an address with something else than 250."""

    def __init__(self) -> None:
        self.refusals: dict[str, str] = {}
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.recipients += envelope.rcpt_tos
        self.received.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=default))
        return "250 OK"


@asynccontextmanager
async def smtp_server(inbox: Inbox, *, utf8: bool = True) -> AsyncIterator[str]:
    """The URL of a real server in the test's loop, on a free port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(inbox, enable_SMTPUTF8=utf8, loop=loop), "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
