"""How the edit path asks: by index whatever a project's size, and in as few round trips as can be."""

import re

import pytest
from sqlalchemy import text

from server.commands.executor import Executor
from server.domain import commands as c
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.storage import boards, dependency_trees, shown, statements
from server.storage.engine import Database
from server.storage.loads import LOADS
from server.telemetry import Telemetry
from tests.commands.scene import another
from tests.helpers.board import Board
from tests.storage.statements import asked


def _load(index: int) -> str:
    fragment = LOADS[index]
    asked_for = f"unnest($1::uuid[], $2::{fragment.key_type}[]) AS asked(project_id, key)"
    return fragment.sql.format(asked=asked_for)


def _renumbered(sql: str) -> str:
    """With parameters from $1 on, whatever they are in the function that the statement is a part of."""
    numbers = sorted({int(number) for number in re.findall(r"\$(\d+)", sql)})
    return re.sub(r"\$(\d+)", lambda found: f"${numbers.index(int(found[1])) + 1}", sql)


_TREE = {"project": "$1", "task": "$2", "depth": "$3"}

STATEMENTS = {
    "lock": statements.lock(wait=False),
    "lock waiting": statements.lock(wait=True),
    "existing": statements.EXISTING,
    **{f"load {index} {one.kind} {one.yields}": _load(index) for index, one in enumerate(LOADS)},
    "mine": _renumbered(statements.MINE),
    "known": _renumbered(statements.KNOWN),
    **{f"write {name}": _renumbered(sql) for name, sql in statements.write_steps("$99::uuid[]").items()},
    **{f"select {kind}": sql.text.replace(":project", "$1") for kind, sql in boards._SELECTS.items()},
    **{
        f"tree {direction}": re.sub(r"(?<!:):(project|task|depth)\b", lambda at: _TREE[at[1]], sql.text)
        for direction, sql in dependency_trees._TREES.items()
    },
    "task": shown._DETAIL.text.replace(":project", "$1").replace(":task", "$2"),
}


async def test_every_statement_of_the_edit_path_reads_by_index(shared_database: Database) -> None:
    """With sequential scans forbidden, one that is left has no index to use instead.

    The tables are empty and were never analysed: even then no record is sought by id among all of its project.
    """
    async with shared_database.begin() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        for name, statement in STATEMENTS.items():
            await driver.execute(f"PREPARE asked AS {statement}")
            nothing = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", statement))))
            lines = await driver.fetch(f"EXPLAIN EXECUTE asked({nothing})")
            await driver.execute("DEALLOCATE asked")
            plan = "\n".join(line[0] for line in lines)
            assert "Scan" in plan, name
            assert "Seq Scan" not in plan, (name, plan)
            assert not re.search(r"Filter: .*\bid = ", plan.replace("Join Filter", "")), (name, plan)


async def test_a_lone_edit_of_a_board_at_hand_is_one_statement(board: Board) -> None:
    database = Database(board.database.engine.url, writing=True)
    executor = Executor(database, lambda committed: None, Telemetry())
    other = await another(board)
    with asked(database) as said:
        async with executor.running():

            async def statements_for(one: Board) -> int:
                said.clear()
                command = c.CreateTask(id=new_id(), column_id=one.columns[0], title="Task")
                await executor.execute(one.project, new_id(), (command,), one.actor)
                return len(said)

            async def statements_for_a_refusal() -> int:
                said.clear()
                with pytest.raises(NotFound):
                    await executor.execute(board.project, new_id(), (c.DeleteTask(id=other.project),), board.actor)
                return len(said)

            await statements_for(other)  # a connection's first ones ask for its types, too
            assert await statements_for(board) == 5, "BEGIN, lock, load, write, COMMIT"
            assert [await statements_for(board) for _ in range(5)] == [1] * 5
            await board.task()
            assert await statements_for(board) <= 6, "one in vain, because somebody else wrote"
            assert await statements_for(board) == 1
            await statements_for_a_refusal()
            assert await statements_for_a_refusal() == 3, "BEGIN, lock, COMMIT: the copy is still good"
            assert await statements_for(board) == 1
    await database.close()


async def test_a_small_board_that_is_edited_again_is_read_whole_and_only_once(board: Board) -> None:
    tasks = [await board.task(f"Task {n}") for n in range(4)]
    database = Database(board.database.engine.url, writing=True)
    executor = Executor(database, lambda committed: None, Telemetry())
    whole = '"checklist_item" t JOIN unnest'
    with asked(database) as said:
        async with executor.running():
            for task, times in zip(tasks, (0, 1, 1, 1), strict=True):
                command = c.DescribeTask(id=task, text="Words", base_seq=0)
                await executor.execute(board.project, new_id(), (command,), board.actor)
                assert sum(whole in statement for statement in said) == times
    await database.close()
