"""What a command may look like on the wire: limits, unknown fields, absent and null."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest
from msgspec import UNSET

from server.domain import commands as c
from server.domain.commands import COMMANDS, PROJECT_COMMANDS, Command, kind_of

ID = str(uuid4())


def decode(command: dict[str, Any]) -> Any:
    return msgspec.json.decode(msgspec.json.encode(command), type=Command)


def create(**fields: Any) -> dict[str, Any]:
    return {"type": "create_task", "id": ID, "column_id": ID, "title": "Dig", **fields}


def update(**fields: Any) -> dict[str, Any]:
    return {"type": "update_task", "id": ID, **fields}


IDS = [str(uuid4()) for _ in range(101)]

TAKEN = [
    create(title="x" * 200, description="x" * 50_000, label_ids=IDS[:100]),
    create(priority=1),
    create(priority=None, description=None, due_at=None),
    create(place={"after": ID}),
    create(id=ID.upper()),
    create(id=ID.replace("-", "")),
    update(),
    update(title="New", labels={"add": [ID]}, base_seq=0),
    {"type": "describe_task", "id": ID, "text": "", "base_seq": 2**53 - 1},
    {"type": "add_comment", "id": ID, "task_id": ID, "text": "x" * 20_000},
    {"type": "create_column", "id": ID, "name": "x" * 100, "wip_limit": 10_000},
    {"type": "create_label", "id": ID, "name": "", "color": "red"},
    {"type": "update_column", "id": ID, "wip_limit": None},
    {"type": "add_member", "role": "viewer", "user_id": ID},
]

REFUSED: dict[str, dict[str, Any]] = {
    "no type": {"id": ID},
    "an unknown type": {"type": "explode"},
    "a type of another route": {"type": "delete_project"},
    "an unknown field": create(colour="red"),
    "a missing field": {"type": "create_task", "id": ID, "title": "Dig"},
    "an id that is no UUID": create(id="42"),
    "an id that is a number": create(id=42),
    "no title": create(title=""),
    "a blank title": create(title=" \n "),
    "a title of 201": create(title="x" * 201),
    "NUL in a title": create(title="a\0b"),
    "a title that is null": create(title=None),
    "a title cleared": update(title=None),
    "a description of 50,001": create(description="x" * 50_001),
    "a priority of 0": create(priority=0),
    "a priority of 11": create(priority=11),
    "a huge priority": create(priority=10**30),
    "half a priority": create(priority=1.5),
    "a priority in words": create(priority="high"),
    "a true priority": create(priority=True),
    "a day that does not exist": create(due_at="2026-02-30"),
    "a time without zone": update(start_at="2026-05-12T09:30:00"),
    "101 labels": create(label_ids=IDS),
    "labels as a list in an edit": update(labels=[ID]),
    "an unknown field in an edit": update(labels={"add": [], "toggle": []}),
    "a place with two anchors": create(place={"after": ID, "before": ID}),
    "a place with none": create(place={}),
    "a place in words": create(place="middle"),
    "a negative base_seq": update(title="X", base_seq=-1),
    "a base_seq past 2**53": update(title="X", base_seq=2**53),
    "no base_seq for a description": {"type": "describe_task", "id": ID, "text": ""},
    "an empty comment": {"type": "add_comment", "id": ID, "task_id": ID, "text": " \n"},
    "a comment of 20,001": {"type": "add_comment", "id": ID, "task_id": ID, "text": "x" * 20_001},
    "a WIP limit of 0": {"type": "update_column", "id": ID, "wip_limit": 0},
    "a WIP limit of 10,001": {"type": "update_column", "id": ID, "wip_limit": 10_001},
    "an unknown category": {"type": "update_column", "id": ID, "category": "doing"},
    "a column's name of 101": {"type": "create_column", "id": ID, "name": "x" * 101},
    "a colour of no palette": {"type": "create_label", "id": ID, "name": "", "color": "infrared"},
    "a checklist text of 1,001": {"type": "add_checklist_item", "id": ID, "task_id": ID, "text": "x" * 1_001},
    "done as a word": {"type": "update_checklist_item", "id": ID, "done": "yes"},
    "an unknown role": {"type": "set_member_role", "id": ID, "role": "owner"},
    "a member by two names": {"type": "add_member", "role": "viewer", "user_id": ID, "email": "a@b"},
    "a member by no name": {"type": "add_member", "role": "viewer"},
    "an e-mail without at": {"type": "add_member", "role": "viewer", "email": "ann"},
    "a project's name of 101": {"type": "update_project", "name": "x" * 101},
    "a project's description of 5,001": {"type": "update_project", "description": "x" * 5_001},
    "a background that no client knows": {"type": "update_project", "background": "gray"},
    "a background as a colour": {"type": "update_project", "background": "#123456"},
    "an import of an unknown kind": {
        "type": "import_records",
        "import_id": ID,
        "records": [{"kind": "project", "record": {"id": ID, "name": "X"}}],
    },
}


@pytest.mark.parametrize("command", TAKEN)
def test_a_command_within_its_limits_is_taken(command: dict[str, Any]) -> None:
    assert kind_of(decode(command)) == command["type"]


@pytest.mark.parametrize("what", REFUSED)
def test_a_command_beyond_its_limits_is_refused(what: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(REFUSED[what])


def test_a_refusal_names_the_field() -> None:
    with pytest.raises(msgspec.ValidationError, match="`title` must not be empty"):
        decode(create(title=" "))


def test_lone_surrogates_never_get_in() -> None:
    raw = b'{"type":"update_project","name":"\\ud800"}'
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(raw, type=Command)


def test_absent_is_unset_and_null_is_none() -> None:
    command = decode(update(due_at=None))
    assert (command.title, command.due_at, command.base_seq) == (UNSET, None, None)


def test_what_is_decoded_is_canonical_already() -> None:
    command = decode(create(title=" Dig\nin ", due_at="2026-05-12T09:30:00+02:00"))
    assert (command.title, command.due_at) == ("Dig in", "2026-05-12T07:30:00Z")
    assert decode(msgspec.to_builtins(command)) == command


def test_ids_are_lower_case_whatever_came() -> None:
    assert str(decode(create(id=ID.upper())).id) == ID


def test_names_are_verb_noun_and_unique() -> None:
    names = [type_.__struct_config__.tag for type_ in (*COMMANDS, *PROJECT_COMMANDS)]
    assert len(set(names)) == len(names)
    assert all("_" in name and name.islower() for name in names)
    assert kind_of(c.RestoreProject()) == "restore_project"
