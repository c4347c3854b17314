"""A large import while somebody watches and somebody edits: how fast it is, what the worker needs, and what the editor feels of it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psutil

from tests.load.stack import Person, Stack

TEXT = "Water it daily, and say so to whoever comes by. " * 45
PAUSE_SECONDS = 0.05


class Imported(NamedTuple):
    """`began_s`: until the first record was there; `edits`: how long each edit beside it took, in ms. Memory in MB, at its highest."""

    tasks: int
    began_s: float
    seconds: float
    file_mb: float
    worker_mb: float
    reader_mb: float
    edits: list[float]


def measure(stack: Stack, *, tasks: int) -> Imported:
    """Imports a Trello board with so many cards of 2 KB."""
    ann = stack.register("ann")
    project, column = str(uuid4()), str(uuid4())
    task = str(uuid4())
    columns = [{"type": "create_column", "id": column, "name": "To do"}]
    mine = [{"type": "create_task", "id": task, "column_id": column, "title": "Mine"}]
    project, _ = stack.make_board(ann, columns + mine, {})
    file = _file(tasks)
    with _program(stack, "worker") as worker, _program(stack, "clock"):
        begun = stack.http.post(
            f"/v1/projects/{project}/imports?format=trello", content=file, headers=ann.headers
        ).raise_for_status()
        return _follow(stack, ann, worker, project, task, begun.json()["id"], len(file) / 2**20)


def _follow(
    stack: Stack, ann: Person, worker: psutil.Process, project: str, task: str, job: str, file_mb: float
) -> Imported:
    began, first = time.monotonic(), 0.0
    worker_mb = reader_mb = 0.0
    edits: list[float] = []
    while True:
        told = stack.http.get(f"/v1/jobs/{job}", headers=ann.headers).json()
        if told["progress"]["done"] and not first:
            first = time.monotonic()
        if told["status"] in ("completed", "failed"):
            break
        now_mb, read_mb = _memory(worker)
        worker_mb, reader_mb = max(worker_mb, now_mb), max(reader_mb, read_mb)
        if first:
            edits.append(_edit(stack, ann, project, task))
        time.sleep(PAUSE_SECONDS)
    assert told["status"] == "completed", told["problem"]
    count = told["result"]["report"]["created"]["task"]
    return Imported(count, first - began, time.monotonic() - first, file_mb, worker_mb, reader_mb, edits)


def _edit(stack: Stack, ann: Person, project: str, task: str) -> float:
    command: dict[str, Any] = {"type": "update_task", "id": task, "title": f"Mine {time.monotonic()}"}
    began = time.monotonic()
    stack.http.post(
        f"/v1/projects/{project}/commands", json={"commands": [command]}, headers=ann.headers
    ).raise_for_status()
    return (time.monotonic() - began) * 1000


def _memory(worker: psutil.Process) -> tuple[float, float]:
    """Of the worker, and of the process that reads the file for it."""
    children = worker.children()
    return worker.memory_info().rss / 2**20, sum(child.memory_info().rss for child in children) / 2**20


def _file(tasks: int) -> bytes:
    cards = [
        {"id": f"c{n}", "name": f"Bed {n}", "idList": f"l{n % 8}", "pos": n, "closed": False, "desc": TEXT}
        for n in range(tasks)
    ]
    lists = [{"id": f"l{n}", "name": f"Row {n}", "closed": False, "pos": n} for n in range(8)]
    return json.dumps({"id": "b", "name": "Allotment", "lists": lists, "cards": cards}).encode()


@contextmanager
def _program(stack: Stack, name: str) -> Iterator[psutil.Process]:
    with (Path(stack.environment["LOCKSTEP_DATA_DIR"]) / f"{name}.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", name], env=stack.environment, stdout=output, stderr=output
        )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)
