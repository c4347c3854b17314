"""A board of Planka, as its API answers (Planka has no export of its own), as our records.

Lists become columns: a closed one is completed, cards of the archive are archived where they came from, cards in the trash are left out.
Task lists become one checklist, custom fields and time spent a table, attachments links. Comments come along where the file holds them.
"""

from datetime import datetime
from uuid import UUID

from server.domain.errors import Invalid
from server.formats import colors, foreign
from server.formats.board import pieces
from server.formats.board.assembly import assemble
from server.formats.choices import NO_CHOICES, Choices
from server.formats.planka.answers import Answers
from server.formats.planka.cards import Cards
from server.formats.planka.shapes import Item, Label, List, User
from server.formats.report import Person, Translation
from server.formats.run import Run


def translate(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    """As every importer (formats.translators). Raises `Invalid` when the file holds no board of Planka."""
    run = Run(import_id, now, choices)
    answers = Answers(content, run)
    board = _chosen(answers, run)
    found = foreign.read_all(answers.of("lists"), List, "list", run.findings)
    lists = {each.id: each for each in found if each.board_id in ("", board.id) or len(answers.boards) < 2}
    cards = Cards(answers, lists, run)
    labels = foreign.read_all(answers.of("labels"), Label, "label", run.findings)
    places = cards.places()
    used = {place.list for place in places}
    ours = pieces.Board(
        name=board.name or "Planka board",
        lists=[_list(each) for each in lists.values() if each.type not in ("archive", "trash") or each.id in used],
        labels={each.id: _label(each, run) for each in run.once(labels, lambda label: label.id, "label")},
        people=_people(answers, run),
        places=places,
        card=cards.read,
    )
    return assemble(ours, run, last_rank, boards=tuple(each.name for each in answers.boards))


def _chosen(answers: Answers, run: Run) -> Item:
    wanted = run.choices.board
    if not answers.boards:
        return Item(id="")
    board = answers.boards[0]
    if wanted is not None:
        found = next((each for each in answers.boards if wanted in (each.id, each.name)), None)
        if found is None:
            raise Invalid.at("/board", "The file holds no board of that id or name.")
        board = found
    for each in answers.boards:
        if each is not board:
            run.findings.dropped("Other boards of the file; import it once more and choose one.", each.name)
    return board


def _list(each: List) -> pieces.List:
    archived = each.type in ("archive", "trash")
    return pieces.List(
        id=each.id,
        name=each.name or ("Archive" if archived else ""),
        pos=each.position or 0,
        archived=archived,
        category="completed" if each.type == "closed" else None,
    )


def _label(label: Label, run: Run) -> pieces.Label:
    color = colors.nearest(label.color, run.findings) if label.color else None
    return pieces.Label(id=label.id, name=label.name or "", color=color)


def _people(answers: Answers, run: Run) -> list[Person]:
    users = foreign.read_all(answers.of("users"), User, "user", run.findings)
    return [
        Person(user.id, user.name or user.username or "", user.email)
        for user in run.once(users, lambda user: user.id, "user")
    ]
