"""What the declarations of tables have in common: the names of constraints, moments, whose a row is, and what every record has. Not here: any table."""

from typing import Any

from sqlalchemy import Column as C
from sqlalchemy import DateTime, ForeignKey, Index, MetaData, PrimaryKeyConstraint, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def made(name: str = "created_at") -> "C[Any]":
    """When the row came into being."""
    return C(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def owner(table: str, name: str | None = None, *, nullable: bool = False) -> "C[Any]":
    """Whose the row is: it goes with that row of `table`."""
    return C(name or f"{table}_id", Uuid, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=nullable)


def moment(name: str, *, nullable: bool = True) -> "C[Any]":
    return C(name, DateTime(timezone=True), nullable=nullable)


ROOM_FOR_UPDATES = {"fillfactor": 70}
"""Free space in each page, so that an edit of a hot row stays a heap-only update."""


def rank() -> "C[Any]":
    return C("rank", Text(collation="C"), nullable=False)


def of_project(name: str, *columns: SchemaItem, added: tuple[SchemaItem, ...] = ()) -> Table:
    """A table of records, with the private columns every one of them has. Columns `added` later stand at the end."""
    return Table(
        name,
        metadata,
        C("project_id", Uuid, nullable=False),
        C("id", Uuid, nullable=False),
        *columns,
        moment("deleted_at"),
        C("field_seq", JSONB, nullable=False, server_default=text("'{}'")),
        *added,
        PrimaryKeyConstraint("project_id", "id"),
        postgresql_with=ROOM_FOR_UPDATES,
    )


def col(name: str, type_: Any, *, nullable: bool = False) -> "C[Any]":
    return C(name, type_, nullable=nullable)


def index_within(container: str, *columns: str) -> Index:
    """For searches by what a record stands in. The condition holds of every row; it keeps the index away from searches by id.

    On a table that was never analysed the planner would find it and the primary key equally good, and keep its choice for as long as
    the connection lives: each edit would read the whole project.
    """
    return Index(None, "project_id", container, *columns, postgresql_where=text(f"{container} IS NOT NULL"))
