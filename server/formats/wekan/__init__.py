"""A WeKan board (Board settings → Export board → JSON) as our records.

Lists become columns, archived ones at the end; cards keep their numbers, members and assignees become assignees. What our tasks have no
field for (swimlanes, custom fields, who asked for it, when it was received and ended) stands in the table at the end of the description.
Rules, votes, colours of cards and the content of attachments are not kept, and the report says so.
"""

from datetime import datetime
from uuid import UUID

from server.domain.errors import Invalid
from server.formats import colors, foreign
from server.formats.board import pieces
from server.formats.board.assembly import assemble
from server.formats.choices import NO_CHOICES, Choices
from server.formats.report import Person, Translation
from server.formats.run import Run
from server.formats.wekan.cards import Cards
from server.formats.wekan.shapes import Board, Label, List, Member, User


def translate(
    content: bytes, *, import_id: UUID, now: datetime, last_rank: str | None = None, choices: Choices = NO_CHOICES
) -> Translation:
    """As every importer (formats.translators). Raises `Invalid` when the file is not the export of a WeKan board."""
    run = Run(import_id, now, choices)
    board = foreign.opened(content, Board, "the export of a WeKan board", run.findings)
    if board.lists is None or board.cards is None:
        raise Invalid("The file is not the export of a WeKan board: it has no lists and cards.")
    if board.rules:
        run.findings.dropped("Rules of the board.", count=len(board.rules))
    lists = list(foreign.read_all(board.lists, List, "list", run.findings))
    cards = Cards(board, run)
    users = {user.id: _person(user) for user in foreign.read_all(board.users, User, "user", run.findings)}
    members = foreign.read_all(board.members, Member, "member", run.findings)
    labels = foreign.read_all(board.labels, Label, "label", run.findings)
    archived = {each.id: foreign.moment(each.archived_at) for each in lists}
    ours = pieces.Board(
        name=board.title or "WeKan board",
        description=board.description,
        lists=map(_list, lists),
        labels={each.id: _label(each, run) for each in run.once(labels, lambda label: label.id, "label")},
        people=[users[member.user_id] for member in members if member.user_id in users],
        strangers=users,
        places=cards.places(),
        card=cards.read,
        list_archived_at=archived.get,
    )
    return assemble(ours, run, last_rank)


def _list(each: List) -> pieces.List:
    limit = each.wip_limit.value if each.wip_limit.enabled else None
    return pieces.List(id=each.id, name=each.title, pos=each.sort, archived=each.archived, limit=limit)


def _label(label: Label, run: Run) -> pieces.Label:
    color = colors.nearest(label.color, run.findings) if label.color else None
    return pieces.Label(id=label.id, name=label.name, color=color)


def _person(user: User) -> Person:
    return Person(user.id, user.profile.fullname or user.username)
