"""Letters go out by a real SMTP server, whatever happens to it; a letter nobody will ever take stops no other."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import text

from server.domain import letters
from server.domain.ids import new_id
from server.domain.letters import Letter
from server.jobs.mail import ATTEMPTS_MAX, Carrier, Files, Smtp, jobs, message, pause
from server.storage.engine import Database
from server.storage.postbox import Postbox, is_due
from server.storage.vault import Vault
from tests.helpers.letters import Inbox, smtp_server

SENDER = "Lockstep <board@example.org>"
VAULT = Vault(["k" * 32])
NOWHERE = "smtp://127.0.0.1:1"


def letter(recipient: str = "ann@example.org", name: str = "Ann") -> Letter:
    return letters.reset(recipient, "en", name, "https://board.example.org/reset#secret")


async def put(database: Database, *written: Letter, vault: Vault = VAULT) -> None:
    async with database.begin() as connection:
        for each in written:
            await Postbox(vault).put(connection, each)


async def send(database: Database, carrier: Carrier) -> None:
    await jobs(database, Postbox(VAULT), carrier, SENDER)["send_mail"]()


async def rows(database: Database) -> list[tuple[str, bool, int, str]]:
    """Who is still written to, whether anybody tries, how often it was tried, and why it failed."""
    async with database.begin() as connection:
        found = await connection.execute(
            text("SELECT recipient, due_at IS NOT NULL, attempts, failure FROM mail ORDER BY recipient")
        )
        return [(row[0], row[1], row[2], row[3]) for row in found]


async def all_due(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("UPDATE mail SET due_at = now() WHERE due_at IS NOT NULL"))


async def test_a_letter_arrives_whole_and_is_gone_from_the_postbox(database: Database) -> None:
    await put(database, letter("jörg@exämple.org", "Jörg <b>"))
    inbox = Inbox()
    assert await is_due(database)
    async with smtp_server(inbox) as url:
        await send(database, Smtp(url))
    assert not await is_due(database)
    assert await rows(database) == []
    [mail] = inbox.received
    assert (mail["From"], mail["Subject"]) == (SENDER, "Choose a new password")
    assert inbox.recipients == ["jörg@exämple.org"]
    plain, html = mail.iter_parts()
    assert "Hello Jörg <b>," in plain.get_content() and "https://board.example.org/reset#secret" in plain.get_content()
    assert "Hello Jörg &lt;b&gt;," in html.get_content()


async def test_a_server_that_is_down_delays_and_loses_nothing(database: Database) -> None:
    await put(database, *(letter(f"ann{n}@example.org") for n in range(7)))
    await send(database, Smtp(NOWHERE))
    waiting = await rows(database)
    assert [(tries, attempts) for _, tries, attempts, _ in waiting] == [(True, 1)] * 7
    assert all("SMTPConnectError" in failure for *_, failure in waiting)
    assert not await is_due(database)  # but later
    await all_due(database)
    inbox = Inbox()
    async with smtp_server(inbox) as url:
        await send(database, Smtp(url))
    assert sorted(inbox.recipients) == [f"ann{n}@example.org" for n in range(7)]


async def test_one_refused_address_stops_no_other(database: Database) -> None:
    await put(database, letter("gone@example.org"), letter("busy@example.org"), letter("ann@example.org"))
    inbox = Inbox()
    inbox.refusals = {"gone@example.org": "550 no such user", "busy@example.org": "450 try later"}
    async with smtp_server(inbox) as url:
        await send(database, Smtp(url))
    assert inbox.recipients == ["ann@example.org"]
    assert [(who, tries) for who, tries, *_ in await rows(database)] == [
        ("busy@example.org", True),
        ("gone@example.org", False),
    ]


async def test_a_letter_to_an_address_that_the_server_cannot_write_is_given_up(database: Database) -> None:
    await put(database, letter("jörg@example.org"), letter())
    inbox = Inbox()
    async with smtp_server(inbox, utf8=False) as url:
        await send(database, Smtp(url))
    assert inbox.recipients == ["ann@example.org"]
    assert [(who, tries) for who, tries, *_ in await rows(database)] == [("jörg@example.org", False)]


async def test_a_letter_sealed_under_a_lost_key_is_given_up(database: Database) -> None:
    await put(database, letter("lost@example.org"), vault=Vault(["another key of some forty characters...."]))
    await put(database, letter())
    inbox = Inbox()
    async with smtp_server(inbox) as url:
        await send(database, Smtp(url))
    assert inbox.recipients == ["ann@example.org"]
    assert [(who, tries) for who, tries, *_ in await rows(database)] == [("lost@example.org", False)]


async def test_a_worker_that_dies_gives_its_letters_back_and_the_second_try_is_known_by_its_id(
    database: Database,
) -> None:
    await put(database, letter())
    postbox = Postbox(VAULT)
    async with database.begin() as connection:
        [first] = await postbox.take(connection, 5, timedelta(minutes=5))
    async with database.begin() as connection:
        assert await postbox.take(connection, 5, timedelta(minutes=5)) == []
    await all_due(database)
    async with database.begin() as connection:
        [second] = await postbox.take(connection, 5, timedelta(minutes=5))
    assert first.letter is not None and second.letter is not None and second.attempts == 2
    ids = {message(one.letter, one.id, SENDER)["Message-ID"] for one in (first, second) if one.letter}
    assert len(ids) == 1


async def test_what_is_not_committed_is_not_sent(database: Database) -> None:
    async with database.begin() as connection:
        await Postbox(VAULT).put(connection, letter())
        await connection.rollback()
    assert not await is_due(database)


async def test_letters_are_unreadable_while_they_wait(database: Database) -> None:
    await put(database, letter())
    async with database.begin() as connection:
        sealed = await connection.scalar(text("SELECT letter FROM mail"))
    assert b"secret" not in sealed


async def test_without_a_server_letters_become_files(database: Database, tmp_path: Path) -> None:
    await put(database, letter(), letter("ben@example.org"))
    await send(database, Files(tmp_path / "mail"))
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in (tmp_path / "mail").iterdir()]
    assert {mail["To"] for mail in found} == {"ann@example.org", "ben@example.org"}
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("field", ["recipient", "subject"])
@pytest.mark.parametrize("text", ["a@b\r\nBcc: all@example.org", "a@b\nBcc: all@example.org", "a\r@b"])
async def test_nobody_writes_a_header_of_their_own(database: Database, field: str, text: str) -> None:
    fields = {"recipient": "a@example.org", "subject": "Hello", field: text}
    with pytest.raises(ValueError, match=r"header|line"):
        message(Letter(**fields, text="", html=""), new_id(), SENDER).as_bytes()


async def test_a_name_with_a_line_break_is_no_header_of_its_own() -> None:
    invited = letters.invitation("a@example.org", "en", "Eve\r\nBcc: all@example.org", "Garden", "https://b/i#x")
    mail = message(invited, new_id(), SENDER)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Eve Bcc: all@example.org invites you to Garden"


def test_pauses_grow_and_end() -> None:
    pauses = [pause(n) for n in range(1, ATTEMPTS_MAX + 1)]
    assert pauses[0] == timedelta(seconds=30) and pauses[-1] is None
    assert sum((each for each in pauses if each is not None), timedelta()) > timedelta(days=1)
