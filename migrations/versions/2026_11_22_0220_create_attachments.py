"""Create attachments, and count them on each task.

Who holds a board from before does not hold the counts: every project gets a new epoch, so that clients fetch it afresh.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_attachments"
down_revision = "20261122_feeds"


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("project_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("task_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("field_seq", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.PrimaryKeyConstraint("project_id", "id", name="pk_attachment"),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index(
        "ix_attachment_project_id_task_id",
        "attachment",
        ["project_id", "task_id"],
        postgresql_where=sa.text("task_id IS NOT NULL"),
    )
    op.add_column("task", sa.Column("attachment_count", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE head SET epoch = gen_random_uuid()")


def downgrade() -> None:
    op.drop_column("task", "attachment_count")
    op.drop_table("attachment")
