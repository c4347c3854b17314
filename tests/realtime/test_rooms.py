"""Rooms come and go: an empty one is kept for a while, for who comes back."""

import pytest

from server.domain.ids import new_id
from server.realtime import rooms as rooms_module
from server.realtime.revocations import Revocations
from server.realtime.rooms import LINGER_SECONDS, Rooms
from server.realtime.session import Session
from server.realtime.sessions import Sessions
from server.telemetry import Telemetry
from tests.helpers.board import Board
from tests.realtime.test_room import Recorder


async def test_a_room_is_kept_for_a_while_from_when_the_last_session_left(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded once: neither the time before anybody came in counts, nor the time while somebody was there."""
    monkeypatch.setattr(rooms_module, "SWEEP_SECONDS", 3600.0)
    now = [0.0]
    sessions = Sessions()
    revocations = Revocations(sessions, 900)
    rooms = Rooms(board.database, None, Telemetry(), revocations, sessions, clock=lambda: now[0])
    session = Session(new_id(), board.actor, "test", Recorder(), 512 * 1024)
    async with rooms.running():
        await rooms.join(session, board.project, None, None)
        room = rooms._rooms[board.project]
        now[0] += 10 * LINGER_SECONDS
        rooms.leave_all(session)
        for passed, kept in ((LINGER_SECONDS - 1, True), (2, False)):
            now[0] += passed
            rooms._drop_unused()
            assert (rooms._rooms.get(board.project) is room) is kept
