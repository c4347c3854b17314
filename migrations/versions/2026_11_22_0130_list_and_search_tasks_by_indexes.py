"""List and search tasks by indexes: an order each, sets of people and labels, and words.

Words stand in a table of their own, kept by triggers on the titles and descriptions: an index of the words on the task itself would have to
be written whenever a card moves. It is filled here with what there is.
"""

from alembic import op

revision = "20261122_words"
down_revision = "20261122_jobs"

INDEXES = {
    "ix_task_created": "(project_id, created_at, id) WHERE created_at IS NOT NULL",
    "ix_task_updated": "(project_id, updated_at, id) WHERE updated_at IS NOT NULL",
    "ix_task_priority": "(project_id, priority, id) WHERE priority IS NOT NULL",
    "ix_task_due": "(project_id, due_at, id) WHERE due_at IS NOT NULL",
    "ix_task_due_open": "(project_id, due_at, id) WHERE due_at IS NOT NULL AND completed_at IS NULL AND archived_at IS NULL",
    "ix_task_completed": "(project_id, completed_at, id) WHERE completed_at IS NOT NULL",
    "ix_task_archived": "(project_id, archived_at, id) WHERE archived_at IS NOT NULL",
    "ix_task_sets": "USING gin (label_ids, assignee_ids) WITH (gin_pending_list_limit = 256)",
}

_SEPARATE = r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"


def _words(text: str) -> str:
    plain = f"""regexp_replace(lower(normalize({text}, NFKC) COLLATE "pg_unicode_fast"), '(\\W|_)+', ' ', 'g')"""
    return f"to_tsvector('simple', regexp_replace({plain}, '{_SEPARATE}', ' \\1 ', 'g'))"


def _title(row: str) -> str:
    return f"array_to_tsvector(ARRAY['#' || {row}.number]) || {_words(f'{row}.title')}"


_KEEP = "ON CONFLICT (project_id, id) DO UPDATE SET {0} = excluded.{0}"


def upgrade() -> None:
    for name, index in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON task {index}")
    op.execute(
        "CREATE TABLE task_words (project_id uuid NOT NULL, id uuid NOT NULL, title tsvector, text tsvector, "
        "CONSTRAINT pk_task_words PRIMARY KEY (project_id, id))"
    )
    op.execute(
        f"INSERT INTO task_words SELECT t.project_id, t.id, {_title('t')}, {_words('d.text')} "
        "FROM task t LEFT JOIN description d ON d.project_id = t.project_id AND d.id = t.id"
    )
    op.execute("CREATE INDEX ix_task_words ON task_words USING gin (title, text) WITH (gin_pending_list_limit = 256)")
    _trigger("task", "title", "made", _title("r"))
    _trigger("description", "text", "made", _words("r.text"))
    _trigger("task", "title", "changed", _title("NEW"))
    _trigger("description", "text", "changed", _words("NEW.text"))


def _trigger(table: str, field: str, when: str, words: str) -> None:
    """Rows are made by the hundred and changed one by one, and mostly not in the field that matters here."""
    name = f"words_of_{table}_{when}"
    rows, source = ("r", " FROM fresh r") if when == "made" else ("NEW", "")
    write = f"INSERT INTO task_words (project_id, id, {field}) SELECT {rows}.project_id, {rows}.id, {words}{source}"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $words$ "
        f"BEGIN {write} {_KEEP.format(field)}; RETURN NULL; END $words$"
    )
    event = (
        f"AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
        if when == "made"
        else f"AFTER UPDATE ON {table} FOR EACH ROW WHEN (OLD.{field} IS DISTINCT FROM NEW.{field})"
    )
    op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    for table in ("task", "description"):
        for when in ("made", "changed"):
            op.execute(f"DROP TRIGGER words_of_{table}_{when} ON {table}")
            op.execute(f"DROP FUNCTION words_of_{table}_{when}()")
    op.execute("DROP TABLE task_words")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
