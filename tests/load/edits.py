"""A mix of every edit command, seeded. The driver knows the board because it makes it: its submits take effect in the order sent (P8).

`base_seq` goes only to tasks of which no edit is in flight, so that no command of the mix is ever refused.
"""

import random
from collections.abc import Callable
from typing import Any

Command = dict[str, Any]

CARDS = 200
LINKS_MAX = 20
LABELS_MAX = 12
CHILDREN_MAX = 2_000
COMPLETED = 4

_CATEGORIES = ("backlog", "todo", "in_progress", "in_progress", "completed")
_WORDS = "move check fix write ask plan test review order call print merge split paint clean book harbour ticket map"
_PROSE = random.Random(0).choices(_WORDS.split(), k=10_000)


class Edit:
    """A command, and the task whose fields it leaves uncertain until it is acknowledged."""

    __slots__ = ("command", "task")

    def __init__(self, type: str, task: str | None = None, **fields: Any) -> None:
        self.command: Command = {"type": type, **fields}
        self.task = task


class Children:
    """Comments or checklist items: their ids and tasks, and which of them are deleted at present."""

    def __init__(self) -> None:
        self.there: list[tuple[str, str]] = []
        self.gone: list[tuple[str, str]] = []

    def add(self, id: str, task: str) -> None:
        self.there.append((id, task))
        if len(self.there) > CHILDREN_MAX:
            del self.there[: CHILDREN_MAX // 2]


class Board:
    """What the driver knows of one board. `guest` is a member whose role may be changed."""

    def __init__(self, seed: int, guest: str | None = None) -> None:
        self.head = 0
        """The highest seq acknowledged."""
        self._random = random.Random(seed)
        self._guest = guest
        self._columns: list[str] = []
        self._labels: list[str] = []
        self._tasks: list[str] = []
        self._where: dict[str, int] = {}
        self._archived: list[tuple[str, int]] = []
        self._trash: list[tuple[str, int]] = []
        self._comments, self._items = Children(), Children()
        self._links: dict[str, tuple[str, str]] = {}
        self._side_column: str | None = None
        self._gone_column: str | None = None
        self._gone_label: str | None = None
        self._guest_comments = False
        self._busy: dict[str, int] = {}
        self._mix = [make for weight, make in self._weights() for _ in range(weight)]

    def first(self, cards: int = CARDS) -> list[Command]:
        """The commands that make the board: columns, labels and cards."""
        edits = [self._create_column(category) for category in _CATEGORIES]
        edits += [self._create_label() for _ in range(6)]
        edits += [self._create_task() for _ in range(cards)]
        return [edit.command for edit in edits]

    def next(self) -> Edit:
        """The next edit; it counts as done from here on."""
        while (edit := self._random.choice(self._mix)()) is None:
            pass
        if edit.task is not None:
            self._busy[edit.task] = self._busy.get(edit.task, 0) + 1
        return edit

    def settled(self, edit: Edit, seq: int) -> None:
        """The edit was acknowledged at `seq`."""
        self.head = max(self.head, seq)
        if edit.task is not None:
            self._busy[edit.task] -= 1

    def _weights(self) -> list[tuple[int, Callable[[], Edit | None]]]:
        return [
            (300, self._update_task),
            (250, self._move_task),
            (60, self._describe_task),
            (40, self._create_or_delete_task),
            (20, lambda: self._put_away("delete_task", self._trash)),
            (10, lambda: self._bring_back("restore_task", self._trash)),
            (15, lambda: self._put_away("archive_task", self._archived)),
            (15, lambda: self._bring_back("unarchive_task", self._archived)),
            (90, self._add_comment),
            (20, self._edit_comment),
            (20, lambda: self._toggle("comment", self._comments)),
            (60, self._add_item),
            (50, self._update_item),
            (15, self._move_item),
            (15, lambda: self._toggle("checklist_item", self._items)),
            (15, self._link),
            (15, self._unlink),
            (10, self._change_columns),
            (10, self._change_labels),
            (5, lambda: Edit("update_project", name=self._text(3))),
            (5, self._change_role),
        ]

    # Tasks

    def _update_task(self) -> Edit:
        id, label = self._task(), self._random.choice(self._labels)
        fields: Command = self._random.choice(
            (
                {"title": self._text(6)},
                {"title": self._text(4)},
                {"priority": self._random.randint(1, 10), "title": self._text(5)},
                {"due_at": f"2026-{self._random.randint(1, 12):02}-{self._random.randint(1, 28):02}"},
                {"labels": {"add": [label]}} if self._random.random() < 0.5 else {"labels": {"remove": [label]}},
            )
        )
        return Edit("update_task", id, id=id, **fields, **self._base(id))

    def _move_task(self) -> Edit:
        id, anchor = self._task(), self._task()
        linked = any(id in ends for ends in self._links.values())
        column = self._random.randrange(COMPLETED if linked else COMPLETED + 1)
        beside = [{"after": anchor}, {"before": anchor}] if anchor != id and self._where[anchor] == column else []
        place = self._random.choice(["top", "bottom", *beside])
        self._where[id] = column
        return Edit("move_task", id, id=id, column_id=self._columns[column], place=place, **self._base(id))

    def _describe_task(self) -> Edit | None:
        id = self._task()
        if self._busy.get(id):
            return None
        return Edit("describe_task", id, id=id, text=self._text(40), base_seq=self.head)

    def _create_or_delete_task(self) -> Edit | None:
        return self._create_task() if len(self._tasks) < CARDS else self._put_away("delete_task", self._trash)

    def _create_task(self) -> Edit:
        id, column = self._id(), self._random.randrange(COMPLETED)
        self._tasks.append(id)
        self._where[id] = column
        return Edit("create_task", id, id=id, column_id=self._columns[column], title=self._text(5))

    def _put_away(self, type: str, to: list[tuple[str, int]]) -> Edit | None:
        n = self._random.randrange(len(self._tasks))
        id = self._tasks[n]
        if len(self._tasks) < CARDS // 2 or any(id in ends for ends in self._links.values()):
            return None
        self._tasks[n] = self._tasks[-1]
        self._tasks.pop()
        to.append((id, self._where.pop(id)))
        return Edit(type, id, id=id)

    def _bring_back(self, type: str, source: list[tuple[str, int]]) -> Edit | None:
        if not source:
            return None
        id, column = source.pop(self._random.randrange(len(source)))
        self._tasks.append(id)
        self._where[id] = column
        return Edit(type, id, id=id)

    def _link(self) -> Edit | None:
        task, other = self._task(), self._task()
        free = {task, other}.isdisjoint(end for ends in self._links.values() for end in ends)
        if (
            task == other
            or not free
            or COMPLETED in (self._where[task], self._where[other])
            or len(self._links) >= LINKS_MAX
        ):
            return None
        id = self._id()
        self._links[id] = (task, other)
        return Edit("add_dependency", id=id, task_id=task, depends_on_id=other)

    def _unlink(self) -> Edit | None:
        if not self._links:
            return None
        id = self._random.choice(list(self._links))
        del self._links[id]
        return Edit("remove_dependency", id=id)

    # What hangs on tasks

    def _add_comment(self) -> Edit:
        id, task = self._id(), self._task()
        self._comments.add(id, task)
        return Edit("add_comment", id=id, task_id=task, text=self._text(15))

    def _edit_comment(self) -> Edit | None:
        id = self._child(self._comments.there)
        return None if id is None else Edit("edit_comment", id=id, text=self._text(12))

    def _add_item(self) -> Edit:
        id, task = self._id(), self._task()
        self._items.add(id, task)
        return Edit("add_checklist_item", id=id, task_id=task, text=self._text(4))

    def _update_item(self) -> Edit | None:
        id = self._child(self._items.there)
        return None if id is None else Edit("update_checklist_item", id=id, text=self._text(4), done=True)

    def _move_item(self) -> Edit | None:
        id = self._child(self._items.there)
        return None if id is None else Edit("move_checklist_item", id=id, place="top")

    def _toggle(self, kind: str, children: Children) -> Edit | None:
        """Deletes one, or restores one that was deleted before."""
        restores = self._random.random() < 0.5
        source, target = (children.gone, children.there) if restores else (children.there, children.gone)
        n = self._random.randrange(len(source)) if source else 0
        if not source or source[n][1] not in self._where:
            return None
        id, task = source.pop(n)
        target.append((id, task))
        return Edit(f"{'restore' if restores else 'delete'}_{kind}", id=id)

    def _child(self, children: list[tuple[str, str]]) -> str | None:
        """One whose task is on the board."""
        id, task = self._random.choice(children) if children else ("", "")
        return id if task in self._where else None

    # What the board has besides

    def _change_columns(self) -> Edit:
        """Makes a column that stays empty, works on it, deletes it."""
        id = self._side_column
        if id is None and self._gone_column is not None:
            self._side_column, self._gone_column = self._gone_column, None
            return Edit("restore_column", id=self._side_column)
        if id is None:
            edit = self._create_column("todo")
            self._side_column = self._columns.pop()
            return edit
        match self._random.randrange(3):
            case 0:
                return Edit("update_column", id=id, name=self._text(2), wip_limit=self._random.randint(1, 9))
            case 1:
                return Edit("move_column", id=id, place="top" if self._random.random() < 0.5 else "bottom")
            case _:
                self._side_column = None
                self._gone_column = id if self._random.random() < 0.5 else None
                return Edit("delete_column", id=id)

    def _change_labels(self) -> Edit:
        id = self._random.choice(self._labels)
        if len(self._labels) < LABELS_MAX and self._random.random() < 0.1:
            return self._create_label()
        if self._gone_label is not None:
            id, self._gone_label = self._gone_label, None
            self._labels.append(id)
            return Edit("restore_label", id=id)
        if self._random.random() < 0.3:
            self._gone_label = id
            self._labels.remove(id)
            return Edit("delete_label", id=id)
        return Edit("update_label", id=id, name=self._text(2))

    def _change_role(self) -> Edit | None:
        if self._guest is None:
            return None
        self._guest_comments = not self._guest_comments
        return Edit("set_member_role", id=self._guest, role="commenter" if self._guest_comments else "viewer")

    def _create_column(self, category: str) -> Edit:
        id = self._id()
        self._columns.append(id)
        return Edit("create_column", id=id, name=self._text(2), category=category)

    def _create_label(self) -> Edit:
        id = self._id()
        self._labels.append(id)
        return Edit("create_label", id=id, name=self._text(1), color="teal")

    # Small things

    def _task(self) -> str:
        return self._random.choice(self._tasks)

    def _base(self, task: str) -> Command:
        """For half of the edits that can have one."""
        return {"base_seq": self.head} if not self._busy.get(task) and self._random.random() < 0.5 else {}

    def _id(self) -> str:
        digits = f"{self._random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def _text(self, words: int) -> str:
        start = self._random.randrange(len(_PROSE) - words)
        return " ".join(_PROSE[start : start + words])
