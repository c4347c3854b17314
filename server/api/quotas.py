"""How often somebody may ask over HTTP: counted in Redis for all processes, or here while Redis is silent. Not here: sockets (limits).

A request is counted under every quota that it falls under by one round trip. A quota is written as `60/minute;1000/hour`.
"""

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import structlog
from limits import RateLimitItem, parse_many
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.types import Scope

from server.api.api_tokens import Identity
from server.domain.errors import RateLimited
from server.settings import Settings

REDIS_SECONDS = 0.5
SILENT_SECONDS = 5.0
"""How long Redis is left alone after it did not answer."""

COUNTS_MAX = 50_000
"""Counts kept here while Redis is silent; the oldest go first."""

log = structlog.get_logger()


class Ask(NamedTuple):
    """One more under the quota called `name`, by whoever `key` stands for."""

    name: str
    key: str


class Standing(NamedTuple):
    """Where a count stands: `left` of `item` for the next `reset_s` seconds."""

    name: str
    item: RateLimitItem
    left: int
    reset_s: int


class Quotas:
    """`clock` tells seconds and never goes back."""

    def __init__(self, settings: Settings, redis: "Redis | None", clock: Callable[[], float] = time.monotonic) -> None:
        self._on = settings.rate_limits
        self._items: dict[str, list[RateLimitItem]] = {
            "anonymous": parse_many(settings.limit_anonymous),
            "user": parse_many(settings.limit_signed_in),
            "sign-in": parse_many(settings.limit_sign_in),
            "account": parse_many(settings.limit_account),
            "renewal": parse_many(settings.limit_renewal),
            "registration": parse_many(settings.limit_registration),
            "mail": parse_many(settings.limit_mail),
            "calendar": parse_many(settings.limit_calendar),
        }
        self._redis = redis
        self._clock = clock
        self._silent_until = -math.inf
        self._counts: dict[str, tuple[int, float]] = {}

    async def anonymous(self, request: Request) -> None:
        """A request without a token. Raises `RateLimited`."""
        await self.take(request, Ask("anonymous", address(request)))

    async def user(self, request: Request, identity: Identity) -> None:
        """A request of somebody signed in. Raises `RateLimited`."""
        await self.take(request, Ask("user", str(identity.actor.id)))

    async def sign_in(self, request: Request, email: str) -> None:
        """An attempt to prove who one is: few for this account from here, and not many for it from anywhere. Raises `RateLimited`."""
        await self.take(request, Ask("sign-in", f"{address(request)} {email}"), Ask("account", email))

    async def renewal(self, request: Request, sign_in: UUID) -> None:
        """A sign-in that goes on. Raises `RateLimited`."""
        await self.take(request, Ask("renewal", str(sign_in)))

    async def registration(self, request: Request) -> None:
        """Raises `RateLimited`."""
        await self.take(request, Ask("registration", address(request)))

    async def mail(self, request: Request, email: str) -> None:
        """A letter that anybody may cause to be sent to this address. Raises `RateLimited`."""
        await self.take(request, Ask("mail", email))

    async def calendar(self, request: Request, feed: UUID) -> None:
        """A look into a calendar feed. Raises `RateLimited`."""
        await self.take(request, Ask("calendar", str(feed)))

    async def take(self, request: Request, *asks: Ask) -> None:
        if not self._on:
            return
        counted = [(ask.name, item, _key(ask, item)) for ask in asks for item in self._items[ask.name]]
        counts = await self._count([(key, item.get_expiry()) for _, item, key in counted])
        standings = [
            Standing(name, item, item.amount - count, max(1, math.ceil(rest_s)))
            for (name, item, _), (count, rest_s) in zip(counted, counts, strict=True)
        ]
        request.scope.setdefault("quotas", []).extend(standings)
        over = [standing for standing in standings if standing.left < 0]
        if over:
            wait_s = max(standing.reset_s for standing in over)
            raise RateLimited(f"Too many requests: try again in {wait_s} s.", retry_ms=wait_s * 1000)

    async def _count(self, keys: Sequence[tuple[str, int]]) -> list[tuple[int, float]]:
        """Counts one more under each key, which lives so many seconds; returns the counts and how long they live on."""
        if self._redis is not None and self._clock() >= self._silent_until:
            try:
                return await _count_in(self._redis, keys)
            except (RedisError, OSError) as error:
                self._silent_until = self._clock() + SILENT_SECONDS
                log.warning("limits are counted in this process alone", reason=str(error))
        return [self._count_here(key, lifetime_s) for key, lifetime_s in keys]

    def _count_here(self, key: str, lifetime_s: int) -> tuple[int, float]:
        now = self._clock()
        count, until = self._counts.pop(key, (0, 0.0))
        if until <= now:
            count, until = 0, now + lifetime_s
        self._counts[key] = count + 1, until
        if len(self._counts) > COUNTS_MAX:
            del self._counts[next(iter(self._counts))]
        return count + 1, until - now


async def _count_in(redis: "Redis", keys: Sequence[tuple[str, int]]) -> list[tuple[int, float]]:
    """One transaction: no count may expire between its two halves and then live for ever."""
    async with redis.pipeline(transaction=True) as pipe:
        for key, lifetime_s in keys:
            pipe.set(key, 0, ex=lifetime_s, nx=True)
            pipe.incr(key)
            pipe.pttl(key)
        answers = await pipe.execute()
    return [(int(answers[n + 1]), max(0, answers[n + 2]) / 1000) for n in range(0, len(answers), 3)]


def _key(ask: Ask, item: RateLimitItem) -> str:
    """Addresses are hashed: nobody reads in Redis who tried to sign in."""
    digest = hashlib.blake2b(ask.key.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"lockstep:limit:{ask.name}:{item.get_expiry()}:{digest}"


def address(request: Request) -> str:
    """Where a request comes from; of IPv6 the network, for one household has billions of addresses."""
    host = request.client.host if request.client else "unknown"
    return ":".join(host.split(":")[:4]) if ":" in host else host


def headers(scope: Scope) -> Mapping[str, str]:
    """What the answer tells of the quotas that its request was counted under (draft-ietf-httpapi-ratelimit-headers)."""
    standings: list[Standing] = scope.get("quotas", [])
    if not standings:
        return {}
    named = [(f'"{each.name}-{each.item.get_expiry()}"', each) for each in standings]
    return {
        "RateLimit-Policy": ", ".join(
            f"{name};q={each.item.amount};w={each.item.get_expiry()}" for name, each in named
        ),
        "RateLimit": ", ".join(f"{name};r={max(0, each.left)};t={each.reset_s}" for name, each in named),
    }
