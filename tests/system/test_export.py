"""`lockstep export`: a project to a file, from the command line."""

from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from server.domain import commands as c
from tests.helpers.board import Board
from tests.helpers.leaving import exported
from tests.test_cli import lockstep


async def export(board: Board, url: str, *arguments: str) -> tuple[int | None, str]:
    return await lockstep("export", *arguments, DATABASE_URL=url, LOCKSTEP_SECRET="s" * 32)


async def test_a_project_is_written_to_a_file(board: Board, database_url: str, tmp_path: Path) -> None:
    await board.task("Dig")
    await board.submit(c.DeleteTask(id=await board.task("Sow")))
    file = tmp_path / "board.json"
    code, said = await export(board, database_url, str(board.project), "--output", str(file))
    assert (code, said.splitlines()[-1]) == (0, f"Wrote {file}: {file.stat().st_size:,} bytes")
    assert file.read_bytes() == await exported(board.database, board.project, "json")
    assert {task["title"] for task in msgspec.json.decode(file.read_bytes())["tasks"]} == {"Dig", "Sow"}
    code, _ = await export(board, database_url, str(board.project), "--format", "csv", "--output", str(file))
    assert code == 0 and file.read_bytes().startswith(b"Number,")
    assert left_in(tmp_path) == ["board.json"]


@pytest.mark.parametrize("what", ["another project", "no folder"])
async def test_a_refusal_is_one_sentence_and_leaves_no_file(
    board: Board, database_url: str, tmp_path: Path, what: str
) -> None:
    project = str(uuid4()) if what == "another project" else str(board.project)
    file = tmp_path / ("board.json" if what == "another project" else "none/board.json")
    code, said = await export(board, database_url, project, "--output", str(file))
    sentences = {
        "another project": "lockstep: There is no such project.",
        "no folder": f"lockstep: Cannot write {file}: No such file or directory.",
    }
    assert (code, said.strip()) == (1, sentences[what])
    assert not file.exists()


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("board")]
