"""Keeps programs alive: whichever dies starts again while the others go on. One thread, ten looks a second."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from types import FrameType

from server.embedded.folder import Running
from server.embedded.program import Program, StartError, kill_group

FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 10.0
_STEADY_SECONDS = 10.0  # who lived that long starts again after the first delay
_LOOK_SECONDS = 0.1
_DEATHS_WHILE_STARTING = 6
_RUN_SECONDS = 3600.0
_RELOAD_SECONDS = 2.0  # while developing nobody waits for connections to drain


class Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


class Kept:
    """One program and the process that runs it at present."""

    def __init__(self, program: Program, say: Callable[[str], None]) -> None:
        self.program = program
        self.deaths = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._say = say
        self._delay = FIRST_DELAY_SECONDS
        self._due = 0.0  # when to start it, by the monotonic clock; while reloading, when to kill it
        self._born = 0.0
        self._reloading = False

    @property
    def serves(self) -> bool:
        return self.process is not None and self.process.poll() is None and self.program.serves(self.process.pid)

    def look(self, now: float) -> bool:
        """Starts it when it is due; returns whether another process runs now than before."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                self._kill_if_slow(now)
                return False
            self._mourn(code, now)
        if now < self._due:
            return False
        self._spawn(now)
        return True

    def reload(self, now: float) -> None:
        """Ends it gently, to be started again at once."""
        self._due, self._delay = now, FIRST_DELAY_SECONDS
        if self.process is not None and self.process.poll() is None:
            self._reloading, self._due = True, now + _RELOAD_SECONDS
            self.process.send_signal(self.program.stop_signal)

    def _spawn(self, now: float) -> None:
        self._born = now
        try:
            self.process = self.program.spawn()
        except (OSError, subprocess.SubprocessError) as refused:
            self._say(f"{self.program.name} cannot be started ({refused}).")
            self._mourn(None, now)

    def _mourn(self, code: int | None, now: float) -> None:
        if self.process is not None:
            kill_group(self.process.pid)  # what it started itself must not outlive it
        self.process = None
        if self._reloading:
            self._reloading, self._due = False, now
            return
        self.deaths += 1
        if now - self._born > _STEADY_SECONDS:
            self._delay = FIRST_DELAY_SECONDS
        if code is not None:
            self._say(f"{self.program.name} ended ({_cause(code)}); it starts again in {self._delay:g} s.")
        self._due = now + self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY_SECONDS)

    def _kill_if_slow(self, now: float) -> None:
        if self._reloading and now > self._due and self.process is not None:
            kill_group(self.process.pid)


class Supervisor:
    """Owns every process of `lockstep up`. `say` prints a line; `remember` records what runs whenever that changes."""

    def __init__(self, say: Callable[[str], None], remember: Callable[[Iterable[Running]], None]) -> None:
        self._groups: list[list[Kept]] = []
        self._say = say
        self._remember = remember
        self._stopping = False

    @property
    def kept(self) -> list[Kept]:
        return [kept for group in self._groups for kept in group]

    def catch_signals(self) -> None:
        """From now on Ctrl-C, a closed terminal and SIGTERM are requests to stop; repeating them changes nothing."""
        signal.signal(signal.SIGINT, self._request_stop)
        signal.signal(signal.SIGTERM, self._request_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
            signal.signal(signal.SIGHUP, self._request_stop)

    def keep(self, *programs: Program) -> list[Kept]:
        """Starts a group of programs and keeps them alive until `end`."""
        group = [Kept(program, self._say) for program in programs]
        self._groups.append(group)
        self.look()
        return group

    def run_once(self, program: Program) -> subprocess.Popen[bytes]:
        """Runs a program to its end while the others are looked after. Raises `StartError` when it fails, `Stopped`."""
        process = program.spawn()
        try:
            self.wait(lambda: process.poll() is not None, _RUN_SECONDS, program.name)
        finally:
            program.ask_to_end(process)
            program.await_end(process)
        if process.returncode != 0:
            raise StartError(f"{program.name} failed ({_cause(process.returncode)}): {program.last_words()}")
        return process

    def wait(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Looks after everything until `done`. Raises `Stopped`; `StartError` when it is late or one keeps dying."""
        deadline = time.monotonic() + seconds
        while not done():
            if self._stopping:
                raise Stopped
            if time.monotonic() > deadline:
                raise StartError(f"{what} does not answer after {seconds:.0f} s: see above.")
            self.look()
            for kept in self.kept:
                if kept.deaths >= _DEATHS_WHILE_STARTING:
                    raise StartError(f"{kept.program.name} does not start: {kept.program.last_words()}")
            time.sleep(_LOOK_SECONDS / 2)

    def watch(self, also: Callable[[], None] = lambda: None) -> None:
        """Looks after everything, and calls `also` each time, until somebody asks to stop."""
        while not self._stopping:
            self.look()
            also()
            time.sleep(_LOOK_SECONDS)

    def look(self) -> None:
        """One round: who died is started again when due."""
        now = time.monotonic()
        changed = [kept.look(now) for kept in self.kept]
        if any(changed):
            self._remember(self._running())

    def reload(self, group: Iterable[Kept]) -> None:
        """Ends programs gently; they start again at once."""
        now = time.monotonic()
        for kept in group:
            kept.reload(now)

    def end(self) -> None:
        """Ends the groups, the latest first: what depends goes before what it depends on."""
        while self._groups:
            group = [(kept.program, kept.process) for kept in self._groups.pop() if kept.process is not None]
            for program, process in group:
                program.ask_to_end(process)
            for program, process in group:
                program.await_end(process)

    def _running(self) -> list[Running]:
        records = (
            Running.of(kept.program.name, kept.process.pid, kept.program.stop_signal)
            for kept in self.kept
            if kept.process is not None
        )
        return [record for record in records if record is not None]

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def _cause(code: int) -> str:
    """Why a process ended, from its return code."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
