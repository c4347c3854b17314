"""Tell on each task whether it is described, and give projects a background.

Who holds a board from before does not hold these: every project gets a new epoch, so that clients fetch it afresh.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_5"
down_revision = "20261121_4"


def upgrade() -> None:
    op.add_column("project", sa.Column("background", sa.Text))
    op.add_column("task", sa.Column("has_description", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.execute(
        "UPDATE task t SET has_description = true FROM description d "
        "WHERE d.project_id = t.project_id AND d.id = t.id AND d.text <> ''"
    )
    op.execute("UPDATE head SET epoch = gen_random_uuid()")


def downgrade() -> None:
    op.drop_column("task", "has_description")
    op.drop_column("project", "background")
