"""docs/protocol.md tells of the wire as it is: every message, command, code and limit, and examples that can be decoded."""

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from server.commands.checklists import ITEMS_MAX
from server.domain import records, roles, text
from server.domain.changes import OP_BYTES, OPS_BYTES_MAX, OPS_MAX
from server.domain.commands import COMMANDS, COMMANDS_MAX
from server.domain.commands.fields import IMPORT_MAX
from server.domain.errors import REFUSALS
from server.protocol import codec, codes, frames
from server.protocol.codec import BadMessage
from server.storage.draft import Limits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text()
EXAMPLES = re.findall(r"^([<>]) (\{.*\})$", PAGE, re.MULTILINE)
TESTS = {
    name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
}


def rows(first: str) -> str:
    """The table whose head begins with this cell."""
    found = re.search(rf"^\| {first} \|.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert found, first
    return found[0]


def tag(struct: type[Any]) -> str:
    return str(struct.__struct_config__.tag)


@pytest.mark.parametrize(
    "message", [*get_args(frames.Up), *get_args(frames.Down)], ids=lambda message: message.__name__
)
def test_every_message_has_a_row_with_its_fields(message: type[Any]) -> None:
    (row, *_) = [line for line in PAGE.splitlines() if line.startswith(f"| `{tag(message)}` |") and _is(message, line)]
    for field in message.__struct_fields__:
        assert re.search(rf"\b{field}\b", row), (tag(message), field)


def _is(message: type[Any], row: str) -> bool:
    """`presence` is a message of both sides: the client's has three cells."""
    return (row.count(" | ") == 2) == (message in get_args(frames.Up))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_every_command_has_a_row_with_its_fields_and_role(command: type[Any]) -> None:
    (row,) = [line for line in rows("command").splitlines() if f"`{tag(command)}`" in line]
    for field in command.__struct_fields__:
        assert re.search(rf"\b{field}\b", row), (tag(command), field)
    assert row.endswith(f"| {roles.LEAST_ROLE[command]} |") or tag(command) == "remove_member"


@pytest.mark.parametrize("kind", records.KINDS)
def test_every_record_has_a_row_with_its_fields(kind: records.Kind) -> None:
    (row,) = [line for line in rows("kind").splitlines() if line.startswith(f"| `{kind}` |")]
    for field in records.KINDS[kind].__struct_fields__:
        assert re.search(rf"\b{field}\b", row), (kind, field)


def test_every_code_of_a_refusal_and_of_a_close_is_explained() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| (yes)? ?\|$", PAGE.split("### Codes")[1], re.MULTILINE))
    assert told == {refusal.code: "yes" if refusal.retryable else "" for refusal in REFUSALS}
    closes = {int(code) for code in re.findall(r"^\| (\d{4}) \|", PAGE, re.MULTILINE)}
    assert closes == codes.KNOWN - {codes.NORMAL, codes.ABNORMAL}


def test_limits_of_what_is_on_a_board_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| ([a-z ,]+) \| (.+) \|$", rows(r"limit \|"), re.MULTILINE))
    assert told == {
        "title": f"1 to {text.TITLE_MAX} characters after trimming",
        "name of a project, column, person": f"1 to {text.NAME_MAX}; of a label 0 to {text.NAME_MAX}",
        "description": f"{text.DESCRIPTION_MAX:,}; of a project {text.PROJECT_DESCRIPTION_MAX:,}",
        "comment": f"1 to {text.COMMENT_MAX:,}, not blank",
        "checklist item": f"1 to {text.CHECKLIST_TEXT_MAX:,}; {ITEMS_MAX} items a task",
        "labels, assignees": "100 in one list",
        "one change": f"{OPS_MAX:,} ops and {OPS_BYTES_MAX // 1024} KiB, and {OP_BYTES} bytes for each op; more is `limit`",
        "a project": f"{Limits().tasks:,} tasks, {Limits().open_tasks:,} of them not archived; more is `limit`",
    }
    assert f"(1 to {COMMANDS_MAX})" in PAGE and f"(1 to {IMPORT_MAX})" in PAGE


def test_examples_are_messages() -> None:
    assert len(EXAMPLES) >= 25
    for side, raw in EXAMPLES:
        if side == ">":
            (message,) = codec.decode(raw.encode())
            assert not isinstance(message, BadMessage) or message.type in ("dance", "submit"), raw
        else:
            struct = next(each for each in get_args(frames.Down) if f'"type":"{tag(each)}"' in raw)
            decoded = msgspec.json.decode(raw, type=struct)
            assert msgspec.json.decode(codec.message(decoded)).keys() == msgspec.json.decode(raw).keys()


def test_every_rule_is_proved_by_a_test_that_names_it() -> None:
    rules = [int(number) for number in re.findall(r"^\*\*P(\d+) ", PAGE, re.MULTILINE)]
    assert rules == list(range(1, len(rules) + 1))
    named = {int(number) for name in TESTS for number in re.findall(r"_p(\d+)(?=_)", name)}
    assert set(rules) - named == set()
