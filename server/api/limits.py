"""How fast one socket and one user may be, judged here without asking anybody. Not here: requests over HTTP (quotas), sizes, queues."""

import time
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from limits import parse

from server.domain.errors import RateLimited

RETRY_MS = 1_000
USERS_MAX = 10_000
"""Users whose commands are counted; whoever did nothing for longest is forgotten first."""

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

    def take(self, amount: float = 1.0) -> bool:
        """Whether so many more are allowed now; counts them if so."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._left < amount:
            return False
        self._left -= amount
        return True


class Speed(NamedTuple):
    """`burst` at once, `a_second` in the long run."""

    a_second: float
    burst: int

    @classmethod
    def of(cls, text: str) -> "Speed":
        """Of the setting `1000/minute`: a thousand at once, and then a thousand a minute."""
        item = parse(text)
        return cls(item.amount / item.get_expiry(), item.amount)


class Pace:
    """One conversation's messages."""

    def __init__(self, speed: Speed, clock: Callable[[], float] = time.monotonic) -> None:
        self._speed = speed
        self._messages = Bucket(speed.a_second, speed.burst, clock)
        self._refused = Bucket(REFUSED_A_SECOND, REFUSED_BURST, clock)
        self.patient = True
        """False once somebody sent on and on although they were refused."""

    def take(self) -> None:
        """One more message. Raises `RateLimited`."""
        if not self._messages.take():
            self.patient = self._refused.take()
            raise RateLimited(f"At most {self._speed.a_second:g} messages a second.", retry_ms=RETRY_MS)


class Commands:
    """What each user may have done by this process, over all of their sockets and requests."""

    def __init__(self, speed: Speed | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._speed = speed
        self._clock = clock
        self._buckets: dict[UUID, Bucket] = {}

    def take(self, user: UUID, count: int) -> None:
        """So many more commands of the user. Raises `RateLimited`."""
        if self._speed is None:
            return
        bucket = self._buckets.pop(user, None) or Bucket(self._speed.a_second, self._speed.burst, self._clock)
        self._buckets[user] = bucket
        if len(self._buckets) > USERS_MAX:
            del self._buckets[next(iter(self._buckets))]
        if not bucket.take(min(count, self._speed.burst)):
            raise RateLimited(f"At most {self._speed.a_second:g} commands a second.", retry_ms=RETRY_MS)
