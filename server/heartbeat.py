"""Signs of life: worker and clock leave them in Redis, `/readyz` looks for them. Imports nothing of ours."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol

import structlog

NAMES = ("worker", "clock")
EVERY_SECONDS = 3.0
LIFE_SECONDS = 10
TIMEOUT_SECONDS = 2.0

log = structlog.get_logger(__name__)


class Redis(Protocol):
    """What is used of `redis.asyncio.Redis`."""

    def set(self, name: str, value: str, *, ex: int) -> Awaitable[Any]: ...

    def mget(self, keys: list[str]) -> Awaitable[list[Any]]: ...


class Heartbeats:
    """The signs of life of this deployment. `redis` has no time limits of its own to rely on."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def alive(self) -> dict[str, bool]:
        """Which of `NAMES` beat lately. Raises what the client raises, or TimeoutError, when Redis does not answer."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            found = await self._redis.mget([_key(name) for name in NAMES])
        return {name: value is not None for name, value in zip(NAMES, found, strict=True)}

    async def beat(self, name: str) -> None:
        """Leaves the sign of `name`. Raises what the client raises, or TimeoutError, when Redis does not answer."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await self._redis.set(_key(name), "alive", ex=LIFE_SECONDS)

    async def keep_beating(self, name: str) -> None:
        """Leaves the sign of `name` again and again until cancelled, through every outage of Redis."""
        while True:
            try:
                await self.beat(name)
            except Exception as error:
                log.warning("heartbeat not left", name=name, error=repr(error))
            await asyncio.sleep(EVERY_SECONDS)


def _key(name: str) -> str:
    return f"lockstep:heartbeat:{name}"
