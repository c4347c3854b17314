"""The checker on small histories made by hand: it passes what keeps the promises and names what breaks them."""

from typing import Any

import msgspec
import pytest

from tests.helpers.replica import Replica
from tests.history.checker import (
    Acked,
    Ended,
    Entry,
    Event,
    Fetched,
    History,
    Joined,
    Observer,
    Received,
    Refused,
    Seen,
    Submit,
    content,
    violations,
)


def change(seq: int, id: str, **fields: Any) -> Entry:
    """A change that makes the task `id`."""
    record = {"id": id, "column_id": "c", "rank": f"a{seq}", **fields}
    ops = [{"op": "put", "kind": "task", "record": record}]
    return Entry(seq, id, msgspec.json.encode({"seq": seq, "id": id, "ops": ops}))


LOG = [change(1, "a"), change(2, "b"), change(3, "c")]


def folded(log: list[Entry]) -> Replica:
    replica = Replica({}, 0)
    for entry in log:
        replica.apply(msgspec.json.decode(entry.message))
    return replica


def seen(log: list[Entry]) -> Seen:
    replica = folded(log)
    return Seen(replica.seq, replica.records)


def received(*entries: Entry) -> list[Event]:
    return [Received(entry.seq, content(entry.message)) for entry in entries]


def observer(*events: Event, replica: Replica | None = None) -> Observer:
    return Observer("Ann", list(events), replica or folded(LOG))


def submit(id: str, *answers: Acked | Refused, sent: int = 1) -> Submit:
    return Submit(id, sent, list(answers))


def history(**fields: Any) -> History:
    """One that keeps every promise, but for `fields`: a was there before, Ann sent b and c and saw both."""
    sound: dict[str, Any] = {
        "begun": 1,
        "submits": [submit("b", Acked(2)), submit("c", Acked(3))],
        "observers": [observer(Fetched(1), Joined(1), *received(*LOG[1:]))],
        "log": LOG,
        "final": seen(LOG),
        "snapshots": [seen(LOG[:1]), seen(LOG[:2])],
    }
    return History(**{**sound, **fields})


def kinds(found: History) -> list[str]:
    return [each.kind for each in violations(found)]


def test_a_history_that_keeps_the_promises_passes() -> None:
    assert violations(history()) == []


SUBMITS: dict[str, tuple[list[Submit], list[str]]] = {
    "an edit that was refused and is not there": ([submit("x", Refused("conflict"))], []),
    "an edit that did nothing and is not there": ([submit("x", Acked(None))], []),
    "an edit that nobody was told of, not there": ([submit("x")], []),
    "an edit that nobody was told of, there": ([submit("c")], []),
    "an edit that was answered again": ([submit("c", Acked(3), Acked(3), sent=2)], []),
    "an edit that was refused once, but not for good": ([submit("c", Refused("unavailable", final=False), sent=2)], []),
    "an edit that was refused, sent again and taken": ([submit("c", Refused("conflict"), Acked(3), sent=2)], []),
    "an edit that was acknowledged and is not there": ([submit("x", Acked(3))], ["lost"]),
    "an edit that was acknowledged as another": ([submit("c", Acked(2))], ["answer"]),
    "an edit that was acknowledged twice, differently": ([submit("c", Acked(3), Acked(4), sent=2)], ["answer"]),
    "an edit that was acknowledged, then refused": ([submit("c", Acked(3), Refused("conflict"), sent=2)], ["answer"]),
    "an edit that was answered too often": ([submit("c", Acked(3), Acked(3))], ["answer"]),
    "an edit that was refused and is there": ([submit("c", Refused("conflict"))], ["ghost"]),
    "an edit that did nothing and is there": ([submit("c", Acked(None))], ["ghost"]),
}


@pytest.mark.parametrize("name", SUBMITS)
def test_g1_g2_what_was_answered_is_what_is_there(name: str) -> None:
    submits, found = SUBMITS[name]
    others = [one for one in (submit("b", Acked(2)), submit("c")) if one.id not in {each.id for each in submits}]
    assert kinds(history(submits=[*others, *submits])) == found


def test_g2_an_id_of_two_clients_is_one_submit() -> None:
    one, b = submit("c", Acked(3)), submit("b", Acked(2))
    assert kinds(history(submits=[b, one, submit("c", Refused("conflict"))])) == []
    assert kinds(history(submits=[b, one, submit("c", Acked(4))])) == ["answer"]
    assert kinds(history(submits=[b, submit("c", Refused("conflict")), submit("c", Acked(None))])) == ["ghost"]


def test_a_change_that_nobody_sent_is_a_ghost() -> None:
    assert kinds(history(submits=[submit("b", Acked(2))])) == ["ghost"]


def test_g2_an_id_that_stands_in_the_log_twice_is_found() -> None:
    log = [*LOG, change(4, "b")]
    replica = folded(log)
    found = history(
        log=log, final=seen(log), observers=[observer(Fetched(1), Joined(1), *received(*log[1:]), replica=replica)]
    )
    assert kinds(found) == ["doubled", "answer"]


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ([LOG[0], LOG[1], LOG[1], LOG[2]], "doubled"),
        ([LOG[0], LOG[2]], "gap"),
        ([LOG[0], LOG[1], Entry(3, "c", LOG[1].message)], "content"),
    ],
)
def test_g3_a_log_is_one_sequence(log: list[Entry], found: str) -> None:
    assert kinds(history(log=log, submits=[], observers=[]))[0] == found


OBSERVERS: dict[str, tuple[list[Event], list[str]]] = {
    "resumed after a loss": ([Fetched(1), Joined(1), *received(LOG[1]), Ended(), Joined(2), *received(LOG[2])], []),
    "resumed from further back": ([Fetched(1), Joined(1), *received(*LOG[1:]), Joined(1), *received(*LOG[1:])], []),
    "fetched afresh": ([Fetched(1), Joined(1), Ended(), Fetched(3), Joined(3)], []),
    "missed one": ([Fetched(1), Joined(1), *received(LOG[2])], ["gap"]),
    "joined too late": ([Fetched(1), Joined(2), *received(LOG[2])], ["gap"]),
    "got one twice": ([Fetched(1), Joined(1), *received(LOG[1], LOG[1], LOG[2])], ["repeat"]),
    "out of order": ([Fetched(1), Joined(1), *received(LOG[2], LOG[1])], ["gap", "repeat"]),
    "not joined": ([Fetched(1), *received(LOG[1])], ["repeat"]),
    "after its end": ([Fetched(1), Joined(1), *received(LOG[1]), Ended(), *received(LOG[2])], ["repeat"]),
    "other content": ([Fetched(1), Joined(1), Received(2, b"?"), *received(LOG[2])], ["content"]),
    "beyond the log": ([Fetched(3), Joined(3), *received(change(4, "d"))], ["content"]),
}


@pytest.mark.parametrize("name", OBSERVERS)
def test_g3_an_observer_sees_one_order_without_gaps(name: str) -> None:
    events, found = OBSERVERS[name]
    assert kinds(history(observers=[observer(*events)])) == found


def test_g4_replicas_that_are_not_the_database_are_found() -> None:
    behind, wrong = folded(LOG[:2]), folded(LOG)
    wrong.records["task"] = {**wrong.records["task"], "c": {"id": "c"}}
    events = (Fetched(1), Joined(1), *received(*LOG[1:]))
    found = history(observers=[observer(*events, replica=each) for each in (behind, wrong, folded(LOG))])
    assert kinds(found) == ["replica", "replica"]


def test_g4_snapshots_that_are_not_the_fold_of_the_log_are_found() -> None:
    early, late = seen(LOG[:2]), seen(LOG)
    snapshots = [Seen(1, early.records), early, Seen(2, late.records), Seen(9, late.records)]
    assert kinds(history(snapshots=snapshots)) == ["fold", "fold", "fold"]


def test_two_neighbours_with_one_rank_are_found() -> None:
    log = [change(1, "a", rank="a0"), change(2, "b", rank="a0"), change(3, "c", rank="a0", column_id="d")]
    replica = folded(log)
    found = history(
        log=log,
        final=seen(log),
        snapshots=[],
        observers=[observer(Fetched(1), Joined(1), *received(*log[1:]), replica=replica)],
    )
    assert kinds(found) == ["rank"]
