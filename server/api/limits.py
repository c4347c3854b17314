"""How fast one client may be. Not here: sizes, which the frames and bodies have, and queues, which their owners bound."""

import time
from collections.abc import Callable

from server.domain.errors import RateLimited

MESSAGES_A_SECOND = 1_000
MESSAGES_BURST = 10_000
"""Generous: nobody who types comes near, and a bot may send a day's work at once."""

RETRY_MS = 1_000
REFUSED_A_SECOND = 50
REFUSED_BURST = 5_000
"""Refused messages that are forgiven: what was under way when the first refusal arrived."""


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


class Pace:
    """One conversation's messages."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._messages = Bucket(MESSAGES_A_SECOND, MESSAGES_BURST, clock)
        self._refused = Bucket(REFUSED_A_SECOND, REFUSED_BURST, clock)
        self.patient = True
        """False once somebody sent on and on although they were refused."""

    def take(self) -> None:
        """One more message. Raises `RateLimited`."""
        if not self._messages.take():
            self.patient = self._refused.take()
            raise RateLimited(f"At most {MESSAGES_A_SECOND} messages a second.", retry_ms=RETRY_MS)
