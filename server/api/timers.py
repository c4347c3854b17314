"""Timers by name, of which each runs once at most. Not here: what they are for."""

import asyncio
from collections.abc import Callable


class Timers:
    """One owner's timers; `end` stops them all for good."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._set: dict[str, asyncio.TimerHandle] = {}
        self._ended = False

    def set(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        """Runs `then` in so many seconds, in place of what was set under this name."""
        self.stop(name)
        if not self._ended:
            self._set[name] = self._loop.call_later(seconds, then)

    def stop(self, name: str) -> None:
        timer = self._set.pop(name, None)
        if timer is not None:
            timer.cancel()

    def end(self) -> None:
        self._ended = True
        for name in list(self._set):
            self.stop(name)
