"""Where a record comes to stand: from a place (intent) to a rank (order key), under the project's lock.

Ranks are compared among all rows of the container, archived and deleted ones too, so no two rows ever share a key made here.
"""

from typing import Any
from uuid import UUID

from server.domain import ranks
from server.domain.commands import Anchor, Place
from server.domain.errors import NotFound
from server.domain.records import Kind
from server.storage.draft import Draft
from server.storage.reads import Reads
from server.storage.rows import Row

RUNS = (4, 8, 16, 32)
"""Neighbours on each side that are re-ranked when a key grows too long: the first run that makes it short is taken."""


def reads(kind: Kind, container: UUID, place: Place, found: Reads) -> Reads:
    """Adds what `rank_for` looks at."""
    found.edges.add((kind, container))
    if isinstance(place, Anchor):
        anchor = _anchor(place)
        found.rows.add((kind, anchor))
        found.neighbours.add((kind, anchor))
    return found


def rank_for(draft: Draft, kind: Kind, container: UUID, place: Place, id: UUID) -> str:
    """The rank of record `id` at `place` in `container`. If it stands there already it keeps its rank.

    An anchor that left the container or was deleted means the bottom; one never known raises `NotFound`.
    """
    own = _own_rank(draft, kind, container, id)
    rank = _rank(draft, kind, container, place, id, own)
    if rank != own:
        draft.rows.placed(kind, container, rank)
    return rank


def bottom_ranks(draft: Draft, kind: Kind, container: UUID, count: int) -> list[str]:
    """Ranks for `count` records at the bottom, in order."""
    made = ranks.spread(draft.rows.edge(kind, container, last=True), None, count)
    for rank in made:
        draft.rows.placed(kind, container, rank)
    return made


def _rank(draft: Draft, kind: Kind, container: UUID, place: Place, id: UUID, own: str | None) -> str:
    if isinstance(place, Anchor):
        anchor = draft.row(kind, _anchor(place))
        if anchor is None:
            raise NotFound(f"There never was the {kind.replace('_', ' ')} that the place names.")
        if anchor.record.id == id and own is not None:
            return own
        if anchor.deleted_at is None and draft.rows.container(kind, anchor.record) == container:
            return _beside(draft, kind, container, anchor, own, after=isinstance(place.after, UUID))
    last = place != "top"
    edge = draft.rows.edge(kind, container, last=last)
    if own is not None and edge == own:
        return own
    return ranks.between(edge, None) if last else ranks.between(None, edge)


def _beside(draft: Draft, kind: Kind, container: UUID, anchor: Row[Any], own: str | None, *, after: bool) -> str:
    here = anchor.record.rank
    if not draft.rows.has_place(kind, container, here):
        draft.require(Reads(crowds={(kind, container, here)}))
    other = draft.rows.above(kind, container, here) if after else draft.rows.below(kind, container, here)
    if own is not None and other == own:
        return own
    rank = ranks.between(here, other) if after else ranks.between(other, here)
    if len(rank) <= ranks.LONG:
        return rank
    return _make_room(draft, kind, container, anchor, after=after) or rank


def _make_room(draft: Draft, kind: Kind, container: UUID, anchor: Row[Any], *, after: bool) -> str | None:
    """Re-ranks the smallest run of neighbours that frees room, in this same change, and returns the rank in their midst.

    None when there is no room to free: an import may bring a whole crowd with one and the same rank.
    """
    draft.require(Reads(crowds={(kind, container, anchor.record.rank)}))
    standing = sorted(
        (row.record.rank, id)
        for id, row in draft.rows.by_kind[kind].items()
        if row is not None and draft.rows.container(kind, row.record) == container
    )
    here = standing.index((anchor.record.rank, anchor.record.id)) + (1 if after else 0)
    run: list[tuple[str, UUID]] = []
    fresh: list[str] = []
    for reach in RUNS:
        first, last = max(0, here - reach), min(len(standing), here + reach)
        run = standing[first:last]
        left = standing[first - 1][0] if first else None
        right = standing[last][0] if last < len(standing) else None
        if left is not None and left == right:
            continue
        fresh = ranks.spread(left, right, len(run) + 1)
        if max(map(len, fresh)) <= ranks.LONG // 2:
            break
    if not fresh:
        return None
    rank = fresh.pop(run.index((anchor.record.rank, anchor.record.id)) + (1 if after else 0))
    for (_, id), new in zip(run, fresh, strict=True):
        draft.patch(kind, id, rank=new)
    return rank


def _own_rank(draft: Draft, kind: Kind, container: UUID, id: UUID) -> str | None:
    row = draft.row(kind, id)
    if row is None or draft.rows.container(kind, row.record) != container:
        return None
    rank: str = row.record.rank
    return rank


def _anchor(place: Anchor) -> UUID:
    anchor = place.after if isinstance(place.after, UUID) else place.before
    assert isinstance(anchor, UUID)
    return anchor
