"""The supervisor: who dies starts again, later each time; who is asked to stop goes in order, at last by force."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from server.embedded.program import Program, StartError
from server.embedded.supervisor import FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, Kept, Stopped, Supervisor

SLEEP = "import time; time.sleep(600)"
QUIET: Callable[[object], None] = lambda _: None  # noqa: E731  a name for the argument it is


def program(name: str, script: str = SLEEP, *arguments: str, stop_seconds: float = 5.0) -> Program:
    return Program(name, [sys.executable, "-c", script, *arguments], os.environ, stop_seconds=stop_seconds)


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor(QUIET, QUIET)
    yield supervisor
    supervisor.end()


def pid(kept: Kept) -> int:
    assert kept.process is not None
    return kept.process.pid


def is_gone(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_who_dies_starts_again_while_the_others_go_on(supervisor: Supervisor) -> None:
    first, second = supervisor.keep(program("first"), program("second"))
    before, other = pid(first), pid(second)
    os.kill(before, signal.SIGKILL)
    died = time.monotonic()
    supervisor.wait(lambda: first.process is not None and pid(first) != before, 5, "first")
    assert time.monotonic() - died < 1.0
    assert pid(second) == other
    assert second.deaths == 0


def test_each_death_in_a_row_waits_twice_as_long_up_to_the_longest_and_never_gives_up() -> None:
    kept, now, waits = Kept(program("short", "raise SystemExit(3)"), QUIET), 1000.0, []
    for _ in range(9):
        assert kept.look(now)
        assert kept.process is not None
        kept.process.wait()
        kept.look(now)
        waits.append(round(kept._due - now, 3))
        now = kept._due
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, LONGEST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, LONGEST_DELAY_SECONDS]


def test_a_long_life_makes_the_next_wait_short_again() -> None:
    kept = Kept(program("short", "raise SystemExit(3)"), QUIET)
    for now in (1000.0, 1001.0, 1060.0):
        if kept.look(now) and kept.process is not None:
            kept.process.wait()
    kept.look(2000.0)
    assert kept._due == 2000.0 + FIRST_DELAY_SECONDS


def test_a_program_that_cannot_be_started_is_tried_again() -> None:
    kept = Kept(Program("nothing", ["/nonexistent/program"], {}), QUIET)
    kept.look(1000.0)
    assert (kept.process, kept.deaths, kept._due) == (None, 1, 1000.0 + FIRST_DELAY_SECONDS)


def test_what_a_dead_program_had_started_does_not_outlive_it(supervisor: Supervisor, tmp_path: Path) -> None:
    child = f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', '{SLEEP}']); "
    note = "open(sys.argv[1], 'w').write(str(p.pid) + chr(10)); time.sleep(600)"
    file = tmp_path / "pid"
    (kept,) = supervisor.keep(program("parent", child + note, str(file)))
    supervisor.wait(lambda: file.exists() and file.read_text().endswith("\n"), 10, "parent")
    grandchild, parent = int(file.read_text()), pid(kept)
    os.kill(parent, signal.SIGKILL)
    supervisor.wait(lambda: kept.deaths == 1, 5, "parent")
    supervisor.wait(lambda: is_gone(grandchild) or _is_zombie(grandchild), 5, "grandchild")


def _is_zombie(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().split()[2] == "Z"
    except OSError:
        return False


def test_groups_end_the_latest_first(supervisor: Supervisor, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    script = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    print(sys.argv[1], file=open(sys.argv[2], 'a')); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); open(sys.argv[2] + sys.argv[1], 'w'); time.sleep(600)"
    )
    names: Sequence[str] = ("database", "queue", "web")
    for name in names:
        supervisor.keep(program(name, script, name, str(ends)))
    supervisor.wait(lambda: all(Path(f"{ends}{name}").exists() for name in names), 10, "programs")
    supervisor.end()
    assert ends.read_text().split() == ["web", "queue", "database"]


def test_who_does_not_end_when_asked_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    stubborn = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); "
    (kept,) = supervisor.keep(program("stubborn", stubborn + "time.sleep(600)", str(ready), stop_seconds=0.2))
    supervisor.wait(ready.exists, 10, "stubborn")
    process = kept.process
    assert process is not None
    supervisor.end()
    assert process.returncode == -signal.SIGKILL


def test_a_program_that_keeps_dying_while_starting_ends_the_start(supervisor: Supervisor) -> None:
    (kept,) = supervisor.keep(program("broken", "raise SystemExit(1)"))
    kept.deaths = 6
    with pytest.raises(StartError, match="broken does not start: see above"):
        supervisor.wait(lambda: False, 60, "broken")


def test_what_does_not_answer_in_time_ends_the_start(supervisor: Supervisor) -> None:
    with pytest.raises(StartError, match="Lockstep does not answer after 0 s"):
        supervisor.wait(lambda: False, 0, "Lockstep")


def test_a_command_that_fails_is_named_with_its_cause(supervisor: Supervisor) -> None:
    with pytest.raises(StartError, match=r"migrate failed \(exit code 3\)"):
        supervisor.run_once(program("migrate", "raise SystemExit(3)"))


def test_a_request_to_stop_interrupts_a_start_and_repeating_it_is_harmless(supervisor: Supervisor) -> None:
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.catch_signals()
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Stopped):
            supervisor.wait(lambda: False, 60, "anything")
        supervisor.watch()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def test_a_reload_starts_again_at_once_and_counts_as_no_death(supervisor: Supervisor) -> None:
    (kept,) = supervisor.keep(program("web"))
    before = pid(kept)
    supervisor.reload([kept])
    supervisor.wait(lambda: kept.process is not None and pid(kept) != before, 5, "web")
    assert kept.deaths == 0


def test_a_reload_does_not_wait_for_who_drains(supervisor: Supervisor, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    stubborn = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); "
    (kept,) = supervisor.keep(program("web", stubborn + "time.sleep(600)", str(ready), stop_seconds=0.2))
    supervisor.wait(ready.exists, 10, "web")
    before = pid(kept)
    kept.reload(time.monotonic() - 60)
    supervisor.wait(lambda: kept.process is not None and pid(kept) != before, 5, "web")
