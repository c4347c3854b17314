"""Complete accounts: profiles, second factors, mailed links, other providers' identities, pictures, and mail that waits to be sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261121_4"
down_revision = "20261121_3"


def upgrade() -> None:
    op.add_column("account", sa.Column("time_zone", sa.Text, nullable=False, server_default=sa.text("'UTC'")))
    op.add_column("account", sa.Column("language", sa.Text, nullable=False, server_default=sa.text("'en'")))
    op.add_column("account", sa.Column("email_verified_at", sa.DateTime(timezone=True)))
    op.add_column("account", sa.Column("avatar_id", sa.Uuid))
    op.add_column("sign_in", sa.Column("address", sa.Text, nullable=False, server_default=sa.text("''")))
    _of_an_account(
        "avatar", sa.Column("id", sa.Uuid, nullable=False), sa.Column("image", sa.LargeBinary, nullable=False)
    )
    op.create_index("uq_avatar_id", "avatar", ["id"], unique=True)
    _of_an_account(
        "second_factor",
        sa.Column("seed", sa.LargeBinary, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("last_step", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("recovery_hashes", ARRAY(sa.LargeBinary), nullable=False, server_default=sa.text("'{}'")),
    )
    _create_links()
    _create_provider_identities()
    _create_mail()


def downgrade() -> None:
    for table in ("mail", "provider_identity", "link", "second_factor", "avatar"):
        op.drop_table(table)
    op.drop_column("sign_in", "address")
    for column in ("avatar_id", "email_verified_at", "language", "time_zone"):
        op.drop_column("account", column)


def _of_an_account(name: str, *columns: "sa.Column[object]") -> None:
    """A table with at most one row an account."""
    op.create_table(
        name,
        sa.Column("account_id", sa.Uuid, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("account_id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=f"fk_{name}_account_id", ondelete="CASCADE"),
    )


def _create_links() -> None:
    op.create_table(
        "link",
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_link"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_link_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_link_account_id", "link", ["account_id"])
    op.create_index("ix_link_expires_at", "link", ["expires_at"])


def _create_provider_identities() -> None:
    op.create_table(
        "provider_identity",
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_provider_identity"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_provider_identity_account_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_provider_identity_account_id", "provider_identity", ["account_id"])


def _create_mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("letter", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, server_default=sa.text("now()")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("failure", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
    )
    op.create_index("ix_mail_due_at", "mail", ["due_at"])
    op.create_index("ix_mail_created_at", "mail", ["created_at"])
