"""Create calendar feeds: calendars that somebody subscribes to by a secret address."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_feeds"
down_revision = "20261122_words"


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("project_id", sa.Uuid),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feed"),
        sa.UniqueConstraint("secret_hash", name="uq_calendar_feed_secret_hash"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_calendar_feed_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_calendar_feed_account_id", "calendar_feed", ["account_id"])


def downgrade() -> None:
    op.drop_table("calendar_feed")
