"""The verbs of checklist items. They keep the task's counters, and leave its `updated_at` alone."""

from typing import Any
from uuid import UUID

from msgspec import UNSET

from server.commands import places
from server.domain import commands as c
from server.domain.errors import NotFound, TooLarge
from server.domain.records import ChecklistItem, Task
from server.storage.draft import Draft
from server.storage.reads import Reads

ITEMS_MAX = 500
"""Items of one task."""


def add_reads(command: c.AddChecklistItem, project: UUID, found: Reads) -> None:
    places.reads("checklist_item", command.task_id, command.place, found)
    found.row("task", command.task_id).fresh.add(("checklist_item", command.id))


def add_checklist_item(command: c.AddChecklistItem, draft: Draft) -> None:
    task = draft.find("task", command.task_id, Task)
    if task.checklist_total >= ITEMS_MAX:
        raise TooLarge(f"A checklist has at most {ITEMS_MAX} items.")
    rank = places.rank_for(draft, "checklist_item", task.id, command.place, command.id)
    draft.create("checklist_item", ChecklistItem(id=command.id, task_id=task.id, rank=rank, text=command.text))
    _count(draft, task, total=+1)


def reads(
    command: c.UpdateChecklistItem | c.MoveChecklistItem | c.DeleteChecklistItem | c.RestoreChecklistItem,
    project: UUID,
    found: Reads,
) -> None:
    found.row("checklist_item", command.id)


def update_checklist_item(command: c.UpdateChecklistItem, draft: Draft) -> None:
    item, task = _item(draft, command.id)
    fields: dict[str, Any] = {
        name: value for name in ("text", "done") if (value := getattr(command, name)) is not UNSET
    }
    draft.check("checklist_item", item.id, command.base_seq, *fields)
    if draft.patch("checklist_item", item.id, **fields):
        draft.touch(task.id)
        _count(draft, task, done=fields.get("done", item.done) - item.done)


def move_checklist_item(command: c.MoveChecklistItem, draft: Draft) -> None:
    item, task = _item(draft, command.id)
    draft.require(places.reads("checklist_item", task.id, command.place, Reads()))
    rank = places.rank_for(draft, "checklist_item", task.id, command.place, item.id)
    if draft.patch("checklist_item", item.id, rank=rank):
        draft.touch(task.id)


def delete_checklist_item(command: c.DeleteChecklistItem, draft: Draft) -> None:
    item, task = _item(draft, command.id)
    draft.remove("checklist_item", item.id)
    _count(draft, task, total=-1, done=-item.done)


def restore_checklist_item(command: c.RestoreChecklistItem, draft: Draft) -> None:
    item, task = _item(draft, command.id, deleted_too=True)
    if draft.peek("checklist_item", item.id, ChecklistItem) is None:
        if task.checklist_total >= ITEMS_MAX:
            raise TooLarge(f"A checklist has at most {ITEMS_MAX} items.")
        draft.restore("checklist_item", item.id)
        _count(draft, task, total=+1, done=+item.done)


def _item(draft: Draft, id: UUID, *, deleted_too: bool = False) -> tuple[ChecklistItem, Task]:
    row = draft.row("checklist_item", id)
    if row is None or (row.deleted_at is not None and not deleted_too):
        raise NotFound("There is no such checklist item.")
    item: ChecklistItem = row.record
    draft.require(Reads().row("task", item.task_id))
    return item, draft.find("task", item.task_id, Task)


def _count(draft: Draft, task: Task, *, total: int = 0, done: int = 0) -> None:
    draft.patch(
        "task", task.id, checklist_total=task.checklist_total + total, checklist_done=task.checklist_done + done
    )
