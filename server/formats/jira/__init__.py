"""Issues of Jira, as its XML of a search, as our records. Jira's CSV holds more (formats.table knows it).

Statuses become columns, by their categories; issues keep the numbers of their keys when they are of one project. What tasks have no field for
(type, resolution, parent, custom fields …) becomes a table. Attachments stay at Jira and are linked.
"""

from datetime import datetime
from uuid import UUID

from server.formats.board import pieces
from server.formats.board.assembly import assemble
from server.formats.choices import NO_CHOICES, Choices
from server.formats.jira.document import opened
from server.formats.jira.issues import Issues
from server.formats.report import Translation
from server.formats.run import Run


def translate(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    """As every importer (formats.translators). Raises `Invalid` when the file is not Jira's XML."""
    run = Run(import_id, now, choices)
    issues = Issues(opened(content), run)
    board = pieces.Board(
        name=issues.project() or "Jira issues",
        lists=issues.lists(),
        labels=issues.labels(),
        people=list(issues.people.values()),
        places=issues.places(),
        card=issues.read,
    )
    return assemble(board, run, last_rank)
