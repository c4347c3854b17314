"""Which column a status means, and being completed or not. The first of several is the leftmost."""

from msgspec import UNSET

from server.domain import commands as c
from server.domain.errors import Invalid
from server.domain.records import Category, Column
from server.storage.draft import Draft


def column_for(draft: Draft, said: c.Spelling, current: Column | None) -> Column:
    """Where a task is to stand that stands in `current`, or nowhere yet. It stays where what is said of it is true."""
    if said.column_id is not UNSET:
        column = draft.peek("column", said.column_id, Column)
        if column is None:
            raise Invalid.at("/column_id", "There is no such column.")
        _refuse_contradiction(said, column.category)
        return column
    if said.status is not UNSET:
        category: Category = "todo" if said.status == "pending" else said.status
        _refuse_contradiction(said, category)
        return _of(draft, current, "/status", category)
    if said.completed is True:
        return _of(draft, current, "/completed", "completed")
    if current is not None and (said.completed is UNSET or current.category != "completed"):
        return current
    return _of(draft, None, "/completed" if current else "/column_id", "todo", "backlog", "in_progress")


def _of(draft: Draft, current: Column | None, pointer: str, *categories: Category) -> Column:
    """The present one if it is of the first category, else the first of the first category that there is."""
    if current is not None and current.category == categories[0]:
        return current
    live: list[Column] = [row.record for row in draft.rows.every("column") if row.deleted_at is None]
    columns = sorted(live, key=lambda column: (column.rank, column.id))
    for category in categories:
        for column in columns:
            if column.category == category:
                return column
    raise Invalid.at(pointer, f"The project has no column that is {' or '.join(categories)}.")


def _refuse_contradiction(said: c.Spelling, category: Category) -> None:
    status = "todo" if said.status == "pending" else said.status
    if status not in (UNSET, category):
        raise Invalid.at("/status", f"The column is {category}.")
    if said.completed is not UNSET and said.completed != (category == "completed"):
        raise Invalid.at("/completed", f"That is {category}.")
