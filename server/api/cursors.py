"""Where a list goes on, as a text that its reader keeps and gives back. Whoever writes one themselves is refused.

Not here: what the places of a list are (storage).
"""

import base64
import binascii
import hashlib
import hmac

import msgspec
from starlette.requests import Request

from server.domain.errors import Invalid
from server.storage.search import Place

SEAL_BYTES = 9


class Cursors:
    """`secret` is the server's: cursors outlive restarts, and hold at every web process."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.blake2b(b"cursors " + secret.encode(), digest_size=32).digest()

    def write(self, place: Place, *order: str) -> str:
        """A cursor of the list in this order."""
        said = msgspec.json.encode((order, place))
        return base64.urlsafe_b64encode(self._seal(said) + said).decode().rstrip("=")

    def read(self, cursor: str, *order: str) -> Place:
        """Raises `Invalid` for what is no cursor, or one of another order."""
        try:
            sealed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except (binascii.Error, UnicodeEncodeError):
            raise Invalid.at("/cursor", "This is no cursor of this list.") from None
        seal, said = sealed[:SEAL_BYTES], sealed[SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(said)):
            raise Invalid.at("/cursor", "This is no cursor of this list.")
        of, place = msgspec.json.decode(said, type=tuple[tuple[str, ...], Place])
        if of != order:
            raise Invalid.at("/cursor", "This cursor is of a list in another order.")
        return place

    def _seal(self, said: bytes) -> bytes:
        return hashlib.blake2b(said, key=self._key, digest_size=SEAL_BYTES).digest()


def link(request: Request, next: str | None) -> dict[str, str]:
    """The header that says where a list goes on (RFC 8288): the same query, from there."""
    if next is None:
        return {}
    url = request.url.include_query_params(cursor=next)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}
