"""Log lines are JSON that names its request and never a secret; every metric has one place and a safe name."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from server.telemetry import Telemetry, configure_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leaves logging as it was."""
    config, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**config)
    structlog.contextvars.clear_contextvars()
    root.handlers[:], root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    out, err = capsys.readouterr()
    assert out == ""  # stdout belongs to commands
    return [json.loads(line) for line in err.splitlines()]


def test_our_lines_and_those_of_libraries_look_alike(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    structlog.contextvars.bind_contextvars(request_id="r1", user="u1", project="p1")
    structlog.get_logger("server.x").info("ours", n=1)
    logging.getLogger("uvicorn.error").warning("theirs %s", 2)
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["n"], ours["level"]) == ("ours", 1, "info")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("theirs 2", "warning", "uvicorn.error")
    for line in (ours, theirs):
        assert (line["request_id"], line["user"], line["project"]) == ("r1", "u1", "p1")
        assert str(line["timestamp"]).endswith("Z")


def test_a_traceback_is_one_line_and_shows_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    secret = "hunter2"
    try:
        assert not secret
    except AssertionError:
        structlog.get_logger().exception("failed")
    (line,) = lines(capsys)
    assert "AssertionError" in str(line["exception"])
    assert "secret = " not in str(line["exception"])


@pytest.mark.parametrize(
    "name", ["password", "token", "access_token", "refresh_token", "secret", "authorization", "cookie"]
)
def test_secrets_are_never_logged(capsys: pytest.CaptureFixture[str], name: str) -> None:
    for format_ in ("json", "pretty"):
        configure_logging("info", format_)
        structlog.get_logger().info("signed in", **{name: "hunter2"})
    captured = capsys.readouterr().err
    assert captured.count("[redacted]") == 2
    assert "hunter2" not in captured


def test_a_library_cannot_keep_its_lines_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).propagate = False
        logging.getLogger(name).addHandler(logging.StreamHandler())
    configure_logging("info", "json")
    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("uvicorn.access").warning("odd")
    assert [line["event"] for line in lines(capsys)] == ["started", "odd"]


def test_less_than_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning", "json")
    structlog.get_logger().info("ours")
    logging.getLogger("library").info("theirs")
    logging.getLogger("uvicorn.access").warning("told")
    assert [line["event"] for line in lines(capsys)] == ["told"]


def test_line_breaks_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    structlog.get_logger().info("request", path='/x\n{"event":"forged"}')
    assert [line["event"] for line in lines(capsys)] == ["request"]


def test_what_is_no_json_is_logged_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    structlog.get_logger().info("odd", value=object, surrogate="\ud800")
    (line,) = lines(capsys)
    assert line["value"] == "<class 'object'>"


def test_metrics_of_two_telemetries_do_not_mix() -> None:
    one, other = Telemetry(), Telemetry()
    one.batch_size.observe(3)
    assert b"lockstep_batch_size_count 1.0" in one.text()
    assert b"lockstep_batch_size_count 0.0" in other.text()
