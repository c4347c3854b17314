"""Tasks of a Vikunja project, and the buckets in which they stand."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from msgspec import Raw

from server.formats import fitting, foreign, markup
from server.formats.board import pieces
from server.formats.report import Person
from server.formats.run import Run
from server.formats.vikunja import shapes
from server.formats.vikunja.shapes import Project, Task, User

Shape = TypeVar("Shape")

_PRIORITIES = {1: 8, 2: 5, 3: 3, 4: 1, 5: 1}
_NEVER = "0001-"
_UNSORTED = pieces.List(id="unsorted", name="To do", pos=-1)
_DONE = pieces.List(id="done", name="Done", pos=1e18, category="completed")


class Tasks:
    def __init__(self, project: Project, run: Run) -> None:
        self._run = run
        self.people: dict[str, Person] = {}
        self.labels: dict[str, pieces.Label] = {}
        found = foreign.read_all(project.tasks or (), Task, "task", run.findings)
        self._tasks = {f"task {task.id}": task for task in run.once(found, lambda task: str(task.id), "task")}
        buckets = foreign.read_all(project.buckets or (), shapes.Bucket, "bucket", run.findings)
        self._buckets = {bucket.id: bucket for bucket in buckets}
        told = foreign.read_all(project.task_buckets or (), shapes.InBucket, "place of a task", run.findings)
        self._within = {each.task_id: each.bucket_id for each in told}
        self._lists = {id: self._list_of(task) for id, task in self._tasks.items()}

    def lists(self) -> list[pieces.List]:
        lists = [_list(bucket) for bucket in self._buckets.values()]
        used = set(self._lists.values())
        return lists + [each for each in (_UNSORTED, _DONE) if each.id in used or (each is _UNSORTED and not lists)]

    def places(self) -> list[pieces.Place]:
        return [
            pieces.Place(id=id, list=self._lists[id], pos=task.kanban_position or task.position, number=task.index)
            for id, task in self._tasks.items()
        ]

    def read(self, id: str) -> pieces.Card:
        task = self._tasks[id]
        self._note_losses(task)
        return pieces.Card(
            id=id,
            list=self._lists[id],
            title=task.title,
            description=markup.markdown(task.description),
            priority=_PRIORITIES.get(task.priority),
            labels=list(self._labels(task)),
            people=[self._met(user) for user in self._all(task.assignees, User, "assignee")],
            author=self._met(task.created_by) if task.created_by else None,
            start=_date(task.start_date),
            due=_date(task.due_date),
            completed_at=_time(task.done_at),
            created_at=_time(task.created),
            updated_at=_time(task.updated),
            fields=list(self._rows(task)),
            comments=[self._said(each) for each in self._all(task.comments, shapes.Comment, "comment")],
        )

    def _list_of(self, task: Task) -> str:
        bucket = self._buckets.get(task.bucket_id or self._within.get(task.id, 0))
        if task.done and not (bucket and bucket.is_done_bucket):
            done = next((each for each in self._buckets.values() if each.is_done_bucket), None)
            self._run.findings.mapped("Done tasks of other columns are in the completed one.", task.title)
            return _list(done).id if done else _DONE.id
        return _list(bucket).id if bucket else _UNSORTED.id

    def _labels(self, task: Task) -> Iterator[str]:
        for label in self._all(task.labels, shapes.Label, "label"):
            id = f"label {label.id}"
            color = f"#{label.hex_color.removeprefix('#')}" if label.hex_color else None
            self.labels.setdefault(id, pieces.Label(id=id, name=label.title, color=color))
            yield id

    def _rows(self, task: Task) -> Iterator[tuple[str, str]]:
        end = fitting.date(_date(task.end_date))
        related = {kind: [each.title for each in of or ()] for kind, of in (task.related_tasks or {}).items()}
        rows = [
            ("End", fitting.shown(end) if end else ""),
            ("Progress", f"{task.percent_done:.0%}" if 0 < task.percent_done <= 1 else ""),
            *((kind.capitalize(), ", ".join(titles)) for kind, titles in related.items()),
        ]
        for name, value in rows:
            if value:
                self._run.findings.mapped("Further fields became a table at the end of the description.", task.title)
                yield name, value

    def _said(self, each: shapes.Comment) -> pieces.Said:
        author = self._met(each.author) if each.author else None
        words = markup.markdown(each.comment)
        return pieces.Said(id=f"comment {each.id}", text=words, author=author, created=_time(each.created))

    def _met(self, user: User) -> str:
        id = f"user {user.username}"
        self.people.setdefault(id, Person(id, user.name or user.username))
        return id

    def _all(self, raws: list[Raw] | None, shape: type[Shape], what: str) -> Iterator[Shape]:
        return foreign.read_all(raws or (), shape, what, self._run.findings)

    def _note_losses(self, task: Task) -> None:
        for each in self._all(task.attachments, shapes.Attachment, "attachment"):
            self._run.findings.dropped("Attachments.", each.file.name)
        if task.repeat_after:
            self._run.findings.dropped("Repetitions of tasks.", task.title)
        if task.reminders:
            self._run.findings.dropped("Reminders.", task.title, count=len(task.reminders))


def _list(bucket: shapes.Bucket) -> pieces.List:
    return pieces.List(
        id=f"bucket {bucket.id}",
        name=bucket.title,
        pos=bucket.position,
        limit=bucket.limit or None,
        category="completed" if bucket.is_done_bucket else None,
    )


def _date(given: str | None) -> str | None:
    return None if given is None or given.startswith(_NEVER) else given


def _time(given: str | None) -> datetime | None:
    return foreign.moment(_date(given))
