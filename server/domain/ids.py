"""Ids: UUIDv7 for what is made here, UUIDv5 for what must come out the same when it is made again."""

import os
import time
from uuid import UUID, uuid5


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits; later ones sort later."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return UUID(int=value)


def child_id(parent: UUID, name: str) -> UUID:
    """The id of something that belongs to `parent`, the same each time."""
    return uuid5(parent, name)
