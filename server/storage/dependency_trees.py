"""What a task waits for and what waits for it, step by step, by one statement."""

from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import text

from server.storage.engine import AsyncConnection
from server.storage.shown import JOINED, SHOWN, ShownTask

Direction = Literal["blocked_by", "blocks"]

LINKS_MAX = 1000
"""Dependencies that are told of at once, the nearest first."""


class Link(msgspec.Struct, frozen=True):
    """A dependency, how many steps away it leads, and the task that it leads to."""

    id: UUID
    task_id: UUID
    depends_on_id: UUID
    depth: int
    task: ShownTask


class DependencyTree(msgspec.Struct, frozen=True):
    """Every dependency once, however many ways lead to it; `more`: there are others, further away."""

    epoch: UUID
    seq: int
    items: list[Link]
    more: bool


def _tree(near: str, far: str) -> str:
    """Each task has its least number of steps; a step leads from `near` to `far`, along what is not deleted."""
    return f"""
    WITH RECURSIVE walk(id, depth) AS (
        SELECT CAST(:task AS uuid), 0
        UNION
        SELECT d.{far}, w.depth + 1 FROM walk w
        JOIN dependency d ON d.project_id = :project AND d.{near} = w.id AND d.deleted_at IS NULL
        JOIN task e ON e.project_id = d.project_id AND e.id = d.{far} AND e.deleted_at IS NULL
        WHERE w.depth < CAST(:depth AS int)
    ), reached AS (
        SELECT id, min(depth) AS depth FROM walk GROUP BY id
    ), links AS (
        SELECT d.id, d.task_id, d.depends_on_id, r.depth + 1 AS depth, (SELECT to_json(s) FROM (SELECT {SHOWN}) s) AS task
        FROM reached r JOIN dependency d ON d.project_id = :project AND d.{near} = r.id AND d.deleted_at IS NULL
        JOIN ({JOINED}) ON t.project_id = d.project_id AND t.id = d.{far} AND t.deleted_at IS NULL
        WHERE r.depth < CAST(:depth AS int) ORDER BY r.depth, d.id LIMIT {LINKS_MAX} + 1
    )
    SELECT json_build_object('epoch', h.epoch, 'seq', h.seq, 'more', false, 'items', coalesce(
        (SELECT json_agg(l ORDER BY l.depth, l.id) FROM links l), '[]'
    ))::text
    FROM head h JOIN task root ON root.project_id = h.project_id AND root.id = CAST(:task AS uuid) AND root.deleted_at IS NULL
    WHERE h.project_id = :project
    """


_TREES = {
    "blocked_by": text(_tree("task_id", "depends_on_id")),
    "blocks": text(_tree("depends_on_id", "task_id")),
}
_decode = msgspec.json.Decoder(DependencyTree).decode


async def read(
    connection: AsyncConnection, project: UUID, task: UUID, direction: Direction, depth: int
) -> DependencyTree | None:
    """The dependencies up to `depth` steps from the task; None when it is absent or deleted."""
    found = await connection.scalar(_TREES[direction], {"project": project, "task": task, "depth": depth})
    if found is None:
        return None
    tree = _decode(found)
    if len(tree.items) <= LINKS_MAX:
        return tree
    return msgspec.structs.replace(tree, items=tree.items[:LINKS_MAX], more=True)
