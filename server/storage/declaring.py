"""What the declarations of tables have in common: the names of constraints, moments, and whose a row is. Not here: any table."""

from typing import Any

from sqlalchemy import Column as C
from sqlalchemy import DateTime, ForeignKey, MetaData, Uuid, func

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
