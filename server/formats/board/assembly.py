"""Puts a translation together: pieces in, records out, each after those it refers to."""

from server.domain import text
from server.domain.commands import ImportedMember
from server.formats import fitting
from server.formats.board.columns import Columns
from server.formats.board.labels import Labels
from server.formats.board.people import People
from server.formats.board.pieces import Board
from server.formats.board.tasks import Tasks
from server.formats.report import Table, Translation
from server.formats.run import Run


def assemble(
    board: Board, run: Run, last_rank: str | None, *, table: Table | None = None, boards: tuple[str, ...] = ()
) -> Translation:
    """The board as ours; its columns come after `last_rank`."""
    people = People(board.people, board.strangers, run)
    labels = Labels(board.labels, run)
    columns = Columns(board.lists, {place.list for place in board.places}, last_rank, run)
    tasks = tuple(Tasks(board, columns, people, labels, run).records())
    members = tuple(ImportedMember(member) for member in people.members())
    records = (*members, *columns.records(), *labels.records(), *tasks)
    return Translation(
        name=fitting.cut(fitting.line(board.name), text.NAME_MAX) or "Imported board",
        description=fitting.cut(fitting.prose(board.description), text.PROJECT_DESCRIPTION_MAX),
        records=records,
        report=run.findings.report(records),
        people=tuple(people.everybody()),
        table=table,
        boards=boards,
    )
