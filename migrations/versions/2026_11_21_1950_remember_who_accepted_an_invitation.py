"""Remember who accepted an invitation, so that whoever was removed does not come back by it; their number is its uses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261121_7"
down_revision = "20261121_6"


def upgrade() -> None:
    op.add_column(
        "invitation", sa.Column("accepted_by", ARRAY(sa.Uuid), nullable=False, server_default=sa.text("'{}'"))
    )
    op.drop_column("invitation", "uses")


def downgrade() -> None:
    op.drop_column("invitation", "accepted_by")
    op.add_column("invitation", sa.Column("uses", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.drop_column("invitation", "max_uses")
    op.add_column("invitation", sa.Column("max_uses", sa.Integer))  # behind `uses`, where it was
