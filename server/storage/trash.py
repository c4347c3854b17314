"""What was deleted of a project and can be restored: its tasks, those that went last first, a page at a time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import text

from server.domain.errors import Invalid
from server.storage.draft import DELETION
from server.storage.engine import AsyncConnection
from server.storage.shown import JOINED, SHOWN, ListedTask

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TrashPage(msgspec.Struct, frozen=True):
    items: list[ListedTask]
    next: str | None


_TASKS = text(f"""
    SELECT coalesce(json_agg(r ORDER BY r.deleted_at DESC, r.id DESC), '[]')::text FROM (
        SELECT {SHOWN}, t.deleted_at, h.message::json -> 'actor' AS deleted_by FROM {JOINED}
        LEFT JOIN change h ON h.project_id = t.project_id AND h.seq = (t.field_seq ->> '{DELETION}')::bigint
        WHERE t.project_id = :project AND t.deleted_at IS NOT NULL
        AND (CAST(:at AS timestamptz) IS NULL OR (t.deleted_at, t.id) < (:at, CAST(:id AS uuid)))
        ORDER BY t.deleted_at DESC, t.id DESC LIMIT :limit + 1
    ) r
""")

_decode = msgspec.json.Decoder(list[ListedTask]).decode


async def tasks(connection: AsyncConnection, project: UUID, *, cursor: str | None, limit: int) -> TrashPage:
    """Up to `limit` deleted tasks after a cursor. Raises `Invalid` for one that no page ended with."""
    at, id = _read(cursor) if cursor is not None else (None, None)
    found = await connection.scalar(_TASKS, {"project": project, "at": at, "id": id, "limit": limit})
    items = _decode(found)
    return TrashPage(items[:limit], _cursor(items[limit - 1]) if len(items) > limit else None)


def _cursor(task: ListedTask) -> str:
    """Microseconds since 1970, and the id."""
    assert isinstance(task.deleted_at, datetime)
    return f"{(task.deleted_at - _EPOCH) // timedelta(microseconds=1)}.{task.id}"


def _read(cursor: str) -> tuple[datetime, UUID]:
    micros, _, id = cursor.partition(".")
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), UUID(id)
    except (ValueError, OverflowError):
        raise Invalid.at("/cursor", "This is no cursor of this list.") from None
