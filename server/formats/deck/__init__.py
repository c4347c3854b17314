"""A board of Nextcloud Deck (`occ deck:export`, or “Export board” as JSON) as our records.

Stacks become columns, the done column a completed one. A file may hold several boards: the chosen one is read, or the first that has cards.
Deleted stacks and cards, colours of cards and the content of attachments are not kept, and the report says so.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Raw

from server.domain.errors import Invalid
from server.formats import foreign
from server.formats.board import pieces
from server.formats.board.assembly import assemble
from server.formats.choices import NO_CHOICES, Choices
from server.formats.deck.cards import Cards, person
from server.formats.deck.shapes import Board, Export, Label, Share, Stack, User
from server.formats.report import Person, Translation
from server.formats.run import Run

_WHAT = "an export of Nextcloud Deck"


def translate(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    """As every importer (formats.translators). Raises `Invalid` when the file is not an export of Deck."""
    run = Run(import_id, now, choices)
    boards = _boards(content, run)
    board = _chosen(boards, run)
    stacks = list(_kept(foreign.read_all(_values(board.stacks), Stack, "stack", run.findings), run))
    cards = Cards(stacks, run)
    labels = foreign.read_all(board.labels, Label, "label", run.findings)
    ours = pieces.Board(
        name=board.title or "Deck board",
        lists=[_list(stack) for stack in stacks],
        labels={f"label {each.id}": _label(each) for each in run.once(labels, lambda label: str(label.id), "label")},
        people=list({each.id: each for each in _people(board, run)}.values()),
        strangers=cards.people,
        places=cards.places(),
        card=cards.read,
    )
    return assemble(ours, run, last_rank, boards=tuple(each.title for each in boards))


def _boards(content: bytes, run: Run) -> list[Board]:
    export = foreign.opened(content, Export, _WHAT, run.findings)
    if export.boards is None:
        boards = [foreign.opened(content, Board, _WHAT, run.findings)]
    else:
        boards = list(foreign.read_all(_values(export.boards), Board, "board", run.findings))
    kept = [board for board in boards if board.stacks is not None]
    if not kept:
        raise Invalid(f"The file is not {_WHAT}: it has no boards with stacks.")
    return kept


def _chosen(boards: list[Board], run: Run) -> Board:
    wanted = run.choices.board
    if wanted is None:
        board = next((each for each in boards if each.stacks), boards[0])
    else:
        found = next((each for each in boards if wanted in (str(each.id), each.title)), None)
        if found is None:
            raise Invalid.at("/board", "The file holds no board of that id or name.")
        board = found
    for each in boards:
        if each is not board:
            run.findings.dropped("Other boards of the file; import it once more and choose one.", each.title)
    return board


def _kept(stacks: Iterator[Stack], run: Run) -> Iterator[Stack]:
    for stack in stacks:
        if stack.deleted:
            run.findings.dropped("Deleted stacks and their cards.", stack.title, count=1 + len(stack.cards))
        else:
            yield stack


def _values(found: list[Raw] | dict[str, Raw] | None) -> list[Raw]:
    """PHP writes a list as an object when its keys do not count from nought."""
    return list(found.values()) if isinstance(found, dict) else found or []


def _list(stack: Stack) -> pieces.List:
    id = f"stack {stack.id}"
    return pieces.List(id=id, name=stack.title, pos=stack.order, category="completed" if stack.done else None)


def _label(label: Label) -> pieces.Label:
    return pieces.Label(id=f"label {label.id}", name=label.title, color=f"#{label.color}" if label.color else None)


def _people(board: Board, run: Run) -> Iterator[Person]:
    if board.owner:
        yield person(board.owner)
    for user in foreign.read_all(board.users, User, "user", run.findings):
        yield person(user)
    for share in foreign.read_all(board.acl, Share, "share", run.findings):
        if share.type == 0:
            yield person(share.participant)
        else:
            run.findings.dropped("Groups with whom the board is shared.", share.participant.displayname)
