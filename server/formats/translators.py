"""Format → translation, the literal table."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from server.formats import deck, jira, lockstep, planka, trello, vikunja, wekan
from server.formats.choices import NO_CHOICES, Choices
from server.formats.detection import Format
from server.formats.report import Translation
from server.formats.run import Run
from server.formats.table import csv_file, workbook
from server.formats.table.translation import translated


class Translate(Protocol):
    """Every importer. Equal arguments give equal records; raises `Invalid` when the file is none of its format."""

    def __call__(
        self,
        content: bytes,
        *,
        import_id: UUID,
        now: datetime,
        last_rank: str | None = None,
        choices: Choices = NO_CHOICES,
    ) -> Translation: ...


def _csv(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    run = Run(import_id, now, choices)
    return translated(csv_file.read(content, run), run, last_rank)


def _xlsx(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    run = Run(import_id, now, choices)
    return translated(workbook.read(content, run), run, last_rank)


TRANSLATORS: dict[Format, Translate] = {
    "trello": trello.translate,
    "planka": planka.translate,
    "wekan": wekan.translate,
    "deck": deck.translate,
    "lockstep_json": lockstep.translate,
    "lockstep_ndjson": lockstep.translate_lines,
    "vikunja": vikunja.translate,
    "jira_xml": jira.translate,
    "csv": _csv,
    "xlsx": _xlsx,
}
