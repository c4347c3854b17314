"""Every refusal has a status, a title and a frame; nothing else is told."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from starlette.requests import Request

from server.api import problems
from server.domain.errors import (
    REFUSALS,
    Conflict,
    FieldError,
    IdReuse,
    Invalid,
    NotFound,
    Overloaded,
    RateLimited,
    Refusal,
)
from server.domain.ids import new_id

ID, PROJECT = new_id(), new_id()


def plain(struct: msgspec.Struct) -> dict[str, Any]:
    """The struct as clients read it."""
    decoded: dict[str, Any] = json.loads(msgspec.json.encode(struct))
    return decoded


def subclasses(of: type[Refusal]) -> set[type[Refusal]]:
    return {
        one
        for child in of.__subclasses__()
        for one in {child, *subclasses(child)}
        if one.__module__.startswith("server.")
    }


def test_every_refusal_has_a_status() -> None:
    assert set(problems.STATUSES) == subclasses(Refusal) >= set(REFUSALS)
    codes = [refusal.code for refusal in problems.STATUSES]
    assert len(codes) == len(set(codes))


def test_the_protocols_statuses() -> None:
    told = {refusal.code: status for refusal, (status, _) in problems.STATUSES.items()}
    assert {code: told[code] for code in [refusal.code for refusal in REFUSALS]} == {
        "invalid": 422,
        "not_found": 404,
        "forbidden": 403,
        "conflict": 409,
        "id_reuse": 422,
        "blocked": 409,
        "cycle": 409,
        "limit": 422,
        "rate": 429,
        "overloaded": 503,
        "unavailable": 503,
        "internal": 500,
    }


def test_a_problem_tells_all_that_the_refusal_says() -> None:
    refusal = Conflict("Changed.", errors=(FieldError("/a", "no"),), current={"title": "x"})
    told = plain(problems.problem(refusal, instance="/v1/x", request_id="r"))
    assert told.pop("timestamp")
    assert told == {
        "type": "urn:problem-type:lockstep:conflict",
        "title": "Conflict",
        "status": 409,
        "detail": "Changed.",
        "instance": "/v1/x",
        "code": "conflict",
        "request_id": "r",
        "errors": [{"pointer": "/a", "detail": "no"}],
        "current": {"title": "x"},
    }


@pytest.mark.parametrize(
    ("refusal", "fields"),
    [
        (
            Invalid.at("/title", "is empty"),
            {"code": "invalid", "errors": [{"pointer": "/title", "message": "is empty"}]},
        ),
        (Conflict("x", current={"title": "y"}), {"code": "conflict", "current": {"title": "y"}}),
        (Overloaded("x", retry_ms=500), {"code": "overloaded", "retryable": True, "retry_ms": 500}),
        (IdReuse("x"), {"code": "id_reuse", "message": "x", "retryable": False}),
    ],
)
def test_a_reject_tells_all_that_the_refusal_says(refusal: Refusal, fields: dict[str, object]) -> None:
    frame = plain(problems.reject(ID, PROJECT, refusal))
    assert frame["type"] == "reject"
    assert (UUID(frame["id"]), UUID(frame["project"])) == (ID, PROJECT)
    assert {name: frame[name] for name in fields} == fields
    assert {"errors", "current", "retry_ms"} & frame.keys() == {"errors", "current", "retry_ms"} & fields.keys()


def test_an_error_names_what_it_answers() -> None:
    frame = plain(problems.error(NotFound("Gone."), re="join", project=PROJECT))
    assert frame == {"type": "error", "code": "not_found", "message": "Gone.", "re": "join", "project": str(PROJECT)}
    assert plain(problems.error(NotFound("Gone."))).keys() == {"type", "code", "message"}


@pytest.mark.parametrize(("retry_ms", "seconds"), [(None, "1"), (1, "1"), (1000, "1"), (1001, "2"), (60_000, "60")])
def test_who_should_come_back_is_told_when(retry_ms: int | None, seconds: str) -> None:

    scope = {
        "type": "http",
        "path": "/",
        "headers": [(b"host", b"t")],
        "query_string": b"",
        "server": ("t", 80),
        "scheme": "http",
    }
    for refusal in (RateLimited("x", retry_ms=retry_ms), Overloaded("x", retry_ms=retry_ms)):
        assert problems.answer(Request(scope), refusal).headers["retry-after"] == seconds


def test_of_a_bug_nothing_is_told() -> None:
    assert problems.internal().message == "Something went wrong on our side."
