"""Backup and restore with everything real: a backup is whole or not there, a restore happens whole or not at all, and no client goes wrong."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from server.backup import BackupError, Place, backup, restore
from server.domain.changes import Snapshot
from server.embedded.binaries import binaries
from server.realtime import rooms
from server.settings import Settings
from server.storage import backups, boards, schema
from server.storage.engine import Database
from tests.conftest import serving
from tests.helpers.board import Board
from tests.helpers.garden import Garden
from tests.helpers.people import WAIT_SECONDS, Message, Person, Socket
from tests.helpers.replica import Replica

OLDER = "20261121_1"


@pytest.fixture
def place(database_url: str) -> Place:
    return Place(database_url, (binaries(), None), os.environ)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "board.dump"


async def save(place: Place, file: Path) -> list[str]:
    said: list[str] = []
    await asyncio.to_thread(backup, place, file, said.append)
    return said


async def put_back(place: Place, file: Path, *, replace: bool = False, disconnect: bool = False) -> list[str]:
    said: list[str] = []
    await asyncio.to_thread(restore, place, file, replace=replace, disconnect=disconnect, say=said.append)
    return said


async def read(url: str, project: UUID) -> Snapshot | None:
    database = Database(url)
    try:
        async with database.snapshot() as connection:
            return await boards.snapshot(connection, project)
    finally:
        await database.close()


def content(file: Path) -> bytes:
    return file.read_bytes()


def contents(file: Path) -> list[bytes]:
    """Of the backup, and of what was left beside it."""
    return [content(path) for path in file.parent.iterdir() if path.name.startswith(file.name)]


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


# Clients


@dataclass
class Client:
    """Somebody with a replica, who knows what was submitted and comes back with it."""

    person: Person
    project: str
    replica: Replica = field(default_factory=lambda: Replica({}, 0))
    epoch: str = ""
    modes: list[str] = field(default_factory=list)

    async def catch_up(self, socket: Socket) -> None:
        """P4: from what is held, else from a fresh snapshot."""
        while True:
            asked = {"since": self.replica.seq, "epoch": self.epoch} if self.epoch else {}
            joined = await socket.join(self.project, **asked)
            self.modes.append(joined["mode"])
            if self.epoch and joined["mode"] != "resync":
                return
            fresh = await self._fetch()
            self.replica, self.epoch = Replica.of_answer(fresh), fresh["epoch"]

    async def _fetch(self) -> Message:
        """A snapshot; what is refused as retryable is asked for again."""
        async with asyncio.timeout(WAIT_SECONDS):
            while (await self.person.rest("GET", f"/v1/projects/{self.project}/snapshot")).status_code == 503:
                pass
        return await self.person.snapshot(self.project)

    async def follow(self, socket: Socket) -> None:
        for message in await socket.settle():
            if message["type"] == "change":
                self.replica.apply(message)

    async def send_again(self, socket: Socket, pending: dict[str, Message]) -> list[Message]:
        return [await socket.submit(self.project, command, id=id) for id, command in pending.items()]


async def edit(garden: Garden, socket: Socket, count: int) -> dict[str, Message]:
    """So many acknowledged edits, by their ids."""
    made = {str(uuid4()): garden.create(f"Task {n}") for n in range(count)}
    for id, command in made.items():
        assert (await socket.submit(garden.project, command, id=id))["type"] == "ack"
    return made


async def equal_the_database(garden: Garden, *clients: Client) -> None:
    fresh = Replica.of_answer(await garden.ann.snapshot(garden.project))
    for client in clients:
        assert (client.replica.seq, client.replica.records) == (fresh.seq, fresh.records)


async def test_p20_g4_clients_from_before_a_restore_end_equal_to_the_database(
    settings: Settings, board: Board, place: Place, file: Path
) -> None:
    async with serving(settings) as server:
        garden = await Garden.plant(server, settings, board)
        ben = Client(await garden.member("Ben"), garden.project)
        ann = Client(garden.ann, garden.project)
        async with ann.person.socket() as a, ben.person.socket() as b:
            await asyncio.gather(ann.catch_up(a), ben.catch_up(b))
            kept = await edit(garden, a, 5)
            await save(place, file)
            lost = await edit(garden, a, 20)
            await asyncio.gather(ann.follow(a), ben.follow(b))
            await equal_the_database(garden, ann, ben)
    await board.database.engine.dispose()
    await put_back(place, file, replace=True)
    async with serving(settings) as server:
        garden.server = server
        ann.person, ben.person = garden.elsewhere(ann.person, server), garden.elsewhere(ben.person, server)
        garden.ann = ann.person
        async with garden.ann.socket() as other:
            await edit(garden, other, 30)  # the log is longer than what the old clients know of
        async with ann.person.socket() as a, ben.person.socket() as b:
            await asyncio.gather(ann.catch_up(a), ben.catch_up(b))
            assert ann.modes[-2:] == ben.modes[-2:] == ["resync", "resumed"]
            assert [answer.get("duplicate") for answer in await ann.send_again(a, kept)] == [True] * 5
            again = await ann.send_again(a, lost)
            assert [answer["type"] for answer in again] == ["ack"] * 20
            assert not any("duplicate" in answer for answer in again)
            await asyncio.gather(ann.follow(a), ben.follow(b))
            await equal_the_database(garden, ann, ben)
            assert len(ben.replica.records["task"]) == 5 + 30 + 20


async def test_p20_clients_that_stay_connected_through_a_restore_are_told_to_resync(
    garden: Garden, place: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "SWEEP_SECONDS", 0.05)
    ann = Client(garden.ann, garden.project)
    async with garden.ann.socket() as socket:
        await ann.catch_up(socket)
        await edit(garden, socket, 3)
        await save(place, file)
        lost = await edit(garden, socket, 4)
        await put_back(place, file, replace=True, disconnect=True)
        assert (await socket.expect("joined"))["mode"] == "resync"
        await socket.settle()
        await ann.catch_up(socket)
        assert [answer["type"] for answer in await ann.send_again(socket, lost)] == ["ack"] * 4
        await ann.follow(socket)
        await equal_the_database(garden, ann)


async def test_a_backup_is_one_moment_while_people_edit(
    board: Board, place: Place, file: Path, empty_database_url: str
) -> None:
    made = 0

    async def keep_editing() -> None:
        nonlocal made
        while True:
            await board.task(f"Task {made}")
            made += 1

    editing = asyncio.create_task(keep_editing())
    said = await save(place, file)
    editing.cancel()
    assert "  change" in said and said[-1].startswith("Wrote ")
    await put_back(place._replace(url=empty_database_url), file)
    then = await read(empty_database_url, board.project)
    assert then is not None
    assert sorted(task.number for task in then.tasks) == list(range(1, then.seq))  # each change made one task
    assert then.epoch != (await board.snapshot()).epoch


async def test_a_backup_is_readable_by_its_owner_only_and_leaves_nothing_beside_it(
    board: Board, place: Place, file: Path
) -> None:
    await save(place, file)
    await save(place, file)
    assert len(contents(file)) == 1
    assert mode(file) == 0o600


async def test_a_backup_that_fails_keeps_the_one_before(
    board: Board, place: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(file.write_text, "the one before")
    look = backups.look

    async def of_elsewhere(url: str) -> backups.Found:
        return backups.Found(**{**as_dict(await look(url)), "schema": "elsewhere"})

    monkeypatch.setattr(backups, "look", of_elsewhere)
    with pytest.raises(BackupError, match="pg_dump failed: no matching schemas were found"):
        await save(place, file)
    assert contents(file) == [b"the one before"]


def as_dict(found: backups.Found) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__}


async def test_an_older_backup_is_migrated(
    board: Board, place: Place, file: Path, database_url: str, empty_database_url: str
) -> None:
    await board.task("Dig")
    before = await board.snapshot()
    await schema.migrate_in_loop(database_url, OLDER)
    await save(place, file)
    await put_back(place._replace(url=empty_database_url), file)
    after = await read(empty_database_url, board.project)
    assert after is not None and (after.seq, after.tasks) == (before.seq, before.tasks)
    assert (await backups.look(empty_database_url)).revision == schema.expected_head()


Damage = Callable[[Place, Path], Awaitable[None]]


async def stand_at_29991231(place: Place) -> None:
    database = Database(place.url)
    async with database.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '29991231_1'"))
    await database.close()


async def cut_short(place: Place, file: Path) -> None:
    await save(place, file)
    await asyncio.to_thread(file.write_bytes, content(file)[:-100])


async def write_words(place: Place, file: Path) -> None:
    await asyncio.to_thread(file.write_text, "SELECT 1;\n" * 100)


async def make_newer(place: Place, file: Path) -> None:
    await stand_at_29991231(place)
    await save(place, file)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut_short, "is no whole backup: "),
        (write_words, "is no whole backup: pg_restore failed: input file "),
        (make_newer, "stands at 29991231_1, which this version does not know"),
    ],
)
async def test_a_file_that_cannot_be_restored_touches_nothing(
    board: Board, place: Place, file: Path, damage: Damage, sentence: str
) -> None:
    await board.task("Dig")
    before = await board.snapshot()
    await damage(place, file)
    with pytest.raises(BackupError, match=sentence) as refused:
        await put_back(place, file, replace=True, disconnect=True)
    assert "\n" not in str(refused.value)
    assert await board.snapshot() == before


async def test_what_is_there_is_replaced_only_when_asked(board: Board, place: Place, file: Path) -> None:
    await save(place, file)
    task = await board.task("Dig")
    await board.database.engine.dispose()
    with pytest.raises(BackupError, match="is not empty: give --replace"):
        await put_back(place, file)
    assert (await board.get(task)).title == "Dig"
    await board.database.engine.dispose()
    await put_back(place, file, replace=True)
    assert (await board.snapshot()).tasks == ()


@pytest.mark.usefixtures("client")
async def test_a_database_that_is_in_use_is_left_alone(board: Board, place: Place, file: Path) -> None:
    await save(place, file)
    with pytest.raises(BackupError, match=r"Lockstep runs on this database \(web\): stop it"):
        await put_back(place, file, replace=True)


async def test_a_restore_gets_its_way_with_readers_that_lock_tables_in_another_order(
    board: Board, place: Place, file: Path
) -> None:
    """Each would wait for the other for ever: the restore lets go and tries again."""
    await save(place, file)
    database, waiting = (
        Database(place.url, name="reader"),
        text(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT granted AND datname = current_database()"
        ),
    )
    async with database.begin() as connection:
        await connection.execute(text("SELECT 1 FROM task"))
        restoring = asyncio.create_task(put_back(place, file, replace=True))
        async with asyncio.timeout(WAIT_SECONDS):
            while not await connection.scalar(waiting):
                pass
        await connection.execute(text("SELECT 1 FROM alembic_version"))
    await restoring
    await database.close()
    assert await read(place.url, board.project) is not None


async def test_a_database_of_a_newer_version_is_not_replaced(board: Board, place: Place, file: Path) -> None:
    await save(place, file)
    await board.database.engine.dispose()
    await stand_at_29991231(place)
    with pytest.raises(BackupError, match="The database stands at 29991231_1"):
        await put_back(place, file, replace=True)


@pytest.mark.parametrize("part", ["opening", "closing"])
async def test_a_restore_that_fails_on_its_way_leaves_everything_as_it_was(
    board: Board, place: Place, file: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    await save(place, file)
    await board.task("Dig")
    before = await board.snapshot()
    await board.database.engine.dispose()
    broken = getattr(backups, part)("public", **({"disconnect": False} if part == "opening" else {}))
    broken = broken.replace(";", "; SELECT nothing_of_that_name;", 1)
    monkeypatch.setattr(backups, part, lambda _schema, **_options: broken)
    with pytest.raises(BackupError, match='psql failed: column "nothing_of_that_name" does not exist'):
        await put_back(place, file, replace=True)
    assert await board.snapshot() == before


async def test_a_program_older_than_the_server_is_refused(place: Place, file: Path, tmp_path: Path) -> None:
    for name in ("pg_dump", "pg_restore"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 14.3'\n")
        program.chmod(0o755)
    old = place._replace(programs=(tmp_path,))
    with pytest.raises(BackupError, match=r"pg_dump is of PostgreSQL 14, the server of 18: install "):
        await save(old, file)
    with pytest.raises(BackupError, match=r"pg_restore is of PostgreSQL 14"):
        await put_back(old, file)
    with pytest.raises(BackupError, match="pg_dump is not installed"):
        await save(place._replace(programs=(tmp_path / "nowhere",)), file)
