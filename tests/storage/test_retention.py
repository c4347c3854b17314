"""What is kept for a time only goes in time, and nothing else goes with it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from server.domain import commands as c
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.storage import retention
from server.storage.engine import Database
from server.storage.tables import RECORD_TABLES, change, head
from tests.helpers.board import Board


async def execute(database: Database, statement: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text(statement))


async def counts(database: Database) -> dict[str, int]:
    async with database.begin() as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (*RECORD_TABLES.values(), change, head)
        }


async def fill(board: Board) -> None:
    """Something of every kind."""
    task, other = await board.task("Dig"), await board.task("Sow")
    await board.submit(
        c.DescribeTask(id=task, text="Deep.", base_seq=3),
        c.AddComment(id=new_id(), task_id=task, text="When?"),
        c.AddChecklistItem(id=new_id(), task_id=task, text="Spade"),
        c.AddDependency(id=new_id(), task_id=task, depends_on_id=other),
        c.CreateLabel(id=new_id(), name="Green", color="green"),
        c.AddAttachment(id=new_id(), task_id=task, name="plan.txt", size=4, media_type="text/plain", sha256="0" * 64),
    )


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)


async def test_a_project_goes_with_everything_in_it_thirty_days_after_it_was_deleted(board: Board) -> None:
    await fill(board)
    assert all((await counts(board.database)).values())
    await board.submit(c.DeleteProject())
    await execute(board.database, "UPDATE head SET deleted_at = now() - interval '30 days 1 minute'")
    assert await retention.purge_projects(board.database) == 1
    assert not any((await counts(board.database)).values())
    assert await retention.purge_projects(board.database) == 0


@pytest.mark.parametrize("deleted_at", ["NULL", "now()", "now() - interval '29 days 23 hours'"])
async def test_a_project_that_can_still_be_restored_stays_whole(board: Board, deleted_at: str) -> None:
    await fill(board)
    await execute(board.database, f"UPDATE head SET deleted_at = {deleted_at}")
    before = await counts(board.database)
    assert await retention.purge_projects(board.database) == 0
    assert await counts(board.database) == before


async def test_other_projects_stay_whole(board: Board) -> None:
    other = await Board.make(board.executor, board.database, board.announced)
    await fill(other)
    before = await other.snapshot()
    await board.submit(c.DeleteProject())
    await execute(board.database, "UPDATE head SET deleted_at = deleted_at - interval '31 days'")
    assert await retention.purge_projects(board.database) == 1
    assert await other.snapshot() == before


async def test_a_purge_that_was_cut_off_goes_on_and_nobody_restores_the_rest(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(board)
    await board.submit(c.DeleteProject())
    await execute(board.database, "UPDATE head SET deleted_at = deleted_at - interval '31 days'")

    async def cut_off(*_: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as cut:
        cut.setattr(retention, "_delete", cut_off)
        with pytest.raises(ConnectionError):
            await retention.purge_projects(board.database)
    with pytest.raises(NotFound):
        await board.submit(c.RestoreProject())
    assert await retention.purge_projects(board.database) == 1
    assert not any((await counts(board.database)).values())


async def test_only_expired_sign_ins_go(board: Board) -> None:
    await execute(
        board.database,
        "INSERT INTO sign_in (id, account_id, token_hash, expires_at) "
        "SELECT gen_random_uuid(), (SELECT id FROM account), n::text::bytea, now() + n * interval '1 minute' "
        "FROM generate_series(-5, 5) n",
    )
    assert await retention.purge_sign_ins(board.database) == 6
    async with board.database.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM sign_in")) == 5


async def test_answers_are_kept_for_a_day(board: Board) -> None:
    await execute(
        board.database,
        "INSERT INTO idempotency (account_id, key, digest, created_at) "
        "SELECT gen_random_uuid(), n::text, '', now() - n * interval '1 hour' FROM generate_series(20, 28) n",
    )
    assert await retention.purge_idempotency(board.database) == 5  # from 24 h on


async def test_an_invitation_is_forgotten_thirty_days_after_it_expired(board: Board) -> None:
    await execute(
        board.database,
        "INSERT INTO invitation (id, role, secret_hash, created_by, expires_at, max_uses) SELECT gen_random_uuid(), 'viewer', "
        f"int4send(n), '{board.actor.id}', now() - interval '1 day' * n, 1 FROM unnest(ARRAY[-1, 1, 29, 31, 32, 33]) n",
    )
    assert await retention.purge_invitations(board.database) == 3
    assert await retention.purge_invitations(board.database) == 0


async def test_the_audit_log_keeps_what_is_younger_than_the_operator_wants(database: Database) -> None:
    await execute(
        database,
        "INSERT INTO audit (event, name, at) SELECT 'signed_in', 'Ann', now() - d * interval '1 day' FROM unnest(ARRAY[0, 399, 401, 800]) d",
    )
    assert await retention.purge_audit(database, timedelta(days=400)) == 2
    assert await retention.purge_audit(database, timedelta(days=400)) == 0
