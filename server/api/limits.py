"""How fast one client may be. Not here: sizes, which the frames and bodies have, and queues, which their owners bound."""

import time
from collections.abc import Callable


class Bucket:
    """A token bucket: `rate` a second in the long run, `burst` at once. `clock` tells seconds and never goes back."""

    __slots__ = ("_burst", "_clock", "_filled_at", "_left", "_rate")

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._left = burst
        self._filled_at = clock()

    def take(self) -> bool:
        """Whether one more is allowed now; counts it if so."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
