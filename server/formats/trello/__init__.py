"""A Trello board (Share, print and export → Export as JSON) as our records.

What becomes what, and why:

- A list becomes a column, in the order of `pos`; its category is guessed from its name (formats.categories), so the
  cards of "Done" are completed. An archived list becomes a column "Name (archived)" at the right end, with its cards
  archived, because a card that is taken out of the archive should return to where it was; without cards it is dropped,
  because an empty column would only be in the way.
- A card becomes a task. It keeps its number (`idShort`), for people say it aloud. On our board a task is complete when its column says so;
  a card marked complete elsewhere stays open where it is, for moving it would hide it from where its people look for it.
- Several checklists become one, each item led by the name of its checklist; who it is for and when it is due stand at its end.
- Custom fields become a table and attachments a list of links at the end of the description. A list field named
  "Priority" sets the priority as well.
- Comments keep their authors and times. People become members without access; whoever only left traces (a comment, a card) comes along.
- The addresses that turn mail into cards (`email`) are secrets and are not even read.

Whatever is not the same afterwards is told in the report. Not here: how a board is brought into a project (chunks, then the executor).
"""

from datetime import datetime
from uuid import UUID

from server.domain import text
from server.domain.commands import ImportedMember
from server.formats import fitting
from server.formats.choices import NO_CHOICES, Choices
from server.formats.report import Translation
from server.formats.run import Run
from server.formats.trello.cards import Cards
from server.formats.trello.columns import Columns
from server.formats.trello.export import open_board
from server.formats.trello.history import History
from server.formats.trello.labels import Labels
from server.formats.trello.people import People

_ACTIONS_MAX = 1_000


def translate(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    """The board in `content`, with ids that follow from `import_id`.

    Its columns come after `last_rank`, that of the project's last column. `now` (with zone) stands in for times the file
    does not tell. Raises `Invalid` when the file is not the export of a board; anything wrong inside a board is left out
    and told in the report.
    """
    run = Run(import_id, now, choices)
    board = open_board(content, run)
    history = History(board, run)
    people = People(board, history, run)
    labels = Labels(board, run)
    cards = Cards(board, history, people, labels, run)
    columns = Columns(board, cards.lists_in_use, last_rank, run)
    tasks = tuple(cards.records(columns))
    _note_the_cap(len(board.actions), run)
    members = tuple(ImportedMember(member) for member in people.members())
    records = (*members, *columns.records(), *labels.records(), *tasks)
    return Translation(
        name=fitting.cut(fitting.line(board.name), text.NAME_MAX) or "Trello board",
        description=fitting.cut(fitting.prose(board.desc), text.PROJECT_DESCRIPTION_MAX),
        records=records,
        report=run.findings.report(records),
        people=tuple(people.everybody()),
    )


def _note_the_cap(actions: int, run: Run) -> None:
    if actions >= _ACTIONS_MAX:
        run.findings.dropped(
            "Comments and authors older than the newest 1,000 actions: Trello leaves them out of the file.", count=0
        )
