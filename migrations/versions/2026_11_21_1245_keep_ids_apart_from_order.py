"""Let records be found by id in one way only.

On a table that was never analysed the planner finds the primary key and an index that also begins with the project equally good, and
keeps its choice for as long as a connection lives. A condition that only the searches for which an index is made imply, though it holds
of every row, keeps the index away from searches by id.
"""

from alembic import op
from sqlalchemy import text

revision = "20261121_1"
down_revision = "20261120_1"

INDEXES = {
    "ix_task_project_id_column_id_rank": ("task", ["project_id", "column_id", "rank"]),
    "ix_dependency_project_id_task_id": ("dependency", ["project_id", "task_id"]),
    "ix_dependency_project_id_depends_on_id": ("dependency", ["project_id", "depends_on_id"]),
    "ix_comment_project_id_task_id": ("comment", ["project_id", "task_id"]),
    "ix_checklist_item_project_id_task_id_rank": ("checklist_item", ["project_id", "task_id", "rank"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.drop_index(name, table)
        op.create_index(name, table, columns, postgresql_where=text(f"{columns[1]} IS NOT NULL"))


def downgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.drop_index(name, table)
        op.create_index(name, table, columns)
