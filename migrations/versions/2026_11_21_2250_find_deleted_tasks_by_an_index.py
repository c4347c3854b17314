"""Find deleted tasks by an index: the list of them goes through no others."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_8"
down_revision = "20261121_7"


def upgrade() -> None:
    op.create_index(
        "ix_task_deleted",
        "task",
        ["project_id", "deleted_at", "id"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_task_deleted", "task")
