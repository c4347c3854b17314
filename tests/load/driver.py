"""The driving process: one socket for each board with `in_flight` submits under way, new ones sent together as answers come in."""

import asyncio
import time
from collections import Counter
from multiprocessing.connection import Connection

import msgspec
import uvloop

from tests.load.edits import Board, Edit
from tests.load.window import Window, stamp_of, stamped
from tests.load.wire import Wire

_DRAIN_SECONDS = 15.0


class Drive(msgspec.Struct, frozen=True):
    """A board to edit. `seed` is the one its board was made with, so that the driver knows what is on it."""

    project: str
    seed: int
    guest: str | None = None
    board_head: int = 0


class Driven(msgspec.Struct):
    """What came of it. `acks` counts those of the window, `seqs` are the boards' last ones, `cpu` is in seconds."""

    acks: int = 0
    refused: dict[str, int] = {}
    unanswered: int = 0
    seqs: dict[str, int] = {}
    acked_ms: list[float] = []
    cpu: float = 0.0


class _Answer(msgspec.Struct):
    type: str
    id: str = ""
    seq: int = 0
    noop: bool = False
    code: str = ""
    message: str = ""


_answers = msgspec.json.Decoder(list[_Answer])


def main(pipe: Connection, url: str, token: str, drives: list[Drive], in_flight: int, window: Window) -> None:
    """Runs in its own process; sends a `Driven` through `pipe`."""
    pipe.send(uvloop.run(_drive(url, token, drives, in_flight, window)))


async def _drive(url: str, token: str, drives: list[Drive], in_flight: int, window: Window) -> Driven:
    editors = [_Editor(drive, in_flight, window) for drive in drives]
    for editor in editors:
        await editor.connect(url, token)
    cpu = time.process_time()
    for editor in editors:
        editor.fill()
    await asyncio.sleep((window.end - time.monotonic_ns()) / 1e9)
    cpu = time.process_time() - cpu
    async with asyncio.timeout(_DRAIN_SECONDS):
        for editor in editors:
            await editor.done.wait()
    return _together(editors, cpu)


class _Editor:
    """One board's driver."""

    def __init__(self, drive: Drive, in_flight: int, window: Window) -> None:
        self.project = drive.project
        self.acks = 0
        self.refused: Counter[str] = Counter()
        self.acked_ms: list[float] = []
        self.waiting: dict[str, Edit] = {}
        self.done = asyncio.Event()
        self.board = Board(drive.seed, drive.guest)
        self.board.first()
        self.board.head = drive.board_head
        self._in_flight = in_flight
        self._window = window
        self._welcome = asyncio.Event()
        self._counter = 0
        self._wire: Wire

    async def connect(self, url: str, token: str) -> None:
        self._wire = await Wire.connect(url, self._take)
        self._wire.send({"type": "hello", "protocol": 1, "token": token, "client": "bench"})
        await asyncio.wait_for(self._welcome.wait(), 10)

    def fill(self) -> None:
        """Sends as many submits as there is room for, as one frame."""
        submits = []
        while len(self.waiting) < self._in_flight:
            self._counter += 1
            id, edit = stamped(self._counter), self.board.next()
            self.waiting[id] = edit
            submits.append({"type": "submit", "id": id, "project": self.project, "commands": [edit.command]})
        if submits:
            self._wire.send(*submits)

    def _take(self, frame: bytes) -> None:
        now = time.monotonic_ns()
        for answer in _answers.decode(frame):
            edit = self.waiting.pop(answer.id, None)
            if edit is not None:
                self._settle(answer, edit, now)
            elif answer.type == "welcome":
                self._welcome.set()
        if now < self._window.end:
            self.fill()
        elif not self.waiting:
            self.done.set()

    def _settle(self, answer: _Answer, edit: Edit, now: int) -> None:
        self.board.settled(edit, answer.seq)
        if answer.type == "reject":
            self.refused[f"{answer.code} ({edit.command['type']}: {answer.message})"] += 1
        elif self._window.start <= now < self._window.end and not answer.noop:
            self.acks += 1
            if self.acks % 8 == 0:
                self.acked_ms.append((now - stamp_of(answer.id)) / 1e6)


def _together(editors: list[_Editor], cpu: float) -> Driven:
    refused: Counter[str] = Counter()
    for editor in editors:
        refused += editor.refused
    return Driven(
        acks=sum(editor.acks for editor in editors),
        refused=dict(refused),
        unanswered=sum(len(editor.waiting) for editor in editors),
        seqs={editor.project: editor.board.head for editor in editors},
        acked_ms=[ms for editor in editors for ms in editor.acked_ms],
        cpu=cpu,
    )
