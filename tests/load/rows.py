"""What is measured, one function a kind of row."""

import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any
from uuid import uuid4

import msgspec

from tests.load import driver, idle, watchers
from tests.load.driver import Drive, Driven
from tests.load.edits import Board
from tests.load.stack import Stack
from tests.load.watchers import Watched
from tests.load.window import Window

_processes = multiprocessing.get_context("spawn")

_SEED = 20_261
_WARM_UP_SECONDS = 1.5
_END_SECONDS = 30.0


class Live(msgspec.Struct, frozen=True):
    """Edits under load. Times in milliseconds; `cpu` is each process's share of one processor."""

    edits_s: float
    seen_p50: float
    seen_p99: float
    acked_p50: float
    acked_p99: float
    deliveries_s: float
    changes_a_frame: float
    cpu: dict[str, float]
    wrong: list[str]


def live(stacks: list[Stack], *, boards: int, watching: int, in_flight: int, seconds: float, stalled: int = 0) -> Live:
    """`boards` boards, each with one editor at the first process that has `in_flight` submits under way, and watchers at the last.

    At the first board are as many more that have stopped reading.
    """
    stack = stacks[0]
    owner, guest = stack.register("owner"), stack.register("guest")
    drives = []
    for seed in range(_SEED, _SEED + boards):
        project, head = stack.make_board(owner, Board(seed).first(), {guest.id: "viewer"})
        drives.append(Drive(project, seed, guest.id, head))
    projects = [drive.project for drive in drives]
    with (
        client(watchers.main, stacks[-1].socket_url, guest.token, projects, watching) as eyes,
        client(partial(idle.main, stalled=True), stacks[-1].socket_url, guest.token, projects[0], stalled) as sleepers,
    ):
        receive(eyes)
        receive(sleepers)
        window = Window.after(_WARM_UP_SECONDS + 0.01 * boards, seconds)
        eyes.send(window)
        with client(driver.main, stack.socket_url, owner.token, drives, in_flight, window) as hands:
            time.sleep(max(0.0, (window.start - time.monotonic_ns()) / 1e9))
            cpu = stack.cpu_seconds()
            time.sleep(max(0.0, (window.end - time.monotonic_ns()) / 1e9))
            cpu = stack.cpu_seconds() - cpu
            driven: Driven = receive(hands)
        eyes.send(driven.seqs)
        watched: Watched = receive(eyes)
    return _live(driven, watched, window, cpu)


def beside_stalled(stacks: list[Stack], *, stalled: int, pairs: int, seconds: float) -> list[float]:
    """How many times as long the slowest hundredth waits for an edit when others have stopped reading, in so many pairs of runs."""

    def slowest(beside: int) -> float:
        return live(stacks, boards=1, watching=20, in_flight=8, seconds=seconds, stalled=beside).seen_p99

    return [slowest(stalled) / slowest(0) for _ in range(pairs)]


def _live(driven: Driven, watched: Watched, window: Window, cpu: float) -> Live:
    seen, acked = sorted(watched.seen_ms), sorted(driven.acked_ms)
    wrong = [f"{count} refused: {why}" for why, count in driven.refused.items()]
    wrong += [f"{watched.gaps} gaps"] * bool(watched.gaps) + [f"{watched.behind} behind"] * bool(watched.behind)
    wrong += [f"{count} watchers ended: {why}" for why, count in watched.ended.items()]
    busy = window.seconds + _WARM_UP_SECONDS
    return Live(
        edits_s=driven.acks / window.seconds,
        seen_p50=percentile(seen, 50),
        seen_p99=percentile(seen, 99),
        acked_p50=percentile(acked, 50),
        acked_p99=percentile(acked, 99),
        deliveries_s=watched.changes / busy,
        changes_a_frame=watched.changes / max(1, watched.frames),
        cpu={"web": cpu / window.seconds, "driver": driven.cpu / busy, "watchers": watched.cpu / busy},
        wrong=wrong,
    )


class Snapshots(msgspec.Struct, frozen=True):
    """Times in milliseconds, the body's size in bytes as sent."""

    cold_ms: float
    cached_ms: float
    not_modified_ms: float
    size: int


def snapshots(stack: Stack, *, cards: int, times: int) -> Snapshots:
    """How long a board's snapshot takes: right after an edit, and when nothing changed since the last."""
    owner = stack.register("owner")
    board = Board(_SEED)
    project, _ = stack.make_board(owner, board.first(cards), {})
    path = f"/v1/projects/{project}/snapshot"
    headers = {**owner.headers, "accept-encoding": "gzip"}
    cold, cached, same = [], [], []
    size, etag = 0, ""
    for _ in range(times):
        edit = {"id": str(uuid4()), "commands": [{"type": "update_project", "name": f"Bench {uuid4()}"}]}
        stack.http.post(f"/v1/projects/{project}/commands", json=edit, headers=owner.headers).raise_for_status()
        cold.append(_timed(stack, path, headers)[0])
        for _ in range(5):
            taken, size, etag = _timed(stack, path, headers)
            cached.append(taken)
        same.append(_timed(stack, path, {**headers, "if-none-match": etag})[0])
    return Snapshots(statistics.median(cold), statistics.median(cached), statistics.median(same), size)


def _timed(stack: Stack, path: str, headers: dict[str, str]) -> tuple[float, int, str]:
    """Milliseconds until the last byte, how many there were, and the ETag. Nothing is unpacked meanwhile."""
    started = time.perf_counter()
    with stack.http.stream("GET", path, headers=headers) as answer:
        size = sum(map(len, answer.iter_raw()))
    return (time.perf_counter() - started) * 1000, size, answer.headers.get("etag", "")


def idle_connection_kb(stacks: list[Stack], *, connections: int) -> float:
    """Kilobytes of the web processes' memory for each joined connection that does nothing; each process has as many."""
    owner = stacks[0].register("owner")
    project, _ = stacks[0].make_board(owner, Board(_SEED).first(), {})
    with ExitStack() as clients:

        def hold(each: int) -> int:
            """Joins that often at each process; returns the memory of all."""
            held = [
                clients.enter_context(client(idle.main, one.socket_url, owner.token, project, each)) for one in stacks
            ]
            for pipe in held:
                receive(pipe)
            time.sleep(3)  # presence settles
            return sum(stack.process.memory_info().rss for stack in stacks)

        before = hold(200)
        return (hold(connections // len(stacks)) - before) / 1024 / connections


def percentile(sorted_values: list[float], percent: int) -> float:
    return sorted_values[min(len(sorted_values) - 1, len(sorted_values) * percent // 100)] if sorted_values else 0.0


@contextmanager
def client(target: Any, *arguments: Any) -> Iterator[Connection]:
    """A client process; ended on the way out whatever happened."""
    ours, theirs = _processes.Pipe()
    process: SpawnProcess = _processes.Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join(2)
        process.kill()
        process.join()


def receive(pipe: Connection) -> Any:
    if not pipe.poll(_END_SECONDS * 4):
        raise RuntimeError("A client process did not answer.")
    return pipe.recv()
