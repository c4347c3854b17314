"""Projects in numbers over sockets: who asked is told, in one message for all that happened meanwhile, and nobody else."""

from datetime import UTC, datetime, timedelta

from server.domain.ids import new_id
from server.realtime.numbers import Numbers
from server.realtime.session import Session
from server.storage.statistics import Counts
from tests.helpers.board import Board
from tests.helpers.garden import Garden
from tests.realtime.test_session import Narrow


async def test_who_joins_with_stats_is_told_the_numbers_and_told_again_when_they_change(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as plain, ben.socket() as socket:
        await socket.send({"type": "join", "project": garden.project, "stats": True})
        first = await socket.expect("stats", project=garden.project)
        rest = await garden.ann.rest("GET", f"/v1/projects/{garden.project}/stats")
        assert first["stats"] == rest.json()
        await garden.board.task("Dig")
        told = first
        while told["stats"]["total"] == first["stats"]["total"]:
            told = await socket.expect("stats", project=garden.project)
        assert told["stats"]["seq"] > first["stats"]["seq"]
        await plain.send({"type": "ping", "at": 1})
        assert "stats" not in {message["type"] for message in await plain.settle()}


async def test_all_that_happened_since_is_told_once_to_everybody_who_is_still_joined(board: Board) -> None:
    now = datetime.now(UTC)
    numbers = Numbers(Counts(board.database), now=lambda: now)
    wires = [Narrow(), Narrow()]
    first, second = (Session(new_id(), board.actor, None, wire, 512 * 1024) for wire in wires)

    async def told() -> list[list[int]]:
        """What each was told by the next turn: the totals."""
        for wire in wires:
            wire.full = False
            wire.messages.clear()
        await numbers.turn()
        for session in (first, second):
            session.flush()
        return [[message["stats"]["total"] for message in wire.messages] for wire in wires]

    for session in (first, second):
        session.seqs[board.project] = 1
    numbers.follow(board.project, first)
    assert await told() == [[0], []]
    assert await told() == [[], []]
    numbers.follow(board.project, second)
    assert await told() == [[], [0]]
    for _ in range(3):
        await board.task(due_at=f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}")
    first.seqs[board.project] = second.seqs[board.project] = 4
    assert await told() == [[3], [3]]
    assert await told() == [[], []]
    numbers.unfollow(board.project, second)
    await board.task()
    first.seqs[board.project] = 5
    assert await told() == [[4], []]
    first.leave(board.project)
    await board.task()
    assert await told() == [[], []]
    assert numbers._followed == {}
