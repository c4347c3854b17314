"""One record of every kind that can be imported."""

from datetime import UTC, datetime
from uuid import UUID

from server.domain import commands as c
from server.domain.ids import new_id
from server.domain.records import ChecklistItem, Column, Comment, Dependency, Description, Label, Member, Task

LONG_AGO = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)


def task_record(id: UUID, column: UUID, number: int, rank: str, author: UUID | None = None) -> c.ImportedTask:
    """A task as a file would bring it."""
    return c.ImportedTask(
        Task(
            id=id,
            number=number,
            column_id=column,
            rank=rank,
            title=f"Old task {number}",
            created_at=LONG_AGO,
            created_by=author,
            updated_at=LONG_AGO,
        )
    )


def imported_records(author: UUID) -> tuple[c.ImportedRecord, ...]:
    """A small board with somebody who has no account."""
    ghost, column, label, one, two = (new_id() for _ in range(5))

    return (
        c.ImportedMember(Member(id=ghost, user_id=None, name="Gone Person", role=None)),
        c.ImportedColumn(Column(id=column, name="Old list", rank="a9")),
        c.ImportedLabel(Label(id=label, name="", color="teal")),
        task_record(one, column, 40, "a0", author),
        task_record(two, column, 41, "a1", author),
        c.ImportedDescription(Description(id=one, text="From elsewhere")),
        c.ImportedComment(Comment(id=new_id(), task_id=one, author_id=ghost, text="Hello", created_at=LONG_AGO)),
        c.ImportedChecklistItem(ChecklistItem(id=new_id(), task_id=two, rank="a0", text="Step", done=True)),
        c.ImportedDependency(Dependency(id=new_id(), task_id=two, depends_on_id=one)),
    )
