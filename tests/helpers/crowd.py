"""Projects full of tasks that nobody made: a few statements write them past the log, so that there are as many as one wants.

Whoever measures lists, or reads their plans, needs many tasks and no past.
"""

from uuid import UUID

from sqlalchemy import text

from server.storage.engine import Database

_FILL = (
    """CREATE TEMP TABLE crowd ON COMMIT DROP AS
    SELECT n, gen_random_uuid() AS id,
        ARRAY(SELECT gen_random_uuid() FROM generate_series(1, 4) WHERE n > 0) AS columns,
        ARRAY(SELECT gen_random_uuid() FROM generate_series(1, 8) WHERE n > 0) AS labels,
        ARRAY(SELECT gen_random_uuid() FROM generate_series(1, 20) WHERE n > 0) AS people
    FROM generate_series(1, :projects) n""",
    """INSERT INTO head (project_id, epoch, seq, last_number, task_count, open_count)
    SELECT id, gen_random_uuid(), 1, :tasks, :tasks, :tasks - :tasks / 20 FROM crowd""",
    "INSERT INTO project (project_id, id, name, description) SELECT id, id, 'Project ' || n, '' FROM crowd",
    """INSERT INTO "column" (project_id, id, name, rank, category)
    SELECT id, columns[i], 'Column ' || i, 'a' || i, (ARRAY['backlog', 'todo', 'in_progress', 'completed'])[i]
    FROM crowd, generate_series(1, 4) i""",
    """INSERT INTO label (project_id, id, name, color)
    SELECT id, labels[i], 'Label ' || i, 'red' FROM crowd, generate_series(1, 8) i""",
    """INSERT INTO member (project_id, id, user_id, name, role, kind)
    SELECT id, CAST(:owner AS uuid), CAST(:owner AS uuid), 'Crowd', 'admin', 'person' FROM crowd""",
    """INSERT INTO task (project_id, id, number, column_id, rank, title, priority, label_ids, assignee_ids, due_at,
        completed_at, archived_at, created_at, created_by, updated_at, comment_count, checklist_total, checklist_done)
    SELECT p.id, gen_random_uuid(), i, columns[k], 'a' || lpad(i::text, 6, '0'),
        'word' || (i * 7 + n) % 997 || ' term' || (i * 13 + n) % 499 || ' thing' || i % 3, 1 + i % 10,
        CASE WHEN i % 3 = 0 THEN ARRAY[labels[1 + i % 8]] ELSE '{}' END,
        CASE WHEN i % 400 = 0 THEN ARRAY[CAST(:owner AS uuid)] WHEN i % 2 = 0 THEN ARRAY[people[1 + i % 20]] ELSE '{}' END,
        CASE WHEN (i / 2) % 3 = 1 THEN to_char(now() + (i % 400 - 300) * interval '1 day', 'YYYY-MM-DD') END,
        CASE WHEN k = 4 THEN now() - i % 300 * interval '1 day' END,
        CASE WHEN i % 20 = 0 THEN now() END,
        now() - i * interval '1 hour' - n * interval '1 second', CAST(:owner AS uuid),
        now() - i * 7919 % 5000 * interval '20 minutes' - n * interval '1 second', 0, 0, 0
    FROM (SELECT p.*, i, 1 + (i * i + i / 7) % 4 AS k FROM crowd p, generate_series(1, :tasks) i) p""",
    """INSERT INTO dependency (project_id, id, task_id, depends_on_id)
    SELECT a.project_id, gen_random_uuid(), a.id, b.id FROM task a
    JOIN task b ON b.project_id = a.project_id AND b.number = a.number + 1
    WHERE a.number % 200 = 0 AND a.project_id IN (SELECT id FROM crowd)""",
    """INSERT INTO description (project_id, id, text)
    SELECT project_id, id, 'prose' || number % 787 || ' of ' || title FROM task
    WHERE number % 8 = 0 AND project_id IN (SELECT id FROM crowd)""",
)


async def crowd(database: Database, owner: UUID, *, projects: int, tasks: int) -> None:
    """Makes so many projects of so many tasks each, all of one account. The statistics are fresh afterwards.

    `database` is given the time that it takes: some 100 µs a task.
    """
    async with database.begin() as connection:
        for statement in _FILL:
            names = {"projects": projects, "tasks": tasks, "owner": owner}
            given = {name: value for name, value in names.items() if f":{name}" in statement}
            await connection.execute(text(statement), given)
    async with database.statement() as connection:
        await connection.execute(text("ANALYZE"))
