"""Whatever a client sends, it is told what was wrong; nothing is half applied and others notice nothing (P7)."""

import json
from uuid import uuid4

import msgspec
import pytest

from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Socket

DEEP = 100_000


async def untouched(garden: Garden, seq: int = 1) -> None:
    """Nothing was committed after `seq`."""
    assert (await garden.board.snapshot()).seq == seq


async def test_p7_bad_commands_are_rejected_by_id_and_leave_no_trace(garden: Garden) -> None:
    create = garden.create()
    commands: list[tuple[Message, str]] = [
        ({"type": "fly"}, "/commands/0/type"),
        ({"type": "delete_project"}, "/commands/0/type"),
        ({**create, "titel": "Dig"}, "/commands/0"),
        ({**create, "title": None}, "/commands/0/title"),
        ({**create, "title": ["Dig"]}, "/commands/0/title"),
        ({**create, "title": ""}, "/commands/0"),
        ({**create, "title": "x" * 201}, "/commands/0"),
        ({**create, "title": "a\0b"}, "/commands/0"),
        ({**create, "title": "\ud800"}, ""),
        ({**create, "description": "x" * 50_001}, "/commands/0"),
        ({**create, "priority": 0}, "/commands/0/priority"),
        ({**create, "priority": 10**40}, "/commands/0/priority"),
        ({**create, "priority": 5.5}, "/commands/0/priority"),
        ({**create, "due_at": "2026-02-30"}, "/commands/0"),
        ({**create, "due_at": "2026-02-03T10:00:00"}, "/commands/0"),
        ({**create, "id": "one"}, "/commands/0/id"),
        ({**create, "label_ids": [str(uuid4())] * 101}, "/commands/0/label_ids"),
        ({**create, "place": "middle"}, "/commands/0/place"),
        ({**create, "place": {}}, "/commands/0/place"),
        ({"type": "create_label", "id": str(uuid4()), "name": "x", "color": "very red"}, "/commands/0"),
        ({"type": "add_member", "role": "owner", "email": "ben@example.org"}, "/commands/0/role"),
        ({"type": "add_member", "role": "viewer"}, "/commands/0"),
    ]
    async with garden.ann.socket(garden.project) as socket:
        for command, pointer in commands:
            reject = await answer(socket, garden.submit(command))
            assert (reject["type"], reject["code"], reject["retryable"]) == ("reject", "invalid", False), command
            assert [error["pointer"] for error in reject["errors"]] == [pointer], reject
            assert len(reject["message"]) <= 200
        assert await of_type(socket, "change") == []
    await untouched(garden)


async def answer(socket: Socket, message: Message) -> Message:
    """The answer to a submit."""
    await socket.send(message)
    return await socket.expect("ack", "reject", id=message["id"])


async def of_type(socket: Socket, kind: str) -> list[Message]:
    return [message for message in await socket.settle() if message["type"] == kind]


async def test_p7_a_submit_of_none_or_more_than_500_commands_is_rejected(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        for commands in ([], [garden.create() for _ in range(501)]):
            reject = await answer(socket, garden.submit(*commands))
            assert (reject["code"], reject["errors"][0]["pointer"]) == ("invalid", "/commands")
        accepted = await answer(
            socket,
            garden.submit(*(garden.create(f"Bed {n}, row by row, from the wall to the gate") for n in range(500))),
        )
        assert (accepted["type"], accepted["seq"]) == ("ack", 2)


async def test_fewer_commands_a_submit_can_be_set_and_are_told_in_the_welcome(
    settings: Settings, garden: Garden
) -> None:
    few = msgspec.structs.replace(settings, commands_per_submit=2)
    async with serving(few) as server, garden.elsewhere(garden.ann, server).socket() as socket:
        assert socket.welcome["limits"]["commands"] == 2
        reject = await answer(socket, garden.submit(*(garden.create() for _ in range(3))))
        assert (reject["code"], reject["errors"][0]["pointer"]) == ("invalid", "/commands")
    await untouched(garden)


async def test_a_refused_command_takes_the_whole_submit_with_it(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        missing = {"type": "archive_task", "id": str(uuid4())}
        reject = await answer(socket, garden.submit(garden.create("First"), missing, garden.create("Last")))
        assert (reject["code"], reject["errors"][0]["pointer"]) == ("not_found", "/commands/1")
        assert await of_type(socket, "change") == []
    await untouched(garden)


async def test_p7_ids_of_another_project_are_unknown_here(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        other = await garden.ann.project("Cellar")
        theirs = (await garden.ann.snapshot(other))["columns"][0]["id"]
        mine = garden.create()
        await answer(socket, garden.submit(mine))
        for command in (
            garden.create(column_id=theirs),
            {"type": "move_task", "id": mine["id"], "column_id": theirs, "place": "top"},
            {"type": "update_column", "id": theirs, "name": "Mine now"},
            {"type": "move_column", "id": garden.columns[0], "place": {"after": theirs}},
            {"type": "update_task", "id": mine["id"], "labels": {"add": [theirs]}},
        ):
            assert (await answer(socket, garden.submit(command)))["code"] == "not_found", command
        moved = garden.submit({"type": "archive_task", "id": mine["id"]}, project=other)
        assert (await answer(socket, moved))["code"] == "not_found"
    await untouched(garden, 2)


async def test_commands_on_what_is_deleted_are_not_found_until_it_is_restored(garden: Garden) -> None:
    create = garden.create()
    id = {"id": create["id"]}
    async with garden.ann.socket() as socket:
        await answer(socket, garden.submit(create))
        await answer(socket, garden.submit({"type": "delete_task", **id}))
        for command in (
            {"type": "update_task", **id, "title": "x"},
            {"type": "move_task", **id, "column_id": garden.columns[1], "place": "top"},
            {"type": "describe_task", **id, "text": "x", "base_seq": 9},
            {"type": "archive_task", **id},
            {"type": "delete_task", **id},
            {"type": "add_comment", "id": str(uuid4()), "task_id": create["id"], "text": "x"},
            {"type": "add_checklist_item", "id": str(uuid4()), "task_id": create["id"], "text": "x"},
        ):
            assert (await answer(socket, garden.submit(command)))["code"] == "not_found", command
        assert (await answer(socket, garden.submit({**create, "title": "Again"})))["code"] == "conflict"
        assert (await answer(socket, garden.submit({"type": "restore_task", **id})))["type"] == "ack"
        assert (await answer(socket, garden.submit({"type": "archive_task", **id})))["type"] == "ack"
    await untouched(garden, 5)


async def test_p13_a_project_that_is_unknown_foreign_or_deleted_looks_the_same(garden: Garden) -> None:
    stranger = await garden.stranger()
    deleted = await garden.ann.project("Cellar")
    await garden.ann.rest("DELETE", f"/v1/projects/{deleted}")
    told = set()
    for person, project in ((garden.ann, str(uuid4())), (stranger, garden.project), (garden.ann, deleted)):
        async with person.socket() as socket:
            reject = await answer(socket, garden.submit(garden.create(), project=project))
            for asked in ({}, {"since": 0}, {"since": 10**9}, {"since": 1, "epoch": str(uuid4())}):
                await socket.send({"type": "join", "project": project, **asked})
                error = await socket.expect("error", "joined", project=project)
                assert error.pop("project") == project
                told.add((reject["code"], reject["message"], json.dumps(error, sort_keys=True)))
    error = {"code": "not_found", "message": "There is no such project.", "re": "join", "type": "error"}
    assert told == {("not_found", "There is no such project.", json.dumps(error))}
    await untouched(garden)


async def test_p7_bad_messages_without_an_id_get_an_error_that_names_their_type(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        for message, kind in (
            ({"type": "dance"}, "dance"),
            ({"type": ""}, ""),
            ({"type": "x" * 999}, "x" * 200),
            ({"type": "\udfff"}, "?"),
            ({"type": "change", "seq": 1}, "change"),
            ({"type": "join", "project": "garden"}, "join"),
            ({"type": "join", "project": garden.project, "since": -1}, "join"),
            ({"type": "leave"}, "leave"),
            ({"type": "auth"}, "auth"),
            ({"type": "presence", "project": garden.project}, "presence"),
            ({"type": "ping", "x" * 9_999: 1}, "ping"),
            ({"type": "submit", "commands": []}, "submit"),
            ({"type": "submit", "id": 7, "project": garden.project, "commands": [garden.create()]}, "submit"),
        ):
            await socket.send(message)
            error = await socket.expect("error", re=kind, code="invalid")
            assert len(error["message"]) <= 200
        assert await of_type(socket, "error") == []
    await untouched(garden)


async def test_p7_what_a_ping_or_a_presence_carries_is_at_most_one_kilobyte(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        for at in ('"' + "x" * 1023 + '"', "9" * 2000, "[" * 600 + "]" * 600):
            await socket.send_raw('{"type":"ping","at":' + at + "}")
            error = await socket.expect("error", re="ping")
            assert (error["code"], error["errors"][0]["pointer"]) == ("invalid", "/at")
        for at in ("x" * 1022, [{"a": 1}], 1.5, None):  # type: ignore[assignment]
            await socket.send({"type": "ping", "at": at})
            assert (await socket.expect("pong"))["at"] == at
        await socket.send({"type": "presence", "project": garden.project, "state": {"x": "y" * 1017}})
        error = await socket.expect("error", re="presence", project=garden.project)
        assert (error["code"], error["errors"][0]["pointer"]) == ("invalid", "/state")


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "null",
        "[]",
        "[1]",
        '{"project":1}',
        '{"type":1}',
        '{"type":"ping","at":NaN}',
        "[" * DEEP + "]" * DEEP,
        '{"type":"ping","at":' + "[" * DEEP + "]" * DEEP + "}",
        "[" + ",".join(['{"type":"ping"}'] * 1001) + "]",
    ],
    ids=lambda frame: repr(frame[:30]),
)
async def test_p7_a_frame_that_is_no_message_is_told_so_and_closes_with_4000(garden: Garden, frame: str) -> None:
    async with garden.ann.socket() as socket:
        await socket.send_raw(frame)
        assert (await socket.expect("error"))["code"] == "invalid"
        assert await socket.closed() == (4000, "bad message")


async def test_p7_binary_frames_close_with_4000(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        await socket.send_raw(b'{"type":"ping"}')
        assert await socket.closed() == (4000, "text frames only")


async def test_p7_a_frame_above_768_kib_closes_with_1009_and_one_below_is_taken(garden: Garden) -> None:
    limit = 768 * 1024
    frame = json.dumps({"type": "ping", "pad": ""})
    async with garden.ann.socket() as socket:
        await socket.send_raw(frame.replace('""', f'"{"x" * (limit - len(frame))}"'))
        await socket.expect("error", re="ping", code="invalid")
        await socket.send_raw(frame.replace('""', f'"{"x" * (limit - len(frame) + 1)}"'))
        assert (await socket.closed())[0] == 1009


async def test_p7_what_came_before_a_bad_frame_in_the_same_moment_still_counts(garden: Garden) -> None:
    message = garden.submit(garden.create())
    async with garden.ann.socket() as socket:
        await socket.send(message)
        await socket.send_raw("{")
        await socket.expect("error")
        await socket.closed()
    async with garden.ann.socket() as again:
        assert (await answer(again, message))["seq"] == 2
    await untouched(garden, 2)
