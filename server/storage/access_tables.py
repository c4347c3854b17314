"""Tables of who may do what: workspaces and who is in them, invitations, API tokens, and the audit log. Boards' tables are in tables.

Other modules take them from there: it has every table.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB

from server.storage.declaring import made, metadata, moment, owner

workspace = Table(
    "workspace",
    metadata,
    C("id", Uuid, primary_key=True),
    C("name", Text, nullable=False),
    made(),
)

workspace_member = Table(
    "workspace_member",
    metadata,
    owner("workspace"),
    owner("account"),
    C("role", Text, nullable=False),
    C("joined_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("workspace_id", "account_id"),
    Index("ix_workspace_member_account_id", "account_id"),
)
"""Who is in a workspace, bots too: a bot is in the one that it belongs to."""

invitation = Table(
    "invitation",
    metadata,
    C("id", Uuid, primary_key=True),
    owner("workspace", nullable=True),
    C("project_id", Uuid, nullable=True),
    C("role", Text, nullable=False),
    C("secret_hash", LargeBinary, nullable=False, unique=True),
    C("email", Text, nullable=True),
    owner("account", "created_by"),
    made(),
    moment("expires_at", nullable=False),
    C("max_uses", Integer, nullable=True),
    C("accepted_by", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Index("ix_invitation_workspace_id", "workspace_id"),
    Index("ix_invitation_project_id", "project_id"),
    Index("ix_invitation_created_by", "created_by"),
    Index("ix_invitation_expires_at", "expires_at"),
)
"""Into a workspace or into a project, one of them. With `email` only whoever has that address may accept."""

api_token = Table(
    "api_token",
    metadata,
    C("id", Uuid, primary_key=True),
    owner("account"),
    C("name", Text, nullable=False),
    C("secret_hash", LargeBinary, nullable=False, unique=True),
    C("scopes", ARRAY(Text), nullable=False),
    C("project_ids", ARRAY(Uuid), nullable=True),
    C("created_by", Uuid, nullable=False),
    made(),
    moment("expires_at"),
    moment("last_used_at"),
    Index("ix_api_token_account_id", "account_id"),
)
"""What a program signs in with: its `account_id` acts, `created_by` made it. Without `project_ids` it opens all that its account may see."""

calendar_feed = Table(
    "calendar_feed",
    metadata,
    C("id", Uuid, primary_key=True),
    owner("account"),
    C("project_id", Uuid, nullable=True),
    C("secret_hash", LargeBinary, nullable=False, unique=True),
    made(),
    Index("ix_calendar_feed_account_id", "account_id"),
)
"""A calendar that somebody subscribes to by a secret address. Without `project_id` it is of all that is assigned to its owner."""

audit = Table(
    "audit",
    metadata,
    C("id", BigInteger, Identity(), primary_key=True),
    made("at"),
    C("event", Text, nullable=False),
    C("account_id", Uuid, nullable=True),
    C("name", Text, nullable=False),
    C("workspace_id", Uuid, nullable=True),
    C("project_id", Uuid, nullable=True),
    C("details", JSONB, nullable=False, server_default=text("'{}'")),
    Index("ix_audit_at", "at"),
    Index("ix_audit_workspace_id_id", "workspace_id", "id"),
    Index("ix_audit_account_id_id", "account_id", "id"),
)
"""Who did what to whose access, and when. `name` is what they were called then; what belongs to no workspace is their own affair."""
