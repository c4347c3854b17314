"""What must hold of a project's rows at any time, asked of the database itself."""

from typing import Any

from sqlalchemy import text

from server.domain.records import DETAIL_KINDS, SNAPSHOT_KINDS
from tests.helpers.board import Board
from tests.helpers.replica import Replica

BROKEN: dict[str, str] = {
    "the log has no holes": """
        SELECT seq FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM change WHERE project_id = :project) c
        WHERE seq <> n UNION ALL
        SELECT h.seq FROM head h WHERE h.project_id = :project
        AND h.seq <> (SELECT max(seq) FROM change c WHERE c.project_id = h.project_id)""",
    "numbers are given once": """
        SELECT number FROM task WHERE project_id = :project GROUP BY number HAVING count(*) > 1""",
    "the head counts what there is": """
        SELECT h.task_count, h.open_count, h.last_number FROM head h WHERE h.project_id = :project AND
        ARRAY[h.task_count, h.open_count, h.last_number]::bigint[] <> (
            SELECT ARRAY[count(*) FILTER (WHERE deleted_at IS NULL),
                count(*) FILTER (WHERE deleted_at IS NULL AND archived_at IS NULL), coalesce(max(number), 0)]
            FROM task t WHERE t.project_id = h.project_id)""",
    "tasks count their comments": """
        SELECT t.id FROM task t WHERE t.project_id = :project AND t.comment_count <> (
            SELECT count(*) FROM comment c WHERE c.project_id = t.project_id AND c.task_id = t.id AND c.deleted_at IS NULL)""",
    "tasks count their checklist": """
        SELECT t.id FROM task t WHERE t.project_id = :project AND ARRAY[t.checklist_total, t.checklist_done]::bigint[] <> (
            SELECT ARRAY[count(*), count(*) FILTER (WHERE i.done)] FROM checklist_item i
            WHERE i.project_id = t.project_id AND i.task_id = t.id AND i.deleted_at IS NULL)""",
    "tasks tell whether they are described": """
        SELECT t.id FROM task t WHERE t.project_id = :project AND t.has_description <> EXISTS (
            SELECT 1 FROM description d WHERE d.project_id = t.project_id AND d.id = t.id AND d.text <> '')""",
    "tasks stand in columns that are there": """
        SELECT t.id FROM task t LEFT JOIN "column" c ON c.project_id = t.project_id AND c.id = t.column_id
        WHERE t.project_id = :project AND t.deleted_at IS NULL AND (c.id IS NULL OR c.deleted_at IS NOT NULL)""",
    "tasks are completed where their column says so": """
        SELECT t.id FROM task t JOIN "column" c ON c.project_id = t.project_id AND c.id = t.column_id
        WHERE t.project_id = :project AND t.deleted_at IS NULL
        AND (t.completed_at IS NOT NULL) <> (c.category = 'completed')""",
    "no two tasks share a rank made here": """
        SELECT column_id, rank FROM task WHERE project_id = :project AND title NOT LIKE 'Old task%'
        GROUP BY column_id, rank HAVING count(*) > 1""",
    "no two columns share a rank": """
        SELECT rank FROM "column" WHERE project_id = :project GROUP BY rank HAVING count(*) > 1""",
    "no two checklist items share a rank": """
        SELECT task_id, rank FROM checklist_item WHERE project_id = :project GROUP BY task_id, rank HAVING count(*) > 1""",
    "dependencies form no cycle": """
        WITH RECURSIVE walk(start, here) AS (
            SELECT task_id, depends_on_id FROM dependency WHERE project_id = :project AND deleted_at IS NULL UNION
            SELECT w.start, d.depends_on_id FROM walk w JOIN dependency d ON d.project_id = :project
            AND d.task_id = w.here AND d.deleted_at IS NULL)
        SELECT start FROM walk WHERE start = here""",
    "somebody is admin": """
        SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM member WHERE project_id = :project AND role = 'admin')""",
}
"""Statements that find what contradicts their name."""


async def hold(board: Board) -> None:
    """Asserts every rule, and that the fold of the log is the snapshot (G4)."""
    found: dict[str, list[Any]] = {}
    async with board.database.begin() as connection:
        for rule, statement in BROKEN.items():
            found[rule] = list(await connection.execute(text(statement), {"project": board.project}))
    broken = {rule: rows for rule, rows in found.items() if rows}
    assert not broken, broken
    folded = Replica({}, 0)
    await folded.catch_up(board)
    fresh = Replica.of_snapshot(await board.snapshot())
    assert folded.kinds(*SNAPSHOT_KINDS) == fresh.kinds(*SNAPSHOT_KINDS)


async def details_hold(board: Board) -> None:
    """Asserts that the fold of the log is every task's detail, too; one by one, so for small boards."""
    folded = Replica({}, 0)
    await folded.catch_up(board)
    for task in (await board.snapshot()).tasks:
        detail = await board.detail(task.id)
        assert detail is not None
        assert folded.of_task(task.id, *DETAIL_KINDS) == Replica.of_detail(detail).of_task(task.id, *DETAIL_KINDS)
