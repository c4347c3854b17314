"""The verbs of dependencies: they never form a cycle. A dependency is out of sight while either of its tasks is deleted."""

from uuid import UUID

from server.domain import commands as c
from server.domain.errors import Conflict, Cycle, NotFound
from server.domain.records import Dependency, Task
from server.storage.draft import Draft
from server.storage.reads import Reads


def add_reads(command: c.AddDependency, project: UUID, found: Reads) -> None:
    found.row("task", command.task_id, command.depends_on_id).fresh.add(("dependency", command.id))
    found.links.add(command.task_id)
    found.closures.add(command.depends_on_id)


def add_dependency(command: c.AddDependency, draft: Draft) -> None:
    task = draft.find("task", command.task_id, Task)
    end = draft.find("task", command.depends_on_id, Task)
    if any((link.task_id, link.depends_on_id) == (task.id, end.id) for link in draft.rows.links(task.id)):
        raise Conflict(f"#{task.number} depends on #{end.number} already.")
    if draft.rows.reaches(end.id, task.id):
        raise Cycle(f"#{end.number} depends on #{task.number}, directly or through others.")
    draft.create("dependency", Dependency(id=command.id, task_id=task.id, depends_on_id=end.id))
    draft.touch(task.id, end.id)


def remove_reads(command: c.RemoveDependency, project: UUID, found: Reads) -> None:
    found.row("dependency", command.id)


def remove_dependency(command: c.RemoveDependency, draft: Draft) -> None:
    link = draft.find("dependency", command.id, Dependency)
    draft.require(Reads().row("task", link.task_id, link.depends_on_id))
    if any(draft.peek("task", end, Task) is None for end in (link.task_id, link.depends_on_id)):
        raise NotFound("There is no such dependency.")
    draft.remove("dependency", link.id)
    draft.touch(link.task_id, link.depends_on_id)
