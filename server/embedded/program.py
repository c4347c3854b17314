"""One program: how to start it, how to know that it serves, how to end it. Not here: keeping it alive."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_LOG_ROTATE_BYTES = 10_000_000
_POLL_SECONDS = 0.02


class StartError(Exception):
    """Something stands in the way of starting; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Program:
    """What it takes to run one process and the group it leads.

    `serves` tells whether the process of that id does its work by now. `become` runs in the new process just before the
    program does. Without `log` the output goes to ours. After `stop_signal` it has `stop_seconds` before it is killed.
    """

    name: str
    argv: Sequence[str | Path]
    environment: Mapping[str, str]
    serves: Callable[[int], bool] = lambda _pid: True
    folder: Path | None = None
    log: Path | None = None
    become: Callable[[], None] | None = None
    pass_fds: tuple[int, ...] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0

    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts it as the leader of its own session, so that a Ctrl-C in the terminal reaches us alone."""
        with _open_log(self.log) as log:
            return subprocess.Popen(
                [str(argument) for argument in self.argv],
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=None if self.log is None else log,
                stderr=None if self.log is None else subprocess.STDOUT,
                preexec_fn=self.become,
                pass_fds=self.pass_fds,
                start_new_session=True,
            )

    def ask_to_end(self, process: subprocess.Popen[bytes]) -> None:
        """Sends the signal that ends it in order; one that ended already is fine."""
        process.send_signal(self.stop_signal)

    def await_end(self, process: subprocess.Popen[bytes]) -> None:
        """Waits for the end, and kills what is left of its group."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(self.stop_seconds)
        kill_group(process.pid)
        process.wait()

    def await_serving(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """Returns once it serves. Raises `StartError` when it ends or takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while not self.serves(process.pid):
            if process.poll() is not None:
                raise StartError(f"{self.name} does not start: {self.last_words()}")
            if time.monotonic() > deadline:
                raise StartError(f"{self.name} does not answer after {seconds:.0f} s: {self.last_words()}")
            time.sleep(_POLL_SECONDS)

    def last_words(self) -> str:
        """The last line of its log, and where the rest is."""
        if self.log is None or not self.log.exists():
            return "see above"
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'it said nothing'} (see {self.log})"


def kill_group(leader: int) -> None:
    """Kills every process of the group that `leader` leads; none left is fine."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        os.killpg(leader, signal.SIGKILL)


def _open_log(path: Path | None) -> BinaryIO:
    if path is None:
        return open(os.devnull, "ab")
    if path.exists() and path.stat().st_size > _LOG_ROTATE_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))
