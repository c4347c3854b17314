"""Create workspaces, invitations, API tokens and the audit log; everybody gets a workspace, and what they made goes into it."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261121_6"
down_revision = "20261121_5"

TABLES = ("audit", "api_token", "invitation", "workspace_member", "workspace")


def upgrade() -> None:
    _create_workspaces()
    _create_invitations()
    _create_api_tokens()
    _create_audit()
    op.alter_column("account", "email", nullable=True)
    op.add_column("project", sa.Column("workspace_id", sa.Uuid))
    op.add_column("project", sa.Column("visibility", sa.Text, nullable=False, server_default=sa.text("'private'")))
    op.create_index(
        "ix_project_workspace_id", "project", ["workspace_id"], postgresql_where=sa.text("workspace_id IS NOT NULL")
    )
    _move_in()
    op.execute("UPDATE head SET epoch = gen_random_uuid()")  # whoever holds a board from before fetches it afresh


def downgrade() -> None:
    op.drop_index("ix_project_workspace_id", "project")
    op.drop_column("project", "visibility")
    op.drop_column("project", "workspace_id")
    op.execute("UPDATE account SET email = id || '@bots.invalid' WHERE email IS NULL")
    op.alter_column("account", "email", nullable=False)
    for table in TABLES:
        op.drop_table(table)


def _move_in() -> None:
    """A workspace for each account, with the account's own id: it is free, and a second run would find the same."""
    op.execute("INSERT INTO workspace (id, name, created_at) SELECT id, name, created_at FROM account")
    op.execute(
        "INSERT INTO workspace_member (workspace_id, account_id, role, joined_at) "
        "SELECT id, id, 'owner', created_at FROM account"
    )
    op.execute(
        "UPDATE project p SET workspace_id = c.actor_id FROM change c JOIN account a ON a.id = c.actor_id "
        "WHERE c.project_id = p.project_id AND c.seq = 1"
    )


def _create_workspaces() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        _moment("created_at", nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
    )
    op.create_table(
        "workspace_member",
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        _moment("joined_at", nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", name="pk_workspace_member"),
        _belongs("workspace_member", "workspace_id", "workspace"),
        _belongs("workspace_member", "account_id", "account"),
    )
    op.create_index("ix_workspace_member_account_id", "workspace_member", ["account_id"])


def _create_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("workspace_id", sa.Uuid),
        sa.Column("project_id", sa.Uuid),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("created_by", sa.Uuid, nullable=False),
        _moment("created_at", nullable=False, server_default=sa.text("now()")),
        _moment("expires_at", nullable=False),
        sa.Column("uses", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("max_uses", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("secret_hash", name="uq_invitation_secret_hash"),
        _belongs("invitation", "workspace_id", "workspace"),
        _belongs("invitation", "created_by", "account"),
    )
    for column in ("workspace_id", "project_id", "created_by", "expires_at"):
        op.create_index(f"ix_invitation_{column}", "invitation", [column])


def _create_api_tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("project_ids", sa.ARRAY(sa.Uuid)),
        sa.Column("created_by", sa.Uuid, nullable=False),
        _moment("created_at", nullable=False, server_default=sa.text("now()")),
        _moment("expires_at"),
        _moment("last_used_at"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("secret_hash", name="uq_api_token_secret_hash"),
        _belongs("api_token", "account_id", "account"),
    )
    op.create_index("ix_api_token_account_id", "api_token", ["account_id"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        _moment("at", nullable=False, server_default=sa.text("now()")),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("account_id", sa.Uuid),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("workspace_id", sa.Uuid),
        sa.Column("project_id", sa.Uuid),
        sa.Column("details", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_workspace_id_id", "audit", ["workspace_id", "id"])
    op.create_index("ix_audit_account_id_id", "audit", ["account_id", "id"])


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def _moment(name: str, **options: Any) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), **options)
