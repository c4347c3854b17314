"""One exported record after the other as imported ones: under ids that are free, and without what refers to nothing."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar, assert_never
from uuid import UUID

from msgspec.structs import replace

from server.domain import commands as c
from server.domain.errors import Invalid
from server.domain.exports import (
    EXPORTED,
    Exported,
    ExportedChecklistItem,
    ExportedColumn,
    ExportedComment,
    ExportedDependency,
    ExportedDescription,
    ExportedLabel,
    ExportedMember,
    ExportedTask,
)
from server.domain.importable import canonical, moment
from server.domain.ranks import spread
from server.domain.records import (
    ChecklistItem,
    Column,
    Comment,
    Dependency,
    Description,
    Kind,
    Label,
    Member,
    Record,
    Task,
)
from server.formats.run import Run

Board = (
    ExportedMember
    | ExportedColumn
    | ExportedLabel
    | ExportedTask
    | ExportedDescription
    | ExportedComment
    | ExportedChecklistItem
    | ExportedDependency
)

_FIELDS = {kind: [name for name in kind.__struct_fields__ if name != "deleted_at"] for kind in EXPORTED.values()}

R = TypeVar("R", bound=Record)


class Records:
    """Knows the ids that came, so it sees what refers to nothing. Columns wait until all of them are there."""

    def __init__(self, run: Run, last_rank: str | None) -> None:
        self._run = run
        self._last_rank = last_rank
        self._anew = last_rank is not None
        self._came: defaultdict[Kind, set[UUID]] = defaultdict(set)
        self._people: dict[UUID, UUID] = {}
        self._columns: list[tuple[str, ExportedColumn]] = []
        self._deleted_columns: set[UUID] = set()
        self._number = 0
        self._blocked_by: defaultdict[UUID, set[UUID]] = defaultdict(set)

    def of(self, place: str, record: Board) -> Iterator[c.ImportedRecord]:
        """What comes of one record. Raises `Invalid` when a field of it is wrong."""
        if isinstance(record, ExportedColumn):
            self._columns.append((place, record))
            return
        yield from self.rest()
        kind: Kind = record.__struct_config__.tag  # type: ignore[assignment]  # the tags are kinds
        if record.id in self._came[kind]:
            self._run.findings.dropped(f"Repeated records: a {_said(kind)} with the id of another one.", str(record.id))
            return
        made = self._made(place, record)
        if made is not None:
            self._came[kind].add(record.id)
            yield made

    def rest(self) -> Iterator[c.ImportedRecord]:
        """The columns that wait, in their order; behind those of the project, if it has any."""
        columns = sorted(self._columns, key=lambda one: (one[1].rank, one[1].id))
        self._columns = []
        ranks = [one.rank for _, one in columns]
        if self._last_rank is not None and columns:
            ranks = spread(self._last_rank, None, len(columns))
            self._last_rank = ranks[-1]
        for (place, column), rank in zip(columns, ranks, strict=True):
            if column.id in self._came["column"]:
                self._run.findings.dropped("Repeated records: a column with the id of another one.", column.name)
                continue
            self._came["column"].add(column.id)
            if column.deleted_at is not None:
                self._deleted_columns.add(column.id)
            moved = replace(column, id=self._free("column", column.id), rank=rank)
            yield c.ImportedColumn(_record(place, Column, moved), deleted_at=_deleted(place, moved))

    def _made(self, place: str, record: Board) -> c.ImportedRecord | None:
        match record:
            case ExportedMember():
                return self._member(place, record)
            case ExportedLabel():
                label = replace(record, id=self._free("label", record.id))
                return c.ImportedLabel(_record(place, Label, label), deleted_at=_deleted(place, record))
            case ExportedTask():
                return self._task(place, record)
            case ExportedDescription():
                text = replace(record, id=self._renamed("task", record.id))
                return self._part(record.id, "description", c.ImportedDescription(_record(place, Description, text)))
            case ExportedComment():
                author = self._person(record.author_id, place)
                comment = replace(record, author_id=author, **self._names("comment", record))
                said = c.ImportedComment(_record(place, Comment, comment), deleted_at=_deleted(place, record))
                return self._part(record.task_id, "comment", said)
            case ExportedChecklistItem():
                item = replace(record, **self._names("checklist_item", record))
                step = c.ImportedChecklistItem(_record(place, ChecklistItem, item), deleted_at=_deleted(place, record))
                return self._part(record.task_id, "checklist_item", step)
            case ExportedDependency():
                return self._dependency(place, record)
            case ExportedColumn():
                raise AssertionError("columns wait")
            case _:
                assert_never(record)

    def _member(self, place: str, record: ExportedMember) -> c.ImportedRecord | None:
        """Who is given a member of the project is that one; everybody else comes without account or role."""
        known = self._run.choices.people.get(str(record.id))
        self._people[record.id] = known or self._renamed("member", record.id)
        if known is not None:
            self._came["member"].add(record.id)
            return None
        member = Member(id=self._people[record.id], user_id=None, name=record.name, role=None)
        return c.ImportedMember(_canonical(place, member))

    def _task(self, place: str, record: ExportedTask) -> c.ImportedRecord | None:
        if record.column_id not in self._came["column"]:
            self._run.findings.dropped("Cards of columns that are not in the file.", record.title)
            return None
        if record.deleted_at is None and record.column_id in self._deleted_columns:
            self._run.findings.dropped("Cards of columns that were deleted.", record.title)
            return None
        if record.number <= self._number:
            self._run.findings.mapped("Numbers that several cards have: all but the first get new ones.", record.title)
        self._number = max(self._number, record.number)
        assignees = (self._person(id, place) for id in record.assignee_ids)
        task = replace(
            record,
            id=self._free("task", record.id),
            column_id=self._renamed("column", record.column_id),
            label_ids=tuple(self._renamed("label", id) for id in record.label_ids),
            assignee_ids=tuple(id for id in assignees if id is not None),
            created_by=self._person(record.created_by, place),
        )
        return c.ImportedTask(_record(place, Task, task), deleted_at=_deleted(place, record))

    def _part(self, task: UUID, kind: Kind, made: c.ImportedRecord) -> c.ImportedRecord | None:
        if task in self._came["task"]:
            return made
        self._run.findings.dropped(f"Parts of cards that are not in the file: a {_said(kind)}.")
        return None

    def _names(self, kind: Kind, record: ExportedComment | ExportedChecklistItem) -> dict[str, UUID]:
        return {"id": self._free(kind, record.id), "task_id": self._renamed("task", record.task_id)}

    def _dependency(self, place: str, record: ExportedDependency) -> c.ImportedRecord | None:
        if not {record.task_id, record.depends_on_id} <= self._came["task"]:
            self._run.findings.dropped("Dependencies on cards that are not in the file.")
            return None
        if record.depends_on_id in self._blocked_by[record.task_id] or self._reaches(record):
            self._run.findings.dropped("Dependencies that are there twice, or form a circle.")
            return None
        self._blocked_by[record.task_id].add(record.depends_on_id)
        link = Dependency(
            id=self._free("dependency", record.id),
            task_id=self._renamed("task", record.task_id),
            depends_on_id=self._renamed("task", record.depends_on_id),
        )
        return c.ImportedDependency(_canonical(place, link))

    def _reaches(self, record: ExportedDependency) -> bool:
        """Whether the one that would be waited for waits for this one already."""
        seen, waiting = {record.depends_on_id}, [record.depends_on_id]
        while waiting:
            here = waiting.pop()
            if here == record.task_id:
                return True
            onward = self._blocked_by.get(here, set()) - seen
            seen |= onward
            waiting.extend(onward)
        return False

    def _person(self, id: UUID | None, place: str) -> UUID | None:
        if id is not None and id not in self._people:
            self._run.findings.dropped("Names of people who are not in the file.", place)
            return None
        return None if id is None else self._people[id]

    def _free(self, kind: Kind, id: UUID) -> UUID:
        """As `_renamed`, and the report tells of it."""
        free = self._renamed(kind, id)
        if free != id:
            self._run.findings.mapped("Ids: the project has been in use, so everything gets new ones.")
        return free

    def _renamed(self, kind: Kind, id: UUID) -> UUID:
        return self._run.id(f"{kind} {id}") if self._anew else id


def _record(place: str, kind: type[R], exported: Exported) -> R:
    fields = {name: getattr(exported, name) for name in _FIELDS[type(exported)]}
    return _canonical(place, kind(**fields))


def _canonical(place: str, record: R) -> R:
    try:
        return canonical(record, "")
    except Invalid as wrong:
        field = wrong.errors[0].pointer.lstrip("/")
        raise Invalid(f"In {place}, `{field}` {wrong.message}.") from None


def _deleted(place: str, exported: Exported) -> datetime | None:
    when: datetime | None = getattr(exported, "deleted_at", None)
    try:
        return None if when is None else moment(when)
    except ValueError as wrong:
        raise Invalid(f"In {place}, `deleted_at` {wrong}.") from None


def _said(kind: Kind) -> str:
    return kind.replace("_", " ")
