"""`lockstep up`: PostgreSQL, Valkey, migrations, then web, worker and clock, until somebody says stop."""

import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from server.embedded.addresses import answers, listen, network_urls
from server.embedded.folder import DataFolder
from server.embedded.postgres import Postgres
from server.embedded.prepared import Prepared
from server.embedded.program import Program
from server.embedded.reload import Changes, vite
from server.embedded.service import Service, leave_socket_folder
from server.embedded.supervisor import Stopped, Supervisor
from server.embedded.valkey import Valkey
from server.settings import Settings, load

_ROOT = Path(__file__).parents[2]
_SERVE_SECONDS = 120  # a first start on a slow machine
_RECOVER_SECONDS = 600  # PostgreSQL replays its log after a crash
_CONNECTIONS_A_PROCESS = 20  # its pools, and some for the sweep


@dataclass(frozen=True)
class Options:
    """What the command line says beside the settings. `web` is the number of web processes."""

    web: int = 1
    demo: bool = True
    reload: bool = False


def up(environment: Mapping[str, str], options: Options) -> None:
    """Starts everything; returns when it has ended again. Raises `StartError` and `SettingsError`, one sentence."""
    folder = DataFolder(Path(environment.get("LOCKSTEP_DATA_DIR") or ".lockstep").expanduser())
    with folder.owned():
        supervisor = Supervisor(_say, folder.remember)
        supervisor.catch_signals()
        services = _services(folder, environment, options)
        _recover(folder, services.values())
        variables = _variables(folder, environment, services)
        try:
            prepared = Prepared(folder.path, services.get("DATABASE_URL"))
            _Run(supervisor, load(variables), variables, options, prepared).go(list(services.values()))
        except Stopped:
            pass
        finally:
            supervisor.end()
            for service in services.values():
                leave_socket_folder(service.sockets)
            folder.forget()
    _say(f"Everything has stopped. The data stays in {folder.path}")


class _Run:
    """One run, from the first program to the last."""

    def __init__(
        self,
        supervisor: Supervisor,
        settings: Settings,
        environment: Mapping[str, str],
        options: Options,
        prepared: Prepared,
    ) -> None:
        self._supervisor = supervisor
        self._settings = settings
        self._environment = environment
        self._options = options
        self._prepared = prepared

    def go(self, services: list[Service]) -> None:
        with listen(self._settings.host, self._settings.port) as listener:
            for service in services:
                self._serve(service.program())
            if not self._prepared.take():
                _say("Migrating the database")
                self._supervisor.run_once(self._command("migrate"))
            _say("Starting web, worker and clock")
            if self._options.reload:
                self._develop(listener)
            else:
                self._supervisor.keep(*self._processes(listener))
                self._until_ready(self._settings.local_url)
                self._supervisor.watch()

    def _develop(self, listener: socket.socket) -> None:
        """Vite takes the port that people open; web moves behind it."""
        listener.close()
        with listen("127.0.0.1", 0) as backend:
            ours = self._supervisor.keep(*self._processes(backend))
            url = f"http://127.0.0.1:{backend.getsockname()[1]}"
            self._serve(vite(self._settings.host, self._settings.port, url, self._environment))
            self._until_ready(url)

            def reload() -> None:
                _say("A file was saved: starting web, worker and clock again")
                self._supervisor.reload(ours)

            self._supervisor.watch(Changes(reload).look)

    def _serve(self, program: Program) -> None:
        _say(f"Starting {program.name}")
        (kept,) = self._supervisor.keep(program)
        self._supervisor.wait(lambda: kept.serves, _RECOVER_SECONDS, program.name)

    def _processes(self, listener: socket.socket) -> list[Program]:
        descriptor = listener.fileno()
        web = replace(self._command("web", "--fd", str(descriptor)), pass_fds=(descriptor,))
        webs = [replace(web, name=f"web {number}") for number in range(1, self._options.web + 1)]
        return [*webs, self._command("worker"), self._command("clock")]

    def _command(self, *arguments: str) -> Program:
        """One of our own commands as a program."""
        return Program(arguments[0], [sys.executable, "-m", "server.cli", *arguments], self._environment)

    def _until_ready(self, url: str) -> None:
        if self._options.demo:
            self._fill_demo()
        kept = self._supervisor.kept
        self._supervisor.wait(
            lambda: all(each.serves for each in kept) and answers(url + "/readyz"), _SERVE_SECONDS, "Lockstep"
        )
        self._prepared.put()
        for address in network_urls(self._settings.host, self._settings.port):
            _say(f"In the local network: {address}")
        _say(f"ready {self._settings.local_url}")

    def _fill_demo(self) -> None:
        accounts = self._prepared.accounts
        if not accounts.exists():
            _say("Filling the demo board")
            self._supervisor.run_once(replace(self._command("demo"), log=accounts))
        _say(accounts.read_text().strip())


def _recover(folder: DataFolder, services: Iterable[Service]) -> None:
    left = folder.recover()
    if left is None:
        return
    for service in services:
        service.recover()
    ended = f" Ended what it left running: {', '.join(left)}." if left else ""
    _say(f"The last run was killed; recovering.{ended}")


def _services(folder: DataFolder, environment: Mapping[str, str], options: Options) -> dict[str, Service]:
    """The servers that nobody gave an address for, by the variable that names their address."""
    connections = max(100, _CONNECTIONS_A_PROCESS * (options.web + 2))
    own: dict[str, Service] = {
        "DATABASE_URL": Postgres(folder.path, connections=connections),
        "REDIS_URL": Valkey(folder.path),
    }
    return {variable: service for variable, service in own.items() if not environment.get(variable)}


def _variables(folder: DataFolder, environment: Mapping[str, str], services: Mapping[str, Service]) -> dict[str, str]:
    """The environment of our processes: what was given, and defaults that suit one machine."""
    host, port = environment.get("LOCKSTEP_HOST", ""), environment.get("LOCKSTEP_PORT") or "8000"
    origins = [environment.get("LOCKSTEP_ORIGINS", ""), *(network_urls(host, int(port)) if port.isdecimal() else [])]
    return {
        "LOCKSTEP_SECURE_COOKIES": "off",
        "LOCKSTEP_WEB_DIST": str(_ROOT / "client" / "web" / "dist"),
        **environment,
        **{variable: service.url for variable, service in services.items()},
        "LOCKSTEP_DATA_DIR": str(folder.path),
        "LOCKSTEP_SECRET": environment.get("LOCKSTEP_SECRET") or folder.secret(),
        "LOCKSTEP_ORIGINS": ",".join(filter(None, origins)),
        "PYTHONUNBUFFERED": "1",
    }


def _say(line: str) -> None:
    typer.echo(line)
