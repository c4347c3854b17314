"""Record what is revoked before its time, so that every process learns of it."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_3"
down_revision = "20261121_2"


def upgrade() -> None:
    op.create_table(
        "revocation",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("sign_in_id", sa.Uuid, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name="pk_revocation"),
    )
    op.create_index("ix_revocation_at", "revocation", ["at"])


def downgrade() -> None:
    op.drop_table("revocation")
