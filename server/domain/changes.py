"""Facts: what a committed command did, as ops on records. Not here: how a change is stored or sent."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from server.domain.records import Column, Dependency, Kind, Label, Member, Project, Record, Task

OPS_MAX = 1_000
OPS_BYTES_MAX = 256 * 1024
OP_BYTES = 64
"""That many more for each op: what records have got since must not lessen how many cards are made at once."""

ActorKind = Literal["person", "bot", "rule", "system"]


class Actor(msgspec.Struct, frozen=True, gc=False):
    """Who acts: a user, by the id under which they are a member."""

    id: UUID
    name: str
    kind: ActorKind = "person"


class Put(msgspec.Struct, frozen=True, gc=False, tag="put", tag_field="op"):
    """The record is there now, exactly like this."""

    kind: Kind
    record: Record


class Patch(msgspec.Struct, frozen=True, gc=False, tag="patch", tag_field="op"):
    """These fields of the record have these values now."""

    kind: Kind
    id: UUID
    fields: dict[str, Any]


class Remove(msgspec.Struct, frozen=True, gc=False, tag="remove", tag_field="op"):
    """The record is gone (deleted, or hidden with what it belongs to)."""

    kind: Kind
    id: UUID


Op = Put | Patch | Remove


class Change(msgspec.Struct, frozen=True, gc=False, tag="change", tag_field="type"):
    """One committed command as every follower of the project learns of it. `id` is the command id, `kind` the first command's type."""

    project: UUID
    seq: int
    id: UUID
    actor: Actor
    at: datetime
    kind: str
    ops: tuple[Op, ...]


class Committed(msgspec.Struct, frozen=True, gc=False):
    """A change that is durable now. `message` is its exact text on the wire."""

    epoch: UUID
    change: Change
    message: bytes


class Snapshot(msgspec.Struct, frozen=True):
    """All of a project at `seq`, but for the tasks' long texts, comments and checklists. Arrays are sorted by id."""

    epoch: UUID
    seq: int
    project: Project
    members: tuple[Member, ...]
    columns: tuple[Column, ...]
    labels: tuple[Label, ...]
    tasks: tuple[Task, ...]
    dependencies: tuple[Dependency, ...]
