"""`lockstep`: one command a process; each reads its settings and hands over. Not here: what does the work."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn
from uuid import UUID

import typer

from server.settings import Settings, SettingsError, load, read_environment

if TYPE_CHECKING:
    from rich.console import Console

    from server.backup import Place

app = typer.Typer(
    name="lockstep",
    help="A real-time collaborative task board.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Host = Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 serves the local network.")]
ExportFormat = Literal["json", "ndjson", "csv", "xlsx", "ics", "md"]
Data = Annotated[str | None, typer.Option(help="Data folder of `lockstep up`, when no DATABASE_URL is set.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535)]


@app.command()
def up(
    host: Host = None,
    port: Port = None,
    data: Annotated[str | None, typer.Option(help="Folder for all data; .lockstep when not given.")] = None,
    web: Annotated[int, typer.Option(help="Number of web processes.", min=1, max=32)] = 1,
    reload: Annotated[bool, typer.Option("--reload", help="Restart and swap the client after a save.")] = False,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Leave out the demo accounts and their board.")] = False,
) -> None:
    """Start everything on this machine: PostgreSQL, Valkey, web, worker and clock."""
    from server.embedded.program import StartError
    from server.embedded.up import Options
    from server.embedded.up import up as start

    environment = read_environment() | _given(HOST=host, PORT=port, DATA_DIR=data)
    try:
        start(environment, Options(web=web, demo=not no_demo, reload=reload))
    except (StartError, SettingsError) as refused:
        _refuse(str(refused))


@app.command()
def web(
    host: Host = None,
    port: Port = None,
    fd: Annotated[int | None, typer.Option(help="A listening socket to serve instead of an address.")] = None,
) -> None:
    """Serve the API, the socket and the web client."""
    settings = _settings(HOST=host, PORT=port)
    from server.app import WrongSchema, serve
    from server.domain.errors import Refusal

    try:
        serve(settings, fd=fd)
    except (WrongSchema, Refusal) as refused:
        _refuse(str(refused))


@app.command()
def worker() -> None:
    """Run jobs."""
    settings = _settings()
    from server.worker import run

    try:
        run(settings)
    except SettingsError as wrong:
        _refuse(str(wrong))


@app.command()
def clock() -> None:
    """Find what is due and hand it to the workers."""
    settings = _settings()
    from server.clock import run

    try:
        run(settings)
    except SettingsError as wrong:
        _refuse(str(wrong))


@app.command()
def migrate() -> None:
    """Bring the database to this version; safe when several run at once."""
    settings = _settings()
    from server.domain.errors import Refusal
    from server.storage.schema import migrate as to_head

    try:
        to_head(settings.database_url)
    except Refusal as refused:
        _refuse(str(refused))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced at the end.")],
    data: Data = None,
) -> None:
    """Write all data to a file that pg_restore can read, too, while people go on editing."""
    from server.backup import backup as write

    with _database(data, make=False) as place:
        write(place, file, _progress)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `lockstep backup`, or pg_dump -Fc, has written.")],
    data: Data = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace what is in the database.")] = False,
    disconnect: Annotated[bool, typer.Option("--disconnect", help="Cut off the processes that run.")] = False,
) -> None:
    """Put the data of a backup in place: all of it, or nothing. Every client then fetches its boards afresh."""
    from server.backup import restore as put_back

    if not file.is_file():
        _refuse(f"There is no file {file}.")
    with _database(data, make=True) as place:
        put_back(place, file, replace=replace, disconnect=disconnect, say=_progress)


@app.command()
def export(
    project: Annotated[UUID, typer.Argument(help="The id of the project, as in the address of its board.")],
    format: Annotated[ExportFormat, typer.Option(help="json and ndjson hold everything.")] = "json",
    output: Annotated[Path | None, typer.Option(help="The file to write; PROJECT.FORMAT when not given.")] = None,
    data: Data = None,
) -> None:
    """Write a project to a file: everything, a table, a calendar or a text."""
    from rich.progress import Progress

    from server.export import ExportError
    from server.export import export as write

    file = output or Path(f"{project}.{format}")
    try:
        with _database(data, make=False) as place, Progress(console=_console(), transient=True) as progress:
            bar = progress.add_task(f"Exporting to {file}", total=None)
            size = write(
                place.url, project, format, file, lambda done, all: progress.update(bar, completed=done, total=all)
            )
    except ExportError as refused:
        _refuse(str(refused))
    _progress(f"Wrote {file}: {size:,} bytes")


@app.command(name="import")
def import_(
    project: Annotated[UUID, typer.Argument(help="The id of the project, as in the address of its board.")],
    file: Annotated[Path, typer.Argument(help="A board of another program, or a table.")],
    format: Annotated[str | None, typer.Option(help="What it is; told by what is in it when not given.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would come, and change nothing.")] = False,
    data: Data = None,
) -> None:
    """Bring a file into a project, in the name of its first admin."""
    from rich.progress import Progress

    from server.bring import BringError, bring, known, told_of

    if not file.is_file():
        _refuse(f"There is no file {file}.")
    try:
        with _database(data, make=False) as place, Progress(console=_console(), transient=True) as progress:
            bar = progress.add_task(f"Importing {file.name}", total=None)
            result = bring(
                place.url,
                project,
                file,
                known(format),
                lambda done, total: progress.update(bar, completed=done, total=total),
                dry_run=dry_run,
            )
    except BringError as refused:
        _refuse(str(refused))
    for line in told_of(result):
        typer.echo(line)


@app.command()
def demo(
    people: Annotated[int | None, typer.Option(help="Further people to share generated boards.", min=0)] = None,
    tasks: Annotated[int | None, typer.Option(help="Tasks on generated boards.", min=0)] = None,
) -> None:
    """Fill the database with two demo accounts and their board, or with generated boards of any size."""
    settings = _settings()
    from server.demo import fill
    from server.domain.errors import Refusal

    try:
        for account in fill(settings, people=people, tasks=tasks, say=typer.echo):
            typer.echo(account)
    except Refusal as refused:
        _refuse(str(refused))


def main() -> None:
    """The entry point of the package."""
    app()


@contextmanager
def _database(data: str | None, *, make: bool) -> "Iterator[Place]":
    """Where to back up from and restore to; whatever goes wrong there ends the process with its sentence."""
    from server.backup import BackupError, Place
    from server.domain.errors import Refusal
    from server.embedded.binaries import binaries_if_installed
    from server.embedded.program import StartError

    try:
        with _named(read_environment() | _given(DATA_DIR=data), make=make) as environment:
            yield Place(load(environment).database_url, (binaries_if_installed(), None), environment)
    except (BackupError, Refusal, SettingsError, StartError) as refused:
        _refuse(str(refused))


def _named(environment: dict[str, str], *, make: bool) -> AbstractContextManager[dict[str, str]]:
    """The environment with a database: the one it names, else that of the data folder, if what runs it is installed."""
    if environment.get("DATABASE_URL"):
        return nullcontext(environment)
    from server.embedded.binaries import binaries

    binaries()  # says what to install, before an import fails
    from server.embedded.database import database

    return database(environment, make=make)


def _console() -> "Console":
    """Where progress is shown: beside what a command prints."""
    from rich.console import Console

    return Console(stderr=True)


def _progress(line: str) -> None:
    typer.echo(line, err=True)


def _settings(**given: object) -> Settings:
    """The settings, what the command line gave over the environment; a wrong one ends the process with its sentence."""
    try:
        return load(read_environment() | _given(**given))
    except SettingsError as wrong:
        _refuse(str(wrong))


def _given(**options: object) -> dict[str, str]:
    return {f"LOCKSTEP_{name}": str(value) for name, value in options.items() if value is not None}


def _refuse(sentence: str) -> NoReturn:
    typer.echo(f"lockstep: {sentence}", err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
