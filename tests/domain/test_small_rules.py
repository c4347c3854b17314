"""The small tables and rules: ids, roles, refusals, kinds."""

import time
from uuid import uuid4

from server.domain import errors, records
from server.domain.changes import OPS_MAX
from server.domain.commands import IMPORT_MAX
from server.domain.ids import child_id, new_id
from server.domain.records import DETAIL_KINDS, KINDS, SNAPSHOT_KINDS
from server.domain.roles import ORDER, allows


def test_an_id_is_a_uuid_of_version_seven_that_sorts_by_time() -> None:
    before = time.time_ns() // 1_000_000
    ids = [new_id() for _ in range(1_000)]
    after = time.time_ns() // 1_000_000
    assert len(set(ids)) == 1_000
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}
    moments = [id.int >> 80 for id in ids]
    assert moments == sorted(moments)
    assert before <= moments[0] <= moments[-1] <= after


def test_a_childs_id_follows_from_its_parent() -> None:
    parent = uuid4()
    assert child_id(parent, "0") == child_id(parent, "0")
    assert len({child_id(parent, "0"), child_id(parent, "1"), child_id(uuid4(), "0")}) == 3


def test_a_role_allows_what_lower_ones_do_and_no_role_allows_nothing() -> None:
    for role, rank in ORDER.items():
        for least, needed in ORDER.items():
            assert allows(role, least) == (rank >= needed)
            assert not allows(None, least)


def test_every_refusal_is_listed_with_a_code_of_its_own() -> None:
    known = {type_ for type_ in vars(errors).values() if isinstance(type_, type) and issubclass(type_, errors.Refusal)}
    known.remove(errors.Refusal)
    assert set(errors.REFUSALS) == known
    assert len({refusal.code for refusal in known}) == len(known)
    assert {refusal.code for refusal in known if refusal.retryable} == {"rate", "overloaded", "unavailable", "internal"}


def test_every_kind_is_seen_in_a_snapshot_or_in_a_detail() -> None:
    assert (*SNAPSHOT_KINDS, *DETAIL_KINDS) == tuple(KINDS)
    assert all(issubclass(type_, records.Record) for type_ in KINDS.values())


def test_an_import_of_the_largest_size_fits_a_change() -> None:
    assert 2 * IMPORT_MAX <= OPS_MAX
