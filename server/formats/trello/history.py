"""What the actions of a board tell that its cards do not: who made them, when they moved and closed, and all that was said."""

from datetime import datetime
from typing import TypeVar

from server.formats import fitting, foreign
from server.formats.report import Person
from server.formats.run import Run
from server.formats.trello.shapes import Action, Board, Member, Mentioned

Key = TypeVar("Key", str, tuple[str, str])

_CREATES = frozenset({"createCard", "copyCard", "emailCard", "convertToCardFromCheckItem"})
_SAYS = frozenset({"commentCard", "copyCommentCard"})


class History:
    """Read once; the file's order of actions is not relied on."""

    def __init__(self, board: Board, run: Run) -> None:
        self.comments: dict[str, list[Action]] = {}
        """Card → what was said on it."""
        self.people: dict[str, Person] = {}
        """Everybody the actions name."""
        self._created: dict[str, Action] = {}
        self._arrived: dict[tuple[str, str], datetime] = {}
        self._closed: dict[str, datetime] = {}
        actions = foreign.read_all(board.actions, Action, "action", run.findings)
        for action in run.once(actions, lambda action: action.id, "action"):
            self._take(action)

    def author_of(self, card: str) -> str | None:
        action = self._created.get(card)
        return action.id_member_creator if action else None

    def created(self, card: str) -> datetime | None:
        action = self._created.get(card)
        return foreign.moment(action.date) if action else None

    def arrived(self, card: str, list_: str) -> datetime | None:
        """When the card came into the list last."""
        return self._arrived.get((card, list_))

    def closed(self, card_or_list: str) -> datetime | None:
        """When it was archived last."""
        return self._closed.get(card_or_list)

    def _take(self, action: Action) -> None:
        self._meet(action)
        card = action.data.card
        if action.type in _SAYS:
            self.comments.setdefault(card.id, []).append(action)
        elif action.type in _CREATES:
            self._created[card.id] = action
            _keep_latest(self._arrived, (card.id, action.data.list.id), action)
        elif action.type == "updateCard" and action.data.list_after:
            _keep_latest(self._arrived, (card.id, action.data.list_after.id), action)
        elif action.type in ("updateCard", "updateList") and "closed" in action.data.old:
            self._take_archiving(card if action.type == "updateCard" else action.data.list, action)

    def _take_archiving(self, subject: Mentioned, action: Action) -> None:
        if subject.closed:
            _keep_latest(self._closed, subject.id, action)

    def _meet(self, action: Action) -> None:
        creator, member = action.member_creator, action.data.member
        if creator is not None:
            self.people.setdefault(creator.id, person(creator))
        if member is not None and member.id:
            self.people.setdefault(member.id, Person(member.id, member.name or ""))


def person(member: Member) -> Person:
    return Person(member.id, fitting.line(member.full_name or "") or member.username or "")


def _keep_latest(moments: dict[Key, datetime], key: Key, action: Action) -> None:
    date = foreign.moment(action.date)
    if date is not None and (key not in moments or moments[key] < date):
        moments[key] = date
