"""The verbs of tasks that are spelled with names: they become plain commands, which run at once, so whatever holds for those holds for them.

It happens under the lock, where every label is known: two who name the same new label at the same time make one. Not here: which column
is meant (statuses), and who and what names stand for (names).
"""

from collections.abc import Callable, Container
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from server.commands import completion, dependencies, labels, names, statuses, tasks
from server.domain import commands as c
from server.domain.errors import Invalid
from server.domain.ids import child_id
from server.domain.records import Column, Task
from server.storage.draft import Draft
from server.storage.reads import Reads

_VERBS: dict[type[Any], tuple[Callable[[Any, UUID, Reads], None], Callable[[Any, Draft], None]]] = {
    c.CreateLabel: (labels.create_reads, labels.create_label),
    c.CreateTask: (tasks.create_reads, tasks.create_task),
    c.UpdateTask: (tasks.update_reads, tasks.update_task),
    c.DescribeTask: (tasks.describe_reads, tasks.describe_task),
    c.MoveTask: (tasks.move_reads, tasks.move_task),
    c.ArchiveTask: (tasks.archive_reads, tasks.archive_task),
    c.UnarchiveTask: (tasks.archive_reads, tasks.unarchive_task),
    c.AddDependency: (dependencies.add_reads, dependencies.add_dependency),
    c.RemoveDependency: (dependencies.remove_reads, dependencies.remove_dependency),
}
"""What they become. Each takes an editor, as they do."""

Plain = list[c.Command]


def make_reads(command: c.MakeTask, project: UUID, found: Reads) -> None:
    found.fresh.update((("task", command.id), ("description", command.id)))
    found.row("task", *command.depends_on)
    names.reads(command.task, found)


def make_task(command: c.MakeTask, draft: Draft) -> None:
    said = command.task
    column = statuses.column_for(draft, said, None)
    found, made = names.labels(draft, said)
    plain: Plain = [*made, _creation(command.id, said, column, found or (), names.people(draft, said) or ())]
    plain += _waits(draft, command.id, command.depends_on)
    if said.archived is True:
        plain.append(c.ArchiveTask(id=command.id))
    _run(draft, plain)
    if command.depends_on and column.category == "completed":
        completion.refuse_blocked(draft, [draft.find("task", command.id, Task)])


def edit_reads(command: c.EditTask | c.ReplaceTask, project: UUID, found: Reads) -> None:
    found.row("task", command.id)
    names.reads(command.task, found)
    if command.depends_on is not UNSET:
        found.row("task", *command.depends_on).links.add(command.id)


def edit_task(command: c.EditTask, draft: Draft) -> None:
    _edit(draft, draft.find("task", command.id, Task), command.task, command.depends_on)


def replace_reads(command: c.ReplaceTask, project: UUID, found: Reads) -> None:
    edit_reads(command, project, found)
    found.row("description", command.id)


def replace_task(command: c.ReplaceTask, draft: Draft) -> None:
    if draft.row("task", command.id) is None:
        waits = () if command.depends_on is UNSET else command.depends_on
        make_task(c.MakeTask(id=command.id, task=command.task, depends_on=waits), draft)
    else:
        task = draft.find("task", command.id, Task)
        _edit(draft, task, _with_defaults(command.task), command.depends_on)


def _creation(
    id: UUID, said: c.WholeTask, column: Column, label_ids: tuple[UUID, ...], assignee_ids: tuple[UUID, ...]
) -> c.CreateTask:
    return c.CreateTask(
        id=id,
        column_id=column.id,
        title=said.title,
        description=said.description or None,
        priority=names.priority(said.priority) or None,
        start_at=said.start_at or None,
        due_at=said.due_at or None,
        label_ids=label_ids,
        assignee_ids=assignee_ids,
        place=said.place or "bottom",
    )


def _edit(draft: Draft, task: Task, said: c.TaskEdit | c.WholeTask, depends_on: tuple[UUID, ...] | UnsetType) -> None:
    found, made = names.labels(draft, said)
    plain: Plain = [*made, _update(task, said, found, names.people(draft, said))]
    if said.description is not UNSET:
        plain.append(c.DescribeTask(id=task.id, text=said.description or "", base_seq=draft.head.seq))
    if depends_on is not UNSET:
        plain += _waits_only(draft, task.id, depends_on)
    column = statuses.column_for(draft, said, draft.find("column", task.column_id, Column))
    if column.id != task.column_id or said.place is not UNSET:
        plain.append(c.MoveTask(id=task.id, column_id=column.id, place=said.place or "bottom"))
    if said.archived is not UNSET:
        plain.append(c.ArchiveTask(id=task.id) if said.archived else c.UnarchiveTask(id=task.id))
    _run(draft, plain)


def _update(
    task: Task, said: c.TaskEdit | c.WholeTask, label_ids: tuple[UUID, ...] | None, people: tuple[UUID, ...] | None
) -> c.UpdateTask:
    return c.UpdateTask(
        id=task.id,
        title=said.title,
        priority=names.priority(said.priority),
        start_at=said.start_at,
        due_at=said.due_at,
        labels=_set_edit(task.label_ids, label_ids),
        assignees=_set_edit(task.assignee_ids, people),
    )


def _set_edit(present: tuple[UUID, ...], wanted: tuple[UUID, ...] | None) -> c.SetEdit | UnsetType:
    if wanted is None:
        return UNSET
    return c.SetEdit(
        add=tuple(id for id in wanted if id not in present), remove=tuple(id for id in present if id not in wanted)
    )


def _waits(draft: Draft, task: UUID, wanted: tuple[UUID, ...], present: Container[UUID] = ()) -> Plain:
    """What makes the task depend on those, too, if it does not at present."""
    for index, end in enumerate(wanted):
        if end != task and end not in present and draft.peek("task", end, Task) is None:
            raise Invalid.at(f"/depends_on/{index}", "There is no such task.")
    return [
        c.AddDependency(id=child_id(task, f"{draft.seq} {end}"), task_id=task, depends_on_id=end)
        for end in dict.fromkeys(wanted)
        if end not in present
    ]


def _waits_only(draft: Draft, task: UUID, wanted: tuple[UUID, ...]) -> Plain:
    """What makes the task depend on those and no others that are not deleted."""
    present = {link.depends_on_id: link.id for link in draft.rows.links(task) if link.task_id == task}
    gone: Plain = [
        c.RemoveDependency(id=id)
        for end, id in present.items()
        if end not in wanted and draft.peek("task", end, Task) is not None
    ]
    return gone + _waits(draft, task, wanted, present)


def _with_defaults(said: c.WholeTask) -> c.WholeTask:
    """With the default of everything that a task has by itself and that was left out."""
    fields: dict[str, Any] = dict.fromkeys(("description", "priority", "start_at", "due_at"))
    fields["archived"] = False
    left_out = {name: value for name, value in fields.items() if getattr(said, name) is UNSET}
    for one, other in (("labels", "label_ids"), ("assignees", "assignee_ids")):
        if getattr(said, one) is UNSET and getattr(said, other) is UNSET:
            left_out[other] = ()
    return replace(said, **left_out)


def _run(draft: Draft, plain: Plain) -> None:
    """Reads what they all look at in one go, then runs them. Ids that were made up here are unused."""
    reads = Reads()
    for each in plain:
        _VERBS[type(each)][0](each, draft.project, reads)
    draft.rows.assume_unused(reads.fresh)
    reads.fresh.clear()
    draft.require(reads)
    for each in plain:
        _VERBS[type(each)][1](each, draft)
