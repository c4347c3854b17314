"""Opens the file: is it the export of a whole board? If not, says in one sentence what it is instead."""

import msgspec
from msgspec import Raw

from server.domain.errors import Invalid
from server.formats import foreign
from server.formats.run import Run
from server.formats.trello.shapes import Board

_HOW = "In Trello open the board's menu, then “Print, export, and share” → “Export as JSON”."


def open_board(content: bytes, run: Run) -> Board:
    """The board, its pieces unread yet. Raises `Invalid`."""
    raw = foreign.document(content)
    if not _is_object(raw):
        raise Invalid(f"The file is not the export of a Trello board. {_HOW}")
    board = foreign.read(raw, Board, "board", run.findings)
    if board is None or board.lists is None or board.cards is None:
        raise Invalid(_what_else(board))
    return board


def _is_object(raw: Raw) -> bool:
    try:
        msgspec.json.decode(raw, type=dict[str, Raw])
        return True
    except msgspec.DecodeError:
        return False


def _what_else(board: Board | None) -> str:
    if board is not None and board.id_list is not None:
        return f"The file is the export of a single Trello card, not of a board. {_HOW}"
    return f"The file is not the export of a Trello board: it has no lists and cards. {_HOW}"
