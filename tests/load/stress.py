"""Too much: edits offered at a pace of their own, faster and faster until the server cannot follow, then three times as fast as it can.

What it cannot take it must refuse and say when to come back; its memory stays bounded, and soon after it answers as quickly as before.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection

import msgspec
import uvloop

from tests.load import idle
from tests.load.edits import Board
from tests.load.rows import client, percentile, receive
from tests.load.stack import Stack
from tests.load.window import stamp_of, stamped
from tests.load.wire import Wire

_SEED = 20_263
_WATCHERS = 20
_SESSIONS = 8
_TICK_SECONDS = 0.01
_FRAME = 100
"""Submits in a frame at most."""
_FIRST_PACE = 500
_FASTER = 1.4
_LATE_MS = 1_000.0
"""A median above this means that the queue only grows."""
_TIMES_TOO_MUCH = 3
_SETTLE_SECONDS = 10.0


class Step(msgspec.Struct):
    """A stretch at one pace. Paces are a second, times in milliseconds; `refused` counts by code."""

    pace: float
    seconds: float
    accepted: int = 0
    refused: dict[str, int] = {}
    told_when: int = 0
    acked_ms: list[float] = []
    memory_mb: float = 0.0

    @property
    def accepted_s(self) -> float:
        return self.accepted / self.seconds

    def percentile(self, percent: int) -> float:
        return percentile(sorted(self.acked_ms), percent)


class _Answer(msgspec.Struct):
    type: str
    id: str = ""
    code: str = ""
    retry_ms: int | None = None


_answers = msgspec.json.Decoder(list[_Answer])


def stress(stack: Stack, seconds: float) -> Iterator[tuple[str, Step]]:
    """Yields every stretch with what it was for: "faster" up to the knee, "too much", and "after" at half of the best pace."""
    owner = stack.register("owner")
    commands = Board(_SEED).first()
    project, _ = stack.make_board(owner, commands, {})
    cards = [command["id"] for command in commands if command["type"] == "create_task"]
    with (
        client(idle.main, stack.socket_url, owner.token, project, _WATCHERS) as eyes,
        client(_main, stack.socket_url, owner.token, project, cards) as hands,
    ):
        receive(eyes)

        def step(pace: float) -> Step:
            hands.send((pace, seconds))
            found: Step = receive(hands)
            found.memory_mb = stack.process.memory_info().rss / 2**20
            return found

        pace, best = float(_FIRST_PACE), 0.0
        while True:
            done = step(pace)
            yield "faster", done
            best = max(best, done.accepted_s)
            if done.accepted_s < 0.8 * pace or done.percentile(50) > _LATE_MS:
                break
            pace *= _FASTER
        yield "too much", step(best * _TIMES_TOO_MUCH)
        yield "after", step(best / 2)


def _main(pipe: Connection, url: str, token: str, project: str, cards: list[str]) -> None:
    """Runs in its own process: takes a pace and a time, sends the `Step`, until the pipe is closed."""
    uvloop.run(_offer(pipe, url, token, project, cards))


async def _offer(pipe: Connection, url: str, token: str, project: str, cards: list[str]) -> None:
    crowd = Crowd(project, cards)
    await crowd.connect(url, token)
    loop = asyncio.get_running_loop()
    while (asked := await loop.run_in_executor(None, _next, pipe)) is not None:
        pipe.send(await crowd.offer(*asked))


def _next(pipe: Connection) -> tuple[float, float] | None:
    try:
        found: tuple[float, float] = pipe.recv()
    except EOFError:
        return None
    return found


class Crowd:
    """Sessions that send what they like when they like, whatever becomes of it."""

    def __init__(self, project: str, cards: list[str]) -> None:
        self._project = project
        self._cards = cards
        self._random = random.Random(_SEED)
        self._wires: list[Wire] = []
        self._counter = 0
        self._open: set[str] = set()
        self._answered = asyncio.Event()
        self._refused: Counter[str] = Counter()
        self._step = Step(0.0, 1.0)
        self._end = 0

    async def connect(self, url: str, token: str) -> None:
        for _ in range(_SESSIONS):
            wire = await Wire.connect(url, self._take)
            wire.send({"type": "hello", "protocol": 1, "token": token, "client": "stress"})
            self._wires.append(wire)

    async def offer(self, pace: float, seconds: float) -> Step:
        """Sends `pace` edits a second, evenly, then waits for what is still unanswered."""
        self._step, self._refused = Step(pace, seconds), Counter()
        started = time.monotonic()
        self._end = time.monotonic_ns() + int(seconds * 1e9)
        sent = turn = 0
        while (passed := time.monotonic() - started) < seconds:
            while due := min(int(pace * passed) - sent, _FRAME):
                self._wires[turn % _SESSIONS].send(*(self._submit() for _ in range(due)))
                sent, turn = sent + due, turn + 1
            await asyncio.sleep(_TICK_SECONDS)
        self._answered.clear()
        if self._open:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._answered.wait(), _SETTLE_SECONDS)
        self._step.refused = dict(self._refused)
        if self._open:
            self._step.refused["unanswered"] = len(self._open)
            self._open.clear()
        return self._step

    def _submit(self) -> dict[str, object]:
        self._counter += 1
        id, card = stamped(self._counter), self._random.choice(self._cards)
        self._open.add(id)
        edit = {"type": "update_task", "id": card, "title": f"Edit {self._counter}"}
        return {"type": "submit", "id": id, "project": self._project, "commands": [edit]}

    def _take(self, frame: bytes) -> None:
        now = time.monotonic_ns()
        for answer in _answers.decode(frame):
            if answer.id not in self._open:
                continue
            self._open.discard(answer.id)
            if answer.type == "reject":
                self._refused[answer.code] += 1
                self._step.told_when += answer.retry_ms is not None
            elif now < self._end:
                self._step.accepted += 1
                self._step.acked_ms.append((now - stamp_of(answer.id)) / 1e6)
        if not self._open:
            self._answered.set()
