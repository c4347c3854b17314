"""What lists of tasks are narrowed by, and the SQL of each of them. Not here: order and pages (search), and what people call things (named)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Criteria(msgspec.Struct, frozen=True, kw_only=True):
    """What a task must be; None, or nothing of a tuple, is not asked for.

    `columns` and `assignees`: one of these, so an empty tuple finds nothing. `labels`: one of each group. `due_from` and `due_to` are
    canonical texts, both included; `…_from` and `…_before` moments. A task is overdue in `zone`: a plain date is over at its end there.
    `words` are sought in title and description, each as the beginning of a word; `numbers` are the task's own.
    """

    columns: tuple[UUID, ...] | None = None
    priorities: tuple[int, ...] = ()
    labels: tuple[tuple[UUID, ...], ...] = ()
    assignees: tuple[UUID, ...] | None = None
    due_from: str | None = None
    due_to: str | None = None
    overdue: bool | None = None
    zone: str = "UTC"
    completed: bool | None = None
    archived: bool | None = None
    blocked: bool | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    updated_from: datetime | None = None
    updated_before: datetime | None = None
    title: str | None = None
    words: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def seeks(self) -> bool:
        """Whether there are words, or numbers, to be sought."""
        return bool(self.words or self.numbers)

    @property
    def is_due(self) -> bool:
        """Whether only tasks with a due date can be meant."""
        return bool(self.overdue) or self.due_from is not None or self.due_to is not None


Parameters = dict[str, Any]
Conditions = tuple[list[str], Parameters]
"""SQL about a task `t` and, where words are sought, its `task_words` as `w`."""

NOW = """to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24\\:MI\\:SS"Z"') COLLATE "C" """
TODAY = """to_char(now() AT TIME ZONE CAST(:zone AS text), 'YYYY-MM-DD') COLLATE "C" """
IS_OVERDUE = (
    f"(t.due_at < greatest({NOW}, {TODAY}) AND t.completed_at IS NULL AND t.archived_at IS NULL "
    f"AND CASE length(t.due_at) WHEN 10 THEN t.due_at < {TODAY} ELSE t.due_at < {NOW} END)"
)
"""Needs `zone`. The first comparison says nothing more than the last; by it the index of open tasks' due dates is used."""

_BLOCKED = """EXISTS (
    SELECT 1 FROM dependency d JOIN task o ON o.project_id = d.project_id AND o.id = d.depends_on_id
    WHERE d.project_id = t.project_id AND d.task_id = t.id AND d.deleted_at IS NULL
    AND o.deleted_at IS NULL AND o.completed_at IS NULL AND o.archived_at IS NULL
)"""

_SEPARATE = r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"


def folded(sql: str) -> str:
    """A text in lower case, whatever the database's own language."""
    return f'lower({sql} COLLATE "pg_unicode_fast")'


def conditions(asked: Criteria, *, met: bool = False) -> Conditions:
    """Everything but the projects.

    `met`: for what is read in an order, project after project (`a`): what is sought shall be recognised when it comes, and be looked up in no
    index of its own.
    """
    found, given = sought(asked)
    if met:
        labels = len(asked.labels)
        found = [*map(_one_of_its_labels, range(labels)), *(f"({one}) IS TRUE" for one in found[labels:])]
    for more, parameters in (_about_states(asked, met=met), _about_values(asked), _about_title(asked)):
        found = [*found, *more]
        given = given | parameters
    return ["t.deleted_at IS NULL", *found], given


def _one_of_its_labels(n: int) -> str:
    """Of many projects' labels, those of one are few."""
    mine = f"l.project_id = a.project_id AND l.id = ANY(CAST(:labels_{n} AS uuid[]))"
    return f"(t.label_ids && ARRAY(SELECT l.id FROM label l WHERE {mine})) IS TRUE"


def sought(asked: Criteria) -> Conditions:
    """What people and labels a task has, and its words: what can be found without looking at an order."""
    found = [f"t.label_ids && CAST(:labels_{n} AS uuid[])" for n in range(len(asked.labels))]
    given: Parameters = {f"labels_{n}": list(group) for n, group in enumerate(asked.labels)}
    if asked.assignees is not None:
        found.append("t.assignee_ids && CAST(:assignees AS uuid[])")
        given["assignees"] = list(asked.assignees)
    words, more = sought_words(asked)
    return [*found, *words], given | more


def sought_words(asked: Criteria) -> Conditions:
    """Each word in the title or in the description, each number in the title's words, where triggers put it."""
    found = [f"w.title @@ CAST(CAST(:number_{n} AS text) AS tsquery)" for n in range(len(asked.numbers))]
    found += [f"(w.title @@ {beginning(n)} OR w.text @@ {beginning(n)})" for n in range(len(asked.words))]
    numbers = {f"number_{n}": f"'#{number}'" for n, number in enumerate(asked.numbers)}
    return found, numbers | {f"word_{n}": word for n, word in enumerate(asked.words)}


def beginning(n: int) -> str:
    """The nth word as a tsquery: made of the same pieces as the words that are sought (see the triggers), the last one begun."""
    plain = f"""regexp_replace(lower(normalize(CAST(:word_{n} AS text), NFKC) COLLATE "pg_unicode_fast"), '(\\W|_)+', ' ', 'g')"""
    separate = f"regexp_replace({plain}, '{_SEPARATE}', ' \\1 ', 'g')"
    return f"to_tsquery('simple', '''' || {separate} || '''\\:*')"


def _about_states(asked: Criteria, *, met: bool) -> Conditions:
    states = (
        (asked.completed, "t.completed_at IS NOT NULL", "t.completed_at IS NULL"),
        (asked.archived, "t.archived_at IS NOT NULL", "t.archived_at IS NULL"),
        (asked.blocked, f"({_BLOCKED}) IS TRUE" if met else _BLOCKED, f"NOT {_BLOCKED}"),
        (asked.overdue, IS_OVERDUE, f"{IS_OVERDUE} IS NOT TRUE"),
    )
    found = [is_so if wanted else is_not for wanted, is_so, is_not in states if wanted is not None]
    return found, {} if asked.overdue is None else {"zone": asked.zone}


def _about_values(asked: Criteria) -> Conditions:
    values = {
        "columns": (asked.columns, "t.column_id = ANY(CAST(:columns AS uuid[]))"),
        "priorities": (asked.priorities or None, "t.priority = ANY(CAST(:priorities AS int[]))"),
        "due_from": (asked.due_from, "t.due_at >= CAST(:due_from AS text)"),
        "due_to": (asked.due_to, "t.due_at <= CAST(:due_to AS text)"),
        "created_from": (asked.created_from, "t.created_at >= CAST(:created_from AS timestamptz)"),
        "created_before": (asked.created_before, "t.created_at < CAST(:created_before AS timestamptz)"),
        "updated_from": (asked.updated_from, "t.updated_at >= CAST(:updated_from AS timestamptz)"),
        "updated_before": (asked.updated_before, "t.updated_at < CAST(:updated_before AS timestamptz)"),
    }
    asked_for = {name: (value, sql) for name, (value, sql) in values.items() if value is not None}
    given = {name: list(value) if isinstance(value, tuple) else value for name, (value, _) in asked_for.items()}
    return [sql for _, sql in asked_for.values()], given


def _about_title(asked: Criteria) -> Conditions:
    if asked.title is None:
        return [], {}
    return [f"strpos({folded('t.title')}, {folded('CAST(:title AS text)')}) > 0"], {"title": asked.title}
