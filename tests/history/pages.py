"""The browser's own replica as a client: pages without views, run by Node, on lines of the test's. What crosses the wire is written down.

The other half is client/web/src/sync/testing/pages.ts. Not here: model clients (clients), what is wrong with what was written down (checker).
"""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from tests.helpers.people import Message, Person
from tests.helpers.replica import Replica
from tests.history.checker import (
    Acked,
    Ended,
    Event,
    Fetched,
    Joined,
    Observer,
    Received,
    Refused,
    Seen,
    Submit,
    content,
)
from tests.history.clients import GIVE_UP_SECONDS

CLIENT = Path(__file__).parents[2] / "client" / "web"
BUNDLER = CLIENT / "node_modules" / ".bin" / "rolldown"
LINE_BYTES = 64 * 1024 * 1024
"""Of what a page tells at once; a snapshot is the most."""

_Frame = msgspec.json.Decoder(list[msgspec.Raw]).decode


def bundle(folder: Path) -> Path:
    """The program, made of the client's sources."""
    program = folder / "pages.mjs"
    entry = CLIENT / "src" / "sync" / "testing" / "pages.ts"
    subprocess.run(
        [BUNDLER, entry, "--platform", "node", "--format", "esm", "-o", program],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return program


class Node:
    """The process that the pages live in."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._pages: dict[str, Page] = {}
        self._hearing = asyncio.create_task(self._hear(), name="pages")

    @classmethod
    @asynccontextmanager
    async def running(cls, program: Path) -> AsyncIterator["Node"]:
        process = await asyncio.create_subprocess_exec(
            *("node", "--experimental-websocket", "--no-warnings", str(program)),
            env={"PATH": os.environ.get("PATH", "")},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
        )
        node = cls(process)
        try:
            yield node
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            await node._hearing

    @property
    def gone(self) -> bool:
        """Whether nothing is heard of it any more."""
        return self._hearing.done()

    async def ask(self, page: "Page", **asked: Any) -> None:
        self._pages[page.observer.name] = page
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"page": page.observer.name, **asked}).encode() + b"\n")
        await self._process.stdin.drain()

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = msgspec.json.decode(line)
            self._pages[told["page"]].told(told["told"], told["what"])


class Page:
    """One open board of a person's. It is reached through `url` and comes back by itself whenever its line breaks."""

    def __init__(self, node: Node, name: str, person: Person, project: str, url: str) -> None:
        self.observer = Observer(name)
        self.submits: dict[str, Submit] = {}
        self.sent: dict[str, list[Message]] = {}
        """The commands of all that it sent, by id."""
        self.edits = 0
        """How often somebody edited, whether that was sent or not."""
        self.snapshots: list[Seen] = []
        self._node, self._person, self._project, self._url = node, person, project, url
        self._status: Message = {"asked": 0, "waiting": 0, "live": False, "seq": -1}
        self._asked = 0
        self._shown: Message | None = None
        self._moved = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Page"]:
        person = {"user": self._person.id, "token": self._person.token}
        await self._node.ask(self, do="open", url=self._url, project=self._project, **person)
        await self._until(lambda: self._status["live"])
        yield self
        await self._ask("close")

    # Being used

    async def submit(self, *commands: Message) -> None:
        """Somebody edits, and waits until nothing is unanswered any more."""
        self.edits += 1
        self._asked += 1
        mine = self._asked
        await self._node.ask(self, do="submit", commands=commands)
        await self._until(lambda: self._status["asked"] >= mine and self._status["waiting"] == 0)

    async def twice(self) -> None:
        """The next frame with an edit in it is sent twice."""
        await self._ask("twice")

    async def reload(self) -> None:
        """Closed, and opened again from what the browser kept."""
        await self._ask("reload")

    @asynccontextmanager
    async def offline(self) -> AsyncIterator[None]:
        """The browser has no network; its lines are the caller's to cut."""
        await self._ask("away")
        try:
            yield
        finally:
            await self._ask("back")

    async def reached(self, seq: int) -> None:
        """Waits until it holds `seq`, and takes what it shows then for its replica."""
        await self._until(lambda: self._status["seq"] >= seq)
        self._shown = None
        await self._ask("show")
        await self._until(lambda: self._shown is not None)
        assert self._shown is not None
        self.observer.replica = Replica.of_answer(self._shown)

    async def _ask(self, do: str) -> None:
        self._asked += 1
        mine = self._asked
        await self._node.ask(self, do=do)
        await self._until(lambda: self._status["asked"] >= mine)

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while not holds():
                assert not self._node.gone, "the pages' process has ended"
                self._moved.clear()
                await self._moved.wait()

    # Being heard

    def told(self, told: str, what: Any) -> None:
        match told:
            case "line":
                self._note(Ended())
            case "sent":
                self._sent(json.loads(what))
            case "heard":
                for raw in _Frame(what.encode()):
                    self._heard(bytes(raw))
            case "fetched":
                self._note(Fetched(what["seq"]))
                self.snapshots.append(Seen(what["seq"], Replica.of_answer(what).records))
            case "shown":
                self._shown = what
            case "status":
                self._status = what
            case _:
                pass
        self._moved.set()

    def _sent(self, frame: Message | list[Message]) -> None:
        for message in frame if isinstance(frame, list) else [frame]:
            if message["type"] == "submit":
                self.sent[message["id"]] = message["commands"]
                self.submits.setdefault(message["id"], Submit(message["id"])).sent += 1

    def _heard(self, raw: bytes) -> None:
        message = msgspec.json.decode(raw)
        match message["type"]:
            case "change":
                self._note(Received(message["seq"], content(raw)))
            case "joined" if message["mode"] != "resync":
                self._note(Joined(message["seq"]))
            case "joined" | "left":
                self._note(Ended())
            case "ack":
                self.submits[message["id"]].answers.append(Acked(None if message.get("noop") else message["seq"]))
            case "reject":
                self.submits[message["id"]].answers.append(Refused(message["code"], final=not message["retryable"]))
            case _:
                pass

    def _note(self, event: Event) -> None:
        self.observer.events.append(event)
