"""One run of a translation: where its ids come from, what time it is, what was chosen, and where its findings go. Shared by all importers."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from server.formats.choices import Choices
from server.formats.report import Findings

Piece = TypeVar("Piece")


class Run:
    """`now` stands in for times the file does not tell. Equal import ids give equal records, so a repeated import finds its own."""

    def __init__(self, import_id: UUID, now: datetime, choices: Choices) -> None:
        self.import_id = import_id
        self.now = now
        self.choices = choices
        self.findings = Findings()
        self._seen: dict[str, set[str]] = {}

    def id(self, foreign: str) -> UUID:
        """Our id for a foreign one."""
        return uuid5(self.import_id, foreign)

    def once(self, pieces: Iterable[Piece], key: Callable[[Piece], str], what: str) -> Iterator[Piece]:
        """The pieces without those whose id came before, in this list or another of the same things."""
        seen = self._seen.setdefault(what, set())
        for piece in pieces:
            if key(piece) in seen:
                self.findings.dropped(f"Repeated pieces of the file: {what} with the id of another one.", key(piece))
                continue
            seen.add(key(piece))
            yield piece
