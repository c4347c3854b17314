"""An import outlives its worker: killed in the middle with -9, it goes on and nothing is there twice; its owner hears of it on the socket."""

import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from server.settings import Settings
from tests.api.test_imports import upload
from tests.formats.boards import board, card, said
from tests.helpers.garden import Garden
from tests.jobs.test_processes import running, started

TASKS = 6_000
"""Some dozen chunks, so that there is a middle."""


def environment(settings: Settings) -> dict[str, str]:
    assert settings.redis_url is not None
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "LOCKSTEP_SECRET": settings.secret,
        "LOCKSTEP_DATA_DIR": str(settings.data_dir),
        "LOCKSTEP_LOG_LEVEL": "info",
    }


def allotment() -> bytes:
    cards = [card(f"c{n}", name=f"Bed {n}", desc="Water it daily. " * 10, pos=n) for n in range(TASKS)]
    return msgspec.json.encode(board(cards=cards, actions=[said(f"a{n}", f"Said {n}", f"c{n}") for n in range(900)]))


async def test_an_import_whose_worker_is_killed_goes_on_and_nothing_is_there_twice(
    garden: Garden, settings: Settings, tmp_path: Path
) -> None:
    there = environment(settings)
    begun = (await upload(garden.ann, garden.project, allotment())).json()
    with running("clock", tmp_path / "clock.log", **there):
        async with garden.ann.socket() as socket:
            with started("worker", tmp_path / "first.log", **there) as worker:
                while (await told(socket, begun["id"]))["progress"]["done"] == 0:
                    pass
                worker.send_signal(signal.SIGKILL)
                worker.wait()
            some = len((await garden.ann.snapshot(garden.project))["tasks"])
            with running("worker", tmp_path / "second.log", **there):
                while (last := await told(socket, begun["id"]))["status"] == "processing":
                    pass
    assert (last["status"], last["problem"]) == ("completed", None)
    assert 0 < some < TASKS
    snapshot = await garden.ann.snapshot(garden.project)
    assert sorted(task["number"] for task in snapshot["tasks"]) == list(range(1, TASKS + 1))
    assert sorted(task["title"] for task in snapshot["tasks"]) == sorted(f"Bed {n}" for n in range(TASKS))
    assert sum(task["comment_count"] for task in snapshot["tasks"]) == 900


async def told(socket: Any, id: str) -> dict[str, Any]:
    """The next that the owner hears of the job; a silent worker is missed for longer than a socket is usually waited for."""
    for _ in range(6):
        with suppress(TimeoutError):
            news = (await socket.expect("notification"))["notification"]
            assert (news["kind"], news["job"]["id"]) == ("job", id)
            return dict(news["job"])
    raise AssertionError("nothing was heard of the job")
