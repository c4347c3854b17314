"""What the log tells of one task: the changes that are about it, the latest first, a page at a time. Not here: the log as a whole (log).

The log has no index by task, which every edit would have to pay for. It is read backwards for what names the task or one of its parts, so
many changes at once and no further than `LOOKED_AT_MAX` a page.
"""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text

from server.storage.engine import AsyncConnection

LOOKED_AT_MAX = 10_000
"""Changes read through for one page, some 6 MB of text; a page that finds little says where the next one goes on."""

Op = dict[str, Any]


class PastPage(msgspec.Struct, frozen=True):
    """Changes as they were sent, with those of their ops that are about the task. The next page is what comes before seq `next`."""

    changes: list[dict[str, Any]]
    next: int | None


class _Parts(msgspec.Struct, frozen=True):
    """Ids of what belongs to a task, deleted or not."""

    task: list[str]
    comment: list[str]
    checklist_item: list[str]
    dependency: list[str]
    attachment: list[str]


_OF_TASK = "SELECT coalesce(json_agg(id), '[]') FROM {kind} WHERE project_id = :project AND {within}"
_PARTS = text(
    "SELECT json_build_object('task', ({}), 'comment', ({}), 'checklist_item', ({}), 'dependency', ({}), 'attachment', ({}))::text".format(
        _OF_TASK.format(kind="task", within="id = :task"),
        _OF_TASK.format(kind="comment", within="task_id = :task"),
        _OF_TASK.format(kind="checklist_item", within="task_id = :task"),
        _OF_TASK.format(kind="dependency", within="(task_id = :task OR depends_on_id = :task)"),
        _OF_TASK.format(kind="attachment", within="task_id = :task"),
    )
)

_LOOKED_AT = text("""
    WITH looked AS MATERIALIZED (
        SELECT seq, message FROM change WHERE project_id = :project AND seq < :before ORDER BY seq DESC LIMIT :most
    )
    SELECT (SELECT min(seq) FROM looked), array(
        SELECT message FROM looked WHERE message ~ :names ORDER BY seq DESC LIMIT :limit
    )
""")


async def read(
    connection: AsyncConnection, project: UUID, task: UUID, *, before: int, floor: int, limit: int
) -> PastPage | None:
    """Up to `limit` changes about the task before a seq and above the log's floor; None when there never was such a task."""
    found = await connection.scalar(_PARTS, {"project": project, "task": task})
    parts = msgspec.json.decode(found, type=_Parts)
    if not parts.task:
        return None
    names = "|".join({*parts.task, *parts.comment, *parts.checklist_item, *parts.dependency, *parts.attachment})
    asked = {"project": project, "before": before, "most": LOOKED_AT_MAX, "names": names, "limit": limit}
    lowest, messages = (await connection.execute(_LOOKED_AT, asked)).one()
    changes = [msgspec.json.decode(message) for message in messages]
    reached = changes[-1]["seq"] if len(changes) == limit else lowest
    told = [{**change, "ops": ops} for change in changes if (ops := _about(change["ops"], parts))]
    begun = any(
        _begins(op, parts.task[0]) for change in told for op in change["ops"] if change["kind"] != "restore_task"
    )
    return PastPage(told, None if begun or reached is None or reached <= floor + 1 else reached)


def _about(ops: list[Op], parts: _Parts) -> list[Op]:
    return [op for op in ops if _is_about(op, parts)]


def _is_about(op: Op, parts: _Parts) -> bool:
    id = op["record"]["id"] if op["op"] == "put" else op["id"]
    match op["kind"]:
        case "task" | "description":
            return id in parts.task
        case "comment" | "checklist_item" | "dependency" | "attachment" as kind:
            return id in getattr(parts, kind)
        case _:
            return False


def _begins(op: Op, task: str) -> bool:
    """Whether there is nothing of the task before it."""
    return bool(op["op"] == "put" and op["kind"] == "task" and op["record"]["id"] == task)
