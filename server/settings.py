"""Settings: read once from the environment and `.env` by the roots, then passed down. Not here: what acts on them.

`Settings` is the one table: a field's name, type, limits, default and meaning. A test holds `docs/operations.md` and
`.env.example` to it.
"""

import difflib
import os
import typing
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, inspect

from server.spellings import SPELLINGS, origin

PREFIX = "LOCKSTEP_"

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "json", "pretty"]
Keys = tuple[Annotated[str, Meta(min_length=32)], ...]
Registration = Literal["open", "invitation", "closed"]
Listed = tuple[str, ...]
Rate = Annotated[str, Meta(pattern="/")]
MetricsToken = Annotated[str, Meta(min_length=8)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Read from `LOCKSTEP_<FIELD>`; `DATABASE_URL` and `REDIS_URL` carry no prefix. A unit is part of the name."""

    database_url: Annotated[str, Meta(description="PostgreSQL, as in postgresql://user:password@host/name")]
    redis_url: Annotated[str | None, Meta(description="redis://, rediss:// or unix://; else one process, no jobs")] = (
        None
    )
    secret: Annotated[str, Meta(min_length=32, description="Signs tokens; the same for all. `openssl rand -hex 32`")]

    encryption_keys: Annotated[
        Keys, Meta(description="Seal what must be read back, newest first; else the secret does")
    ] = ()

    host: Annotated[str, Meta(description="Address that web listens on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port that web listens on")] = 8000
    public_url: Annotated[str | None, Meta(description="Where people find the board; else host and port")] = None
    origins: Annotated[tuple[str, ...], Meta(description="Further web origins that may connect, exact")] = ()
    trusted_proxies: Annotated[
        Listed, Meta(description="Addresses or networks whose `X-Forwarded-For` is believed")
    ] = ()
    web_dist: Annotated[Path, Meta(description="Folder of the built web client")] = Path("client/web/dist")
    data_dir: Annotated[Path, Meta(description="Folder for what Lockstep keeps on disk")] = Path(".lockstep")
    files_url: Annotated[
        str | None, Meta(description="Where files are: file:///folder, s3://bucket, gs://, az://; else the data folder")
    ] = None

    registration: Annotated[Registration, Meta(description="Who may make an account")] = "open"
    oidc_issuer: Annotated[
        str | None, Meta(description="Provider of OpenID Connect, such as https://id.example.com")
    ] = None
    oidc_client_id: Annotated[str | None, Meta(description="What the provider calls Lockstep")] = None
    oidc_client_secret: Annotated[
        str | None, Meta(description="What it knows Lockstep by; none for a public client")
    ] = None
    oidc_name: Annotated[str, Meta(description="What the button says")] = "Single sign-on"
    access_token_seconds: Annotated[int, Meta(ge=10, le=86400, description="Life of an access token")] = 900
    refresh_token_days: Annotated[int, Meta(ge=1, le=3650, description="Life of a sign-in that is not used")] = 30
    audit_days: Annotated[int, Meta(ge=1, le=36_500, description="What is older goes from the audit log")] = 400
    secure_cookies: Annotated[bool, Meta(description="Cookies over HTTPS only; off for plain HTTP")] = True
    smtp_url: Annotated[
        str | None, Meta(description="smtp://user:password@host:587 or smtps://; else mail becomes files")
    ] = None
    mail_from: Annotated[str, Meta(description="Who mail is from")] = "Lockstep <lockstep@localhost>"
    metrics_token: Annotated[MetricsToken | None, Meta(description="Bearer token that `/metrics` demands")] = None

    log_level: Annotated[Level, Meta(description="The least that is logged")] = "info"
    log_format: Annotated[Format, Meta(description="`auto`: pretty on a terminal, else JSON lines")] = "auto"
    slow_statement_ms: Annotated[int, Meta(ge=1, le=600_000, description="Statements slower than this are logged")] = (
        250
    )

    db_pool: Annotated[int, Meta(ge=1, le=200, description="Connections for edits and requests, a process")] = 8
    db_read_pool: Annotated[int, Meta(ge=1, le=200, description="Connections for snapshots, a process")] = 3
    db_pool_timeout_seconds: Annotated[float, Meta(gt=0, le=60, description="Wait for a free connection")] = 2.0
    db_connect_timeout_seconds: Annotated[float, Meta(gt=0, le=60, description="Wait for the database")] = 5.0
    db_statement_timeout_seconds: Annotated[float, Meta(gt=0, le=3600, description="Longest statement")] = 10.0
    db_lock_timeout_seconds: Annotated[float, Meta(gt=0, le=3600, description="Longest wait for a row lock")] = 2.0

    rate_limits: Annotated[bool, Meta(description="The limits below; off for load tests")] = True
    limit_anonymous: Annotated[Rate, Meta(description="Requests without a token, an address")] = "100/minute"
    limit_signed_in: Annotated[Rate, Meta(description="Requests, a user")] = "1000/minute"
    limit_sign_in: Annotated[Rate, Meta(description="Sign-ins to an account, an address")] = "10/minute;50/hour"
    limit_account: Annotated[Rate, Meta(description="Sign-ins to an account, from anywhere")] = "100/hour"
    limit_renewal: Annotated[Rate, Meta(description="Renewals of a sign-in")] = "60/minute"
    limit_registration: Annotated[Rate, Meta(description="New accounts, an address")] = "30/minute;200/hour"
    limit_mail: Annotated[Rate, Meta(description="Letters that anybody may cause, an address of mail")] = "5/hour"
    limit_bulk: Annotated[int, Meta(ge=1, le=1000, description="Bulk requests at once, a user and process")] = 2
    limit_calendar: Annotated[Rate, Meta(description="Looks into a calendar feed")] = "120/hour"
    limit_exports: Annotated[int, Meta(ge=1, le=1000, description="Exports at once, a user and process")] = 2
    limit_messages: Annotated[Rate, Meta(description="Messages, a socket: the number at once, the rate later")] = (
        "10000/10 seconds"
    )
    limit_commands: Annotated[Rate, Meta(description="Commands, a user and process, likewise")] = "20000/10 seconds"
    heartbeat_seconds: Annotated[int, Meta(ge=1, le=300, description="Pause between heartbeats, ± 20 %")] = 25
    drain_seconds: Annotated[float, Meta(gt=0, le=600, description="Sockets are closed over this time at the end")] = (
        5.0
    )
    frame_in_max_bytes: Annotated[int, Meta(ge=1024, le=2**24, description="Largest frame of a client")] = 786_432
    frame_out_max_bytes: Annotated[int, Meta(ge=1024, le=2**24, description="Largest frame of the server")] = 524_288
    commands_per_submit: Annotated[int, Meta(ge=1, le=500, description="Commands in one submit")] = 500
    lane_pending_max: Annotated[int, Meta(ge=1, le=1_000_000, description="Submits that wait in a process")] = 8192
    page_size_default: Annotated[int, Meta(ge=1, le=10_000, description="Items of a page when not asked")] = 100
    page_size_max: Annotated[int, Meta(ge=1, le=10_000, description="Items of a page at most")] = 1000
    max_tasks: Annotated[int, Meta(ge=1, le=10_000_000, description="Tasks in a project, archived too")] = 250_000
    max_unarchived_tasks: Annotated[int, Meta(ge=1, le=10_000_000, description="Tasks not archived")] = 50_000
    import_max_bytes: Annotated[int, Meta(ge=1024, le=2**40, description="Largest file that is imported")] = 2**30
    attachment_max_bytes: Annotated[int, Meta(ge=1024, le=2**40, description="Largest file on a task")] = 100 * 2**20
    jobs_at_once: Annotated[int, Meta(ge=1, le=100, description="Unfinished jobs, a user and a project")] = 3
    worker_threads: Annotated[int, Meta(ge=1, le=256, description="Jobs a worker runs side by side")] = 4

    @property
    def keys(self) -> tuple[str, ...]:
        """What seals and opens, the newest first. The secret always opens: it sealed before there were keys of their own."""
        return (*self.encryption_keys, self.secret)

    @property
    def sends_mail(self) -> bool:
        """Whether mail reaches people: only then do addresses have to be confirmed."""
        return self.smtp_url is not None

    @property
    def files(self) -> str:
        """The URL of the store of files."""
        return self.files_url or (self.data_dir.absolute() / "files").as_uri()

    @property
    def url(self) -> str:
        """Where people find the board, without a slash at the end."""
        return self.public_url or self.local_url

    @property
    def local_url(self) -> str:
        """Where this machine finds the board."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{host}:{self.port}"

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Every value of `Origin` that may connect."""
        local = () if self.public_url else (f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}")
        return frozenset({origin(self.url), *self.origins, *local})

    def __repr__(self) -> str:
        return f"Settings({self.url})"  # secrets and passwords stay out of logs and tracebacks


class Setting(msgspec.Struct, frozen=True):
    """One row of the table, as documents show it. `default` is None when the setting is required."""

    variable: str
    field: str
    type: Any
    accepts: str
    default: str | None
    doc: str


class SettingsError(ValueError):
    """A setting that is missing, unknown or wrong; the message is one sentence for the operator."""


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environment`, by default the process environment over `.env`. Raises `SettingsError`."""
    source = read_environment() if environment is None else environment
    given = {name: value for name, value in source.items() if value != ""}
    rows = table()
    _refuse_unknown(given, {row.variable for row in rows})
    values = {row.field: _parse(row, given[row.variable]) for row in rows if row.variable in given}
    for row in rows:
        if row.default is None and row.field not in values:
            raise SettingsError(f"{row.variable} is not set: {row.doc}.")
    settings = Settings(**values)
    _refuse_contradictions(settings)
    return settings


def read_environment(env_file: Path = Path(".env")) -> dict[str, str]:
    """The process environment over what `env_file` holds, if it exists."""
    from_file = {name: value for name, value in dotenv_values(env_file, interpolate=False).items() if value is not None}
    return {**from_file, **os.environ}


@cache
def table() -> tuple[Setting, ...]:
    """Every setting in the order of `Settings`."""
    types = typing.get_type_hints(Settings, include_extras=True)
    kinds = {field.name: field.type for field in typing.cast(inspect.StructType, inspect.type_info(Settings)).fields}
    return tuple(
        Setting(
            variable=_variable(field.name),
            field=field.name,
            type=types[field.name],
            accepts=_accepts(kinds[field.name]),
            default=None if field.required else _text(field.default),
            doc=types[field.name].__metadata__[-1].description,  # ours is the outermost
        )
        for field in msgspec.structs.fields(Settings)
    )


def _variable(field: str) -> str:
    return field.upper() if field in ("database_url", "redis_url") else PREFIX + field.upper()


def _text(value: object) -> str:
    """A default the way it would be written in the environment."""
    match value:
        case None | ():
            return ""
        case bool():
            return "on" if value else "off"
        case _:
            return str(value)


def _accepts(kind: inspect.Type) -> str:
    """What a setting takes, for sentences and documents."""
    match kind:
        case inspect.Metadata(type=inner):
            return _accepts(inner)
        case inspect.UnionType(types=(some, inspect.NoneType())):
            return _accepts(some)
        case inspect.BoolType():
            return _BOOL
        case inspect.IntType(ge=low, le=high):
            return f"a whole number from {low} to {high}"
        case inspect.FloatType(gt=low, le=high):
            return f"a number above {low:g} up to {high:g}"
        case inspect.LiteralType(values=choices):
            return f"one of {', '.join(map(str, choices))}"
        case inspect.VarTupleType():
            return "a list separated by commas"
        case inspect.StrType(pattern=str()):
            return "limits such as 60/minute;1000/hour"
        case inspect.StrType(min_length=int(least)):
            return f"text of at least {least} characters"
        case inspect.StrType():
            return "text"
        case _:
            return "a path"


def _refuse_unknown(given: Mapping[str, str], known: set[str]) -> None:
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known:
            own = [variable.removeprefix(PREFIX) for variable in known]
            nearest = difflib.get_close_matches(name.removeprefix(PREFIX), own, n=1, cutoff=0.5)
            hint = f"; did you mean {PREFIX}{nearest[0]}?" if nearest else ", see docs/operations.md."
            raise SettingsError(f"{name} is not a setting{hint}")


def _refuse_contradictions(settings: Settings) -> None:
    if settings.page_size_default > settings.page_size_max:
        raise SettingsError("LOCKSTEP_PAGE_SIZE_DEFAULT must not be above LOCKSTEP_PAGE_SIZE_MAX.")
    if settings.oidc_issuer and not settings.oidc_client_id:
        raise SettingsError("LOCKSTEP_OIDC_ISSUER needs LOCKSTEP_OIDC_CLIENT_ID.")
    if settings.smtp_url and not settings.redis_url:
        raise SettingsError("LOCKSTEP_SMTP_URL needs REDIS_URL: mail is sent by workers.")
    if settings.max_unarchived_tasks > settings.max_tasks:
        raise SettingsError("LOCKSTEP_MAX_UNARCHIVED_TASKS must not be above LOCKSTEP_MAX_TASKS.")


def _parse(row: Setting, raw: str) -> Any:
    """A value from its text. The sentence on failure never repeats the value: it may be a password."""
    try:
        if spelling := SPELLINGS.get(row.field):
            return msgspec.convert(spelling(raw), row.type)
        value = _BOOLEANS.get(raw.lower(), raw) if row.accepts == _BOOL else raw
        return msgspec.convert(value, row.type, strict=False, dec_hook=_path)
    except msgspec.ValidationError:
        raise SettingsError(f"{row.variable} must be {row.accepts}.") from None
    except ValueError as wrong:
        raise SettingsError(f"{row.variable} {wrong}.") from None


_BOOL = "on or off"
_BOOLEANS = {"on": True, "yes": True, "off": False, "no": False}


def _path(_type: type, raw: Any) -> Path:
    return Path(raw).expanduser()
