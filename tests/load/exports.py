"""Exports of a large board: how long each format takes until its last byte, how large it is, and what it leaves in the server's memory."""

from collections.abc import Iterator
from time import perf_counter
from uuid import uuid4

import msgspec

from tests.load.stack import Stack

FORMATS = ("json", "ndjson", "csv", "xlsx", "ics", "md")
WORDS = "Dig over both beds, mark the rows with string and water them well before the evening. " * 3


class Exported(msgspec.Struct, frozen=True):
    """`grown` is how much more memory the web process has than before, in bytes."""

    format: str
    seconds: float
    size: int
    grown: int


def exports(stack: Stack, tasks: int) -> Iterator[Exported]:
    """Each format once, of a board with so many tasks, every second of which is described."""
    owner = stack.register("owner")
    column, label = str(uuid4()), str(uuid4())
    furniture = [
        {"type": "create_column", "id": column, "name": "To do"},
        {"type": "create_label", "id": label, "name": "Soon", "color": "red"},
    ]
    cards = [
        {
            "type": "create_task",
            "id": str(uuid4()),
            "column_id": column,
            "title": f"Card {n}, as long as most of them are",
            "label_ids": [label],
            "assignee_ids": [owner.id],
            "due_at": "2030-05-12",
            **({"description": WORDS} if n % 2 else {}),
        }
        for n in range(tasks)
    ]
    project, _ = stack.make_board(owner, furniture + cards, {})
    for format in FORMATS:
        before, begun, size = stack.process.memory_info().rss, perf_counter(), 0
        path = f"/v1/projects/{project}/export?format={format}"
        with stack.http.stream("GET", path, headers=owner.headers) as answer:
            answer.raise_for_status()
            size = sum(map(len, answer.iter_raw()))
        yield Exported(format, perf_counter() - begun, size, stack.process.memory_info().rss - before)
