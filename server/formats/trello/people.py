"""The people of a board as members without access: those on it, and those whom only its cards and comments remember."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from server.domain import text
from server.domain.records import Member
from server.formats import fitting, foreign
from server.formats.report import Person
from server.formats.run import Run
from server.formats.trello import shapes
from server.formats.trello.history import History
from server.formats.trello.shapes import Board

_UNKNOWN = "Former member"


class People:
    def __init__(self, board: Board, history: History, run: Run) -> None:
        self._history = history
        self._run = run
        self._members: dict[str, Member] = {}
        self._everybody: dict[str, Person] = {}
        members = foreign.read_all(board.members, shapes.Member, "member", run.findings)
        for person in run.once(members, lambda person: person.id, "member"):
            self._members[person.id] = self._member(person)
        for member in self.members():
            run.findings.mapped("People have no access until they have an account and are added.", member.name)

    def id(self, foreign_id: str | None) -> UUID | None:
        """The member for a person, who becomes one now at the latest; None for nobody."""
        if not foreign_id:
            return None
        if foreign_id not in self._members:
            self._members[foreign_id] = self._remember(foreign_id)
        return self._members[foreign_id].id

    def name(self, foreign_id: str) -> str:
        self.id(foreign_id)
        return self._members[foreign_id].name

    def members(self) -> Iterator[Member]:
        """Everybody who is to be made, once all cards have been read."""
        return (member for id, member in self._members.items() if id not in self._run.choices.people)

    def everybody(self) -> Iterable[Person]:
        """Those too who are members of the project already."""
        return self._everybody.values()

    def _remember(self, foreign_id: str) -> Member:
        person = self._history.people.get(foreign_id)
        if person is None:
            self._run.findings.guessed("The name of a person whom the file mentions without one.", _UNKNOWN)
            return self._member(shapes.Member(id=foreign_id))
        member = self._member(person)
        self._run.findings.mapped("People who left the board are members without access, too.", member.name)
        return member

    def _member(self, person: shapes.Member) -> Member:
        name = fitting.line(person.full_name or "") or fitting.line(person.username or "") or _UNKNOWN
        name = fitting.cut(name, text.NAME_MAX)
        self._everybody[person.id] = Person(person.id, name)
        id = self._run.choices.people.get(person.id) or self._run.id(person.id)
        return Member(id=id, user_id=None, name=name, role=None)
