"""What the declarations of tables have in common: the names of constraints, and moments. Not here: any table."""

from typing import Any

from sqlalchemy import Column as C
from sqlalchemy import DateTime, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def moment(name: str, *, nullable: bool = True) -> "C[Any]":
    return C(name, DateTime(timezone=True), nullable=nullable)
