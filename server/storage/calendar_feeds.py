"""Calendar feeds, by the hash of their secret, and what is in them now. Functions work in the caller's transaction.

A feed shows what its owner may see at the moment it is asked for; whoever leaves a project has its cards there no longer.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, text

from server.domain.changes import Actor
from server.domain.errors import NotFound, TooLarge
from server.storage import audit
from server.storage.engine import AsyncConnection
from server.storage.tables import account, calendar_feed

FEEDS_MAX = 50
"""Of one account."""

EVENTS_MAX = 5_000
"""Of one feed, those furthest ahead first; what was due more than a year ago is no longer in it."""


class Feed(msgspec.Struct, frozen=True):
    """Of one project, or of everything that is assigned to its owner. `id`, not the secret, names it."""

    id: UUID
    project_id: UUID | None
    created_at: datetime


class OwnedFeed(msgspec.Struct, frozen=True):
    """A feed in the hands of who has its secret. `name` is its owner's, or the project's."""

    feed: Feed
    account_id: UUID
    name: str


class DatedTask(msgspec.Struct, frozen=True):
    """A task with a date, and where it is."""

    project_id: UUID
    id: UUID
    title: str
    description: str
    labels: tuple[str, ...]
    start_at: str | None
    due_at: str | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime


async def create(connection: AsyncConnection, id: UUID, project: UUID | None, secret_hash: bytes, by: Actor) -> Feed:
    """Raises `TooLarge` when the account has too many."""
    owner = select(account.c.id).where(account.c.id == by.id).with_for_update(key_share=True)
    await connection.execute(owner)  # so that two at once are counted
    count = select(func.count()).where(calendar_feed.c.account_id == by.id)
    if (await connection.execute(count)).scalar_one() >= FEEDS_MAX:
        raise TooLarge(f"An account has at most {FEEDS_MAX} calendar feeds.")
    values = {"id": id, "account_id": by.id, "project_id": project, "secret_hash": secret_hash}
    made = Feed(*(await connection.execute(insert(calendar_feed).values(values).returning(*_FIELDS))).one())
    await audit.record(connection, "calendar_feed_created", by, details=_told(made))
    return made


async def of(connection: AsyncConnection, owner: UUID) -> list[Feed]:
    """All of an account, the latest first."""
    mine = select(*_FIELDS).where(calendar_feed.c.account_id == owner)
    found = mine.order_by(calendar_feed.c.created_at.desc(), calendar_feed.c.id)
    return [Feed(*row) for row in await connection.execute(found)]


async def revoke(connection: AsyncConnection, id: UUID, by: Actor) -> None:
    """Ends one of one's own. Raises `NotFound`."""
    mine = delete(calendar_feed).where(calendar_feed.c.id == id, calendar_feed.c.account_id == by.id)
    row = (await connection.execute(mine.returning(*_FIELDS))).one_or_none()
    if row is None:
        raise NotFound("There is no such calendar feed.")
    await audit.record(connection, "calendar_feed_revoked", by, details=_told(Feed(*row)))


async def presented(connection: AsyncConnection, secret_hash: bytes) -> OwnedFeed | None:
    """The feed with this secret. A project that its owner no longer sees is not named."""
    row = (await connection.execute(_PRESENTED, {"secret_hash": secret_hash})).one_or_none()
    if row is None:
        return None
    return OwnedFeed(Feed(row.id, row.project_id, row.created_at), row.account_id, row.name)


async def tasks_of(connection: AsyncConnection, owned: OwnedFeed) -> list[DatedTask]:
    """By date: the tasks with one that are neither archived nor deleted, in projects that the owner sees now."""
    found = await connection.scalar(_TASKS, {"account": owned.account_id, "project": owned.feed.project_id})
    return _decode(found)


def _told(feed: Feed) -> dict[str, object]:
    return {"feed_id": feed.id, "project_id": feed.project_id}


_FIELDS = [calendar_feed.c[field] for field in Feed.__struct_fields__]
_decode = msgspec.json.Decoder(list[DatedTask]).decode

_PRESENTED = text("""
    SELECT f.id, f.project_id, f.created_at, f.account_id,
        CASE WHEN f.project_id IS NULL THEN a.name ELSE coalesce(p.name, 'Lockstep') END AS name
    FROM calendar_feed f JOIN account a ON a.id = f.account_id
    LEFT JOIN member m ON m.project_id = f.project_id AND m.id = f.account_id AND m.role IS NOT NULL
    LEFT JOIN head h ON h.project_id = m.project_id AND h.deleted_at IS NULL
    LEFT JOIN project p ON p.project_id = h.project_id
    WHERE f.secret_hash = :secret_hash
""")

_TASKS = text(f"""
    SELECT coalesce(json_agg(r ORDER BY coalesce(r.due_at, r.start_at), r.id), '[]')::text FROM (
        SELECT t.project_id, t.id, t.title, coalesce(d.text, '') AS description, t.start_at, t.due_at, t.completed_at,
            t.created_at, t.updated_at, ARRAY(
                SELECT CASE l.name WHEN '' THEN l.color ELSE l.name END FROM label l
                WHERE l.project_id = t.project_id AND l.id = ANY(t.label_ids) AND l.deleted_at IS NULL ORDER BY 1
            ) AS labels
        FROM member m JOIN head h ON h.project_id = m.project_id AND h.deleted_at IS NULL
        JOIN task t ON t.project_id = m.project_id AND t.deleted_at IS NULL AND t.archived_at IS NULL
            AND coalesce(t.due_at, t.start_at) >= to_char(now() - interval '1 year', 'YYYY-MM-DD')
        LEFT JOIN description d ON d.project_id = t.project_id AND d.id = t.id
        WHERE m.user_id = :account AND m.role IS NOT NULL
        AND CASE WHEN CAST(:project AS uuid) IS NULL THEN m.id = ANY(t.assignee_ids) ELSE m.project_id = :project END
        ORDER BY coalesce(t.due_at, t.start_at) DESC, t.id LIMIT {EVENTS_MAX}
    ) r
""")
