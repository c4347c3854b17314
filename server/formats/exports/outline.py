"""Markdown: columns as headings, cards as a list to tick, with what a reader wants to know behind the title."""

import re
from collections.abc import Iterator, Sequence
from typing import IO
from uuid import UUID

from server.formats import fitting
from server.formats.exports.cards import BoardHead, Card

_SIGNS = re.compile(r"([\\`*_\[\]<>])")


class Outline:
    """Columns without cards have their heading too."""

    def __init__(self, out: IO[bytes], head: BoardHead) -> None:
        self._out = out
        self._waiting = list(head.columns)
        self._column: UUID | None = None
        described = f"\n{head.project.description.strip()}\n" if head.project.description.strip() else ""
        self._write(f"# {plain(head.project.name)}\n{described}")

    def cards(self, page: Sequence[Card]) -> None:
        for card in page:
            while self._column != card.column_id:
                self._heading()
            self._write("".join(_lines(card)))

    def end(self) -> None:
        while self._waiting:
            self._heading()

    def _heading(self) -> None:
        column = self._waiting.pop(0)
        self._column = column.id
        self._write(f"\n## {plain(column.name)}\n\n")

    def _write(self, text: str) -> None:
        self._out.write(text.encode())


def plain(text: str) -> str:
    """One line in which nothing is markup."""
    return _SIGNS.sub(r"\\\1", fitting.line(text))


def _lines(card: Card) -> Iterator[str]:
    facts = [
        *(f"`{fitting.line(label).replace('`', '')}`" for label in card.labels),
        *((f"due {card.due_at}",) if card.due_at else ()),
        *(f"@{plain(name)}" for name in card.assignees),
        *(("archived",) if card.archived_at else ()),
    ]
    yield f"- [{'x' if card.completed_at else ' '}] {plain(card.title)} (#{card.number}){''.join(f' · {one}' for one in facts)}\n"
    if card.description.strip():
        indented = "\n".join(f"  {line}".rstrip() for line in card.description.strip().splitlines())
        yield f"\n{indented}\n\n"
    for step in card.steps:
        yield f"  - [{'x' if step.done else ' '}] {plain(step.text)}\n"
