"""Random submits, valid and invalid: commands whose ids come from small pools, so that they meet."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from server.domain import commands as c
from server.domain.commands import Anchor, Command, Place
from server.domain.records import Category, Role
from tests.convergence.imported import task_record

NAMES = UUID(int=1)
ROLES: tuple[Role, ...] = ("admin", "editor", "commenter", "viewer")
CATEGORIES: tuple[Category, ...] = ("backlog", "todo", "in_progress", "completed")


def pool(kind: str, size: int) -> list[UUID]:
    """The same ids in every project and every run."""
    return [uuid5(NAMES, f"{kind} {n}") for n in range(size)]


PEOPLE = pool("person", 4)
COLUMNS = pool("column", 4)
TASKS = pool("task", 10)
LABELS = pool("label", 3)
COMMENTS = pool("comment", 4)
ITEMS = pool("item", 6)
LINKS = pool("link", 8)

column, task, label = st.sampled_from(COLUMNS), st.sampled_from(TASKS), st.sampled_from(LABELS)
comment, item, link = st.sampled_from(COMMENTS), st.sampled_from(ITEMS), st.sampled_from(LINKS)
person = st.sampled_from(PEOPLE)
words = st.sampled_from(("One", "Two", "Three"))
date = st.sampled_from((None, "2026-05-12", "2026-05-12T09:30:00Z"))


FURNITURE: tuple[Command, ...] = (
    *(c.CreateColumn(id=id, name="List", category=means) for id, means in zip(COLUMNS, CATEGORIES[1:], strict=False)),
    *(c.CreateTask(id=id, column_id=COLUMNS[n % 2], title="Card") for n, id in enumerate(TASKS[:6])),
    c.CreateLabel(id=LABELS[0], name="Label", color="red"),
    *(c.AddComment(id=id, task_id=TASKS[0], text="Said") for id in COMMENTS[:2]),
    *(c.AddChecklistItem(id=id, task_id=TASKS[n % 2], text="Step") for n, id in enumerate(ITEMS[:3])),
    c.AddDependency(id=LINKS[0], task_id=TASKS[0], depends_on_id=TASKS[1]),
    *(c.AddMember(user_id=id, role=role) for id, role in zip(PEOPLE[1:], ROLES, strict=False)),
)
"""What stands on a board before anything random happens."""


@dataclass(frozen=True)
class Submit:
    """Commands of the nth person, through the first or the second executor."""

    person: int
    executor: int
    commands: tuple[Command, ...]


def places(ids: SearchStrategy[UUID]) -> SearchStrategy[Place]:
    return st.one_of(
        st.sampled_from(("top", "bottom")),
        st.builds(lambda id: Anchor(after=id), ids),
        st.builds(lambda id: Anchor(before=id), ids),
    )


def some(ids: SearchStrategy[UUID]) -> SearchStrategy[tuple[UUID, ...]]:
    return st.lists(ids, max_size=3).map(tuple)


def edits(ids: SearchStrategy[UUID]) -> SearchStrategy[c.SetEdit]:
    return st.builds(c.SetEdit, add=some(ids), remove=some(ids))


def commands() -> SearchStrategy[Command]:
    """Any command; those that move, make and link cards more often than the others."""
    base = st.sampled_from((None, 0, 10_000))
    create = st.builds(
        c.CreateTask,
        id=task,
        column_id=column,
        title=words,
        description=st.sampled_from((None, "Long")),
        place=places(task),
    )
    move = st.builds(c.MoveTask, id=task, column_id=column, place=places(task))
    depend = st.builds(c.AddDependency, id=link, task_id=task, depends_on_id=task)
    often = (create, create, move, move, move, depend)
    return st.one_of(*often, *_task_commands(base), *_board_commands(base), *_detail_commands(base))


def submits() -> SearchStrategy[Submit]:
    several = st.lists(commands(), min_size=1, max_size=3).map(tuple)
    return st.builds(Submit, st.sampled_from((0, 0, 0, *range(len(PEOPLE)))), st.integers(0, 1), several)


def _task_commands(base: SearchStrategy[int | None]) -> list[SearchStrategy[Command]]:
    return [
        st.builds(
            c.UpdateTask,
            id=task,
            title=words,
            priority=st.sampled_from((None, 1, 10)),
            due_at=date,
            labels=edits(label),
            assignees=edits(person),
            base_seq=base,
        ),
        st.builds(c.DescribeTask, id=task, text=st.one_of(st.just(""), words), base_seq=st.sampled_from((0, 10_000))),
        st.builds(c.ArchiveTask, id=task),
        st.builds(c.UnarchiveTask, id=task),
        st.builds(c.DeleteTask, id=task),
        st.builds(c.RestoreTask, id=task),
        st.builds(c.RemoveDependency, id=link),
        st.builds(
            c.ImportRecords,
            import_id=st.just(NAMES),
            records=st.tuples(
                st.builds(
                    task_record, id=task, column=column, number=st.integers(0, 30), rank=st.sampled_from(("a0", "a5"))
                )
            ),
        ),
    ]


def _board_commands(base: SearchStrategy[int | None]) -> list[SearchStrategy[Command]]:
    category = st.sampled_from(CATEGORIES)
    return [
        st.builds(c.CreateColumn, id=column, name=words, category=category, place=places(column)),
        st.builds(c.UpdateColumn, id=column, name=words, category=category, base_seq=base),
        st.builds(c.MoveColumn, id=column, place=places(column)),
        st.builds(c.DeleteColumn, id=column, move_to=st.one_of(st.none(), column)),
        st.builds(c.RestoreColumn, id=column),
        st.builds(c.CreateLabel, id=label, name=words, color=st.sampled_from(("red", "#00ff00"))),
        st.builds(c.UpdateLabel, id=label, name=words),
        st.builds(c.DeleteLabel, id=label),
        st.builds(c.RestoreLabel, id=label),
        st.builds(c.UpdateProject, name=words, background=st.sampled_from((None, "teal")), base_seq=base),
        st.builds(c.AddMember, user_id=person, role=st.sampled_from(ROLES)),
        st.builds(c.SetMemberRole, id=person, role=st.sampled_from(ROLES)),
        st.builds(c.RemoveMember, id=person),
    ]


def _detail_commands(base: SearchStrategy[int | None]) -> list[SearchStrategy[Command]]:
    return [
        st.builds(c.AddComment, id=comment, task_id=task, text=words),
        st.builds(c.EditComment, id=comment, text=words, base_seq=base),
        st.builds(c.DeleteComment, id=comment),
        st.builds(c.RestoreComment, id=comment),
        st.builds(c.AddChecklistItem, id=item, task_id=task, text=words, place=places(item)),
        st.builds(c.UpdateChecklistItem, id=item, text=words, done=st.booleans(), base_seq=base),
        st.builds(c.MoveChecklistItem, id=item, place=places(item)),
        st.builds(c.DeleteChecklistItem, id=item),
        st.builds(c.RestoreChecklistItem, id=item),
    ]
