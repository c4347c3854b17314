"""Every message of the socket, one union for each direction. `Change` and `Actor` are the domain's own."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from server.domain.changes import ActorKind, Change
from server.domain.commands import COMMANDS_MAX, Command, Seq, wire_name
from server.domain.errors import FieldError
from server.domain.jobs import JobNotification
from server.domain.statistics import Statistics

# Client → server


class _Up(
    msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag=wire_name
):
    pass


class Hello(_Up, frozen=True, kw_only=True):
    protocol: int
    token: Annotated[str, Meta(max_length=4096)] | None = None
    client: Annotated[str, Meta(max_length=100)] | None = None


class Auth(_Up, frozen=True, kw_only=True):
    token: Annotated[str, Meta(max_length=4096)]


class Join(_Up, frozen=True, kw_only=True):
    project: UUID
    since: Seq | None = None
    epoch: UUID | None = None
    stats: bool = False


class Leave(_Up, frozen=True, kw_only=True):
    project: UUID


class Submit(_Up, frozen=True, kw_only=True):
    id: UUID
    project: UUID
    commands: Annotated[tuple[Command, ...], Meta(min_length=1, max_length=COMMANDS_MAX)]


class SetPresence(_Up, frozen=True, kw_only=True, tag="presence"):
    project: UUID
    state: dict[str, Any]


class Ping(_Up, frozen=True, kw_only=True):
    at: Any = None


Up = Hello | Auth | Join | Leave | Submit | SetPresence | Ping

# Server → client


class _Down(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="type", tag=wire_name):
    pass


class User(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class Welcome(_Down, frozen=True, kw_only=True):
    session: UUID
    user: User
    heartbeat_s: float
    limits: dict[str, int]
    server_time: datetime
    inbox_seq: int


class Joined(_Down, frozen=True, kw_only=True):
    project: UUID
    epoch: UUID
    seq: int
    mode: Literal["live", "resumed", "resync"]


class Ack(_Down, frozen=True, kw_only=True):
    id: UUID
    project: UUID
    seq: int
    duplicate: bool = False
    noop: bool = False


class Reject(_Down, frozen=True, kw_only=True):
    id: UUID
    project: UUID
    code: str
    message: str
    retryable: bool
    retry_ms: int | UnsetType = UNSET
    errors: tuple[FieldError, ...] | UnsetType = UNSET
    current: dict[str, Any] | UnsetType = UNSET


class PresentSession(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody here. `state` is what their client tells of itself, None once they are gone."""

    session: UUID
    user: User
    client: str | None
    state: dict[str, Any] | None


class Presence(_Down, frozen=True, kw_only=True):
    project: UUID
    sessions: tuple[PresentSession, ...]
    more: int | UnsetType = UNSET


class Stats(_Down, frozen=True, kw_only=True):
    project: UUID
    stats: Statistics


class Left(_Down, frozen=True, kw_only=True):
    project: UUID
    reason: Literal["left", "removed", "deleted"]


class Heads(_Down, frozen=True, kw_only=True):
    projects: dict[UUID, int]
    inbox_seq: int


class Notification(_Down, frozen=True, kw_only=True):
    notification: JobNotification


class AuthSoon(_Down, frozen=True, kw_only=True):
    expires_at: datetime


class Drain(_Down, frozen=True, kw_only=True):
    within_ms: int


class Pong(_Down, frozen=True, kw_only=True):
    at: Any


class Error(_Down, frozen=True, kw_only=True):
    code: str
    message: str
    retry_ms: int | UnsetType = UNSET
    re: str | UnsetType = UNSET
    project: UUID | UnsetType = UNSET
    errors: tuple[FieldError, ...] | UnsetType = UNSET


Down = (
    Welcome
    | Joined
    | Change
    | Ack
    | Reject
    | Presence
    | Stats
    | Left
    | Heads
    | Notification
    | AuthSoon
    | Drain
    | Pong
    | Error
)

__all__ = ["ActorKind", "Change", "Command", "Down", "Up"]
