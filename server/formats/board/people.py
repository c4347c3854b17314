"""The people of a board as members without access: those on it, and those whom only its cards and comments remember."""

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from uuid import UUID

from server.domain import text
from server.domain.records import Member
from server.formats import fitting
from server.formats.report import Person
from server.formats.run import Run

_UNKNOWN = "Former member"
_ADDRESS = re.compile(r"\s*<?([^\s@<>]+)@[^\s@<>]+\.[^\s@<>]+>?\s*")


class People:
    """Whoever was given a member by `Choices.people` is that member and makes no other. Addresses are for finding people only: somebody
    whose name is an address goes by what stands before the `@`."""

    def __init__(self, people: Iterable[Person], strangers: Mapping[str, Person], run: Run) -> None:
        self._strangers = strangers
        self._run = run
        self._members: dict[str, Member] = {}
        self._everybody: dict[str, Person] = {}
        for person in run.once(people, lambda person: person.id, "member"):
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
        return (member for id, member in self._members.items() if _key(id) not in self._run.choices.people)

    def everybody(self) -> Iterable[Person]:
        """Those too who are members of the project already."""
        return self._everybody.values()

    def _remember(self, foreign_id: str) -> Member:
        person = self._strangers.get(foreign_id)
        if person is None:
            self._run.findings.guessed("The name of a person whom the file mentions without one.", _UNKNOWN)
            return self._member(Person(foreign_id, ""))
        member = self._member(person)
        if _key(foreign_id) not in self._run.choices.people:
            self._run.findings.mapped(
                "People who left the board, or whom only its cards name, are members without access, too.", member.name
            )
        return member

    def _member(self, person: Person) -> Member:
        address = _ADDRESS.fullmatch(person.name) if len(person.name) <= text.ADDRESS_MAX else None
        name = fitting.line(address[1] if address else person.name) or _UNKNOWN
        name = fitting.cut(name, text.NAME_MAX)
        email = person.email or (person.name.strip(" <>") if address else None)
        self._everybody[person.id] = Person(_key(person.id), name, email)
        id = self._run.choices.people.get(_key(person.id)) or self._run.id(person.id)
        return Member(id=id, user_id=None, name=name, role=None)


def _key(foreign_id: str) -> str:
    """By which a person can be chosen. Some files have addresses for ids; reports are kept, addresses are not."""
    return sha256(foreign_id.encode()).hexdigest()[:16] if "@" in foreign_id else foreign_id
