"""Whoever signs out is out everywhere within 2 s, with or without Redis: open sockets, new ones and REST (G6)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest

from server.realtime import rooms
from server.settings import Settings
from tests.conftest import serving
from tests.helpers.people import PASSWORD, Person, Server

EMAIL = "ann@example.org"


@pytest.fixture
async def servers(settings: Settings) -> AsyncIterator[tuple[Server, Server]]:
    """Two on one database, and no Redis for either."""
    alone = msgspec.structs.replace(settings, redis_url=None)
    async with serving(alone) as one, serving(alone) as two:
        yield one, two


@asynccontextmanager
async def browser(server: Server, *, known: bool) -> AsyncIterator[tuple[httpx.AsyncClient, Person]]:
    """Ann's, signed in by itself."""
    async with server.http() as http:
        if known:
            answer = await http.post("/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
        else:
            body = {"email": EMAIL, "name": "Ann", "password": PASSWORD}
            answer = await http.post("/v1/auth/register", json=body)
        body = answer.json()
        yield http, Person(server, body["user"]["id"], "Ann", EMAIL, body["access_token"])


async def refused(person: Person) -> None:
    """A token that opens nothing any more."""
    answer = await person.rest("GET", "/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    async with person.server.connect() as socket:
        await socket.send({"type": "hello", "protocol": 1, "token": person.token})
        assert (await socket.expect("error", re="hello"))["code"] == "token_invalid"
        assert (await socket.closed())[0] == 4001


async def test_g6_signing_out_ends_sockets_and_tokens_of_that_sign_in_at_every_server(
    servers: tuple[Server, Server],
) -> None:
    assert rooms.SWEEP_SECONDS * 1.2 < 2.0  # the longest pause between two sweeps
    one, two = servers
    async with browser(one, known=False) as (http, ann), browser(one, known=True) as (_, phone):
        project = await ann.project()
        there = Person(two, ann.id, ann.name, ann.email, ann.token)
        async with ann.socket(project) as here, there.socket(project) as far, phone.socket(project) as kept:
            assert (await http.post("/v1/auth/logout")).status_code == 204
            for socket in (here, far):
                assert await socket.closed() == (4101, "signed out")
            for each in (ann, there):
                await refused(each)
            await kept.settle()
            assert (await phone.rest("GET", "/v1/me")).status_code == 200


async def test_g6_a_session_stands_on_the_token_that_it_was_last_given(servers: tuple[Server, Server]) -> None:
    one, _ = servers
    async with (
        browser(one, known=False) as (first, ann),
        browser(one, known=True) as (second, phone),
        ann.socket() as socket,
        ann.socket() as other,
    ):
        await socket.send({"type": "auth", "token": phone.token})
        await socket.settle()
        await first.post("/v1/auth/logout")
        assert (await other.closed())[0] == 4101
        await socket.settle()
        await second.post("/v1/auth/logout")
        assert (await socket.closed())[0] == 4101
