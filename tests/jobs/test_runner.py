"""A job is run once at a time, tried again after what passes, ended by what does not, and given up by who asks; its owner hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, get_args
from uuid import UUID

import pytest
from sqlalchemy import text

from server.domain.errors import Forbidden, Unavailable
from server.domain.ids import new_id
from server.domain.jobs import Job, JobKind, JobProgress
from server.jobs import runner as running
from server.jobs.kinds import job_kinds
from server.jobs.runner import Kind, Run, Runner, Work, pause, verdict
from server.settings import Settings
from server.storage import jobs
from server.storage.engine import Database
from server.storage.files import Files
from server.storage.jobs import NewJob
from tests.helpers.board import Board

WAIT_SECONDS = 10


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BEAT_SECONDS", 0.01)


class Owner:
    """Hears of jobs."""

    def __init__(self) -> None:
        self.heard: list[Job] = []
        self.something = asyncio.Event()

    def tell(self, job: Job) -> None:
        self.heard.append(job)
        self.something.set()


class Endless:
    """Work that goes on until it is ended."""

    def __init__(self) -> None:
        self.runs = 0
        self.ended = 0
        self.began = asyncio.Event()
        self.enough = asyncio.Event()

    async def run(self, work: Work) -> dict[str, Any]:
        self.runs += 1
        self.began.set()
        try:
            await self.enough.wait()
        finally:
            self.ended += 1
        return {}


def runner_of(database: Database, run: Run, owner: Owner | None = None, limit_s: float = 60) -> Runner:
    kinds: dict[JobKind, Kind] = {"import": Kind(run, limit_s)}
    return Runner(database, kinds, (owner or Owner()).tell, at_once=2)


async def new(database: Database) -> UUID:
    id = new_id()
    async with database.begin() as connection:
        await jobs.add(connection, NewJob(id, new_id(), new_id(), "import", {"what": "beans"}))
    return id


async def seen(database: Database, id: UUID) -> Job:
    async with database.begin() as connection:
        found = await jobs.get(connection, id)
    assert found is not None
    return found


async def make_due(database: Database, id: UUID) -> None:
    """Time passes: pauses are over, and leases of those who are silent."""
    async with database.begin() as connection:
        await connection.execute(text("UPDATE job SET due_at = now() WHERE id = :id"), {"id": id})


async def test_what_a_job_returns_is_its_result_and_its_owner_hears_of_it(database: Database) -> None:
    owner = Owner()

    async def run(work: Work) -> dict[str, Any]:
        work.progress = JobProgress(1, 2)
        await owner.something.wait()
        work.progress = JobProgress(2, 2)
        return {"was": work.asked["what"]}

    id = await new(database)
    await runner_of(database, run, owner).run(str(id))
    done = await seen(database, id)
    assert (done.status, done.result, done.progress) == ("completed", {"was": "beans"}, JobProgress(2, 2))
    assert done.finished_at is not None and await jobs.due(database, 10) == []
    assert [owner.heard[0].status, owner.heard[-1].status] == ["processing", "completed"]
    assert {one.owner_id for one in owner.heard} == {done.owner_id}
    assert [one.result for one in owner.heard if one.result is not None] == []


async def test_a_job_runs_once_however_often_it_is_offered(database: Database) -> None:
    work = Endless()
    id = await new(database)
    other = runner_of(database, work.run)
    async with held(runner_of(database, work.run), work, id):
        await other.run(str(id))
        work.enough.set()
    await other.run(str(id))
    await other.run(str(new_id()))
    assert work.runs == 1


@asynccontextmanager
async def held(runner: Runner, work: Endless, id: UUID) -> AsyncIterator[None]:
    """The job while it runs, until it is over."""
    task = asyncio.create_task(runner.run(str(id)))
    async with asyncio.timeout(WAIT_SECONDS):
        await work.began.wait()
        yield
        await task


async def test_a_refusal_ends_a_job_and_an_outage_is_waited_for(database: Database) -> None:
    answers: list[Exception] = [Unavailable("down"), Forbidden("You may not.")]

    async def run(work: Work) -> dict[str, Any]:
        raise answers.pop(0)

    id = await new(database)
    runner = runner_of(database, run)
    await runner.run(str(id))
    assert (await seen(database, id)).status == "pending" and await jobs.due(database, 10) == []
    await make_due(database, id)
    await runner.run(str(id))
    done = await seen(database, id)
    assert done.status == "failed" and done.problem is not None
    assert (done.problem.code, done.problem.detail) == ("forbidden", "You may not.")


async def test_a_bug_is_tried_three_times_and_tells_nothing_of_itself(database: Database) -> None:
    async def run(work: Work) -> dict[str, Any]:
        raise ZeroDivisionError("secret")

    id = await new(database)
    for _ in range(3):
        await make_due(database, id)
        await runner_of(database, run).run(str(id))
    done = await seen(database, id)
    assert done.problem is not None and (done.problem.code, "secret" in done.problem.detail) == ("internal", False)


async def test_a_job_that_takes_too_long_is_ended(database: Database) -> None:
    id = await new(database)
    await runner_of(database, Endless().run, limit_s=0.01).run(str(id))
    done = await seen(database, id)
    assert done.problem is not None and done.problem.code == "limit"


async def test_a_cancelled_job_ends_wherever_it_stands(database: Database) -> None:
    work = Endless()
    id, waiting = await new(database), await new(database)
    async with held(runner_of(database, work.run), work, id):
        for one in (id, waiting):
            async with database.begin() as connection:
                await jobs.cancel(connection, one)
    for one in (id, waiting):
        done = await seen(database, one)
        assert done.status == "failed" and done.problem == jobs.CANCELLED
    assert (work.runs, work.ended) == (1, 1)


async def test_a_worker_that_stops_gives_its_jobs_back_at_once(database: Database) -> None:
    work = Endless()
    id = await new(database)
    runner = runner_of(database, work.run)
    async with held(runner, work, id):
        await runner.stop()
    assert (await seen(database, id)).status == "pending" and await jobs.due(database, 10) == [id]


async def test_a_job_that_somebody_else_took_over_is_let_go(database: Database) -> None:
    work = Endless()
    id = await new(database)
    taken = {"thief": new_id(), "id": id}
    async with held(runner_of(database, work.run), work, id), database.begin() as connection:
        await connection.execute(text("UPDATE job SET holder = :thief WHERE id = :id"), taken)
    assert work.ended == 1 and (await seen(database, id)).status == "processing"


async def test_what_was_noted_is_there_for_the_next_try(database: Database) -> None:
    noted: list[dict[str, Any]] = []

    async def run(work: Work) -> dict[str, Any]:
        noted.append(work.noted)
        await work.note(**{f"try {len(noted)}": True})
        raise Unavailable("down")

    id = await new(database)
    for _ in range(3):
        await make_due(database, id)
        await runner_of(database, run).run(str(id))
    assert noted == [{}, {"try 1": True}, {"try 1": True, "try 2": True}]


async def test_so_many_run_side_by_side_and_the_others_stay_due(database: Database) -> None:
    first, second = Endless(), Endless()
    ids = [await new(database) for _ in range(3)]
    works = {ids[0]: first.run, ids[1]: second.run}
    runner = runner_of(database, lambda work: works[work.job.id](work))
    async with held(runner, first, ids[0]), held(runner, second, ids[1]):
        await runner.run(str(ids[2]))
        assert await jobs.due(database, 10) == [ids[2]]
        await runner.stop()


def test_tries_end_and_pauses_grow_to_a_bound() -> None:
    assert verdict(Unavailable("down"), running.ATTEMPTS_MAX) is not None
    assert verdict(Unavailable("down"), running.ATTEMPTS_MAX - 1) is None
    assert [pause(n).total_seconds() for n in (1, 2, 3, 30)] == [1, 2, 4, running.PAUSE_MAX.total_seconds()]


def test_every_kind_of_job_has_its_row(board: Board, settings: Settings) -> None:
    assert set(job_kinds(board.database, Files(settings.files), board.executor)) == set(get_args(JobKind))
