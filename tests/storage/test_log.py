"""The log, read in pages: exactly what was announced, in order, and where it begins and ends."""

from uuid import UUID

import msgspec
from sqlalchemy import update

from server.domain import commands as c
from server.domain.changes import Change
from server.domain.ids import new_id
from server.storage import log
from server.storage.tables import head
from tests.helpers.board import Board


async def pages(board: Board, since: int, limit: int) -> list[list[str]]:
    found: list[list[str]] = []
    async with board.database.begin() as connection:
        while True:
            page = await log.read(connection, board.project, since, limit)
            assert page is not None
            if not page.messages:
                return found
            found.append(page.messages)
            since += len(page.messages)


async def test_pages_hold_what_was_announced_in_order(board: Board) -> None:
    for n in range(7):
        await board.task(f"Task {n}")
    found = await pages(board, 1, 3)
    assert [len(page) for page in found] == [3, 3, 1]
    messages = [message.encode() for page in found for message in page]
    assert messages == [one.message for one in board.announced]
    assert [msgspec.json.decode(message)["seq"] for message in messages] == list(range(2, 9))


async def test_a_line_of_the_log_is_the_change_as_it_is_sent(board: Board) -> None:
    id = new_id()
    task = await board.task("Dig")
    await board.submit(c.UpdateTask(id=task, title="Dig in"), c.UpdateProject(name="Orchard"), id=id)
    ((message,),) = await pages(board, 2, 10)
    sent = msgspec.json.decode(message)
    assert sent == {
        "type": "change",
        "project": str(board.project),
        "seq": 3,
        "id": str(id),
        "actor": {"id": str(board.actor.id), "name": "Ann", "kind": "person"},
        "at": sent["at"],
        "kind": "update_task",
        "ops": sent["ops"],
    }
    assert sent["ops"][0] == {
        "op": "patch",
        "kind": "task",
        "id": str(task),
        "fields": {"title": "Dig in", "updated_at": sent["at"]},
    }
    assert sent["at"].endswith("Z")
    assert "was" not in message
    assert {name for name in sent if name != "type"} == set(Change.__struct_fields__)


async def test_the_log_keeps_what_was_there_before_beside_it(board: Board) -> None:
    task = await board.task("Dig")
    await board.submit(c.UpdateTask(id=task, title="Dig in"), c.DeleteTask(id=task))
    async with board.database.begin() as connection:
        statement = "SELECT was FROM change WHERE project_id = $1 ORDER BY seq DESC LIMIT 1"
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        was = msgspec.json.decode(await raw.driver_connection.fetchval(statement, board.project))
    patched, removed = was
    assert patched["title"] == "Dig"
    assert (removed["id"], removed["title"]) == (str(task), "Dig in")


async def test_heads_tell_epoch_seq_floor_and_deletion(board: Board) -> None:
    await board.task()
    async with board.database.begin() as connection:
        await connection.execute(update(head).where(head.c.project_id == board.project).values(floor_seq=1))
        at = await log.head_of(connection, board.project)
        assert at is not None
        assert (at.seq, at.floor, at.deleted) == (2, 1, False)
        assert await log.heads_of(connection, [board.project, new_id()]) == {board.project: at}
        page = await log.read(connection, board.project, 0, 10)
        assert page is not None
        assert (page.epoch, page.head, page.floor) == (at.epoch, 2, 1)
    await board.submit(c.DeleteProject())
    async with board.database.begin() as connection:
        deleted = await log.head_of(connection, board.project)
    assert deleted is not None
    assert deleted.deleted


async def test_a_project_that_is_not_there_has_no_log(board: Board) -> None:
    async with board.database.begin() as connection:
        assert await log.head_of(connection, new_id()) is None
        assert await log.read(connection, new_id(), 0, 10) is None
        assert await log.heads_of(connection, []) == {}


async def test_past_the_head_there_is_nothing(board: Board) -> None:
    assert await pages(board, 2**53, 10) == []


async def test_roles_are_those_of_the_members_that_have_one(board: Board) -> None:
    ben, cid = await board.member("Ben", "viewer"), await board.member("Cid")
    await board.submit(c.RemoveMember(id=cid.id))
    async with board.database.begin() as connection:
        roles: dict[UUID, str] = await log.roles_of(connection, board.project)
    assert roles == {board.actor.id: "admin", ben.id: "viewer"}
