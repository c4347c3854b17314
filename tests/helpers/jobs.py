"""Jobs in tests: run where the test can see them, by the real runner on the test's own loop."""

from typing import Any

from server.jobs.kinds import job_kinds
from server.jobs.runner import Runner, Tell
from server.storage import jobs
from server.storage.files import Files
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Person


def runner(garden: Garden, tell: Tell = lambda _: None) -> Runner:
    """A worker's worth of runner, on the board's own executor."""
    kinds = job_kinds(garden.board.database, Files(garden.settings.files), garden.board.executor)
    return Runner(garden.board.database, kinds, tell, at_once=4)


async def run_due(garden: Garden) -> None:
    """Runs what is due until nothing is."""
    running = runner(garden)
    while due := await jobs.due(garden.board.database, 100):
        for id in due:
            await running.run(str(id))


async def job(person: Person, id: str) -> Message:
    """The job as REST tells it."""
    answer = await person.rest("GET", f"/v1/jobs/{id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ended(garden: Garden, answer: Any) -> Message:
    """Runs the job that the answer tells of; how it ended."""
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    await run_due(garden)
    return await job(garden.ann, answer.json()["id"])
