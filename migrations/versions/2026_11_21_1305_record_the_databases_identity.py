"""Record which database this is, so that another one in its place is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_2"
down_revision = "20261121_1"


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("database", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("database", name="pk_identity"),
    )


def downgrade() -> None:
    op.drop_table("identity")
