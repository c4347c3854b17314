"""How values of settings are spelled: addresses of servers, origins, lists. Each function returns the canonical value or raises ValueError."""

import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit


def origin(raw: str) -> str:
    """`scheme://host[:port]`, as browsers send it. Raises ValueError."""
    parts = urlsplit(raw.lower().rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        raise ValueError("must be an origin such as https://board.example.com, without a path")
    standard = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(standard)}"


def listed(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def networks(raw: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part)) if "/" in part else str(ip_address(part)) for part in listed(raw))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8") from None


def smtp_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.port == 0:
        raise ValueError("must be smtp://user:password@host:587 or smtps://user:password@host")
    return raw


def issuer(raw: str) -> str:
    """Kept as it is written: tokens name it letter by letter."""
    parts = urlsplit(raw)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.query or parts.fragment or (parts.scheme != "https" and not local):
        raise ValueError("must be an address such as https://id.example.com")
    return raw


def sender(raw: str) -> str:
    if "@" not in parseaddr(raw)[1] or not raw.isprintable():
        raise ValueError("must be an address such as Lockstep <board@example.com>")
    return raw


def rate(raw: str) -> str:
    """`60/minute;1000/hour`: a number, and a time that may be a number of units."""
    for part in raw.split(";"):
        match = _RATE.fullmatch(part.strip())
        if match is None or int(match[1]) < 1:
            raise ValueError("must be limits such as 60/minute;1000/hour")
    return ";".join(part.strip() for part in raw.split(";"))


_RATE = re.compile(r"([0-9]{1,9}) ?/ ?(?:[1-9][0-9]{0,5} )?(?:second|minute|hour|day)s?")


def redis_url(raw: str) -> str:
    if urlsplit(raw).scheme not in ("redis", "rediss", "unix"):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return raw


# What asyncpg takes, and what libpq takes that changes nothing here: the engine sets its own name and time limits.
_QUERY_KEPT = {"host", "port", "ssl", "target_session_attrs"}
_QUERY_DROPPED = {"application_name", "connect_timeout"}
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def database_url(raw: str) -> str:
    """The SQLAlchemy URL with the asyncpg driver for any usual spelling of a PostgreSQL URL. Raises ValueError."""
    parts = urlsplit(raw)
    if parts.scheme not in ("postgresql", "postgres", "postgresql+asyncpg"):
        raise ValueError("must begin with postgresql://")
    if not parts.path.strip("/") or parts.port == 0:  # reading the port raises ValueError when it is not a number
        raise ValueError("must name a database: postgresql://user:password@host/name")
    given = [("ssl" if key == "sslmode" else key, value) for key, value in parse_qsl(parts.query)]
    query = [(key, value) for key, value in given if key not in _QUERY_DROPPED]
    for key, value in query:
        if key not in _QUERY_KEPT:
            raise ValueError(f"has the parameter {key}, which is not supported; leave it out")
        if key == "ssl" and value not in _SSL_MODES:
            raise ValueError(f"has an unknown sslmode; it is one of {', '.join(_SSL_MODES)}")
    rest = "?" + urlencode(query, quote_via=quote, safe="/") if query else ""
    return f"postgresql+asyncpg://{parts.netloc}{parts.path}{rest}"


SPELLINGS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(
        (
            "limit_anonymous",
            "limit_signed_in",
            "limit_sign_in",
            "limit_account",
            "limit_registration",
            "limit_mail",
            "limit_messages",
            "limit_commands",
        ),
        rate,
    ),
    "database_url": database_url,
    "redis_url": redis_url,
    "public_url": origin,
    "origins": lambda raw: tuple(map(origin, listed(raw))),
    "encryption_keys": listed,
    "trusted_proxies": networks,
    "oidc_issuer": issuer,
    "smtp_url": smtp_url,
    "mail_from": sender,
}
"""The settings that are more than a number or a word, by their fields."""
