"""Submits: one answer each (P1), the author's own change (P2), ids that count once (P5), order (P8)."""

import asyncio
import json
from collections import Counter
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text

from server.api import socket as live
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden
from tests.helpers.people import Message


def rename(id: str, title: str) -> Message:
    return {"type": "update_task", "id": id, "title": title}


def seqs(messages: list[Message], kind: str = "change") -> list[int]:
    return [message["seq"] for message in messages if message["type"] == kind]


async def test_p1_every_submit_is_answered_exactly_once(garden: Garden) -> None:
    create = garden.create()
    good = [garden.submit(garden.create(f"Task {n}")) for n in range(40)]
    refused = [garden.submit(rename(str(uuid4()), "x")) for _ in range(20)]
    bad = [garden.submit({"type": "fly"}) for _ in range(20)]
    noop = [garden.submit({"type": "unarchive_task", "id": create["id"]}) for _ in range(5)]
    messages = [garden.submit(create), *(each for group in zip(good[::2], refused, bad) for each in group), *noop]  # noqa: B905
    async with garden.ann.socket() as socket:
        for start in range(0, len(messages), 7):
            await socket.send(*messages[start : start + 7])
        answers = [await socket.expect("ack", "reject") for _ in messages]
        assert await socket.settle() == []
    assert Counter(each["id"] for each in answers) == Counter(each["id"] for each in messages)
    assert Counter(each["type"] for each in answers) == {"ack": 26, "reject": 40}


async def test_p1_what_was_acknowledged_is_in_the_database(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        for n in range(10):
            ack = await socket.submit(garden.project, garden.create(f"Task {n}"))
            snapshot = await garden.board.snapshot()
            assert (snapshot.seq, len(snapshot.tasks)) == (ack["seq"], n + 1)


async def test_p1_a_client_that_hangs_up_does_not_take_its_submit_back(garden: Garden) -> None:
    message = garden.submit(garden.create("Kept"))
    async with garden.board.database.begin() as other:
        await other.execute(text("SELECT FROM head FOR NO KEY UPDATE"))
        async with garden.ann.socket() as socket:
            await socket.send(message)
            await socket.settle()
            socket.connection.transport.abort()
    async with garden.ann.socket() as again:
        await again.send(message)
        assert (await again.expect("ack"))["seq"] == 2
    assert await garden.board.order() == ["Kept"]


async def test_p2_the_author_receives_its_own_change_like_everyone_who_joined(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as author, ben.socket(garden.project) as watcher:
        command = garden.create("Dig")
        ack = await author.submit(garden.project, command)
        own, seen = await author.expect("change"), await watcher.expect("change")
        assert own == seen
        assert (own["seq"], own["id"], own["kind"]) == (ack["seq"], ack["id"], "create_task")
        assert own["actor"] == {"id": garden.ann.id, "name": "Ann", "kind": "person"}
        (op,) = own["ops"]
        assert (op["op"], op["kind"], op["record"]["title"]) == ("put", "task", "Dig")


async def test_p2_an_author_who_has_not_joined_gets_the_ack_alone(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        await socket.submit(garden.project, garden.create())
        assert await socket.settle() == []


async def test_a_noop_is_acknowledged_with_the_head_and_is_no_change(garden: Garden) -> None:
    create = garden.create("Dig")
    async with garden.ann.socket(garden.project) as socket:
        head = (await socket.submit(garden.project, create))["seq"]
        for command in (rename(create["id"], "Dig"), {"type": "unarchive_task", "id": create["id"]}):
            ack = await socket.submit(garden.project, command)
            assert (ack["seq"], ack["noop"]) == (head, True)
        assert seqs(await socket.settle()) == [head]


async def test_p5_a_committed_id_is_answered_again_and_takes_effect_once(garden: Garden) -> None:
    message = garden.submit(garden.create())
    async with garden.ann.socket(garden.project) as socket, garden.ann.socket() as other:
        await socket.send(message)
        first = await socket.expect("ack")
        for again in (socket, other):
            await again.send(message)
            assert await again.expect("ack") == {**first, "duplicate": True}
        assert "duplicate" not in first
        assert seqs(await socket.settle()) == [first["seq"]]


async def test_p5_the_same_content_in_another_spelling_is_the_same(garden: Garden) -> None:
    create = garden.create("Dig")
    message = garden.submit(create)
    async with garden.ann.socket() as socket:
        await socket.send(message)
        await socket.expect("ack")
        spelled = {"place": "bottom", **create, "title": "  Dig ", "column_id": create["column_id"].upper()}
        await socket.send({**message, "commands": [spelled], "id": message["id"].upper()})
        assert (await socket.expect("ack"))["duplicate"] is True


async def test_p5_an_id_with_other_content_or_another_author_is_refused(garden: Garden) -> None:
    ben = await garden.member("Ben")
    message = garden.submit(garden.create())
    async with garden.ann.socket() as socket, ben.socket() as other:
        await socket.send(message)
        seq = (await socket.expect("ack"))["seq"]
        await socket.send({**message, "commands": [garden.create()]})
        await other.send(message)
        for each in (socket, other):
            reject = await each.expect("reject", id=message["id"])
            assert (reject["code"], reject["retryable"]) == ("id_reuse", False)
    assert (await garden.board.snapshot()).seq == seq


async def test_p5_a_refused_id_is_judged_afresh(garden: Garden) -> None:
    create = garden.create()
    message = garden.submit(rename(create["id"], "Later"))
    async with garden.ann.socket() as socket:
        await socket.send(message)
        assert (await socket.expect("reject"))["code"] == "not_found"
        await socket.submit(garden.project, create)
        await socket.send(message)
        assert "duplicate" not in await socket.expect("ack", id=message["id"])


async def test_p5_repeats_share_the_outcome_of_the_one_in_flight(garden: Garden) -> None:
    message = garden.submit(garden.create())
    async with garden.ann.socket(garden.project) as socket, garden.ann.socket() as other:
        async with garden.board.database.begin() as lock:
            await lock.execute(text("SELECT FROM head FOR NO KEY UPDATE"))
            await socket.send(message, message)
            await other.send(message)
            await other.settle()
            await other.send({**message, "commands": [garden.create()]})
            assert (await other.expect("reject"))["code"] == "id_reuse"
        answers = [await each.expect("ack") for each in (socket, socket, other)]
        assert [each["seq"] for each in answers] == [2, 2, 2]
        assert seqs(await socket.settle()) == [2]


async def test_p8_submits_take_effect_in_the_order_sent(garden: Garden) -> None:
    create = garden.create("0")
    async with garden.ann.socket(garden.project) as socket:
        messages = [garden.submit(create), *(garden.submit(rename(create["id"], str(n))) for n in range(1, 200))]
        for start in range(0, 200, 8):
            await socket.send(*messages[start : start + 8])
        acks = [await socket.expect("ack", id=message["id"]) for message in messages]
        assert seqs(acks, "ack") == list(range(2, 202))
        titles = [
            (await socket.expect("change", seq=seq))["ops"][0].get("fields", {}).get("title") for seq in range(2, 202)
        ]
        assert titles == [None, *map(str, range(1, 200))]


async def test_p8_a_refused_message_of_an_array_does_not_stop_the_rest(garden: Garden) -> None:
    create = garden.create("Dig")
    first, last = garden.submit(create), garden.submit(rename(create["id"], "Dug"))
    async with garden.ann.socket(garden.project) as socket:
        await socket.send(
            first, {"type": "dance"}, garden.submit({"type": "fly"}), garden.submit(rename(str(uuid4()), "x")), last
        )
        await socket.expect("error", re="dance")
        for code in ("invalid", "not_found"):
            await socket.expect("reject", code=code)
        assert [(await socket.expect("ack", id=each["id"]))["seq"] for each in (first, last)] == [2, 3]
    assert await garden.board.order() == ["Dug"]


async def test_p8_what_was_sent_before_a_join_in_the_same_array_may_be_seen_by_it_but_never_twice(
    garden: Garden,
) -> None:
    async with garden.ann.socket() as socket:
        message = garden.submit(garden.create())
        await socket.send(message, {"type": "join", "project": garden.project, "since": 1})
        await socket.expect("joined")
        await socket.expect("ack")
        assert seqs([await socket.expect("change"), *await socket.settle()]) == [2]


async def test_a_conflict_is_told_with_the_current_values(garden: Garden) -> None:
    create = garden.create("Dig")
    async with garden.ann.socket() as socket:
        base = (await socket.submit(garden.project, create))["seq"]
        await socket.submit(garden.project, rename(create["id"], "Hoe"))
        reject = await socket.submit(garden.project, {**rename(create["id"], "Rake"), "base_seq": base})
    assert (reject["code"], reject["current"], reject["retryable"]) == ("conflict", {"title": "Hoe"}, False)


async def test_a_viewer_may_watch_and_nothing_else(garden: Garden) -> None:
    ben = await garden.member("Ben", "viewer")
    async with ben.socket(garden.project) as socket:
        assert (await socket.submit(garden.project, garden.create()))["code"] == "forbidden"


async def test_p9_every_member_is_sent_the_same_snapshot(garden: Garden) -> None:
    people = [garden.ann, *[await garden.member(name, role) for name, role in (("Ben", "editor"), ("Cid", "viewer"))]]
    async with garden.ann.socket() as socket:
        await socket.submit(garden.project, garden.create())
    snapshots = {(await each.rest("GET", f"/v1/projects/{garden.project}/snapshot")).content for each in people}
    assert len(snapshots) == 1


async def test_p18_submits_that_wait_for_their_answer_are_bounded(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PENDING_MAX", 3)
    async with garden.ann.socket() as socket:
        async with garden.board.database.begin() as lock:
            await lock.execute(text("SELECT FROM head FOR NO KEY UPDATE"))
            messages = [garden.submit(garden.create()) for _ in range(4)]
            await socket.send(*messages)
            reject = await socket.expect("reject", id=messages[3]["id"])
            assert (reject["code"], reject["retryable"], reject["retry_ms"]) == ("rate", True, 250)
        for message in messages[:3]:
            await socket.expect("ack", id=message["id"])
        await socket.send(messages[3])
        await socket.expect("ack", id=messages[3]["id"])


async def test_p18_a_full_lane_refuses_at_once_and_says_when_to_come_back(settings: Settings, garden: Garden) -> None:
    narrow = msgspec.structs.replace(settings, lane_pending_max=1)
    async with serving(narrow) as server, garden.elsewhere(garden.ann, server).socket() as socket:
        async with garden.board.database.begin() as lock:
            await lock.execute(text("SELECT FROM head FOR NO KEY UPDATE"))
            first, second = garden.submit(garden.create()), garden.submit(garden.create())
            await socket.send(first, second)
            reject = await socket.expect("reject", id=second["id"])
            assert (reject["code"], reject["retryable"], reject["retry_ms"]) == ("overloaded", True, 1000)
        await socket.expect("ack", id=first["id"])


async def test_every_frame_of_the_server_is_an_array(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as socket:
        await socket.send(garden.submit(garden.create()))
        async with asyncio.timeout(10):
            kinds: set[str] = set()
            while not {"ack", "change"} <= kinds:
                frame = json.loads(await socket.connection.recv())
                assert isinstance(frame, list)
                kinds |= {message["type"] for message in frame}
