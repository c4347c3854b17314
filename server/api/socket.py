"""`GET /v1/socket`: one conversation of a client, from hello to close. Reading only parses and hands over; nothing here waits for a commit.

Not here: frames and the transport (websocket_protocol), what is sent and when (realtime).
"""

import asyncio
import random
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import structlog
from starlette.websockets import WebSocket

from server.api.auth import bearer, origin_allowed
from server.api.greeting import Guest, TurnedAway
from server.api.intake import Intake
from server.api.joins import JOINS_MAX, Joins
from server.api.limits import Bucket, Pace, Speed
from server.api.problems import error, internal, reject
from server.api.renewal import Renewal
from server.api.services import Services
from server.api.timers import Timers
from server.api.websocket_protocol import EXTENSION, WireProtocol
from server.commands.submission import Outcome
from server.domain.commands import COMMANDS_MAX
from server.domain.errors import Invalid, RateLimited, Refusal
from server.domain.ids import new_id
from server.domain.reach import Reach
from server.protocol import codec, codes
from server.protocol import frames as f
from server.protocol.codec import BadMessage, NotAMessage
from server.realtime.presence import STATE_BYTES_MAX
from server.realtime.session import Session
from server.settings import Settings

log = structlog.get_logger()

SUBPROTOCOL = "lockstep.v1"
DRAINING = codes.DRAIN, "server restarts"
HELLO_SECONDS = 5.0
PENDING_MAX = 4_096
"""Submits of one session that may wait for their answer."""
PRESENCE_A_SECOND = 10
PRESENCE_BURST = 30
EARLY_FRAMES_MAX = 16
"""Frames that may arrive while the hello is still being looked at."""


async def socket(services: Services, websocket: WebSocket) -> None:
    """The endpoint. Returns once the connection is gone."""
    origin = websocket.headers.get("origin")
    if not origin_allowed(origin, websocket.headers.get("host"), services.settings):
        await websocket.close()
        return
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
    wire: WireProtocol = websocket.scope["extensions"][EXTENSION]
    conversation = Conversation(services, wire, bearer(websocket))
    services.telemetry.connections.inc()
    try:
        async with asyncio.TaskGroup() as conversation.tasks:
            conversation.begin()
            try:
                await wire.gone.wait()
            finally:
                conversation.end()
    finally:
        services.telemetry.connections.dec()
        services.telemetry.closes.labels(wire.close_code if wire.close_code in codes.KNOWN else "other").inc()


class Conversation:
    """One client. Until its hello was taken there is no session and frames wait."""

    tasks: asyncio.TaskGroup
    _joins: Joins
    _renewal: Renewal
    _reach: Reach

    def __init__(self, services: Services, wire: WireProtocol, token: str | None) -> None:
        self._services = services
        self._wire = wire
        self._token = token
        self._session: Session | None = None
        self._early: list[bytes] | None = []
        self._intake = Intake(wire, self._on_message)
        settings = services.settings
        self._pace = Pace(Speed.of(settings.limit_messages)) if settings.rate_limits else None
        self._presence_bucket = Bucket(PRESENCE_A_SECOND, PRESENCE_BURST)
        self._timers = Timers()

    def begin(self) -> None:
        if self._services.sessions.draining:
            self._turn_away(TurnedAway(*DRAINING))
            return
        self._timers.set("hello", HELLO_SECONDS, partial(self._wire.close, codes.UNAUTHENTICATED, "no hello"))
        self._wire.listen(self._on_frame, self._on_room)

    def end(self) -> None:
        """The connection is gone: its joins end, its commits go on."""
        self._timers.end()
        if self._session is not None:
            self._session.closed = True
            self._services.sessions.remove(self._session)
            self._joins.end()

    # In

    def _on_room(self) -> None:
        if self._session is not None:
            self._session.flush()

    def _on_frame(self, frame: bytes) -> None:
        if self._early is not None:
            self._hold(frame)
            return
        if self._session is not None and self._session.finishing is not None:
            return  # what is not answered is sent again elsewhere (P19)
        try:
            self._intake.add(codec.decode(frame))
        except NotAMessage as wrong:
            self._refuse_frame(str(wrong))

    def _on_message(self, message: f.Up | BadMessage) -> bool:
        """A refused one does not stop those behind it (P8). Tells whether they are to be taken."""
        session = self._session
        assert session is not None
        if session.closed or session.finishing is not None:
            return False
        try:
            if self._pace is not None:
                self._pace.take()
            self._take(message)
        except Refusal as refusal:
            self._answer_refusal(message, refusal)
        except Exception:
            log.exception("message not taken", message=type(message).__name__)
            self._answer_refusal(message, internal())
        if self._pace is not None and not self._pace.patient:
            session.close(codes.TOO_FAST, "too fast")
            return False
        return True

    def _hold(self, frame: bytes) -> None:
        """A frame before the welcome: the first is the hello, the others wait until it was looked at."""
        assert self._early is not None
        self._early.append(frame)
        if len(self._early) > EARLY_FRAMES_MAX:
            self._wire.close(codes.BAD_MESSAGE, "too much before the welcome")
        elif len(self._early) == 1:
            self._timers.stop("hello")
            self.tasks.create_task(self._greet(frame))

    def _take(self, message: f.Up | BadMessage) -> None:
        session = self._session
        assert session is not None
        match message:
            case f.Submit():
                self._submit(message)
            case f.SetPresence(project=project, state=state):
                _refuse_large("state", state)
                if self._services.settings.rate_limits and not self._presence_bucket.take():
                    raise RateLimited("Presence is told at most ten times a second.", retry_ms=100)
                self._joins.set_presence(project, state)
            case f.Join():
                self._joins.join(message)
            case f.Leave(project=project):
                self._joins.leave(project)
            case f.Ping(at=at):
                _refuse_large("at", at)
                session.send(f.Pong(at=at))
            case f.Auth(token=token):
                self.tasks.create_task(self._renewal.renew(token))
            case f.Hello():
                raise Invalid("You have said hello already.")
            case BadMessage():
                raise message.refusal

    # Hello and credentials

    async def _greet(self, frame: bytes) -> None:
        try:
            guest = await self._services.reception.greet(frame, self._token)
        except TurnedAway as no:
            self._turn_away(no)
        except Exception:
            log.exception("hello not taken")
            self._wire.close(codes.OVERLOADED, "internal")
        else:
            if self._services.sessions.draining:
                self._turn_away(TurnedAway(*DRAINING))
            elif not self._wire.gone.is_set():
                self._welcome(guest)

    def _turn_away(self, no: TurnedAway) -> None:
        if no.told is not None:
            self._wire.write(codec.frame([codec.message(no.told)]))
        self._wire.close(no.code, no.reason)

    def _welcome(self, guest: Guest) -> None:
        settings = self._services.settings
        session = Session(new_id(), guest.identity.actor, guest.client, self._wire, settings.frame_out_max_bytes)
        self._session = session
        self._reach = reach = guest.identity.reach
        self._joins = Joins(self._services.rooms, self._services.numbers, session, reach, self.tasks)
        self._renewal = Renewal(self._services.auth, self._services.sessions, session, reach, self._timers)
        session.send(
            f.Welcome(
                session=session.id,
                user=session.user,
                heartbeat_s=settings.heartbeat_seconds,
                limits=_limits(settings),
                server_time=datetime.now(UTC),
                inbox_seq=guest.inbox_seq,
            )
        )
        self._renewal.watch(guest.identity)
        self._beat_later(guest.inbox_seq)
        held, self._early = (self._early or [])[1:], None
        self._intake.add(guest.rest)
        for frame in held:
            self._on_frame(frame)

    # Submits

    def _submit(self, message: f.Submit) -> None:
        session, commands = self._session, message.commands
        assert session is not None
        if session.due >= PENDING_MAX:
            raise RateLimited(f"At most {PENDING_MAX} submits may wait for their answer.", retry_ms=250)
        if len(commands) > self._services.settings.commands_per_submit:
            raise Invalid.at("/commands", f"At most {self._services.settings.commands_per_submit} commands.")
        self._services.commands.take(session.actor.id, len(commands))
        executor = self._services.executor
        answer = executor.submit(message.project, message.id, commands, session.actor, self._reach)
        session.due += 1
        answer.add_done_callback(partial(self._answered, session, message.id, message.project))

    def _answered(self, session: Session, id: UUID, project: UUID, answer: "asyncio.Future[Outcome]") -> None:
        failure = answer.exception()
        if failure is None:
            outcome = answer.result()
            ack = f.Ack(id=id, project=project, seq=outcome.seq, duplicate=outcome.duplicate, noop=outcome.noop)
            session.answer(ack)
        else:
            session.answer(reject(id, project, failure if isinstance(failure, Refusal) else internal()))

    # Out

    def _answer_refusal(self, message: f.Up | BadMessage, refusal: Refusal) -> None:
        """A `reject` where the message names an id, else an `error`."""
        session = self._session
        assert session is not None
        id, project = getattr(message, "id", None), getattr(message, "project", None)
        if id is not None and project is not None:
            session.send(reject(id, project, refusal))
        else:
            session.send(error(refusal, codec.type_of(message), project))

    def _refuse_frame(self, why: str) -> None:
        told = codec.message(error(Invalid(why)))
        if self._session is not None:
            self._session.flush()
        self._wire.write(codec.frame([told]))
        self._wire.close(codes.BAD_MESSAGE, "bad message")

    def _beat(self, inbox_seq: int) -> None:
        assert self._session is not None
        self._session.heartbeat(inbox_seq)
        self._beat_later(inbox_seq)

    def _beat_later(self, inbox_seq: int) -> None:
        pause = self._services.settings.heartbeat_seconds * random.uniform(0.8, 1.2)
        self._timers.set("heartbeat", pause, partial(self._beat, inbox_seq))


def _limits(settings: Settings) -> dict[str, int]:
    """What the welcome tells."""
    speed = Speed.of(settings.limit_messages)
    paces = {"messages_a_second": int(speed.a_second), "messages_burst": speed.burst}
    return {
        "frame_in_bytes": settings.frame_in_max_bytes,
        "frame_out_bytes": settings.frame_out_max_bytes,
        "commands": min(COMMANDS_MAX, settings.commands_per_submit),
        "pending": PENDING_MAX,
        "joins": JOINS_MAX,
        "presence_bytes": STATE_BYTES_MAX,
        **(paces if settings.rate_limits else {}),
    }


def _refuse_large(field: str, value: object) -> None:
    """What is passed on to others or sent back as it is must be small."""
    try:
        small = len(codec.encode(value)) <= STATE_BYTES_MAX
    except (OverflowError, RecursionError):
        small = False
    if not small:
        raise Invalid.at(f"/{field}", f"`{field}` has at most {STATE_BYTES_MAX} bytes of JSON.")
