"""From what people call things to ids, in the projects that they see. Not here: whose projects those are (boards)."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import text

from server.domain.records import Category
from server.storage.criteria import folded
from server.storage.engine import AsyncConnection


class Named(msgspec.Struct, frozen=True):
    """What was found: columns of the categories, labels by the name that was asked for, the accounts of e-mail addresses."""

    columns: tuple[UUID, ...]
    labels: dict[str, tuple[UUID, ...]]
    accounts: tuple[UUID, ...]


_NAMED = text(f"""
    SELECT json_build_object(
        'columns', (
            SELECT coalesce(json_agg(c.id), '[]') FROM "column" c
            WHERE c.project_id = ANY(CAST(:projects AS uuid[])) AND c.category = ANY(CAST(:categories AS text[]))
        ),
        'labels', (
            SELECT coalesce(json_object_agg(f.name, f.ids), '{{}}') FROM (
                SELECT a.name, json_agg(l.id) AS ids FROM unnest(CAST(:labels AS text[])) AS a(name)
                JOIN label l ON {folded("l.name")} = {folded("a.name")}
                WHERE l.project_id = ANY(CAST(:projects AS uuid[])) AND l.deleted_at IS NULL GROUP BY a.name
            ) f
        ),
        'accounts', (
            SELECT coalesce(json_agg(a.id), '[]') FROM account a WHERE lower(a.email) = ANY(CAST(:emails AS text[]))
        )
    )::text
""")

_decode = msgspec.json.Decoder(Named).decode


async def find(
    connection: AsyncConnection,
    projects: Sequence[UUID],
    *,
    categories: Sequence[Category] = (),
    labels: Sequence[str] = (),
    emails: Sequence[str] = (),
) -> Named:
    """One statement for all of them; none when nothing is asked."""
    if not (categories or labels or emails):
        return Named((), {}, ())
    given = {
        "projects": list(projects),
        "categories": list(categories),
        "labels": list(labels),
        "emails": [email.lower() for email in emails],
    }
    return _decode(await connection.scalar(_NAMED, given))
