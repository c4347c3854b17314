"""Tables of accounts: who can sign in, how, and what belongs to nobody but them. Boards' tables are in tables.

Other modules take them from there: it has every table.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

from server.storage.declaring import made, metadata, moment, owner

account = Table(
    "account",
    metadata,
    C("id", Uuid, primary_key=True),
    C("email", Text, nullable=True),
    C("name", Text, nullable=False),
    C("kind", Text, nullable=False, server_default=text("'person'")),
    C("password_hash", Text, nullable=True),
    C("inbox_seq", BigInteger, nullable=False, server_default=text("0")),
    made(),
    C("time_zone", Text, nullable=False, server_default=text("'UTC'")),
    C("language", Text, nullable=False, server_default=text("'en'")),
    moment("email_verified_at"),
    C("avatar_id", Uuid, nullable=True),
    Index("uq_account_email", func.lower(text("email")), unique=True),
)


def _of_an_account(name: str, *columns: SchemaItem) -> Table:
    """At most one row an account, which goes with it."""
    return Table(name, metadata, owner("account"), *columns, PrimaryKeyConstraint("account_id"))


avatar = _of_an_account(
    "avatar",
    C("id", Uuid, nullable=False),
    C("image", LargeBinary, nullable=False),
    Index("uq_avatar_id", "id", unique=True),
)
"""Pictures of people, as they are served. A new picture has a new id, so that it may be kept for ever."""

second_factor = _of_an_account(
    "second_factor",
    C("seed", LargeBinary, nullable=False),
    moment("confirmed_at"),
    C("last_step", BigInteger, nullable=False, server_default=text("0")),
    C("recovery_hashes", ARRAY(LargeBinary), nullable=False, server_default=text("'{}'")),
)
"""Authenticators. `seed` is sealed; `last_step` is the time step of the last code taken: none is good twice."""

link = Table(
    "link",
    metadata,
    C("hash", LargeBinary, primary_key=True),
    owner("account"),
    C("purpose", Text, nullable=False),
    C("email", Text, nullable=False),
    C("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_link_account_id", "account_id"),
    Index("ix_link_expires_at", "expires_at"),
)
"""Links that were mailed to `email` and work once; only the hash of their secret is here."""

provider_identity = Table(
    "provider_identity",
    metadata,
    C("issuer", Text, primary_key=True),
    C("subject", Text, primary_key=True),
    owner("account"),
    made(),
    Index("ix_provider_identity_account_id", "account_id"),
)
"""Who somebody is at a provider of OpenID Connect."""

mail = Table(
    "mail",
    metadata,
    C("id", Uuid, primary_key=True),
    C("recipient", Text, nullable=False),
    C("letter", LargeBinary, nullable=False),
    made(),
    C("due_at", DateTime(timezone=True), nullable=True, server_default=func.now()),
    C("attempts", Integer, nullable=False, server_default=text("0")),
    C("failure", Text, nullable=False, server_default=text("''")),
    Index("ix_mail_due_at", "due_at"),
    Index("ix_mail_created_at", "created_at"),
)
"""Letters that wait to be sent, sealed, for they hold links. `due_at` is null when nobody tries any more."""

sign_in = Table(
    "sign_in",
    metadata,
    C("id", Uuid, primary_key=True),
    owner("account"),
    C("token_hash", LargeBinary, nullable=False, unique=True),
    C("previous_hash", LargeBinary, nullable=True),
    C("rotated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    made(),
    C("expires_at", DateTime(timezone=True), nullable=False),
    C("client", Text, nullable=False, server_default=text("''")),
    C("address", Text, nullable=False, server_default=text("''")),
    Index("ix_sign_in_account_id", "account_id"),
    Index("ix_sign_in_expires_at", "expires_at"),
)
"""A signed-in browser: the hash of its present refresh token and of the one before (a use of that one is a theft)."""

revocation = Table(
    "revocation",
    metadata,
    C("id", BigInteger, Identity(), primary_key=True),
    C("account_id", Uuid, nullable=False),
    C("sign_in_id", Uuid, nullable=True),
    made("at"),
    Index("ix_revocation_at", "at"),
)
"""Sign-ins and API tokens that ended before their time (null: all of the account's), for every process to read."""

idempotency = Table(
    "idempotency",
    metadata,
    C("account_id", Uuid, nullable=False),
    C("key", Text, nullable=False),
    C("digest", LargeBinary, nullable=False),
    C("status", SmallInteger, nullable=True),
    C("headers", JSONB, nullable=True),
    C("body", LargeBinary, nullable=True),
    made(),
    PrimaryKeyConstraint("account_id", "key"),
    Index("ix_idempotency_created_at", "created_at"),
)
"""Answers to REST requests with an `Idempotency-Key`; `status` is null while the first one runs."""
