"""What a command needs to see, said before it runs: verbs declare `Reads`, the pen loads what is not yet held in one round trip."""

from dataclasses import dataclass, field, fields
from uuid import UUID

from server.domain.records import Kind

RANKED: dict[Kind, str] = {"task": "column_id", "checklist_item": "task_id", "column": "project_id"}
"""Kinds that stand in an order, and the field that names the container they stand in."""


WHOLE: tuple[Kind, ...] = ("column", "label", "member", "task", "dependency", "checklist_item")
"""Kinds that a small board is held of completely, deleted records too."""


@dataclass(slots=True)
class Reads:
    """Parts of one project. An id that does not exist is held as absent, so asking for it is no error.

    `rows`: records by kind and id. `fresh`: ids that a command makes a record with; they should be unused. `edges`: the first and last
    rank of a container. `neighbours`: a ranked record and the ranks on both its sides. `crowds`: up to `CROWD` rows on both sides of a
    rank in a container. `links`: a task's dependencies at either end, with the tasks at the other end. `closures`: all dependencies that
    can be walked from a task. `tasks_of`: a column's tasks that are not deleted. `all_of`: every record of a small kind.
    `attachments_of`: a task's attachments, deleted ones too. `accounts`: accounts by id (as text) or lower-cased e-mail. `whole`: every record of the kinds in `WHOLE`, so with all ranks and dependencies.
    """

    rows: set[tuple[Kind, UUID]] = field(default_factory=set)
    fresh: set[tuple[Kind, UUID]] = field(default_factory=set)
    edges: set[tuple[Kind, UUID]] = field(default_factory=set)
    neighbours: set[tuple[Kind, UUID]] = field(default_factory=set)
    crowds: set[tuple[Kind, UUID, str]] = field(default_factory=set)
    links: set[UUID] = field(default_factory=set)
    closures: set[UUID] = field(default_factory=set)
    tasks_of: set[UUID] = field(default_factory=set)
    all_of: set[Kind] = field(default_factory=set)
    attachments_of: set[UUID] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    whole: bool = False

    def row(self, kind: Kind, *ids: UUID) -> "Reads":
        """Adds records of one kind; returns itself, so that calls can be chained."""
        for id in ids:
            self.rows.add((kind, id))
        return self

    def __bool__(self) -> bool:
        return bool(
            self.rows
            or self.fresh
            or self.edges
            or self.neighbours
            or self.crowds
            or self.links
            or self.closures
            or self.tasks_of
            or self.all_of
            or self.attachments_of
            or self.accounts
            or self.whole
        )

    def add(self, more: "Reads") -> None:
        """Adds all that `more` names."""
        for each in fields(self):
            if each.name != "whole":
                getattr(self, each.name).update(getattr(more, each.name))
        self.whole |= more.whole

    def look_up_fresh(self) -> None:
        """Ids that should be unused are looked up like any other."""
        self.rows |= self.fresh
        self.fresh.clear()
