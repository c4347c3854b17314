"""The table of jobs. Other modules take it from tables: it has every table."""

from sqlalchemy import Boolean, Index, Integer, Table, Text, Uuid, text
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB

from server.storage.declaring import made, metadata, moment

job = Table(
    "job",
    metadata,
    C("id", Uuid, primary_key=True),
    C("project_id", Uuid, nullable=False),
    C("owner_id", Uuid, nullable=False),
    C("kind", Text, nullable=False),
    C("status", Text, nullable=False, server_default=text("'pending'")),
    C("done", Integer, nullable=False, server_default=text("0")),
    C("total", Integer, nullable=True),
    C("asked", JSONB, nullable=False),
    C("noted", JSONB, nullable=False, server_default=text("'{}'")),
    C("result", JSONB(none_as_null=True), nullable=True),
    C("problem", JSONB(none_as_null=True), nullable=True),
    C("attempts", Integer, nullable=False, server_default=text("0")),
    C("cancelled", Boolean, nullable=False, server_default=text("false")),
    C("holder", Uuid, nullable=True),
    moment("due_at"),
    made(),
    moment("started_at"),
    moment("finished_at"),
    Index("ix_job_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_job_project_id_created_at_id", "project_id", "created_at", "id"),
    Index("ix_job_owner_id", "owner_id", postgresql_where=text("finished_at IS NULL")),
)
"""Work that somebody asked for. `asked` is the order, `noted` what a second try must know of the first.

Due at `due_at`, or never again: `holder` runs it until then, and puts the moment off for as long as it lives.
"""
