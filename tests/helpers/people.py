"""People with a browser or a bot against a real server: REST by httpx, the socket by websockets."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PASSWORD = "correct horse battery"
WAIT_SECONDS = 10.0
"""How long a test waits for what must come; only a failing test gets there."""

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here is asked over TLS, and loading the system's certificates takes a client longer than a request."""

Message = dict[str, Any]


@dataclass
class Server:
    """A web process at `url`."""

    url: str

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/v1/socket"

    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, verify=NO_CERTIFICATES)

    async def sign_up(self, name: str) -> "Person":
        email = f"{name.lower()}.{uuid4().hex[:8]}@example.org"
        async with self.http() as http:
            answer = await http.post("/v1/auth/register", json={"email": email, "name": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        body = answer.json()
        return Person(self, body["user"]["id"], name, email, body["access_token"])

    async def sign_in(self, email: str, password: str) -> "Person":
        """Somebody who has an account."""
        async with self.http() as http:
            answer = await http.post("/v1/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return Person(self, body["user"]["id"], body["user"]["name"], email, body["access_token"], password)

    @asynccontextmanager
    async def connect(self, **options: Any) -> AsyncIterator["Socket"]:
        async with connect(self.socket_url, compression=None, max_size=None, max_queue=None, **options) as connection:
            yield Socket(connection)


@dataclass
class Person:
    """Somebody signed in."""

    server: Server
    id: str
    name: str
    email: str
    token: str
    password: str = PASSWORD

    async def rest(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        async with self.server.http() as http:
            return await http.request(method, path, headers=headers, **options)

    async def project(self, name: str = "Garden") -> str:
        made = await self.rest("POST", "/v1/projects", json={"name": name})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def snapshot(self, project: str) -> Message:
        found = await self.rest("GET", f"/v1/projects/{project}/snapshot")
        assert found.status_code == 200, found.text
        return dict(found.json())

    async def let_in(self, other: "Person", project: str, role: str = "editor") -> None:
        commands = [{"type": "add_member", "user_id": other.id, "role": role}]
        made = await self.rest("POST", f"/v1/projects/{project}/commands", json={"commands": commands})
        assert made.status_code == 200, made.text

    @asynccontextmanager
    async def socket(self, *joins: str, client: str | None = None) -> AsyncIterator["Socket"]:
        """A socket that has been welcomed and has joined."""
        async with self.server.connect() as socket:
            await socket.send({"type": "hello", "protocol": 1, "token": self.token, "client": client})
            socket.welcome = await socket.expect("welcome")
            for project in joins:
                await socket.join(project)
            yield socket


@dataclass
class Socket:
    """A connection that reads message by message; what was passed over can be read later."""

    connection: ClientConnection
    welcome: Message = field(default_factory=dict)
    waiting: list[Message] = field(default_factory=list)

    async def send(self, *messages: Message) -> None:
        await self.connection.send(json.dumps(messages))

    async def send_raw(self, data: str | bytes) -> None:
        await self.connection.send(data)

    async def join(self, project: str, **fields: Any) -> Message:
        await self.send({"type": "join", "project": project, **fields})
        return await self.expect("joined", project=project)

    async def submit(self, project: str, *commands: Message, id: str | None = None) -> Message:
        """Submits and returns the answer, ack or reject."""
        id = id or str(uuid4())
        await self.send({"type": "submit", "id": id, "project": project, "commands": commands})
        return await self.expect("ack", "reject", id=id)

    async def expect(self, *types: str, **fields: Any) -> Message:
        """The next message of one of these types with these values; others stay for later."""

        def wanted(message: Message) -> bool:
            return message["type"] in types and all(message.get(name) == value for name, value in fields.items())

        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                for message in self.waiting:
                    if wanted(message):
                        self.waiting.remove(message)
                        return message
                self.waiting += await self._frame()

    async def settle(self) -> list[Message]:
        """Everything that was sent before now: a ping's answer marks the end."""
        mark = str(uuid4())
        await self.send({"type": "ping", "at": mark})
        await self.expect("pong", at=mark)
        found, self.waiting = self.waiting, []
        return found

    async def closed(self) -> tuple[int, str]:
        """Waits for the server's close and returns its code and reason."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self.connection.wait_closed()
        return self.connection.close_code or 0, self.connection.close_reason or ""

    async def rest(self) -> list[Message]:
        """Everything that came before the end of the connection."""
        with suppress(ConnectionClosed):
            while True:
                self.waiting += await self._frame()
        found, self.waiting = self.waiting, []
        return found

    async def _frame(self) -> list[Message]:
        messages = json.loads(await self.connection.recv())
        assert isinstance(messages, list)
        return messages


def changes(messages: list[Message]) -> list[int]:
    """The seqs of the changes among them, in order."""
    return [message["seq"] for message in messages if message["type"] == "change"]
