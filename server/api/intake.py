"""What a client has sent and is not taken yet: in order, and a slice of time at a time, so that no frame holds up everybody else."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from server.protocol.codec import BadMessage
from server.protocol.frames import Up

SLICE_SECONDS = 0.002
"""How long one client's messages may keep the loop."""


class Source(Protocol):
    """Where frames come from."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Intake:
    """While messages wait their source is not read, so there are never more than came at once. `take` tells whether to go on."""

    def __init__(self, source: Source, take: Callable[[Up | BadMessage], bool]) -> None:
        self._source = source
        self._take = take
        self._waiting: deque[Iterator[Up | BadMessage]] = deque()

    def add(self, messages: Iterable[Up | BadMessage]) -> None:
        """The messages of the next frame; they may still have to be decoded."""
        self._waiting.append(iter(messages))
        if len(self._waiting) == 1:
            self._go_on()

    def _go_on(self) -> None:
        until = time.perf_counter() + SLICE_SECONDS
        while self._waiting:
            for message in self._waiting[0]:
                if not self._take(message):
                    self._waiting.clear()
                    break
                if time.perf_counter() > until:
                    self._source.pause_reading()
                    asyncio.get_running_loop().call_soon(self._go_on)
                    return
            else:
                self._waiting.popleft()
        self._source.resume_reading()
