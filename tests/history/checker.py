"""What clients did and saw, held against the database: finds every edit lost, doubled, out of order or different for some (G1 to G4).

Pure: it takes a finished `History` and returns what contradicts a promise. Not here: clients that write histories (clients).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

import msgspec

from server.domain.records import SNAPSHOT_KINDS
from tests.helpers.replica import Records, Replica

Kind = Literal["lost", "doubled", "ghost", "answer", "gap", "repeat", "content", "replica", "fold", "rank"]
"""Of a violation. An acknowledged edit is not in the log (`lost`), an id or a seq is there twice (`doubled`), something is there that was
refused, did nothing or was never sent (`ghost`); answers contradict each other (`answer`); an observer missed a change (`gap`), got one
again without asking (`repeat`) or got other bytes than the log has (`content`); when quiet, somebody's replica is not the database
(`replica`); a snapshot is not the fold of the log (`fold`); two neighbours have one rank (`rank`)."""


class Violation(msgspec.Struct, frozen=True):
    kind: Kind
    told: str


# What a client does


class Acked(msgspec.Struct, frozen=True):
    """`seq` is None when it did nothing."""

    seq: int | None


class Refused(msgspec.Struct, frozen=True):
    """`final` refusals took no effect; the others say nothing about it."""

    code: str
    final: bool = True


Answer = Acked | Refused


@dataclass
class Submit:
    """How often an id was sent, by whomever, and what was answered, in order."""

    id: str
    sent: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def seqs(self) -> list[int]:
        return [answer.seq for answer in self.answers if isinstance(answer, Acked) and answer.seq is not None]

    @property
    def unknown(self) -> bool:
        """Whether it may have taken effect without anybody's being told."""
        unsure = [answer for answer in self.answers if isinstance(answer, Refused) and not answer.final]
        return len(self.answers) < self.sent or bool(unsure)


# What a client sees


class Fetched(msgspec.Struct, frozen=True):
    """It took the snapshot of `seq` in place of what it held."""

    seq: int


class Joined(msgspec.Struct, frozen=True):
    """Changes after `seq` follow."""

    seq: int


class Received(msgspec.Struct, frozen=True):
    seq: int
    content: bytes


class Ended(msgspec.Struct, frozen=True):
    """Its line was lost, or it was told to leave or to resync: nothing follows until it joins again."""


Event = Fetched | Joined | Received | Ended


@dataclass
class Observer:
    """A client's events in order, and what it holds in the end."""

    name: str
    events: list[Event] = field(default_factory=list)
    replica: Replica = field(default_factory=lambda: Replica({}, 0))


# What there is


class Entry(msgspec.Struct, frozen=True):
    """A line of the log."""

    seq: int
    id: str
    message: bytes


class Seen(msgspec.Struct, frozen=True):
    """A snapshot that somebody was given."""

    seq: int
    records: Records


@dataclass
class History:
    """`begun` is the seq before it began, `log` the whole log and `final` the database's snapshot when all was quiet."""

    begun: int
    submits: Sequence[Submit]
    observers: Sequence[Observer]
    log: Sequence[Entry]
    final: Seen
    snapshots: Sequence[Seen] = ()


def content(message: bytes) -> bytes:
    """What stands for a message's bytes, so that long histories fit into memory."""
    return blake2b(message, digest_size=16).digest()


def violations(history: History) -> list[Violation]:
    """All contradictions found; none in a history that keeps the promises."""
    return [
        *_in_log(history.log),
        *_in_submits(history),
        *(each for observer in history.observers for each in _in_observer(observer, history.log)),
        *_in_replicas(history),
        *_in_folds(history),
        *_in_ranks(history.final.records),
    ]


def _in_log(log: Sequence[Entry]) -> Iterator[Violation]:
    expected = 1
    for entry in log:
        if entry.seq < expected:
            yield Violation("doubled", f"seq {entry.seq} stands in the log twice")
        elif entry.seq > expected:
            yield Violation("gap", f"the log has nothing from {expected} to {entry.seq - 1}")
        expected = entry.seq + 1
        if msgspec.json.decode(entry.message, type=_Numbered) != _Numbered(entry.seq, entry.id):
            yield Violation("content", f"the message at seq {entry.seq} tells of another change")


class _Numbered(msgspec.Struct, frozen=True):
    seq: int
    id: str


def _in_submits(history: History) -> Iterator[Violation]:
    logged: dict[str, list[int]] = defaultdict(list)
    for entry in history.log:
        logged[entry.id].append(entry.seq)
    for submit in history.submits:
        yield from _in_answers(submit)
    for submit in merged(history.submits):
        yield from _in_submit(submit, logged.get(submit.id, []))
    sent = {submit.id for submit in history.submits}
    for entry in history.log:
        if entry.seq > history.begun and entry.id not in sent:
            yield Violation("ghost", f"nobody sent {entry.id}, which stands at seq {entry.seq}")


def merged(submits: Iterable[Submit]) -> list[Submit]:
    """One of each id, whoever sent it."""
    found: dict[str, Submit] = {}
    for one in submits:
        known = found.setdefault(one.id, Submit(one.id))
        known.sent += one.sent
        known.answers += one.answers
    return list(found.values())


def _in_submit(submit: Submit, logged: list[int]) -> Iterator[Violation]:
    named = f"submit {submit.id}"
    if len(logged) > 1:
        yield Violation("doubled", f"{named} took effect at {logged}")
    if submit.seqs and not logged:
        yield Violation("lost", f"{named} was acknowledged as {submit.seqs[0]} and is not in the log")
    elif submit.seqs and set(submit.seqs) != set(logged):
        yield Violation("answer", f"{named} was acknowledged as {submit.seqs} and stands at {logged}")
    elif logged and not submit.seqs and not submit.unknown:
        yield Violation("ghost", f"{named} was answered {submit.answers} and stands at {logged}")
    if len(submit.answers) > submit.sent:
        yield Violation("answer", f"{named} was sent {submit.sent} times and answered {len(submit.answers)} times")


def _in_answers(submit: Submit) -> Iterator[Violation]:
    """Of one client, for among several nobody knows whose was judged first: a refusal may well come before the edit."""
    acked = [isinstance(answer, Acked) and answer.seq is not None for answer in submit.answers]
    later = submit.answers[acked.index(True) :] if any(acked) else []
    if any(isinstance(answer, Refused) and answer.final for answer in later):
        yield Violation("answer", f"submit {submit.id} was acknowledged and then refused: {submit.answers}")


def _in_observer(observer: Observer, log: Sequence[Entry]) -> Iterator[Violation]:
    """Follows it through its events: `held` is what its replica has, `at` where its stream stands while it is joined."""
    contents = {entry.seq: content(entry.message) for entry in log}
    held, at = 0, -1
    for event in observer.events:
        match event:
            case Fetched(seq):
                held = seq
            case Joined(seq):
                if seq > held:
                    yield Violation("gap", f"{observer.name} holds {held} and joined at {seq}")
                at = seq
            case Ended():
                at = -1
            case Received(seq, bytes_):
                if at < 0:
                    yield Violation("repeat", f"{observer.name} received {seq} without having joined")
                elif seq != at + 1:
                    kind: Kind = "gap" if seq > at else "repeat"
                    yield Violation(kind, f"{observer.name} received {seq} after {at}")
                if contents.get(seq) != bytes_:
                    yield Violation("content", f"{observer.name} received something else as {seq} than the log holds")
                at, held = max(at, seq), max(held, seq)


def _in_replicas(history: History) -> Iterator[Violation]:
    final = history.final
    for observer in history.observers:
        if observer.replica.seq != final.seq:
            yield Violation("replica", f"{observer.name} holds {observer.replica.seq}, the database {final.seq}")
        elif different := _different(observer.replica.records, final.records):
            yield Violation("replica", f"{observer.name} differs from the database in {different}")


def _in_folds(history: History) -> Iterator[Violation]:
    """Folds the log once, and looks at each snapshot on the way."""
    snapshots: dict[int, list[Seen]] = defaultdict(list)
    for one in (*history.snapshots, history.final):
        snapshots[one.seq].append(one)
    folded = Replica({}, 0)
    for entry in history.log:
        message = msgspec.json.decode(entry.message)
        if message["seq"] != folded.seq + 1:
            return  # told by `_in_log`
        folded.apply(message)
        for one in snapshots.pop(folded.seq, ()):
            if different := _different(one.records, folded.records):
                yield Violation("fold", f"the snapshot at {one.seq} is not the fold of the log in {different}")
    for seq in snapshots:
        yield Violation("fold", f"there is a snapshot at {seq}, where the log has nothing")


def _different(ours: Records, theirs: Records) -> list[str]:
    """The records, as kind and id, in which two boards differ."""
    return [
        f"{kind} {id}"
        for kind in SNAPSHOT_KINDS
        for id in sorted(ours.get(kind, {}).keys() | theirs.get(kind, {}).keys())
        if ours.get(kind, {}).get(id) != theirs.get(kind, {}).get(id)
    ]


def _in_ranks(records: Records) -> Iterator[Violation]:
    tasks = Counter((one["column_id"], one["rank"]) for one in records.get("task", {}).values())
    columns = Counter(("the board", one["rank"]) for one in records.get("column", {}).values())
    for (where, rank), count in (tasks + columns).items():
        if count > 1:
            yield Violation("rank", f"{count} neighbours in {where} have the rank {rank}")
