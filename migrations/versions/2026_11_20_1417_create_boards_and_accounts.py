"""Create boards and accounts"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261120_1"
down_revision = None

RECORDS = ("project", "member", "column", "label", "task", "dependency", "description", "comment", "checklist_item")


def upgrade() -> None:
    _create_accounts()
    _create_log()
    _create_board()
    _create_details()


def downgrade() -> None:
    for table in (*reversed(RECORDS), "change", "head", "idempotency", "sign_in", "account"):
        op.drop_table(table)


def _create_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False, server_default=sa.text("'person'")),
        sa.Column("password_hash", sa.Text),
        sa.Column("inbox_seq", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        _moment("created_at", nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_index("uq_account_email", "account", [sa.text("lower(email)")], unique=True)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary),
        _moment("rotated_at", nullable=False, server_default=sa.text("now()")),
        _moment("created_at", nullable=False, server_default=sa.text("now()")),
        _moment("expires_at", nullable=False),
        sa.Column("client", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_token_hash"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sign_in_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"])
    op.create_table(
        "idempotency",
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.SmallInteger),
        sa.Column("headers", JSONB),
        sa.Column("body", sa.LargeBinary),
        _moment("created_at", nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("account_id", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])


def _create_log() -> None:
    op.create_table(
        "head",
        sa.Column("project_id", sa.Uuid, nullable=False),
        sa.Column("epoch", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("floor_seq", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("last_number", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("task_count", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("open_count", sa.Integer, nullable=False, server_default=sa.text("0")),
        _moment("deleted_at"),
        sa.PrimaryKeyConstraint("project_id", name="pk_head"),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "change",
        sa.Column("project_id", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("command_id", sa.Uuid, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("actor_id", sa.Uuid, nullable=False),
        _moment("at", nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("was", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "seq", name="pk_change"),
        sa.UniqueConstraint("project_id", "command_id", name="uq_change_project_id_command_id"),
    )


def _create_board() -> None:
    _create_records(
        "project", sa.Column("name", sa.Text, nullable=False), sa.Column("description", sa.Text, nullable=False)
    )
    _create_records(
        "member",
        sa.Column("user_id", sa.Uuid),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
    )
    op.create_index("ix_member_user_id", "member", ["user_id"], postgresql_where=sa.text("role IS NOT NULL"))
    _create_records(
        "column",
        sa.Column("name", sa.Text, nullable=False),
        _rank(),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("wip_limit", sa.Integer),
    )
    _create_records("label", sa.Column("name", sa.Text, nullable=False), sa.Column("color", sa.Text, nullable=False))
    _create_records(
        "task",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("column_id", sa.Uuid, nullable=False),
        _rank(),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("label_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("assignee_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("start_at", sa.Text(collation="C")),
        sa.Column("due_at", sa.Text(collation="C")),
        _moment("completed_at"),
        _moment("archived_at"),
        _moment("created_at", nullable=False),
        sa.Column("created_by", sa.Uuid),
        _moment("updated_at", nullable=False),
        sa.Column("comment_count", sa.Integer, nullable=False),
        sa.Column("checklist_total", sa.Integer, nullable=False),
        sa.Column("checklist_done", sa.Integer, nullable=False),
    )
    op.create_index("ix_task_project_id_column_id_rank", "task", ["project_id", "column_id", "rank"])
    _create_records(
        "dependency",
        sa.Column("task_id", sa.Uuid, nullable=False),
        sa.Column("depends_on_id", sa.Uuid, nullable=False),
    )
    op.create_index("ix_dependency_project_id_task_id", "dependency", ["project_id", "task_id"])
    op.create_index("ix_dependency_project_id_depends_on_id", "dependency", ["project_id", "depends_on_id"])


def _create_details() -> None:
    _create_records("description", sa.Column("text", sa.Text, nullable=False))
    _create_records(
        "comment",
        sa.Column("task_id", sa.Uuid, nullable=False),
        sa.Column("author_id", sa.Uuid),
        sa.Column("text", sa.Text, nullable=False),
        _moment("created_at", nullable=False),
        _moment("edited_at"),
    )
    op.create_index("ix_comment_project_id_task_id", "comment", ["project_id", "task_id"])
    _create_records(
        "checklist_item",
        sa.Column("task_id", sa.Uuid, nullable=False),
        _rank(),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_index("ix_checklist_item_project_id_task_id_rank", "checklist_item", ["project_id", "task_id", "rank"])


def _create_records(name: str, *columns: "sa.Column[Any]") -> None:
    """A table of a project's records, with the private columns that every one of them has."""
    op.create_table(
        name,
        sa.Column("project_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        *columns,
        _moment("deleted_at"),
        sa.Column("field_seq", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.PrimaryKeyConstraint("project_id", "id", name=f"pk_{name}"),
        postgresql_with={"fillfactor": 70},
    )


def _moment(name: str, **options: Any) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), **options)


def _rank() -> "sa.Column[Any]":
    return sa.Column("rank", sa.Text(collation="C"), nullable=False)
