"""Passwords: hashed and checked in threads of their own, two at once, so that sign-ins never slow the board down."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.domain.errors import Overloaded

AT_ONCE = 2
WAITING_MAX = 64

T = TypeVar("T")


class Passwords:
    """argon2id with OWASP's first choice of parameters (Password Storage Cheat Sheet): 46 MiB, one pass, one lane."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._waiting = 0
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """Raises `Overloaded` when too many wait."""
        return await self._run(self._hasher.hash, password)

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Whether the password is right. Without a hash (no such account) it takes as long. Raises `Overloaded`."""
        if hashed is not None:
            return await self._run(self._matches, hashed, password)
        if self._nobodys is None:
            self._nobodys = await self.hash("nobody's")
        await self._run(self._matches, self._nobodys, password)
        return False

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        if self._waiting >= WAITING_MAX:
            raise Overloaded("Too many people are signing in right now.", retry_ms=2000)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1
