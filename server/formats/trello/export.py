"""Opens the file: is it the export of a whole board? If not, says in one sentence what it is instead."""

from server.domain.errors import Invalid
from server.formats import foreign
from server.formats.run import Run
from server.formats.trello.shapes import Board

_HOW = "In Trello open the board's menu, then “Print, export, and share” → “Export as JSON”."


def open_board(content: bytes, run: Run) -> Board:
    """The board, its pieces unread yet. Raises `Invalid`."""
    board = foreign.opened(content, Board, f"the export of a Trello board. {_HOW.rstrip('.')}", run.findings)
    if board.lists is None or board.cards is None:
        raise Invalid(_what_else(board))
    return board


def _what_else(board: Board) -> str:
    if board.id_list is not None:
        return f"The file is the export of a single Trello card, not of a board. {_HOW}"
    return f"The file is not the export of a Trello board: it has no lists and cards. {_HOW}"
