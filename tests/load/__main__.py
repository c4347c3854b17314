"""`python -m tests.load`: runs the rows, prints a table in Markdown, leaves nothing running."""

import platform
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import psutil
import typer

from tests.load import exports as exports_
from tests.load import imports, returns, rows
from tests.load import lists as lists_
from tests.load import stress as stress_
from tests.load.stack import Stack, services, web

Measure = Callable[[list[Stack], float], list[str]]


class Row:
    """A line of the table: what it is called, how it is measured, with how many web processes, what it should reach at least."""

    def __init__(self, name: str, measure: Measure, aim: str, *, webs: int = 1) -> None:
        self.name = name
        self.measure = measure
        self.aim = aim
        self.webs = webs


def _live(boards: int, watching: int, in_flight: int) -> Measure:
    """Edits at the first web process, watchers at the last."""

    def measure(stacks: list[Stack], seconds: float) -> list[str]:
        done = rows.live(stacks, boards=boards, watching=watching, in_flight=in_flight, seconds=seconds)
        for line in done.wrong:
            print(f"WRONG: {line}")
        return [
            f"{done.edits_s:,.0f} edits/s",
            f"{done.seen_p50:.1f} / {done.seen_p99:.1f} ms",
            f"{done.acked_p50:.1f} / {done.acked_p99:.1f} ms",
            f"{done.deliveries_s:,.0f}/s, {done.changes_a_frame:.0f} a frame",
            ", ".join(f"{name} {share:.0%}" for name, share in done.cpu.items()),
        ]

    return measure


def _snapshots(stacks: list[Stack], seconds: float) -> list[str]:
    done = rows.snapshots(stacks[0], cards=10_000, times=max(5, int(seconds)))
    told = f"cold {done.cold_ms:.0f} ms, cached {done.cached_ms:.1f} ms, 304 {done.not_modified_ms:.1f} ms"
    return [told, "", "", f"{done.size / 1024:,.0f} KiB gzip", ""]


def _idle(connections: int) -> Measure:
    def measure(stacks: list[Stack], _seconds: float) -> list[str]:
        return [f"{rows.idle_connection_kb(stacks, connections=connections):.1f} KB", "", "", "", ""]

    return measure


def _resume(stacks: list[Stack], seconds: float) -> list[str]:
    done = returns.resumes(stacks[0], missed=20, seconds=seconds)
    return [f"{len(done):,} returns", f"{_two(done)}", "", "20 changes each", ""]


def _storm(stacks: list[Stack], _seconds: float) -> list[str]:
    done = returns.storm(stacks[0], connections=2_000)
    return [f"all live after {max(done) / 1000:.1f} s", f"{_two(done)}", "", "", ""]


def _beside_stalled(stacks: list[Stack], seconds: float) -> list[str]:
    ratios = sorted(rows.beside_stalled(stacks, stalled=20, pairs=7, seconds=seconds / 3))
    spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
    return [f"99th percentile × {rows.percentile(ratios, 50):.2f}", spread, "", "", ""]


def _imports(stacks: list[Stack], _seconds: float) -> list[str]:
    done = imports.measure(stacks[0], tasks=45_000)
    return [
        f"{done.tasks / done.seconds:,.0f} tasks/s, after {done.began_s:.1f} s",
        "",
        _two(done.edits),
        f"{done.file_mb:.0f} MB: worker {done.worker_mb:.0f} MB, reader {done.reader_mb:.0f} MB",
        "",
    ]


def _two(milliseconds: list[float]) -> str:
    """Median and 99th percentile."""
    found = sorted(milliseconds)
    return f"{rows.percentile(found, 50):.1f} / {rows.percentile(found, 99):.1f} ms"


ROWS = {
    "20/1": Row("20 watchers, 1 in flight", _live(1, 20, 1), "350/s, 3 / 8 ms"),
    "20/32": Row("20 watchers, 32 in flight", _live(1, 20, 32), "5,000/s, 6 / 25 ms"),
    "20/512": Row("20 watchers, 512 in flight", _live(1, 20, 512), "15,000/s, 30 / 80 ms"),
    "200/32": Row("200 watchers, 32 in flight", _live(1, 200, 32), "2,000/s, 18 / 60 ms"),
    "boards": Row("200 boards: 5 watchers, 1 editor each", _live(200, 5, 1), "4,000/s"),
    "snapshot": Row("snapshot of 10,000 cards", _snapshots, "cold 150 ms, cached 5 ms"),
    "idle": Row("an idle joined connection", _idle(1_000), "45 KB"),
    "1000/32": Row("1,000 watchers, 32 in flight", _live(1, 1_000, 32), "120,000 deliveries/s"),
    "two": Row(
        "two processes: edit in one, 20 watchers at the other, 8 in flight", _live(1, 20, 8), "8 / 50 ms", webs=2
    ),
    "resume": Row("a return with what was missed", _resume, "50 ms (99th)"),
    "stalled": Row("20 watchers, 8 in flight, beside 20 that read nothing; 7 pairs", _beside_stalled, "× 1.25"),
    "storm": Row("2,000 connections lost and back at once", _storm, "15 s"),
    "import": Row("an import of 45,000 tasks in 100 MB beside an editor", _imports, "5,000/s, worker 300 MB"),
    "10000": Row("10,000 idle joined connections at two processes, each", _idle(10_000), "45 KB", webs=2),
}


def main(
    only: Annotated[list[str] | None, typer.Argument(help=f"Rows: {', '.join(ROWS)}; all when none is named.")] = None,
    seconds: Annotated[float, typer.Option(help="How long each row is measured.", min=0.5, max=600)] = 6.0,
    stress: Annotated[
        bool, typer.Option("--stress", help="Offer more and more until it is too much, instead.")
    ] = False,
    exports: Annotated[int | None, typer.Option(help="Export a board of so many tasks, instead.", min=1)] = None,
    lists: Annotated[int | None, typer.Option(help="List so many tasks in 200 projects, instead.", min=200)] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the databases; a temporary one by default.")] = None,
) -> None:
    """Measure this machine: every row with a fresh web process. Two figures of a time are its median and 99th percentile."""
    unknown = set(only or ()) - ROWS.keys()
    if unknown:
        raise typer.BadParameter(f"no such row: {', '.join(unknown)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    started = time.monotonic()
    print(_machine(), end="\n\n")
    if stress:
        _stress(seconds, data)
        return
    if exports is not None:
        _exports(exports, data)
        return
    if lists is not None:
        _lists(lists, seconds, data)
        return
    _print_line("what", "result", "edit → seen", "edit → ack", "deliveries", "processor", "aim")
    _print_line(*["---"] * 7)
    with services(data) as environment:
        for key in only or ROWS:
            row = ROWS[key]
            with ExitStack() as running:
                stacks = [running.enter_context(web(environment)) for _ in range(row.webs)]
                results = row.measure(stacks, seconds)
                complaints = [line for stack in stacks for line in stack.log.read_text().splitlines()]
            _print_line(row.name, *results, row.aim)
            for line in complaints[:3]:
                print(f"web says ({len(complaints)} lines): {line[:500]}")
    print(f"\n{time.monotonic() - started:.0f} s in all")


def _stress(seconds: float, data: Path | None) -> None:
    _print_line("", "offered", "accepted", "edit → ack", "refused", "web's memory")
    _print_line(*["---"] * 6)
    with services(data) as environment, web(environment) as stack:
        for what, step in stress_.stress(stack, seconds):
            refused = ", ".join(f"{count:,} {code}" for code, count in step.refused.items())
            _print_line(
                what,
                f"{step.pace:,.0f}/s",
                f"{step.accepted_s:,.0f}/s",
                f"{step.percentile(50):.1f} / {step.percentile(99):.1f} ms",
                f"{refused} ({step.told_when:,} told when to come back)" if refused else "none",
                f"{step.memory_mb:.0f} MB",
            )


def _exports(tasks: int, data: Path | None) -> None:
    _print_line(f"{tasks:,} tasks as", "until the last byte", "size", "left in web's memory")
    _print_line(*["---"] * 4)
    with services(data) as environment:
        roomy = {**environment, "LOCKSTEP_MAX_UNARCHIVED_TASKS": "250000"}
        with web(roomy) as stack:
            for done in exports_.exports(stack, tasks):
                size, grown = f"{done.size / 2**20:,.1f} MB", f"{done.grown / 2**20:,.0f} MB"
                _print_line(done.format, f"{done.seconds:.1f} s", size, grown)


def _lists(tasks: int, seconds: float, data: Path | None) -> None:
    _print_line(f"{tasks:,} tasks in {lists_.PROJECTS} projects", "median / 99th percentile", "a second")
    _print_line(*["---"] * 3)
    with services(data) as environment, web(environment) as stack:
        for what, milliseconds in lists_.lists(stack, tasks, seconds):
            _print_line(what, _two(milliseconds), f"{1000 * len(milliseconds) / sum(milliseconds):,.0f}")


def _print_line(*cells: str) -> None:
    print("|", " | ".join(cells), "|", flush=True)


def _machine() -> str:
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    busy = psutil.getloadavg()[0]
    return f"{datetime.now(UTC):%Y-%m-%d}: {cores} processors, {memory:.0f} GiB, {system}; load before: {busy:.1f}"


if __name__ == "__main__":
    typer.run(main)
