"""Who may talk on the socket, and for how long: hello, origins, tokens and their renewal."""

import asyncio

import msgspec
import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.api import renewal
from server.api import socket as live
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.garden import Garden
from tests.helpers.people import Message, Server, Socket

HELLO: Message = {"type": "hello", "protocol": 1}


async def test_p10_hello_is_answered_with_a_welcome_that_names_session_user_and_limits(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        assert socket.welcome["user"] == {"id": garden.ann.id, "name": "Ann"}
        assert socket.welcome["limits"] == {
            "frame_in_bytes": 768 * 1024,
            "frame_out_bytes": 512 * 1024,
            "commands": 500,
            "pending": 4096,
            "joins": 200,
            "presence_bytes": 1024,
            "messages_a_second": 1_000,
            "messages_burst": 10_000,
        }
        assert socket.welcome["heartbeat_s"] == 25
        assert socket.welcome["inbox_seq"] == 0
        assert socket.welcome["server_time"].endswith("Z")
    async with garden.ann.socket() as another:
        assert another.welcome["session"] != socket.welcome["session"]


async def test_p10_the_token_may_come_in_the_header_of_the_upgrade(garden: Garden) -> None:
    async with garden.server.connect(additional_headers={"Authorization": f"Bearer {garden.ann.token}"}) as socket:
        await socket.send(HELLO)
        assert (await socket.expect("welcome"))["user"]["id"] == garden.ann.id


async def test_p10_the_token_of_the_hello_comes_before_that_of_the_header(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.server.connect(additional_headers={"Authorization": f"Bearer {ben.token}"}) as socket:
        await socket.send({**HELLO, "token": garden.ann.token})
        assert (await socket.expect("welcome"))["user"]["id"] == garden.ann.id


async def test_p10_a_token_in_the_address_is_not_read(garden: Garden) -> None:
    async with connect(f"{garden.server.socket_url}?token={garden.ann.token}") as connection:
        socket = Socket(connection)
        await socket.send(HELLO)
        assert (await socket.expect("error", re="hello"))["code"] == "token_invalid"
        assert (await socket.closed())[0] == 4001


async def test_p10_a_bad_token_is_told_and_closes_with_4001(server: Server) -> None:
    for token in ("", "nonsense", "a.b.c", "\N{SEEDLING}", "\0", "x" * 4096):
        assert (await refused(server, {**HELLO, "token": token}))["code"] == "token_invalid", token


async def test_p10_an_expired_token_is_told_apart_and_closes_with_4001(garden: Garden) -> None:
    expired = await garden.new_token(garden.ann, lifetime_s=-3600)
    assert (await refused(garden.server, {**HELLO, "token": expired}))["code"] == "token_expired"


async def test_p10_a_token_whose_account_is_gone_closes_with_4001(garden: Garden) -> None:
    async with garden.board.database.begin() as connection:
        await connection.execute(text("DELETE FROM account"))
    assert (await refused(garden.server, {**HELLO, "token": garden.ann.token}))["code"] == "token_invalid"


async def refused(server: Server, hello: Message) -> Message:
    """The error that the hello is answered with, before the socket closes with 4001."""
    async with server.connect() as socket:
        await socket.send(hello)
        error = await socket.expect("error", re="hello")
        assert (await socket.closed())[0] == 4001
    return error


async def test_p10_hello_comes_within_five_seconds_or_the_socket_closes_with_4001(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert live.HELLO_SECONDS == 5.0
    monkeypatch.setattr(live, "HELLO_SECONDS", 0.01)
    async with server.connect() as socket:
        assert await socket.closed() == (4001, "no hello")


async def test_p10_a_database_that_keeps_a_hello_waiting_is_not_held_against_the_client(
    settings: Settings, garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HELLO_SECONDS", 0.05)
    hurried = msgspec.structs.replace(settings, db_statement_timeout_seconds=0.2)
    async with serving(hurried) as server, garden.board.database.begin() as other:
        await other.execute(text("LOCK TABLE account"))
        async with server.connect() as socket:
            await socket.send({**HELLO, "token": garden.ann.token})
            assert (await socket.closed())[0] == 4110


async def test_p10_a_bad_hello_is_told_what_is_wrong_and_closes_with_4000(server: Server) -> None:
    for first, pointer in (
        ({**HELLO, "tokn": "x"}, ""),
        ({"type": "hello"}, ""),
        ({"type": "hello", "protocol": "1"}, "/protocol"),
        ({**HELLO, "token": "x" * 4097}, "/token"),
        ({**HELLO, "client": 7}, "/client"),
    ):
        async with server.connect() as socket:
            await socket.send(first)
            error = await socket.expect("error", re="hello", code="invalid")
            assert [one["pointer"] for one in error["errors"]] == [pointer], first
            assert (await socket.closed())[0] == 4000


async def test_p10_whoever_does_not_begin_with_hello_is_told_so_and_closed_with_4000(server: Server) -> None:
    for first in ({"type": "ping"}, {"type": "join", "project": 3}, {"type": "dance"}):
        async with server.connect() as socket:
            await socket.send(first)
            await socket.expect("error", code="invalid", re=first["type"])
            assert (await socket.closed())[0] == 4000, first


async def test_p10_noise_instead_of_a_hello_closes_with_4000(server: Server) -> None:
    for first in ("", "hello", "[]", "[3]", '{"protocol":1}', b"\x00\x01"):
        async with server.connect() as socket:
            await socket.send_raw(first)
            assert (await socket.closed())[0] == 4000, first


async def test_p10_another_protocol_closes_with_4004(garden: Garden) -> None:
    for protocol in (0, 2, 10**9):
        async with garden.server.connect() as socket:
            await socket.send({**HELLO, "protocol": protocol, "token": garden.ann.token})
            assert await socket.closed() == (4004, "this server speaks protocol 1")


async def test_p10_a_second_hello_is_refused_and_the_connection_lives_on(garden: Garden) -> None:
    async with garden.ann.socket() as socket:
        await socket.send({**HELLO, "token": garden.ann.token})
        await socket.expect("error", re="hello", code="invalid")
        assert await socket.settle() == []


async def test_p10_hello_join_and_submit_may_travel_in_one_array(garden: Garden) -> None:
    command = garden.create("Dig")
    async with garden.server.connect() as socket:
        await socket.send(
            {**HELLO, "token": garden.ann.token},
            {"type": "join", "project": garden.project},
            {"type": "submit", "id": command["id"], "project": garden.project, "commands": [command]},
        )
        await socket.expect("welcome")
        await socket.expect("joined", project=garden.project)
        ack = await socket.expect("ack", id=command["id"])
    assert [task["title"] for task in (await garden.ann.snapshot(garden.project))["tasks"]] == ["Dig"]
    assert ack["seq"] == 2


async def test_p10_frames_sent_before_the_welcome_count_after_it_in_order(garden: Garden) -> None:
    async with garden.server.connect() as socket:
        await socket.send({**HELLO, "token": garden.ann.token})
        for n in range(10):
            await socket.send({"type": "ping", "at": n})
        await socket.expect("pong", at=9)
        assert [message["type"] for message in socket.waiting] == ["welcome"] + ["pong"] * 9
        assert [message["at"] for message in socket.waiting[1:]] == list(range(9))


async def test_p10_what_may_wait_for_a_welcome_is_bounded(garden: Garden) -> None:
    async with garden.board.database.begin() as other:
        await other.execute(text("LOCK TABLE account"))
        async with garden.server.connect() as socket:
            await socket.send({**HELLO, "token": garden.ann.token})
            for _ in range(live.EARLY_FRAMES_MAX):
                await socket.send({"type": "ping"})
            assert (await socket.closed())[0] == 4000


async def test_a_client_that_vanishes_before_its_welcome_is_never_there(garden: Garden) -> None:
    async with garden.ann.socket(garden.project) as watcher:
        async with garden.board.database.begin() as other:
            await other.execute(text("LOCK TABLE account"))
            async with garden.server.connect() as socket:
                await socket.send({**HELLO, "token": garden.ann.token}, {"type": "join", "project": garden.project})
                await until_open(garden, 2)
                socket.connection.transport.abort()
                await watcher.settle()
        await until_open(garden, 1)
        async with garden.ann.socket(garden.project) as third:
            here = {one["session"] for one in (await third.expect("presence"))["sessions"]}
            assert here == {watcher.welcome["session"], third.welcome["session"]}


async def until_open(garden: Garden, sockets: int) -> None:
    """Waits until the server counts so many open sockets."""
    async with asyncio.timeout(10):
        while f"lockstep_socket_connections {sockets}.0" not in (await garden.ann.rest("GET", "/metrics")).text:
            pass


# Origins and subprotocols


async def test_a_page_of_another_origin_is_refused(server: Server) -> None:
    for origin in ("https://evil.example", "null", f"{server.url}.evil.example", "file://"):
        with pytest.raises(InvalidStatus) as refusal:
            async with server.connect(origin=origin):
                pass
        assert refusal.value.response.status_code == 403


async def test_our_own_pages_and_listed_origins_may_connect(settings: Settings) -> None:
    async with serving(msgspec.structs.replace(settings, origins=("https://board.example",))) as server:
        for origin in (None, server.url, "https://board.example"):
            async with server.connect(origin=origin) as socket:
                await socket.send_raw("x")
                assert (await socket.closed())[0] == 4000


async def test_the_subprotocol_is_taken_when_offered(server: Server) -> None:
    for offered, taken in ((["other", "lockstep.v1"], "lockstep.v1"), (["other"], None), (None, None)):
        async with server.connect(subprotocols=offered) as socket:
            assert socket.connection.subprotocol == taken


# Renewal


async def test_p11_auth_soon_asks_for_a_new_token_a_minute_before_the_old_one_expires(garden: Garden) -> None:
    assert renewal.RENEW_SECONDS == 60.0
    ann = garden.ann
    ann.token = await garden.new_token(ann, lifetime_s=60)
    async with ann.socket() as socket:
        await socket.expect("auth_soon")
        await socket.send({"type": "auth", "token": await garden.new_token(ann, lifetime_s=60)})
        await socket.expect("auth_soon")  # the new one is watched, too


async def test_p11_a_token_that_is_not_renewed_in_time_closes_with_4101(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert renewal.GRACE_SECONDS == 30.0
    monkeypatch.setattr(renewal, "GRACE_SECONDS", 0.0)
    fresh, garden.ann.token = garden.ann.token, await garden.new_token(garden.ann, lifetime_s=1)
    async with garden.server.connect() as renewed:
        await renewed.send({**HELLO, "token": garden.ann.token}, {"type": "auth", "token": fresh})
        await renewed.expect("welcome")
        async with garden.ann.socket() as forgotten:
            assert await forgotten.closed() == (4101, "token expired")
        await renewed.settle()


async def test_p11_only_a_token_of_the_same_user_renews(garden: Garden) -> None:
    ben = await garden.member("Ben")
    async with garden.ann.socket(garden.project) as socket:
        for token in (ben.token, "nonsense", ""):
            await socket.send({"type": "auth", "token": token})
            assert (await socket.expect("error", re="auth"))["code"] == "token_invalid"
        await socket.submit(garden.project, garden.create("Still Ann's"))
        assert (await socket.expect("change"))["actor"]["id"] == garden.ann.id
