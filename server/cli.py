"""`lockstep`: one command a process; each reads its settings and hands over. Not here: what does the work."""

from typing import Annotated, NoReturn

import typer

from server.settings import Settings, SettingsError, load, read_environment

app = typer.Typer(
    name="lockstep",
    help="A real-time collaborative task board.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Host = Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 serves the local network.")]
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
