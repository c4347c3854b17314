"""What lists of tasks are asked: the parameters, and what they come to. Not here: the routes (task_lists), and the SQL (storage.criteria)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr

from server.domain import text
from server.domain.errors import Invalid
from server.domain.records import Category
from server.storage.criteria import Criteria
from server.storage.named import Named
from server.storage.search import Direction, SortName

Status = Literal["backlog", "todo", "pending", "in_progress", "completed"]
PriorityRange = Annotated[str, Meta(pattern="^((10|[1-9])(-(10|[1-9]))?|urgent|high|medium|low)$")]
PRIORITY_NAMES = {"urgent": (1, 1), "high": (2, 3), "medium": (4, 6), "low": (7, 10)}

MOST_VALUES = 100
"""Of one parameter."""

Statuses = Annotated[tuple[Status, ...], Meta(max_length=5)]
Ids = Annotated[tuple[UUID, ...], Meta(max_length=MOST_VALUES)]
Ranges = Annotated[tuple[PriorityRange, ...], Meta(max_length=10)]
Labels = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=text.NAME_MAX)], ...], Meta(max_length=MOST_VALUES)
]
People = Annotated[
    tuple[Annotated[str, Meta(min_length=2, max_length=text.ADDRESS_MAX)], ...], Meta(max_length=MOST_VALUES)
]
When = Annotated[str, Meta(max_length=40)]
Sought = Annotated[str, Meta(min_length=1, max_length=text.TITLE_MAX)]

_WHENS = ("due_from", "due_to", "created_from", "created_to", "updated_from", "updated_to")


class TaskFilters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both lists of tasks take. A parameter that may be repeated means any of its values; all others are given once."""

    status: Statuses = ()
    column: Ids = ()
    priority: Ranges = ()
    label: Labels = ()
    label_all: Labels = ()
    assignee: People = ()
    due_from: When | None = None
    due_to: When | None = None
    overdue: bool | None = None
    completed: bool | None = None
    blocked: bool | None = None
    archived: bool | None = None
    created_from: When | None = None
    created_to: When | None = None
    updated_from: When | None = None
    updated_to: When | None = None
    title: Sought | None = None
    q: Sought | None = None
    sort: SortName = "created_at"
    order: Direction | None = None
    cursor: Annotated[str, Meta(max_length=4096)] | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None
    count: bool = False

    def __post_init__(self) -> None:
        for name in _WHENS:
            self._clean(name, text.when)
        for name in ("title", "q"):
            self._clean(name, _line)
        for name in ("label", "label_all", "assignee"):
            self._clean(name, lambda values: tuple(map(_line, values)))

    def _clean(self, field: str, rule: Callable[[Any], Any]) -> None:
        value = getattr(self, field)
        try:
            force_setattr(self, field, value and rule(value))
        except ValueError as wrong:
            raise ValueError(f"`{field}` {wrong}") from None


class TasksQuery(TaskFilters, frozen=True, kw_only=True):
    """`deleted`: those in the trash, which take no other parameters but `cursor` and `limit`."""

    deleted: bool = False


class AllTasksQuery(TaskFilters, frozen=True, kw_only=True):
    """`project`: of these alone."""

    project: Ids = ()


class TrashQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    deleted: bool
    cursor: Annotated[str, Meta(max_length=100)] | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None


def _line(value: str) -> str:
    return text.line(value, text.ADDRESS_MAX)


class Spelled(msgspec.Struct, frozen=True):
    """What of a query must be looked up: categories, names of labels, addresses of people."""

    categories: tuple[Category, ...]
    labels: tuple[str, ...]
    emails: tuple[str, ...]


def spelled(asked: TaskFilters) -> Spelled:
    return Spelled(
        categories=tuple({"pending": "todo"}.get(status, status) for status in asked.status),  # type: ignore[misc]
        labels=tuple({label for label in (*asked.label, *asked.label_all) if _id(label) is None}),
        emails=tuple({person for person in asked.assignee if "@" in person}),
    )


def criteria(asked: TaskFilters, found: Named, me: UUID, zone: str) -> Criteria:
    """What the query comes to, once its names are `found`. Raises `Invalid`."""
    words = [] if asked.q is None else asked.q.split()
    numbers = [word for word in words if _is_number(word)]
    sought = [word for word in words if word not in numbers and any(letter.isalnum() for letter in word)]
    if words and not (numbers or sought):
        raise Invalid.at("/q", "`q` must have a word, or a number like #42")
    groups = (
        [asked.label, *((label,) for label in asked.label_all)] if asked.label else [(one,) for one in asked.label_all]
    )
    return Criteria(
        columns=_columns(asked, found),
        priorities=tuple(sorted({one for range in asked.priority for one in _priorities(range)})),
        labels=tuple(tuple(id for label in group for id in _labelled(label, found)) for group in groups),
        assignees=_assignees(asked, found, me),
        due_from=asked.due_from,
        due_to=None if asked.due_to is None else _end(asked.due_to),
        overdue=asked.overdue,
        zone=zone,
        completed=asked.completed,
        archived=asked.archived,
        blocked=asked.blocked,
        created_from=_moment(asked.created_from),
        created_before=_moment_after(asked.created_to),
        updated_from=_moment(asked.updated_from),
        updated_before=_moment_after(asked.updated_to),
        title=asked.title,
        words=tuple(dict.fromkeys(sought)),
        numbers=tuple(int(number[1:]) for number in numbers),
    )


def _is_number(word: str) -> bool:
    """#42; the largest number that a task can have has ten digits."""
    return word[0] == "#" and word[1:].isascii() and word[1:].isdigit() and len(word) <= 11


def _columns(asked: TaskFilters, found: Named) -> tuple[UUID, ...] | None:
    if not asked.status:
        return asked.column or None
    return tuple(set(found.columns) & set(asked.column)) if asked.column else found.columns


def _priorities(said: str) -> range:
    """Raises `Invalid` for a range that ends before it begins."""
    first, _, last = said.partition("-")
    low, high = PRIORITY_NAMES[said] if said in PRIORITY_NAMES else (int(first), int(last or first))
    if low > high:
        raise Invalid.at("/priority", f"`priority` must begin before it ends, not be {said}")
    return range(low, high + 1)


def _labelled(label: str, found: Named) -> tuple[UUID, ...]:
    id = _id(label)
    return found.labels.get(label, ()) if id is None else (id,)


def _assignees(asked: TaskFilters, found: Named, me: UUID) -> tuple[UUID, ...] | None:
    if not asked.assignee:
        return None
    ids = [me if person == "me" else _id(person) for person in asked.assignee if "@" not in person]
    if None in ids:
        raise Invalid.at("/assignee", "`assignee` must be a member's id, an e-mail address or `me`")
    return (*(id for id in ids if id is not None), *found.accounts)


def _id(said: str) -> UUID | None:
    try:
        return UUID(said) if len(said) == 36 else None
    except ValueError:
        return None


def _end(said: str) -> str:
    """All that is due on a day comes before this."""
    return f"{said}~" if len(said) == 10 else said


def _moment(said: str | None) -> datetime | None:
    """A day begins at midnight, UTC."""
    return None if said is None else datetime.fromisoformat(said).replace(tzinfo=UTC)


def _moment_after(said: str | None) -> datetime | None:
    """The first moment that is no more meant: days and seconds are meant whole."""
    begin = _moment(said)
    if said is None or begin is None:
        return None
    whole = timedelta(days=1) if len(said) == 10 else timedelta(seconds=1)
    last = datetime.combine(date.max, datetime.max.time(), UTC)
    return begin + whole if begin <= last - whole else last
