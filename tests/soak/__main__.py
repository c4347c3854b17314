"""`./dev soak`: people work on a board while one fault follows the other; it ends by itself, with what the checker says.

Two web processes, PostgreSQL and Valkey run as real processes; see docs/reliability.md.
"""

import argparse
import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.history import checker
from tests.history.checker import Acked, History, Violation
from tests.soak.faults import FAULTS, NotReached
from tests.soak.play import Board, writing
from tests.soak.stack import Stack, running

CALM_SECONDS = (1.0, 3.0)
"""Between two faults."""

FAULT_SECONDS = (0.5, 4.0)
CATCH_UP_SECONDS = 5.0
PROMPT_SECONDS = 1.0
"""An edit answered within this time counts as served."""


@dataclass
class Course:
    """What was done to the stack, and how long everybody then took to hold what had been committed by its end."""

    faults: Counter[str] = field(default_factory=Counter)
    not_reached: Counter[str] = field(default_factory=Counter)
    caught_up: list[float] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    say(f"seed {options.seed}; {options.writers} writers, {options.observers} observers, {options.minutes:g} minutes")
    with tempfile.TemporaryDirectory(prefix="lockstep-soak-") as folder:
        os.chmod(folder, 0o755)
        with running(Path(folder)) as stack:
            return asyncio.run(soak(stack, options))


async def soak(stack: Stack, options: argparse.Namespace) -> int:
    chance = random.Random(options.seed)
    course = Course()
    async with Board.on(stack) as board:
        writers = [await board.client(n % 2, 1 - n % 2) for n in range(options.writers)]
        for n in range(options.observers):
            await board.client(n % 2, 1 - n % 2)
        async with writing(writers, chance):
            await disturb(board, chance, options, course)
        took = await board.quiet(CATCH_UP_SECONDS)
        history = await board.history()
        seconds = [each for writer in writers for each in writer.seconds]
        losses = sum(client.losses for client in board.clients)
        pause = max((each for client in board.clients for each in client.pauses), default=0.0)
    found = checker.violations(history)
    for violation in found[:50]:
        say(f"{violation.kind}: {violation.told}")
    say(summary(history, found, course, seconds, losses=losses, pause=pause, quiet=took))
    return 1 if found or took > CATCH_UP_SECONDS else 0


async def disturb(board: Board, chance: random.Random, options: argparse.Namespace, course: Course) -> None:
    """One fault after the other, each as often as any, until the time is up."""
    begun = time.monotonic()
    waiting: list[str] = []
    while time.monotonic() < begun + options.minutes * 60:
        await asyncio.sleep(chance.uniform(*CALM_SECONDS))
        if not waiting:
            waiting = chance.sample(options.faults, len(options.faults))
        fault = waiting.pop()
        at = time.monotonic()
        try:
            await FAULTS[fault](board, chance, chance.uniform(*FAULT_SECONDS))
            course.faults[fault] += 1
        except NotReached:
            course.not_reached[fault] += 1
        lasted = time.monotonic() - at
        course.caught_up.append(await board.quiet(CATCH_UP_SECONDS * 4))
        say(f"{at - begun:6.0f} s  {fault}, {lasted:.1f} s; all hold its end after {course.caught_up[-1]:.2f} s")
        for client in board.clients:
            client.go_home()  # or all would end up at one process


def summary(
    history: History,
    found: list[Violation],
    course: Course,
    seconds: list[float],
    *,
    losses: int,
    pause: float,
    quiet: float,
) -> str:
    submits = checker.merged(history.submits)
    kinds = Counter(each.kind for each in found)
    refused = sum(
        not any(isinstance(one, Acked) for one in submit.answers) and not submit.unknown for submit in submits
    )
    prompt = sum(each <= PROMPT_SECONDS for each in seconds)
    others = sum(kinds.values()) - kinds["lost"] - kinds["doubled"] - kinds["gap"]
    centiles = statistics.quantiles([min(each, 60.0) for each in seconds], n=100)
    lines = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}",
        "edits": f"{len(submits)} submitted, {len(history.log) - history.begun} took effect, {refused} refused",
        "sent again": sum(submit.sent - 1 for submit in submits),
        "faults": f"{course.faults.total()} ({len(course.faults)} kinds), {course.not_reached.total()} points not reached",
        "lines lost": f"{losses}, the longest pause until live again {pause:.2f} s",
        "lost": kinds["lost"],
        "doubled": kinds["doubled"],
        "gaps": kinds["gap"],
        "other violations": others,
        "never answered": sum(each == float("inf") for each in seconds),
        "answered": f"p50 {centiles[49] * 1000:.0f} ms, p99 {centiles[98] * 1000:.0f} ms, slowest {max(seconds):.1f} s",
        "availability": f"{100 * prompt / len(seconds):.2f} % answered within {PROMPT_SECONDS:g} s",
        "caught up": f"slowest {max(course.caught_up, default=0):.2f} s after a fault, {quiet:.2f} s in the end",
    }
    return "\n" + "\n".join(f"{name:18}{value}" for name, value in lines.items())


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev soak", description=__doc__, epilog=f"Faults: {', '.join(FAULTS)}.")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (10)")
    parser.add_argument("--faults", type=_faults, default=list(FAULTS), help="some of them, separated by commas (all)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of whatever is left to chance")
    parser.add_argument("--writers", type=int, default=4, help="clients that edit (4)")
    parser.add_argument("--observers", type=int, default=4, help="clients that only look on (4)")
    return parser.parse_args(arguments)


def _faults(names: str) -> list[str]:
    """The faults whose names begin with any of these."""
    wanted = [name.strip().lower() for name in names.split(",")]
    found = [fault for fault in FAULTS if fault.lower().startswith(tuple(wanted))]
    if not found:
        raise argparse.ArgumentTypeError(f"no fault begins with {names}")
    return found


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
