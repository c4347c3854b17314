"""How long one frame of a client may hold the loop, and with it everybody else: `python -m tests.soak.frames`.

Frames of the largest size, each made to be as much work as its kind can be, against the real server in this process. What they are
answered is for tests/api/test_socket_fuzz.py to check.
"""

import asyncio
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from websockets.frames import Opcode

from server.api.websocket_protocol import WireProtocol
from server.embedded.postgres import Postgres
from server.settings import Settings, load
from server.storage.schema import migrate
from tests.conftest import serving
from tests.helpers.people import Person
from tests.helpers.raw import Raw, hello, masked

FRAME_MAX = 768 * 1024
TIMES = 5
AIM_MS = 5.0

ID = str(uuid4())
CREATE = f'{{"type":"create_task","id":"{ID}","column_id":"{ID}","title":"x"}}'
SUBMIT = f'{{"type":"submit","id":"{ID}","project":"{ID}","commands":['


def full(head: str, unit: str, tail: str, most: int = FRAME_MAX) -> bytes:
    """As many units as fit, or `most`."""
    count = min(most, (FRAME_MAX - len(head) - len(tail)) // (len(unit) + 1))
    return (head + ",".join([unit] * count) + tail).encode()


FRAMES = {
    "numbers instead of messages": full("[", "1", "]"),
    "objects that are no messages": full("[", "{}", "]"),
    "an unknown message of numbers": full('{"type":"x","a":[', "1", "]}"),
    "an unknown message of many fields": full('{"type":"x",', '"ab":1', "}"),
    "a ping with a large at": full('{"type":"ping","at":[', "{}", "]}"),
    "a presence with a large state": full(f'{{"type":"presence","project":"{ID}","state":{{"a":[', "{}", "]}}"),
    "a submit of too many commands": full(SUBMIT, CREATE, "]}"),
    "a submit of 500 commands": full(SUBMIT, CREATE, "]}", 500),
    "a command with too many labels": full(SUBMIT + CREATE[:-1] + ',"label_ids":[', f'"{ID}"', "]}]}"),
    "a thousand messages with a mistake": full("[", '{"type":"x","a":"' + "y" * 750 + '"}', "]", 1000),
    "a thousand submits with a mistake": full("[", SUBMIT + '{"type":"fly"}]}', "]", 1000),
    "a thousand pings": full("[", '{"type":"ping"}', "]", 1000),
    "a text of lone surrogates": b'{"type":"ping","at":"' + rb"\ud800" * (FRAME_MAX // 6 - 10) + b'"}',
    "a number of all digits": b'{"type":"ping","at":' + b"9" * (FRAME_MAX - 30) + b"}",
    "depth": b"[" * FRAME_MAX,
    "the largest good submit": full(SUBMIT, CREATE.replace('"x"', '"' + "y" * 150 + '"') + " " * 1300, "]}", 500),
}


async def measure(settings: Settings) -> dict[str, float]:
    """The longest that each kind held the loop, in milliseconds: the median of a few."""
    held: list[float] = []
    hear = WireProtocol._hear

    def timed(wire: WireProtocol, kind: str, data: bytes) -> None:
        begun = time.thread_time()
        hear(wire, kind, data)
        held.append((time.thread_time() - begun) * 1000)

    WireProtocol._hear = timed  # type: ignore[method-assign, assignment]
    async with serving(settings) as server:
        ann = await server.sign_up("Ann")
        found = {}
        for name, frame in FRAMES.items():
            took = []
            for _ in range(TIMES):
                held.clear()
                await send(ann, frame)
                took.append(max(held))
            found[name] = sorted(took)[TIMES // 2]
        return found


async def send(person: Person, frame: bytes) -> None:
    """The frame after a welcome; returns once it is answered or the connection closed."""
    async with Raw.connect(person.server) as raw:
        await raw.send(hello(person))
        await raw.frame()
        await raw.send(masked(Opcode.TEXT, frame))
        await raw.frame()


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="lockstep-frames-") as folder:
        os.chmod(folder, 0o755)
        with Postgres(Path(folder), durable=False) as postgres:
            settings = load(
                {"DATABASE_URL": postgres.url, "LOCKSTEP_SECRET": "x" * 40, "LOCKSTEP_LOG_LEVEL": "error"}
                | {"LOCKSTEP_DATA_DIR": folder, "LOCKSTEP_DRAIN_SECONDS": "0.05"}
            )
            migrate(settings.database_url)
            found = asyncio.run(measure(settings))
    for name, ms in sorted(found.items(), key=lambda one: -one[1]):
        sys.stdout.write(f"{name:38}{len(FRAMES[name]):9,} bytes {ms:8.2f} ms\n")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    sys.stdout.write(
        f"\nlongest {max(found.values()):.1f} ms, aim {AIM_MS:g} ms; {machine}, {time.strftime('%Y-%m-%d')}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
