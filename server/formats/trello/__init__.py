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

from server.formats import foreign
from server.formats.board import pieces
from server.formats.board.assembly import assemble
from server.formats.choices import NO_CHOICES, Choices
from server.formats.report import Translation
from server.formats.run import Run
from server.formats.trello.cards import Cards
from server.formats.trello.export import open_board
from server.formats.trello.history import History, person
from server.formats.trello.labels import Labels
from server.formats.trello.shapes import List, Member

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
    _note_the_cap(len(board.actions), run)
    history = History(board, run)
    labels = Labels(board, run)
    cards = Cards(board, history, labels, run)
    ours = pieces.Board(
        name=board.name or "Trello board",
        description=board.desc,
        lists=map(_list, foreign.read_all(board.lists or (), List, "list", run.findings)),
        labels=labels.found,
        people=[person(member) for member in foreign.read_all(board.members, Member, "member", run.findings)],
        strangers=history.people,
        places=cards.places(),
        card=cards.read,
        list_archived_at=history.closed,
    )
    return assemble(ours, run, last_rank)


def _list(each: List) -> pieces.List:
    return pieces.List(id=each.id, name=each.name, pos=each.pos, archived=each.closed, limit=each.soft_limit)


def _note_the_cap(actions: int, run: Run) -> None:
    if actions >= _ACTIONS_MAX:
        run.findings.dropped(
            "Comments and authors older than the newest 1,000 actions: Trello leaves them out of the file.", count=0
        )
