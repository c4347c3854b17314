"""Passwords: judged, hashed and checked in threads of their own, two at once, so that sign-ins never slow the board down."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from server.domain.errors import Invalid, Overloaded

MEMORY_KIB = 47_104
"""OWASP's first choice for argon2id (Password Storage Cheat Sheet): 46 MiB, one pass, one lane."""

AT_ONCE = 2
WAITING_MAX = 64

GUESSES_LEAST = 1e6
"""zxcvbn's lower bound for what an online attack does not reach; lists of common passwords are far below it."""

JUDGED_MAX = 72
"""Characters that are looked at: longer ones are judged by their beginning, for judging takes its time."""

T = TypeVar("T")


class Passwords:
    """argon2id."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._waiting = 0
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """Raises `Overloaded` when too many wait."""
        return await self._run(self._hasher.hash, password)

    async def refuse_weak(self, password: str, *about: str, pointer: str = "/password") -> None:
        """Refuses what is guessed first, such as common passwords, and `about`, what is known of its owner. Raises `Invalid`, `Overloaded`."""
        if await self._run(_guesses, password[:JUDGED_MAX], *about) < GUESSES_LEAST:
            raise Invalid.at(pointer, "This password is too easy to guess: choose a longer or a less common one.")

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


def _guesses(password: str, *about: str) -> float:
    """How many guesses somebody needs who knows the lists, the keyboard and the owner."""
    parts = [part for text in about for part in (text, *text.replace("@", " ").split())]
    return float(zxcvbn(password, parts)["guesses"])
