"""Ports and addresses of this machine: taking one, listing them, asking one whether it answers."""

import errno
import http.client
import socket
from urllib.parse import urlsplit

import psutil

from server.embedded.program import StartError

_BACKLOG = 1024
_ANSWER_SECONDS = 2.0


def listen(host: str, port: int) -> socket.socket:
    """A socket that web processes share; `port` 0 takes a free one. Raises `StartError`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError:
        raise StartError(f"{host} is not an address: choose another with --host.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as refused:
        listener.close()
        raise StartError(_why_not(refused, host, port)) from None
    return listener


def network_urls(host: str, port: int) -> list[str]:
    """Where the local network finds a server that listens on `host`: nowhere unless it listens on every address."""
    if host not in ("0.0.0.0", "::"):
        return []
    addresses = (
        entry.address for entries in psutil.net_if_addrs().values() for entry in entries if _is_ipv4(entry.family)
    )
    return [f"http://{address}:{port}" for address in addresses if not address.startswith("127.")]


def answers(url: str) -> bool:
    """Whether GET `url` is answered with 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", parts.path or "/", headers={"Connection": "close"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_ipv4(family: int) -> bool:
    return family == socket.AF_INET


def _why_not(refused: OSError, host: str, port: int) -> str:
    match refused.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken: stop what uses it, or choose another with --port."
        case errno.EACCES:
            return f"Port {port} is only for root: choose one above 1023 with --port."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine: choose another with --host."
        case _:
            return f"Cannot listen on {host}, port {port}: {refused.strerror}."
