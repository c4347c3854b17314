"""Real files of other programs, where they are at hand: each report tells the truth, counted here once more from the file itself.

What was made and what was dropped are together what the file holds; the executor takes all of it.
"""

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.domain.errors import Invalid
from server.domain.ids import new_id
from server.domain.records import Kind
from server.formats.chunks import chunked
from server.formats.detection import HEAD_BYTES, detect
from server.formats.report import Report, Translation
from server.formats.translators import TRANSLATORS
from tests.formats.boards import NOW
from tests.helpers.board import Board

SAMPLES = Path(__file__).parents[3] / "shared/data"

Counts = dict[Kind, int]


def trello(file: bytes) -> Counts:
    board = json.loads(file)
    return {
        "column": len(board["lists"]),
        "label": len(board["labels"]),
        "task": len(board["cards"]),
        "comment": sum(action["type"] == "commentCard" for action in board["actions"]),
        "checklist_item": sum(len(checklist["checkItems"]) for checklist in board["checklists"]),
    }


def wekan(file: bytes) -> Counts:
    board = json.loads(file)
    return {
        "column": len(board["lists"]),
        "label": len(board["labels"]),
        "task": len(board["cards"]),
        "comment": len(board["comments"]),
        "checklist_item": len(board["checklistItems"]),
    }


def planka(file: bytes) -> Counts:
    included = json.loads(file)["included"]
    return {
        "column": sum(each.get("type", "active") in ("active", "closed") for each in included["lists"]),
        "label": len(included["labels"]),
        "task": len(included["cards"]),
        "comment": sum(card["commentsTotal"] for card in included["cards"]),
        "checklist_item": len(included["tasks"]),
    }


def deck(file: bytes) -> Counts:
    board = next(iter(json.loads(file)["boards"].values()))
    stacks = list(board["stacks"].values())
    return {
        "column": len(stacks),
        "label": len(board["labels"]),
        "task": sum(len(stack.get("cards", ())) for stack in stacks),
    }


def tabular(file: bytes) -> Counts:
    text = file.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ","))
    header = next(n for n, line in enumerate(lines) if "Title" in line)
    return {"task": len([line for line in lines[header + 1 :] if line])}


def vikunja(file: bytes) -> Counts:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        project = json.loads(archive.read("data.json"))[0]
    labels = {label["id"] for task in project["tasks"] for label in task["labels"] or ()}
    return {
        "column": len(project["buckets"]),
        "label": len(labels),
        "task": len(project["tasks"]),
        "comment": sum(len(task["comments"] or ()) for task in project["tasks"]),
    }


def jira(file: bytes) -> Counts:
    return {
        "column": len(set(re.findall(rb"<status [^>]*>([^<]+)</status>", file))),
        "label": len(set(re.findall(rb"<label>([^<]+)</label>", file))),
        "task": file.count(b"<item>"),
        "comment": file.count(b"<comment id="),
    }


FILES: dict[str, Callable[[bytes], Counts]] = {
    "deck/deck.json": deck,
    "jira/jira-export.xml": jira,
    "planka/board_10.json": planka,
    "planka/board_11.json": planka,
    "planka/board_20.json": planka,
    "planka/board_v1.json": planka,
    "ticktick/export.csv": tabular,
    "ticktick/multiline.csv": tabular,
    "ticktick/space_dates.csv": tabular,
    "trello/deck-data-trelloJson.json": trello,
    "trello/wekan-trello-project100.json": trello,
    "vikunja/export.zip": vikunja,
    "wekan/board-import.csv": tabular,
    "wekan/board-import.tsv": tabular,
    "wekan/wekan-export.json": wekan,
}
REFUSED: dict[str, str] = {
    "planka/card_2000_comments.json": "only comments of a Planka card",
    "planka/list_1003_cards.json": "only cards of one Planka list",
    "planka/projects.json": "not a board of Planka",
}
_DROPPED: dict[Kind, tuple[str, ...]] = {
    "column": ("Archived lists without cards.",),
    "task": ("Cards in the trash.", "Deleted cards."),
    "comment": ("Comments that are counted but not in the file.", "Comments without text."),
    "checklist_item": ("Checklist items without text.",),
}


def sample(name: str) -> bytes:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"no sample file {path}")
    return path.read_bytes()


def read(name: str) -> Translation:
    content = sample(name)
    format = detect("file", content[:HEAD_BYTES])
    return TRANSLATORS[format](content, import_id=new_id(), now=NOW)


def told(report: Report, kind: Kind) -> int:
    dropped = sum(note.count for note in report.dropped if note.text in _DROPPED.get(kind, ()))
    return report.created.get(kind, 0) + dropped


def show(name: str, made: Translation) -> None:
    lines = [f"{name}: {made.name}, {made.report.created}"]
    for what in ("mapped", "guessed", "dropped"):
        notes: tuple[Any, ...] = getattr(made.report, what)
        lines += [f"  {what} {note.count}: {note.text} {', '.join(note.examples)}" for note in notes]
    sys.stdout.write("\n".join(lines) + "\n")


@pytest.mark.parametrize("name", FILES)
async def test_the_report_of_a_real_file_is_true(name: str, board: Board) -> None:
    made = read(name)
    show(name, made)
    held = FILES[name](sample(name))
    assert {kind: told(made.report, kind) for kind in held} == held
    before = await board.snapshot()
    for id, command in chunked(new_id(), made.records):
        await board.submit(command, id=id)
    after = await board.snapshot()
    assert len(after.tasks) - len(before.tasks) == made.report.created.get("task", 0)
    assert len(after.columns) - len(before.columns) == made.report.created.get("column", 0)
    assert len(after.labels) - len(before.labels) == made.report.created.get("label", 0)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_board_is_refused_with_what_to_bring_instead(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(name)
    assert REFUSED[name] in refused.value.message


def test_planka_s_answers_make_one_board_together() -> None:
    names = ("board_10", "list_1003_cards", "card_2000_comments", "projects")
    content = json.dumps([json.loads(sample(f"planka/{name}.json")) for name in names]).encode()
    made = TRANSLATORS["planka"](content, import_id=new_id(), now=NOW)
    assert (made.report.created["task"], made.report.created["comment"]) == (5, 2)
    assert not any("comments" in note.text.casefold() for note in made.report.dropped)


def test_every_sample_is_looked_at() -> None:
    if not SAMPLES.exists():
        pytest.skip(f"no sample files in {SAMPLES}")
    there = {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*") if path.is_file()}
    assert there == FILES.keys() | REFUSED.keys()
