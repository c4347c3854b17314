"""Secrets that must be read back, such as seeds of authenticators: sealed before they are stored. What need not be read is hashed instead."""

import base64
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(Exception):
    """Sealed under a key that is not ours any more, or not by us."""


class Vault:
    """`keys` are texts of at least 32 characters: the first one seals, every one opens. A new key goes in front of the old ones."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_fernet_key(key)) for key in keys])

    def seal(self, secret: bytes) -> bytes:
        return self._fernet.encrypt(secret)

    def open(self, sealed: bytes) -> bytes:
        """Raises `Unreadable`."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise Unreadable from None

    def reseal(self, sealed: bytes) -> bytes:
        """The same secret under the first key. Raises `Unreadable`."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise Unreadable from None


def _fernet_key(text: str) -> bytes:
    """A key of its own for this purpose, so that one text may serve others too."""
    return base64.urlsafe_b64encode(hmac.digest(text.encode(), b"sealed at rest", "sha256"))
