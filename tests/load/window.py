"""Time as all processes of the bench share it: nanoseconds of the machine's monotonic clock, carried inside command ids."""

import time

import msgspec


class Window(msgspec.Struct, frozen=True):
    """What counts: edits sent from `start` until `end`, in nanoseconds."""

    start: int
    end: int

    @classmethod
    def after(cls, warm_up: float, seconds: float) -> "Window":
        start = time.monotonic_ns() + int(warm_up * 1e9)
        return cls(start, start + int(seconds * 1e9))

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / 1e9


def stamped(counter: int) -> str:
    """A command id that tells when it was made."""
    digits = f"{time.monotonic_ns():016x}{counter:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def stamp_of(id: str) -> int:
    return int(id[:8] + id[9:13] + id[14:18], 16)
