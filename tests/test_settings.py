"""The settings table: what it takes, what it refuses and with which sentence, and that the documents say the same."""

import re
from pathlib import Path

import pytest

from server.settings import Settings, SettingsError, load, read_environment, table

ROOT = Path(__file__).parents[1]
REQUIRED = {"DATABASE_URL": "postgresql://ann:pw@db:5432/board", "LOCKSTEP_SECRET": "s" * 32}


def loaded(**variables: str) -> Settings:
    return load(REQUIRED | variables)


def refusal(**variables: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(REQUIRED | variables)
    return str(refused.value)


def test_defaults_need_only_a_database_and_a_secret() -> None:
    settings = load(REQUIRED)
    assert (settings.host, settings.port, settings.redis_url) == ("127.0.0.1", 8000, None)
    assert settings.url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("variable", REQUIRED)
def test_a_missing_required_setting_is_named(variable: str) -> None:
    assert refusal(**{variable: ""}).startswith(f"{variable} is not set: ")


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("postgresql://u:p@h:5/db", "postgresql+asyncpg://u:p@h:5/db"),
        ("postgres://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("postgresql+asyncpg://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("postgresql://u:p%40x@h/db?sslmode=require", "postgresql+asyncpg://u:p%40x@h/db?ssl=require"),
        ("postgresql://u:p@h/db?ssl=verify-full", "postgresql+asyncpg://u:p@h/db?ssl=verify-full"),
        ("postgresql://u@/db?host=/var/run/pg", "postgresql+asyncpg://u@/db?host=/var/run/pg"),
        ("postgresql://u@/db?host=/a%20b&port=5433", "postgresql+asyncpg://u@/db?host=/a%20b&port=5433"),
        ("postgresql://u:p@h/db?application_name=x&connect_timeout=3", "postgresql+asyncpg://u:p@h/db"),
    ],
)
def test_every_usual_database_url_becomes_one_for_asyncpg(written: str, understood: str) -> None:
    assert loaded(DATABASE_URL=written).database_url == understood


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("mysql://u@h/db", "DATABASE_URL must begin with postgresql://."),
        ("postgresql://u@h", "DATABASE_URL must name a database: postgresql://user:password@host/name."),
        ("postgresql://u@h/db?sslmode=maybe", "DATABASE_URL has an unknown sslmode; it is one of"),
        ("postgresql://u@h/db?channel_binding=require", "DATABASE_URL has the parameter channel_binding, which is not"),
        ("postgresql://u@h:port/db", "DATABASE_URL"),
    ],
)
def test_a_database_url_that_cannot_work_is_refused(written: str, sentence: str) -> None:
    assert refusal(DATABASE_URL=written).startswith(sentence)


@pytest.mark.parametrize("url", ["redis://h:6379/1", "rediss://:pw@h:6380", "unix:///run/valkey.sock?db=2"])
def test_redis_urls_are_taken_as_they_are(url: str) -> None:
    assert loaded(REDIS_URL=url).redis_url == url


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("LOCKSTEP_PORT", "eighty", "LOCKSTEP_PORT must be a whole number from 1 to 65535."),
        ("LOCKSTEP_PORT", "70000", "LOCKSTEP_PORT must be a whole number from 1 to 65535."),
        ("LOCKSTEP_RATE_LIMITS", "maybe", "LOCKSTEP_RATE_LIMITS must be on or off."),
        ("LOCKSTEP_SECRET", "short", "LOCKSTEP_SECRET must be text of at least 32 characters."),
        ("LOCKSTEP_LOG_LEVEL", "loud", "LOCKSTEP_LOG_LEVEL must be one of debug, error, info, warning."),
        (
            "LOCKSTEP_DB_POOL_TIMEOUT_SECONDS",
            "0",
            "LOCKSTEP_DB_POOL_TIMEOUT_SECONDS must be a number above 0 up to 60.",
        ),
        ("LOCKSTEP_PUBLIC_URL", "board", "LOCKSTEP_PUBLIC_URL must be an origin such as https://board.example.com"),
        ("LOCKSTEP_ORIGINS", "https://a/b", "LOCKSTEP_ORIGINS must be an origin such as https://board.example.com"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must begin with redis://, rediss:// or unix://."),
        ("LOCKSTEP_PAGE_SIZE_DEFAULT", "2000", "LOCKSTEP_PAGE_SIZE_DEFAULT must not be above LOCKSTEP_PAGE_SIZE_MAX."),
        ("LOCKSTEP_MAX_TASKS", "10", "LOCKSTEP_MAX_UNARCHIVED_TASKS must not be above LOCKSTEP_MAX_TASKS."),
    ],
)
def test_a_wrong_value_is_refused_with_one_sentence(variable: str, value: str, sentence: str) -> None:
    assert refusal(**{variable: value}).startswith(sentence)


def test_a_refusal_never_repeats_a_secret() -> None:
    assert "hunter2" not in refusal(LOCKSTEP_SECRET="hunter2") + refusal(DATABASE_URL="mysql://u:hunter2@h/db")
    assert "s" * 32 not in repr(load(REQUIRED))


def test_an_unknown_setting_is_refused_and_the_nearest_named() -> None:
    assert refusal(LOCKSTEP_PROT="80") == "LOCKSTEP_PROT is not a setting; did you mean LOCKSTEP_PORT?"
    assert refusal(LOCKSTEP_ZZZ="1") == "LOCKSTEP_ZZZ is not a setting, see docs/operations.md."


def test_other_peoples_variables_are_left_alone() -> None:
    assert loaded(PATH="/bin", PORT="99").port == 8000


@pytest.mark.parametrize(
    ("written", "understood"), [("on", True), ("TRUE", True), ("1", True), ("off", False), ("no", False)]
)
def test_switches_are_read_as_people_write_them(written: str, understood: bool) -> None:
    assert loaded(LOCKSTEP_RATE_LIMITS=written).rate_limits is understood


def test_origins_are_exact_and_hold_the_public_one() -> None:
    settings = loaded(
        LOCKSTEP_PUBLIC_URL="https://Board.example.com/", LOCKSTEP_ORIGINS="https://a.example:443, http://b:8080"
    )
    assert settings.allowed_origins == {"https://board.example.com", "https://a.example", "http://b:8080"}


def test_without_a_public_url_this_machine_may_connect_by_both_its_names() -> None:
    origins = loaded(LOCKSTEP_HOST="0.0.0.0", LOCKSTEP_PORT="9000").allowed_origins
    assert origins == {"http://localhost:9000", "http://127.0.0.1:9000"}


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("LOCKSTEP_PORT=1111\nLOCKSTEP_HOST='::1'  # quoted\n")
    monkeypatch.setenv("LOCKSTEP_PORT", "2222")
    environment = read_environment(file)
    assert (environment["LOCKSTEP_PORT"], environment["LOCKSTEP_HOST"]) == ("2222", "::1")


def test_the_operations_page_has_every_setting_as_it_is() -> None:
    rows = [line for line in (ROOT / "docs/operations.md").read_text().splitlines() if re.match(r"\| `[A-Z_]+`", line)]
    assert rows == [
        f"| `{row.variable}` | {row.accepts} | {'required' if row.default is None else row.default or '–'} | {row.doc} |"
        for row in table()
    ]
    assert all(row.doc for row in table())


def test_the_example_file_has_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = [line.lstrip("# ") for line in lines if re.match(r"(# )?[A-Z_]+=", line)]
    assert [line.partition("=")[0] for line in found] == [row.variable for row in table()]
    defaults = {row.variable: row.default for row in table() if row.default is not None and row.default != ""}
    assert {name: value for name, _, value in (line.partition("=") for line in found) if name in defaults} == defaults
