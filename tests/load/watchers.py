"""The watching process: every watcher decodes every change, checks that none is missing, and tells how old it was."""

import asyncio
import time
from collections import Counter
from multiprocessing.connection import Connection

import msgspec
import uvloop

from tests.load.window import Window, stamp_of
from tests.load.wire import Wire

_JOIN_SECONDS = 60.0
_CATCH_UP_SECONDS = 15.0
_SAMPLE = 16
"""Of so many changes each watcher times one."""


class Watched(msgspec.Struct):
    """What they saw. `gaps` and `behind` (watchers that missed the last seq) must be zero, `ended` (why connections were lost) empty.

    `cpu` is in seconds.
    """

    seen_ms: list[float] = []
    changes: int = 0
    frames: int = 0
    gaps: int = 0
    behind: int = 0
    ended: dict[str, int] = {}
    cpu: float = 0.0


class _Change(msgspec.Struct, tag="change", tag_field="type", gc=False):
    """As a bot decodes it that looks into some of the ops."""

    seq: int
    id: str
    ops: list[msgspec.Raw]


class _Other(msgspec.Struct):
    type: str
    seq: int = 0
    mode: str = ""
    reason: str = ""
    message: str = ""


_changes = msgspec.json.Decoder(list[_Change])
_change = msgspec.json.Decoder(_Change)
_others = msgspec.json.Decoder(_Other)
_raws = msgspec.json.Decoder(list[msgspec.Raw])


def main(pipe: Connection, url: str, token: str, projects: list[str], each: int) -> None:
    """Runs in its own process: joins, says "ready", takes a `Window`, then the last seqs; sends a `Watched`."""
    uvloop.run(_watch(pipe, url, token, projects, each))


async def _watch(pipe: Connection, url: str, token: str, projects: list[str], each: int) -> None:
    watchers = [Watcher(project, n) for project in projects for n in range(each)]
    for start in range(0, len(watchers), 50):
        await asyncio.gather(*(watcher.join(url, token) for watcher in watchers[start : start + 50]))
    pipe.send("ready")
    loop = asyncio.get_running_loop()
    window: Window = await loop.run_in_executor(None, pipe.recv)
    cpu = time.process_time()
    for watcher in watchers:
        watcher.window = window
    heads: dict[str, int] = await loop.run_in_executor(None, pipe.recv)
    cpu = time.process_time() - cpu
    await asyncio.wait(
        [asyncio.create_task(watcher.reach(heads[watcher.project])) for watcher in watchers], timeout=_CATCH_UP_SECONDS
    )
    pipe.send(
        Watched(
            seen_ms=[ms for watcher in watchers for ms in watcher.seen_ms],
            changes=sum(watcher.changes for watcher in watchers),
            frames=sum(watcher.frames for watcher in watchers),
            gaps=sum(watcher.gaps for watcher in watchers),
            behind=sum(watcher.seq < heads[watcher.project] for watcher in watchers),
            ended=Counter(reason for watcher in watchers if (reason := watcher.ended) is not None),
            cpu=cpu,
        )
    )


class Watcher:
    def __init__(self, project: str, number: int) -> None:
        self.project = project
        self.seq = -1
        self.window = Window(0, 0)
        self.seen_ms: list[float] = []
        self.changes = self.frames = self.gaps = 0
        self._number = number
        self._joined = asyncio.Event()
        self._reached = asyncio.Event()
        self._goal = -1
        self._left: str | None = None
        self._wire: Wire

    async def join(self, url: str, token: str, *, since: int | None = None) -> None:
        """Raises `OSError` when it is not let in."""
        self._wire = await Wire.connect(url, self._take, self._joined.set)
        self._wire.send(
            {"type": "hello", "protocol": 1, "token": token, "client": "watcher"},
            {"type": "join", "project": self.project, **({} if since is None else {"since": since})},
        )
        await asyncio.wait_for(self._joined.wait(), _JOIN_SECONDS)
        if self.ended is not None:
            raise ConnectionError(self.ended)

    def close(self) -> None:
        self._wire.close()

    def stall(self) -> None:
        """Reads nothing any more."""
        self._wire.stall()

    @property
    def ended(self) -> str | None:
        """Why the connection or the join ended, if it did."""
        return self._wire.closed or self._left

    async def reach(self, seq: int) -> None:
        """Returns once it has seen the change `seq`."""
        self._goal = seq
        if self.seq < seq:
            await self._reached.wait()

    def _take(self, frame: bytes) -> None:
        self.frames += 1
        try:
            changes = _changes.decode(frame)
        except msgspec.ValidationError:
            changes = self._take_others(frame)
        now = time.monotonic_ns()
        seq, late = self.seq, self._number
        for change in changes:
            seq += 1
            if change.seq != seq:
                self.gaps, seq = self.gaps + 1, change.seq
            if not (seq + late) % _SAMPLE:
                self._time(change, now)
        self.changes += len(changes)
        self.seq = seq
        if seq >= self._goal >= 0:
            self._reached.set()

    def _take_others(self, frame: bytes) -> list["_Change"]:
        """A frame that holds other messages than changes, too: those are taken here, the changes returned."""
        changes = []
        for raw in _raws.decode(frame):
            message = _others.decode(raw)
            if message.type == "change":
                changes.append(_change.decode(raw))
            elif message.type == "joined" and message.mode != "resync":
                self.seq = message.seq
                self._joined.set()
            elif message.type in ("joined", "left", "error"):
                self._left = f"{message.type} {message.mode}{message.reason}{message.message}"
        return changes

    def _time(self, change: "_Change", now: int) -> None:
        sent = stamp_of(change.id)
        if self.window.start <= sent < self.window.end:
            self.seen_ms.append((now - sent) / 1e6)
