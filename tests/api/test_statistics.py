"""A project in numbers: each of them, and that they are never kept for longer than they are right."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from server.domain import commands as c
from server.domain.ids import new_id
from server.storage import log
from server.storage.log import LogHead
from server.storage.statistics import Counts, count
from tests.api.people import Person, SignUp, problem
from tests.helpers.board import Board
from tests.storage.statements import asked


async def test_every_number_follows_from_the_tasks(ann: Person, ben: Person) -> None:
    project = await ann.project()
    await ann.let_in(ben, project, "editor")
    snapshot = (await ann.get(f"/v1/projects/{project}/snapshot")).json()
    todo, _, done = (column["id"] for column in sorted(snapshot["columns"], key=lambda column: column["rank"]))
    path = f"/v1/projects/{project}/stats"
    empty = (await ann.get(path)).json()
    assert {empty[name] for name in ("total", "completed", "pending", "overdue", "archived")} == {0}
    assert empty["by_assignee"] == [] and len(empty["throughput"]) == 30
    late = {"priority": 1, "due_at": "2001-01-01", "assignee_ids": [ann.id, ben.id]}
    made: list[dict[str, object]] = [
        {"column_id": todo, "title": "Late", **late},
        {"column_id": todo, "title": "Plain"},
        {"column_id": done, "title": "Done", "due_at": "2001-01-01", "assignee_ids": [ben.id]},
        {"column_id": done, "title": "Archived", "due_at": "2001-01-01"},
        {"column_id": done, "title": "Deleted"},
    ]
    commands: list[dict[str, object]] = [{"type": "create_task", "id": str(new_id()), **fields} for fields in made]
    ends = [{"type": "archive_task", "id": commands[3]["id"]}, {"type": "delete_task", "id": commands[4]["id"]}]
    assert (await ann.submit(project, *commands, *ends)).is_success
    told = (await ann.get(path)).json()
    assert [told[name] for name in ("total", "completed", "pending", "overdue", "archived")] == [3, 1, 2, 1, 1]
    assert told["by_status"] == {"backlog": 0, "todo": 2, "in_progress": 0, "completed": 1}
    assert {name: n for name, n in told["by_priority"].items() if n} == {"1": 1, "5": 2}
    shares = {share.pop("id"): share for share in told["by_assignee"]}
    assert shares == {
        ann.id: {"total": 1, "completed": 0, "overdue": 1},
        ben.id: {"total": 2, "completed": 1, "overdue": 1},
        None: {"total": 1, "completed": 0, "overdue": 0},
    }
    days = [date.fromisoformat(one["day"]) for one in told["throughput"]]
    assert [day - days[0] for day in days] == [timedelta(n) for n in range(30)]
    assert sum(one["completed"] for one in told["throughput"]) == 2


async def test_numbers_that_are_at_hand_are_not_sent_again_until_they_change(ann: Person, sign_up: SignUp) -> None:
    project = await ann.project()
    path = f"/v1/projects/{project}/stats"
    first = await ann.get(path)
    kept = {"If-None-Match": first.headers["etag"]}
    assert (await ann.get(path, headers=kept)).status_code == 304
    await ann.task(project)
    again = await ann.get(path, headers=kept)
    assert (again.status_code, again.json()["total"]) == (200, 1)
    problem(await (await sign_up("Milo")).get(path), 404, "not_found")


async def test_they_are_counted_once_while_they_are_right(board: Board) -> None:
    """Until the log goes on, or something becomes overdue."""
    now = datetime.now(UTC)
    await board.task(due_at=f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}")
    counts = Counts(board.database)

    async def at() -> LogHead:
        async with board.database.begin() as connection:
            head = await log.head_of(connection, board.project)
        assert head is not None
        return head

    async def counted(now: datetime) -> int:
        head = await at()
        with asked(board.database) as said:
            found = await counts.get(board.project, head, now)
        assert found is not None and found.statistics.seq == head.seq
        return sum("json_build_object" in statement for statement in said)

    assert [await counted(now), await counted(now)] == [1, 0]
    assert await counted(now + timedelta(minutes=2)) == 1
    await board.task()
    assert [await counted(now), await counted(now)] == [1, 0]
    await board.submit(c.UpdateProject(name="Renamed"))
    assert await counted(now) == 1
    async with board.database.statement() as connection:
        assert await count(connection, UUID(int=0)) is None
