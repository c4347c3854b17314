"""What Lockstep writes to people by mail, in their language. Pure texts; not here: when a letter is written, and how it is sent."""

from html import escape
from typing import Literal

import msgspec

Language = Literal["en", "de"]


class Letter(msgspec.Struct, frozen=True):
    """`subject` is one line; `text` and `html` say the same."""

    recipient: str
    subject: str
    text: str
    html: str


class _Words(msgspec.Struct, frozen=True):
    """`{name}` and `{place}` stand for what the letter is about; `button` is what the link is called, if there is one."""

    subject: str
    body: tuple[str, ...]
    button: str = ""


_RESET: dict[Language, _Words] = {
    "en": _Words(
        "Choose a new password",
        (
            "Hello {name},",
            (
                "somebody, hopefully you, asked for a new password for your Lockstep account. "
                "The link works once, for 30 minutes."
            ),
            "If it was not you, leave it: your password stays as it is.",
        ),
        "Choose a new password",
    ),
    "de": _Words(
        "Neues Passwort wählen",
        (
            "Hallo {name},",
            (
                "jemand, hoffentlich du, möchte ein neues Passwort für dein Lockstep-Konto. "
                "Der Link gilt einmal und 30 Minuten lang."
            ),
            "Wenn du es nicht warst, musst du nichts tun: Dein Passwort bleibt, wie es ist.",
        ),
        "Neues Passwort wählen",
    ),
}

_VERIFY: dict[Language, _Words] = {
    "en": _Words(
        "Confirm your e-mail address",
        ("Hello {name},", "please confirm that this address is yours. The link works once, for 24 hours."),
        "Confirm address",
    ),
    "de": _Words(
        "E-Mail-Adresse bestätigen",
        ("Hallo {name},", "bitte bestätige, dass diese Adresse dir gehört. Der Link gilt einmal und 24 Stunden lang."),
        "Adresse bestätigen",
    ),
}

_PASSWORD_CHANGED: dict[Language, _Words] = {
    "en": _Words(
        "Your password was changed",
        (
            "Hello {name},",
            "the password of your Lockstep account was changed, and every other browser was signed out.",
            "If it was not you, ask for a new password on the sign-in page at once.",
        ),
    ),
    "de": _Words(
        "Dein Passwort wurde geändert",
        (
            "Hallo {name},",
            "das Passwort deines Lockstep-Kontos wurde geändert, alle anderen Browser wurden abgemeldet.",
            "Wenn du es nicht warst, fordere auf der Anmeldeseite sofort ein neues Passwort an.",
        ),
    ),
}

_EMAIL_CHANGES: dict[Language, _Words] = {
    "en": _Words(
        "Your e-mail address is about to change",
        (
            "Hello {name},",
            "the address of your Lockstep account is to become {place}. It changes once that address is confirmed.",
            "If it was not you, change your password at once.",
        ),
    ),
    "de": _Words(
        "Deine E-Mail-Adresse wird geändert",
        (
            "Hallo {name},",
            "die Adresse deines Lockstep-Kontos soll {place} werden. Sie ändert sich, sobald diese Adresse bestätigt ist.",
            "Wenn du es nicht warst, ändere sofort dein Passwort.",
        ),
    ),
}

_INVITATION: dict[Language, _Words] = {
    "en": _Words(
        "{name} invites you to {place}",
        ("Hello,", "{name} invites you to work together in {place} on Lockstep."),
        "Accept the invitation",
    ),
    "de": _Words(
        "{name} lädt dich zu {place} ein",
        ("Hallo,", "{name} lädt dich ein, in {place} auf Lockstep zusammenzuarbeiten."),
        "Einladung annehmen",
    ),
}


def reset(recipient: str, language: str, name: str, url: str) -> Letter:
    """`url` lets its reader choose a new password."""
    return _letter(recipient, _RESET, language, name=name, url=url)


def verify(recipient: str, language: str, name: str, url: str) -> Letter:
    """`url` proves that its reader reads mail at this address."""
    return _letter(recipient, _VERIFY, language, name=name, url=url)


def password_changed(recipient: str, language: str, name: str) -> Letter:
    return _letter(recipient, _PASSWORD_CHANGED, language, name=name)


def email_changes(recipient: str, language: str, name: str, email: str) -> Letter:
    """To the old address: `email` is the new one."""
    return _letter(recipient, _EMAIL_CHANGES, language, name=name, place=email)


def invitation(recipient: str, language: str, name: str, place: str, url: str) -> Letter:
    """`name` invites to `place`, a workspace or a project."""
    return _letter(recipient, _INVITATION, language, name=name, place=place, url=url)


def _letter(
    recipient: str, letters: dict[Language, _Words], language: str, *, name: str, place: str = "", url: str = ""
) -> Letter:
    words = letters["de" if language == "de" else "en"]
    lines = [line.format(name=name, place=place) for line in words.body]
    text = "\n\n".join([*lines, *([url] if url else [])]) + "\n"
    subject = " ".join(words.subject.format(name=name, place=place).split())
    return Letter(recipient, subject, text, _html(subject, lines, words.button, url))


def _html(subject: str, lines: list[str], button: str, url: str) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    link = f'<p><a href="{escape(url)}">{escape(button)}</a></p>' if url else ""
    return f'<!doctype html><meta charset="utf-8"><title>{escape(subject)}</title>{paragraphs}{link}\n'
