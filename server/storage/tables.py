"""Every table. Project-scoped ones have the primary key `(project_id, id)` and columns named like their record's fields.

Private columns of a record's table, never on the wire: `project_id`, `deleted_at` (soft delete) and `field_seq` (field → seq of its last
change). No foreign key crosses projects or leads to an account, so a project can move to another shard whole.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import TSVECTOR

from server.domain.records import Kind
from server.storage.access_tables import api_token, audit, calendar_feed, invitation, workspace, workspace_member
from server.storage.account_tables import (
    account,
    avatar,
    idempotency,
    link,
    mail,
    provider_identity,
    revocation,
    second_factor,
    sign_in,
)
from server.storage.declaring import col, index_within, metadata, moment, of_project, rank
from server.storage.job_tables import job


def _orders_of_tasks() -> tuple[Index, ...]:
    """What lists of tasks are sorted by, an index each. Most edits write `updated_at` and so all of these; comments and checklists do not.

    Sorting by what has no index here reads all of what was found.
    """
    open_ = "due_at IS NOT NULL AND completed_at IS NULL AND archived_at IS NULL"
    orders = {
        "created": ("created_at", "created_at IS NOT NULL"),
        "updated": ("updated_at", "updated_at IS NOT NULL"),
        "priority": ("priority", "priority IS NOT NULL"),
        "due": ("due_at", "due_at IS NOT NULL"),
        "due_open": ("due_at", open_),
        "completed": ("completed_at", "completed_at IS NOT NULL"),
        "archived": ("archived_at", "archived_at IS NOT NULL"),
    }
    return tuple(
        Index(f"ix_task_{name}", "project_id", column, "id", postgresql_where=text(condition))
        for name, (column, condition) in orders.items()
    )


project = of_project(
    "project",
    col("name", Text),
    col("description", Text),
    added=(
        col("background", Text, nullable=True),
        col("workspace_id", Uuid, nullable=True),
        C("visibility", Text, nullable=False, server_default=text("'private'")),
        Index("ix_project_workspace_id", "workspace_id", postgresql_where=text("workspace_id IS NOT NULL")),
    ),
)

member = of_project(
    "member",
    col("user_id", Uuid, nullable=True),
    col("name", Text),
    col("role", Text, nullable=True),
    col("kind", Text),
    Index("ix_member_user_id", "user_id", postgresql_where=text("role IS NOT NULL")),
)

column = of_project(
    "column",
    col("name", Text),
    rank(),
    col("category", Text),
    col("wip_limit", Integer, nullable=True),
)

label = of_project("label", col("name", Text), col("color", Text))

task = of_project(
    "task",
    col("number", Integer),
    col("column_id", Uuid),
    rank(),
    col("title", Text),
    col("priority", SmallInteger),
    col("label_ids", ARRAY(Uuid)),
    col("assignee_ids", ARRAY(Uuid)),
    C("start_at", Text(collation="C")),
    C("due_at", Text(collation="C")),
    moment("completed_at"),
    moment("archived_at"),
    moment("created_at", nullable=False),
    col("created_by", Uuid, nullable=True),
    moment("updated_at", nullable=False),
    col("comment_count", Integer),
    col("checklist_total", Integer),
    col("checklist_done", Integer),
    index_within("column_id", "rank"),
    added=(
        C("has_description", Boolean, nullable=False, server_default=text("false")),
        C("attachment_count", Integer, nullable=False, server_default=text("0")),
        Index("ix_task_deleted", "project_id", "deleted_at", "id", postgresql_where=text("deleted_at IS NOT NULL")),
        *_orders_of_tasks(),
        Index(
            "ix_task_sets",
            "label_ids",
            "assignee_ids",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ),
    ),
)

dependency = of_project(
    "dependency",
    col("task_id", Uuid),
    col("depends_on_id", Uuid),
    index_within("task_id"),
    index_within("depends_on_id"),
)

description = of_project("description", col("text", Text))

task_words = Table(
    "task_words",
    metadata,
    C("project_id", Uuid, nullable=False),
    C("id", Uuid, nullable=False),
    C("title", TSVECTOR),
    C("text", TSVECTOR),
    PrimaryKeyConstraint("project_id", "id"),
    Index("ix_task_words", "title", "text", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 256}),
)
"""The words of each task's title, its number among them, and of its description. Triggers write it, when those change and at no other time."""

comment = of_project(
    "comment",
    col("task_id", Uuid),
    col("author_id", Uuid, nullable=True),
    col("text", Text),
    moment("created_at", nullable=False),
    moment("edited_at"),
    index_within("task_id"),
)

checklist_item = of_project(
    "checklist_item",
    col("task_id", Uuid),
    rank(),
    col("text", Text),
    col("done", Boolean),
    index_within("task_id", "rank"),
)

attachment = of_project(
    "attachment",
    col("task_id", Uuid),
    col("name", Text),
    col("version", Integer),
    col("size", BigInteger),
    col("media_type", Text),
    col("sha256", Text),
    moment("created_at", nullable=False),
    col("created_by", Uuid, nullable=True),
    index_within("task_id"),
)

RECORD_TABLES: dict[Kind, Table] = {
    "project": project,
    "member": member,
    "column": column,
    "label": label,
    "task": task,
    "dependency": dependency,
    "description": description,
    "comment": comment,
    "checklist_item": checklist_item,
    "attachment": attachment,
}

head = Table(
    "head",
    metadata,
    C("project_id", Uuid, primary_key=True),
    C("epoch", Uuid, nullable=False),
    C("seq", BigInteger, nullable=False),
    C("floor_seq", BigInteger, nullable=False, server_default=text("0")),
    C("last_number", Integer, nullable=False, server_default=text("0")),
    C("task_count", Integer, nullable=False, server_default=text("0")),
    C("open_count", Integer, nullable=False, server_default=text("0")),
    moment("deleted_at"),
    postgresql_with={"fillfactor": 50},
)
"""A project's pen: whoever holds this row's lock may write. Narrow and without further indexes, so each commit is a heap-only update.

`task_count` counts tasks that are not deleted, `open_count` those of them that are not archived. `deleted_at` is the project's own.
"""

change = Table(
    "change",
    metadata,
    C("project_id", Uuid, nullable=False),
    C("seq", BigInteger, nullable=False),
    C("command_id", Uuid, nullable=False),
    C("digest", LargeBinary, nullable=False),
    C("actor_id", Uuid, nullable=False),
    moment("at", nullable=False),
    C("kind", Text, nullable=False),
    C("message", Text, nullable=False),
    C("was", Text, nullable=False),
    PrimaryKeyConstraint("project_id", "seq"),
    UniqueConstraint("project_id", "command_id"),
)
"""The log. `message` is the change exactly as it is sent, `was` the values before it (JSON, aligned with the ops; never sent)."""

# The database itself

identity = Table(
    "identity",
    metadata,
    C("database", Text, primary_key=True),
    C("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""One row: which database this was when somebody last looked."""

__all__ = [
    "RECORD_TABLES",
    "account",
    "api_token",
    "attachment",
    "audit",
    "avatar",
    "calendar_feed",
    "change",
    "checklist_item",
    "column",
    "comment",
    "dependency",
    "description",
    "head",
    "idempotency",
    "identity",
    "invitation",
    "job",
    "label",
    "link",
    "mail",
    "member",
    "metadata",
    "project",
    "provider_identity",
    "revocation",
    "second_factor",
    "sign_in",
    "task",
    "task_words",
    "workspace",
    "workspace_member",
]
